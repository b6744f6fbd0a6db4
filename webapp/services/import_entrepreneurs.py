"""Entrepreneurs from a file: new people whole or to be completed, known people brought up to date.

A file adds and corrects, it never empties: what a cell leaves out stays as it is. What a person confided is taken once,
with her first line; after that only she changes it, so that an old file never brings a consent back. On the lending
side a file about somebody known confides nothing: "changed" or "unchanged" would tell whether she had confided it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row as ResultRow
from sqlalchemy import delete, select, update

from models.entrepreneurs import (
    Entrepreneur,
    EntrepreneurConfided,
    EntrepreneurLanguage,
    EntrepreneurNeed,
)
from models.queries.coordinators import list_coordinators
from models.search import fold
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from models.territories import QpvCheck, QpvGround, QpvMethod, QpvResult
from models.wall import lends, read_told_stage, receive_stage
from webapp.clock import day_of
from webapp.services.entrepreneurs import TOLD
from webapp.services.import_plan import (
    Import,
    Line,
    Plan,
    add_events,
    add_rows,
    batched,
    build_event,
    map_accounts,
    map_references,
    place_of,
    report_unknown_communes,
)
from webapp.services.territories import territory_index
from webapp.spreadsheets import EntrepreneurRow, Kind, LocationSource
from webapp.territories.index import ZONING_VERSION, PointResult

PROFILE = (
    *("first_name", "last_name", "email", "phone", "stage", "activity_code", "project_title", "project_text"),
    *("commune_code", "qpv_code", "latitude", "longitude", "max_km", "accepts_remote", "availability"),
    *("wanted_roles", "wants_bridging", "household", "waiting_since"),
)
# A cell that says nothing of these leaves what is known.
KEPT_WHEN_EMPTY = (
    *("email", "phone", "activity_code", "project_title", "project_text", "availability", "household"),
    "waiting_since",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database has of a person; `may_confide`: a file may still say what she never confided."""

    id: int
    profile: ResultRow[Any]
    needs: dict[str, int]
    languages: tuple[str, ...]
    may_confide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a line makes of a person; `check` is the answer about her neighbourhood when it is new."""

    row: EntrepreneurRow
    profile: dict[str, Any]
    needs: dict[str, int]
    languages: tuple[str, ...]
    check: dict[str, Any] | None
    known: Known | None

    @property
    def state(self) -> EntrepreneurState:
        """State of a new file: ready when the engine has all it needs."""
        whole = bool(self.needs and self.languages and self.profile["availability"])
        return EntrepreneurState.READY if whole else EntrepreneurState.INCOMPLETE


def plan_entrepreneurs(work: Import, lines: Sequence[Line[EntrepreneurRow]]) -> Plan:
    """Work out what a file of entrepreneurs would do."""
    plan = Plan()
    report_unknown_communes(work.session, Kind.ENTREPRENEURS, lines, plan.problems)
    if plan.problems:
        return plan
    known = _read_known(work)
    is_lending = lends(work.association.network)
    new: list[Person] = []
    changed: list[Person] = []
    for line in lines:
        person = _build_person(line.row, known.get(line.row.reference), is_lending=is_lending)
        if person.known is None:
            new.append(person)
        elif _is_changed(person, person.known):
            changed.append(person)
    plan.added, plan.updated = len(new), len(changed)
    plan.unchanged = len(lines) - plan.added - plan.updated

    def write() -> None:
        _insert(work, new)
        _update(work, changed)
        _confide(work, [*new, *changed])

    plan.write = write
    return plan


def _read_known(work: Import) -> dict[str, Known]:
    session, here = work.session, Entrepreneur.association_id == work.association.id
    needs: dict[int, dict[str, int]] = {}
    rows = select(EntrepreneurNeed.entrepreneur_id, EntrepreneurNeed.topic, EntrepreneurNeed.priority)
    for owner, topic, priority in session.execute(rows.join(Entrepreneur).where(here)):
        needs.setdefault(owner, {})[topic] = priority
    spoken: dict[int, list[str]] = {}
    languages = select(EntrepreneurLanguage.entrepreneur_id, EntrepreneurLanguage.language)
    ordered = languages.join(Entrepreneur).where(here).order_by(EntrepreneurLanguage.position)
    for owner, language in session.execute(ordered):
        spoken.setdefault(owner, []).append(language)
    told = EntrepreneurConfided.association_id == work.association.id
    confided = set(session.scalars(select(EntrepreneurConfided.entrepreneur_id).where(told)))
    columns = [getattr(Entrepreneur, name) for name in PROFILE]
    people = session.execute(select(Entrepreneur.id, Entrepreneur.reference, *columns).where(here))
    return {
        row.reference: Known(
            id=row.id,
            profile=row,
            needs=needs.get(row.id, {}),
            languages=tuple(spoken.get(row.id, ())),
            may_confide=not lends(work.association.network) and row.id not in confided,
        )
        for row in people
    }


def _build_person(row: EntrepreneurRow, known: Known | None, *, is_lending: bool) -> Person:
    before = known.profile if known else None
    latitude, longitude = place_of(row, before)
    profile: dict[str, Any] = {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email.strip().lower() or None,
        "phone": row.phone or None,
        "stage": receive_stage(
            read_told_stage(row.stage),
            before=before.stage if before is not None else None,
            lends=is_lending,
        ),
        "activity_code": row.activity,
        "project_title": row.project_title,
        "project_text": row.text,
        "commune_code": row.commune,
        "latitude": latitude,
        "longitude": longitude,
        "max_km": row.max_km,
        "accepts_remote": row.accepts_remote,
        "availability": row.availability,
        "wanted_roles": _list_wishes(row, before, is_lending=is_lending),
        "wants_bridging": row.wants_bridging,
        "household": row.household or None,
        "waiting_since": row.waiting_since,
    }
    if before is not None:
        for name in KEPT_WHEN_EMPTY:
            profile[name] = profile[name] or getattr(before, name)
    check = _look_up(row, before, latitude, longitude)
    profile["qpv_code"] = _qpv_code(row, before, check)
    return Person(
        row=row,
        profile=profile,
        needs=dict(row.needs) or (known.needs if known else {}),
        languages=tuple(dict.fromkeys(row.languages)) or (known.languages if known else ()),
        check=check,
        known=known,
    )


def _list_wishes(row: EntrepreneurRow, before: ResultRow[Any] | None, *, is_lending: bool) -> list[str]:
    """Give the wishes; on the lending side the one for a coach stays: it is told with her agreement only."""
    wished = set(row.wanted_roles)
    if is_lending and not (before is None and row.coaching_consent):
        kept = {SupporterRole.COACH.value} & set(before.wanted_roles if before is not None else ())
        wished = wished - {SupporterRole.COACH.value} | kept
    return [role.value for role in SupporterRole if role in wished]


def _look_up(
    row: EntrepreneurRow, before: ResultRow[Any] | None, latitude: float | None, longitude: float | None
) -> dict[str, Any] | None:
    """Find out about the neighbourhood when place or code are new; a code that the position denies stays declared."""
    is_given = row.location_source is LocationSource.GIVEN and latitude is not None and longitude is not None
    if before is not None:
        is_same_place = (before.latitude, before.longitude, before.commune_code) == (latitude, longitude, row.commune)
        if is_same_place and row.qpv_code in (None, before.qpv_code):
            return None
    if is_given and latitude is not None and longitude is not None:
        answer = territory_index().check_point(latitude, longitude)
        found = {"distance_m": answer.distance_m, "latitude": latitude, "longitude": longitude}
        confirms = answer.result is PointResult.INSIDE and row.qpv_code in (None, answer.qpv_code)
        if confirms or row.qpv_code is None:
            return _check(row, QpvResult(answer.result), QpvMethod.POINT_IN_POLYGON, answer.qpv_code, **found)
        return _check(row, QpvResult.DECLARED, QpvMethod.IMPORTED, row.qpv_code, **found)
    if row.qpv_code is not None:
        return _check(row, QpvResult.DECLARED, QpvMethod.IMPORTED, row.qpv_code)
    return None


def _check(
    row: EntrepreneurRow,
    result: QpvResult,
    method: QpvMethod,
    code: str | None,
    *,
    distance_m: float | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> dict[str, Any]:
    return {
        "ground": QpvGround.RESIDENCE,
        "result": result,
        "method": method,
        "qpv_code": code,
        "zoning_version": ZONING_VERSION,
        "distance_m": distance_m,
        "latitude": latitude,
        "longitude": longitude,
        "commune_code": row.commune,
    }


def _qpv_code(row: EntrepreneurRow, before: ResultRow[Any] | None, check: dict[str, Any] | None) -> str | None:
    if check is not None:
        code: str | None = check["qpv_code"]
        return code if check["result"] in (QpvResult.INSIDE, QpvResult.DECLARED) else None
    if before is not None and before.commune_code == row.commune:
        kept: str | None = before.qpv_code
        return kept
    return None


def _is_changed(person: Person, known: Known) -> bool:
    return (
        any(value != getattr(known.profile, name) for name, value in person.profile.items())
        or person.needs != known.needs
        or person.languages != known.languages
        or _is_confiding(person)
    )


def _is_confiding(person: Person) -> bool:
    """Say whether the line confides something about somebody of whom nothing was known."""
    told = person.row.after_liquidation or person.row.coaching_consent
    return told and (person.known is None or person.known.may_confide)


def _insert(work: Import, people: Sequence[Person]) -> None:
    session = work.session
    accounts = map_accounts(work, [person.profile["email"] for person in people if person.profile["email"]])
    today = day_of(work.at)
    referent = _find_referent(work)
    add_rows(
        session,
        Entrepreneur,
        [
            {
                **person.profile,
                "public_id": uuid4(),
                "association_id": work.association.id,
                "account_id": accounts.get(person.profile["email"]),
                "referent_id": referent,
                "reference": person.row.reference,
                "search_name": fold(person.profile["first_name"], person.profile["last_name"]),
                "state": person.state,
                "waiting_since": person.profile["waiting_since"] or today,
                "created_at": work.at,
                "updated_at": work.at,
            }
            for person in people
        ],
    )
    if people:
        _insert_parts(work, people)
        numbers = _numbers(work)
        add_events(
            session,
            [
                build_event(work, "entrepreneur", numbers[person.row.reference], "import", to_state=person.state.value)
                for person in people
            ],
        )


def _find_referent(work: Import) -> int | None:
    """Give who answers for new people: the coordinator who imports, else the first one of the association."""
    if work.association.id in work.actor.coordinates:
        return work.actor.account_id
    coordinators = list_coordinators(work.session, work.association.id)
    return coordinators[0].id if coordinators else None


def _update(work: Import, people: Sequence[Person]) -> None:
    session = work.session
    known = [(person, person.known) for person in people if person.known is not None]
    for portion in batched(known):
        session.execute(
            update(Entrepreneur),
            [
                {
                    **person.profile,
                    "id": before.id,
                    "search_name": fold(person.profile["first_name"], person.profile["last_name"]),
                    "updated_at": work.at,
                }
                for person, before in portion
            ],
        )
        ids = [before.id for _, before in portion]
        session.execute(delete(EntrepreneurNeed).where(EntrepreneurNeed.entrepreneur_id.in_(ids)))
        session.execute(delete(EntrepreneurLanguage).where(EntrepreneurLanguage.entrepreneur_id.in_(ids)))
    if known:
        _insert_parts(work, people)
        add_events(session, [build_event(work, "entrepreneur", before.id, "import") for _, before in known])


def _insert_parts(work: Import, people: Sequence[Person]) -> None:
    session, numbers = work.session, _numbers(work)
    owned = [(numbers[person.row.reference], person) for person in people]
    needs = [
        {"entrepreneur_id": owner, "topic": topic, "priority": priority}
        for owner, person in owned
        for topic, priority in person.needs.items()
    ]
    languages = [
        {"entrepreneur_id": owner, "language": language, "position": position}
        for owner, person in owned
        for position, language in enumerate(person.languages)
    ]
    checks = [
        {
            **person.check,
            "public_id": uuid4(),
            "association_id": work.association.id,
            "entrepreneur_id": owner,
            "checked_at": work.at,
            "checked_by_id": work.actor.account_id,
        }
        for owner, person in owned
        if person.check is not None
    ]
    add_rows(session, EntrepreneurNeed, needs)
    add_rows(session, EntrepreneurLanguage, languages)
    add_rows(session, QpvCheck, checks)


def _confide(work: Import, people: Sequence[Person]) -> None:
    told = [person for person in people if _is_confiding(person)]
    if not told:
        return
    numbers = _numbers(work)
    rows = [
        {
            "association_id": work.association.id,
            "entrepreneur_id": numbers[person.row.reference],
            "after_liquidation": TOLD if person.row.after_liquidation else None,
            "coaching_consent_at": work.at if person.row.coaching_consent else None,
        }
        for person in told
    ]
    add_rows(work.session, EntrepreneurConfided, rows)


def _numbers(work: Import) -> dict[str, int]:
    return map_references(work.session, Entrepreneur.id, Entrepreneur.reference, work.association.id)
