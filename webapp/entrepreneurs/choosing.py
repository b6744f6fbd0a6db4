"""Routes: a coordinator chooses among all supporters of a role, each with a score or the rule that forbids it."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.associations import MatchAim
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError, NotFoundError
from models.pairings import ChoiceReason
from models.queries.pages import Page
from models.queries.sheets import get_followed_entrepreneur
from models.search import fold
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.entrepreneurs import bp
from webapp.entrepreneurs.forms import ChoiceForm
from webapp.form_errors import show_on_field
from webapp.labels import list_choices
from webapp.paging import chosen_member, page_number, searched_text
from webapp.services import suggestions
from webapp.services.match_runs import read_last_measure
from webapp.services.suggestions import SupporterComparison
from webapp.services.weighing import weigh_others
from webapp.suggestions.comparison import list_reasons
from webapp.translation import gettext as _
from webapp.words.others import tell_other, tell_others
from webapp.workspace import current_workspace, work_in

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """One page of all supporters of a role for one person, with how many of them are possible."""

    page: Page[SupporterComparison]
    possible: int
    everybody: int
    is_wanted: bool


@bp.route("/<uuid:public_id>/choose", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def choose(public_id: UUID) -> ResponseReturnValue:
    """Propose somebody of one's own choice, with a reason."""
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(person.association_id)
    if person.state is not EntrepreneurState.READY:
        flash(_("Complete the profile first: then supporters can be compared."), "warning")
        return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    role = chosen_member("role", SupporterRole) or _first_wanted(person)
    form = ChoiceForm()
    if request.method == "GET":
        form.supporter.data = request.args.get("supporter", "")
    if form.validate_on_submit() and _propose(public_id, role, form):
        flash(_("Proposed: the supporter is asked, and a place is kept until the answer."), "success")
        return redirect(url_for("entrepreneurs.show", public_id=public_id), code=303)
    return _show(public_id, role, form), 422 if request.method == "POST" else 200


@bp.get("/<uuid:public_id>/choose/others")
@access(Access.COORDINATOR)
def weigh(public_id: UUID) -> ResponseReturnValue:
    """Show what each possible choice would mean for the other people whose suggestion is open."""
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(person.association_id)
    role = chosen_member("role", SupporterRole) or _first_wanted(person)
    choices = weigh_others(entrepreneur_id=public_id, role=role, actor=current_actor(), at=utc_now())
    number = min(page_number(), max(1, -(-len(choices) // PAGE_SIZE)))
    lines = choices[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return render_template(
        "entrepreneurs/weigh.html",
        person=person,
        role=role,
        is_fairest=read_last_measure(db.session(), person.association_id).aim is MatchAim.FAIREST,
        page=Page(lines=lines, total=len(choices), number=number, size=PAGE_SIZE),
        tell_others=tell_others,
        tell_other=tell_other,
    )


def _propose(public_id: UUID, role: SupporterRole, form: ChoiceForm) -> bool:
    try:
        suggestions.choose_supporter(
            entrepreneur_id=public_id,
            supporter_id=UUID(form.supporter.data),
            role=role,
            reason=ChoiceReason(form.reason.data),
            note=form.note.data or "",
            actor=current_actor(),
            at=utc_now(),
        )
    except NotFoundError:
        raise
    except DomainError as error:
        show_on_field(form, error, field="supporter")
        return False
    return True


def _show(public_id: UUID, role: SupporterRole, form: ChoiceForm) -> str:
    text = searched_text()
    ranking = _rank(public_id, role, text=text, number=page_number())
    # Comparing drops what was read before it: the person is read again, in one statement more.
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=current_actor().coordinates)
    return render_template(
        "entrepreneurs/choose.html",
        person=person,
        role=role,
        roles=list_choices(SupporterRole),
        form=form,
        ranking=ranking,
        text=text,
        list_reasons=partial(list_reasons, lends=current_workspace().seat.lends),
    )


def _rank(public_id: UUID, role: SupporterRole, *, text: str, number: int) -> Ranking:
    compared = suggestions.compare_supporters(entrepreneur_id=public_id, role=role, actor=current_actor(), at=utc_now())
    words = fold(text).split()
    kept = [one for one in compared if all(word in fold(one.name) for word in words)]
    last = max(1, -(-len(kept) // PAGE_SIZE))
    number = min(number, last)
    lines = tuple(kept[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    return Ranking(
        page=Page(lines=lines, total=len(kept), number=number, size=PAGE_SIZE),
        possible=sum(one.allowed for one in compared),
        everybody=len(compared),
        is_wanted=all(one.rule != suggestions.NOT_WANTED for one in compared),
    )


def _first_wanted(person: Entrepreneur) -> SupporterRole:
    return next((role for role in SupporterRole if role.value in person.wanted_roles), SupporterRole.MENTOR)
