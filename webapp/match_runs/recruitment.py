"""Routes: whom to recruit, after a run, as a page to print and as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries.directory import find_commune_names
from models.queries.review import get_run, get_run_sheet
from models.supporters import SupporterRole
from webapp import labels
from webapp.access import Access, access, current_actor
from webapp.locale import current_locale
from webapp.match_runs import bp
from webapp.spreadsheets.writer import write_table
from webapp.translation import gettext as _
from webapp.words.engine import name_topics
from webapp.words.members import join_languages
from webapp.words.week import join_words
from webapp.workspace import work_in

COMMUNE, DEPARTMENT = "commune:", "department:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One line of the brief in words: who is looked for, and what she would change."""

    role: str
    languages: str
    moments: str
    place: str
    topics: str
    places: int
    served: int
    meets: int


@bp.get("/<uuid:public_id>/recruitment")
@access(Access.COORDINATOR)
def recruitment(public_id: UUID) -> ResponseReturnValue:
    """Show whom to recruit: the first ones in order, then each profile by itself."""
    run = get_run(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(run.association_id)
    brief = run.recruitment or {}
    names = _find_names(brief)
    return render_template(
        "match_runs/recruitment.html",
        run=run,
        sheet=get_run_sheet(db.session(), run),
        sequence=[_tell(one, names) for one in brief.get("sequence", [])],
        options=[_tell(one, names) for one in brief.get("options", [])],
    )


@bp.get("/<uuid:public_id>/recruitment.csv")
@access(Access.COORDINATOR)
def recruitment_file(public_id: UUID) -> ResponseReturnValue:
    """Give the brief as a file. It names nobody, so that it leaves no trace."""
    run = get_run(db.session(), public_id, association_ids=current_actor().coordinates)
    brief = run.recruitment or {}
    names = _find_names(brief)
    header = [_("Order"), _("Role"), _("Languages"), _("When"), _("Where"), _("Helps with")]
    header += [_("Places"), _("People served more"), _("People left over whom she may meet")]
    parts = ((_("together"), brief.get("sequence", [])), (_("alone"), brief.get("options", [])))
    lines = [
        [f"{word} {number}", *_cells(_tell(one, names))]
        for word, recruits in parts
        for number, one in enumerate(recruits, 1)
    ]
    content = write_table(header, lines, language="en" if current_locale() == "en" else "fr")
    name = _("recruitment")
    headers = {"Content-Disposition": f'attachment; filename="{name}-{run.requested_at:%Y-%m-%d}.csv"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _find_names(brief: Mapping[str, Any]) -> Mapping[str, str]:
    recruits = [*brief.get("sequence", []), *brief.get("options", [])]
    places = [one["territory"] or "" for one in recruits]
    return find_commune_names(db.session(), [at.removeprefix(COMMUNE) for at in places if at.startswith(COMMUNE)])


def _tell(recruit: Mapping[str, Any], names: Mapping[str, str]) -> Wanted:
    return Wanted(
        role=labels.role_label(SupporterRole(recruit["role"])),
        languages=join_languages(recruit["languages"]),
        moments=join_words([labels.slot_label(slot) for slot in recruit["slots"]]),
        place=_tell_place(recruit["territory"], recruit["remote"], names),
        topics=name_topics(recruit["topics"]),
        places=recruit["places"],
        served=recruit["served"],
        meets=recruit["meets"],
    )


def _tell_place(territory: str | None, remote: bool, names: Mapping[str, str]) -> str:
    if territory is None:
        return _("Anywhere, by telephone or video")
    if territory.startswith(COMMUNE):
        code = territory.removeprefix(COMMUNE)
        name = names.get(code, code)
        return _("Around %(place)s, or by video", place=name) if remote else _("Around %(place)s", place=name)
    code = territory.removeprefix(DEPARTMENT)
    return _("In department %(code)s, or by video", code=code) if remote else _("In department %(code)s", code=code)


def _cells(wanted: Wanted) -> Sequence[str]:
    words = (wanted.role, wanted.languages, wanted.moments, wanted.place, wanted.topics)
    return [*words, str(wanted.places), str(wanted.served), str(wanted.meets)]
