"""What comes next for a person, as her coordinator sees it: what, who acts, until when."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.associations import Association
from models.names import full_name
from models.pairings import Pairing
from models.queries.directory import EntrepreneurLine
from models.queries.sheets import EntrepreneurSheet
from models.states import (
    LIVE_PAIRING_STATES,
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    EntrepreneurState,
    InterviewState,
    PairingState,
)
from models.supporters import SupporterRole
from webapp import labels
from webapp.clock import day_of
from webapp.services.profile_steps import ProfileStep
from webapp.translation import gettext as _
from webapp.words.week import join_words

PARTS: Mapping[ProfileStep, LazyString] = MappingProxyType(
    {
        ProfileStep.PROJECT: _l("the stage of the project"),
        ProfileStep.ACTIVITY: _l("the activity"),
        ProfileStep.PLACE: _l("the town"),
        ProfileStep.NEEDS: _l("the needs"),
        ProfileStep.LANGUAGES: _l("the languages"),
        ProfileStep.AVAILABILITY: _l("when the person is free"),
        ProfileStep.WISHES: _l("whom the person would like to meet"),
        ProfileStep.WORDS: _l("the project in the person’s own words"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One thing that comes next: what, who does it, the last day for it, where to do it."""

    what: str
    who: str
    until: date | None
    url: str = ""
    is_late: bool = False


def list_next_steps(sheet: EntrepreneurSheet, *, at: datetime) -> list[NextStep]:
    """List what comes next, the first deadline first."""
    steps = list(_build_steps(sheet, day_of(at)))
    return sorted(steps, key=lambda step: (step.until is None, step.until or date.max))


def _build_steps(sheet: EntrepreneurSheet, today: date) -> Iterator[NextStep]:
    person, team = sheet.entrepreneur, _team(sheet)
    if person.state is EntrepreneurState.CLOSED:
        return
    yield from _interview_steps(sheet, team, today)
    if person.state is EntrepreneurState.INCOMPLETE:
        due = _incomplete_due(person.created_at, sheet.association)
        yield NextStep(
            what=_("The profile is completed, alone or with you by telephone."),
            who=team,
            until=due,
            url=url_for("entrepreneurs.edit", public_id=person.public_id),
            is_late=due < today,
        )
        return
    yield from _suggestion_steps(sheet, team, today)
    yield from _pairing_steps(sheet.pairings, team, today)
    missing = _list_unserved(sheet)
    if missing:
        yield NextStep(
            what=_("Somebody is found: %(roles)s.", roles=", ".join(labels.label(role).lower() for role in missing)),
            who=team,
            until=person.follow_up_on,
            url=url_for("entrepreneurs.choose", public_id=person.public_id, role=missing[0].value),
            is_late=person.follow_up_on is not None and person.follow_up_on < today,
        )


def _interview_steps(sheet: EntrepreneurSheet, team: str, today: date) -> Iterator[NextStep]:
    for interview in sheet.interviews:
        if interview.state is InterviewState.PLANNED:
            is_put_off = interview.opens_on > today
            until = interview.opens_on if is_put_off else _day(interview.starts_at or interview.due_at)
            yield NextStep(
                what=_("The two talk again, as agreed.") if is_put_off else _("The first interview is held."),
                who=full_name(interview.coordinator) if interview.coordinator else team,
                until=until,
                url=url_for("interviews.show", public_id=interview.public_id),
                is_late=until is not None and until < today,
            )


def _suggestion_steps(sheet: EntrepreneurSheet, team: str, today: date) -> Iterator[NextStep]:
    for suggestion in sheet.suggestions:
        until = _day(suggestion.deadline_at)
        yield NextStep(
            what=_("The suggestion of %(name)s is decided.", name=full_name(suggestion.supporter)),
            who=team,
            until=until,
            url=url_for("suggestions.show", public_id=suggestion.public_id),
            is_late=until is not None and until < today,
        )


def _pairing_steps(pairings: tuple[Pairing, ...], team: str, today: date) -> Iterator[NextStep]:
    for pairing in pairings:
        if pairing.state in UNANSWERED_PAIRING_STATES:
            is_asked, helper = pairing.state is PairingState.ASKED, _name_with_role(pairing)
            until = _day(pairing.question_due_at if is_asked else pairing.deadline_at)
            yield NextStep(
                what=_("The question of %(name)s about the proposal is answered.", name=helper)
                if is_asked
                else _("The proposal is answered; without an answer it comes back to you."),
                who=team if is_asked else helper,
                until=until,
                url=url_for("pairings.show", public_id=pairing.public_id),
                is_late=until is not None and until < today,
            )
        elif pairing.state in TOGETHER_PAIRING_STATES:
            is_pausing = pairing.state is PairingState.PAUSED
            until = _day(pairing.pause_until if is_pausing else pairing.next_meeting_due_at)
            yield NextStep(
                what=_("The pause ends, and the two go on.") if is_pausing else _("The two meet and go on."),
                who=_name_with_role(pairing),
                until=until,
                url=url_for("pairings.show", public_id=pairing.public_id),
                is_late=until is not None and until < today,
            )


def _name_with_role(pairing: Pairing) -> str:
    """Name a supporter with the role: one may be coach and mentor of the same person, in two pairings."""
    return _("%(name)s (%(role)s)", name=full_name(pairing.supporter), role=labels.label(pairing.role).lower())


def _list_unserved(sheet: EntrepreneurSheet) -> list[SupporterRole]:
    served = {pairing.role for pairing in sheet.pairings if pairing.state in LIVE_PAIRING_STATES}
    served |= {suggestion.role for suggestion in sheet.suggestions}
    wanted = sheet.entrepreneur.wanted_roles
    return [role for role in SupporterRole if role.value in wanted and role not in served]


def tell_missing(missing: Iterable[ProfileStep]) -> str:
    """Name the parts of a profile that are still empty."""
    return join_words([str(PARTS[step]) for step in missing])


def tell_situation(line: EntrepreneurLine) -> str:
    """Say in a few words who is with a person, for a line of the list."""
    if line.entrepreneur.state is EntrepreneurState.INCOMPLETE:
        return _("Profile to complete")
    if line.pairings or line.suggestions:
        return ""
    if line.entrepreneur.follow_up_on:
        return _("Nobody yet")
    return _("Nobody yet, no date")


def _team(sheet: EntrepreneurSheet) -> str:
    return full_name(sheet.referent) if sheet.referent else _("The team of %(name)s", name=sheet.association.name)


def _incomplete_due(created_at: datetime, association: Association) -> date:
    return day_of(created_at + timedelta(days=association.follow_up_days))


def _day(instant: datetime | None) -> date | None:
    return day_of(instant) if instant else None
