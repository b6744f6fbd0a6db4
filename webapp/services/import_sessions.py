"""Workshop sessions from a file: new ones open for booking, known ones changed as if by hand, with notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from models.exceptions import InvalidInputError, SeatsTakenError
from models.queries.workshops import lock_workshop_session
from models.states import SessionState
from models.territories import Commune
from models.topics import WorkshopTheme
from models.workshops import SessionFormat, WorkshopSession
from webapp.services.import_plan import (
    Import,
    Line,
    Plan,
    add_events,
    add_rows,
    build_event,
    map_references,
    report,
    report_unknown_communes,
)
from webapp.services.session_values import SessionValues, read_values
from webapp.services.workshops import (
    change_session,
    require_kept_privacy,
    require_open_theme,
    require_theme_of_series,
)
from webapp.spreadsheets import Kind, WorkshopSessionRow

COLUMN_OF_FIELD = {"day": "starts_on", "series": "theme", "is_public": "theme", "commune_code": "commune"}
EXPECTED = {
    "day": ("une date à venir", "a date to come"),
    "series": ("le thème du cycle dont c’est une date", "the theme of the series that this is a date of"),
    "is_public": ("un thème ouvert : cette session est publique", "an open theme: this session is public"),
    "theme": (
        "un thème privé : des gens ont réservé parce que leurs noms le restent",
        "a private theme: people booked because their names stay so",
    ),
}
KEPT_WHEN_EMPTY = ("title", "description", "place", "address", "online_url", "accessibility")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a line makes of a session."""

    line: int
    reference: str
    columns: dict[str, Any]
    seats: int
    known: WorkshopSession | None


def plan_sessions(work: Import, lines: Sequence[Line[WorkshopSessionRow]]) -> Plan:
    """Work out what a file of workshop sessions would do."""
    plan = Plan()
    report_unknown_communes(work.session, Kind.WORKSHOPS, lines, plan.problems)
    if plan.problems:
        return plan
    here = select(WorkshopSession).where(WorkshopSession.association_id == work.association.id)
    known = {row.reference: row for row in work.session.scalars(here.execution_options(populate_existing=True))}
    new: list[Draft] = []
    changed: list[Draft] = []
    for line in lines:
        draft = _build_draft(work, line, known.get(line.row.reference), plan)
        if draft is None:
            continue
        if draft.known is None:
            new.append(draft)
        elif _is_changed(draft, draft.known):
            changed.append(draft)
            _check_change(work, draft, draft.known, plan)
    plan.added, plan.updated = len(new), len(changed)
    plan.unchanged = len(lines) - plan.added - plan.updated

    def write() -> None:
        _insert(work, new)
        for draft in sorted(changed, key=lambda one: one.known.id if one.known else 0):
            _change(work, draft, plan)

    plan.write = write
    return plan


def _build_draft(
    work: Import, line: Line[WorkshopSessionRow], known: WorkshopSession | None, plan: Plan
) -> Draft | None:
    try:
        columns = read_values(work.session, _values(work, line.row, known))
    except InvalidInputError as error:
        _report(plan, line.number, error)
        return None
    return Draft(line=line.number, reference=line.row.reference, columns=columns, seats=line.row.seats, known=known)


def _values(work: Import, row: WorkshopSessionRow, known: WorkshopSession | None) -> SessionValues:
    texts: dict[str, Any] = {
        name: getattr(row, name) or (getattr(known, name) if known else "") for name in KEPT_WHEN_EMPTY
    }
    theme = work.session.get(WorkshopTheme, row.theme)
    commune = work.session.get(Commune, row.commune) if row.commune else None
    if not texts["place"] and row.format == SessionFormat.IN_PERSON and commune is not None:
        texts["place"] = commune.name
    texts["title"] = texts["title"] or (theme.label_fr if theme else "")
    return SessionValues(
        **texts,
        theme=row.theme,
        day=row.starts_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        format=SessionFormat(row.format),
        seats=row.seats,
        commune_code=row.commune,
        language=row.language,
        stages=row.stages,
    )


def _is_changed(draft: Draft, known: WorkshopSession) -> bool:
    return draft.seats != known.seats or any(value != getattr(known, name) for name, value in draft.columns.items())


def _check_change(work: Import, draft: Draft, known: WorkshopSession, plan: Plan) -> None:
    if known.state is not SessionState.SCHEDULED or known.starts_at <= work.at:
        fr, en = "une session qui n’a pas commencé et n’est pas annulée", "a session neither begun nor cancelled"
        report(plan.problems, Kind.WORKSHOPS, draft.line, "reference", draft.reference, "session_closed", fr, en)
    elif draft.columns["starts_at"] <= work.at:
        _report(plan, draft.line, InvalidInputError(field="day"))
    elif draft.seats < known.taken:
        _report_seats(plan, draft, known.taken)
    else:
        _check_privacy(work, draft, known, plan)


def _check_privacy(work: Import, draft: Draft, known: WorkshopSession, plan: Plan) -> None:
    try:
        require_kept_privacy(work.session, known, draft.columns["theme_slug"])
        require_theme_of_series(work.session, known, draft.columns)
        require_open_theme(work.session, known, draft.columns)
    except InvalidInputError as error:
        _report(plan, draft.line, error)


def _change(work: Import, draft: Draft, plan: Plan) -> None:
    if draft.known is None:
        return
    workshop = lock_workshop_session(work.session, draft.known.id)
    try:
        change_session(work.session, workshop, draft.columns, seats=draft.seats, actor=work.actor, at=work.at)
    except SeatsTakenError:
        _report_seats(plan, draft, workshop.taken)


def _insert(work: Import, drafts: Sequence[Draft]) -> None:
    add_rows(
        work.session,
        WorkshopSession,
        [
            {
                **draft.columns,
                "public_id": uuid4(),
                "association_id": work.association.id,
                "organiser_id": work.actor.account_id,
                "reference": draft.reference,
                "seats": draft.seats,
                "taken": 0,
                "next_ticket": 1,
                "sequence": 0,
                "state": SessionState.SCHEDULED,
                "created_at": work.at,
                "updated_at": work.at,
            }
            for draft in drafts
        ],
    )
    if drafts:
        numbers = map_references(work.session, WorkshopSession.id, WorkshopSession.reference, work.association.id)
        to_state = SessionState.SCHEDULED.value
        add_events(
            work.session,
            [
                build_event(work, "workshop_session", numbers[draft.reference], "import", to_state=to_state)
                for draft in drafts
            ],
        )


def _report_seats(plan: Plan, draft: Draft, taken: int) -> None:
    fr, en = f"au moins {taken} places, déjà réservées", f"at least {taken} seats, already booked"
    report(plan.problems, Kind.WORKSHOPS, draft.line, "seats", draft.seats, "seats_taken", fr, en)


def _report(plan: Plan, line: int, error: InvalidInputError) -> None:
    field = str(error.facts.get("field", ""))
    fr, en = EXPECTED.get(field, ("une valeur que le site accepte", "a value that the site accepts"))
    report(plan.problems, Kind.WORKSHOPS, line, COLUMN_OF_FIELD.get(field, field), "", error.code, fr, en)
