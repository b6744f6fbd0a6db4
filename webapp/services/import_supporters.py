"""Supporters from a file: new ones active, known ones brought up to date; places in use are never taken away.

A file adds and corrects, it never empties: what a cell leaves out stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Row as ResultRow
from sqlalchemy import delete, select, update

from models.entrepreneurs import Stage
from models.search import fold
from models.states import SupporterState
from models.supporters import Supporter, SupporterExpertise, SupporterLanguage, SupporterRole
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
    report,
    report_unknown_communes,
)
from webapp.spreadsheets import Kind, SupporterRow

PROFILE = (
    *("first_name", "last_name", "email", "phone", "role", "capacity", "presentation", "activity_codes", "stages"),
    *("commune_code", "latitude", "longitude", "max_km", "accepts_remote", "availability", "household"),
    *("in_business", "has_bounced_back", "is_certified"),
)
KEPT_WHEN_EMPTY = ("email", "phone", "presentation", "activity_codes", "availability", "household")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database has of a supporter."""

    id: int
    profile: ResultRow[Any]
    expertise: dict[str, int]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a line makes of a supporter."""

    line: int
    reference: str
    profile: dict[str, Any]
    expertise: dict[str, int]
    languages: tuple[str, ...]
    known: Known | None


def plan_supporters(work: Import, lines: Sequence[Line[SupporterRow]]) -> Plan:
    """Work out what a file of supporters would do."""
    plan = Plan()
    report_unknown_communes(work.session, Kind.SUPPORTERS, lines, plan.problems)
    known = _read_known(work)
    new: list[Person] = []
    changed: list[Person] = []
    for line in lines:
        person = _build_person(line, known.get(line.row.reference))
        _check_bounced_back(person, plan)
        if person.known is None:
            new.append(person)
        elif _is_changed(person, person.known):
            changed.append(person)
    _check_in_use(work, changed, plan)
    plan.added, plan.updated = len(new), len(changed)
    plan.unchanged = len(lines) - plan.added - plan.updated

    def write() -> None:
        _insert(work, new)
        _update(work, changed)

    plan.write = write
    return plan


def _read_known(work: Import) -> dict[str, Known]:
    session, here = work.session, Supporter.association_id == work.association.id
    expertise: dict[int, dict[str, int]] = {}
    rows = select(SupporterExpertise.supporter_id, SupporterExpertise.topic, SupporterExpertise.level)
    for owner, topic, level in session.execute(rows.join(Supporter).where(here)):
        expertise.setdefault(owner, {})[topic] = level
    spoken: dict[int, list[str]] = {}
    languages = select(SupporterLanguage.supporter_id, SupporterLanguage.language)
    ordered = languages.join(Supporter).where(here).order_by(SupporterLanguage.position)
    for owner, language in session.execute(ordered):
        spoken.setdefault(owner, []).append(language)
    columns = [getattr(Supporter, name) for name in PROFILE]
    people = session.execute(select(Supporter.id, Supporter.reference, *columns).where(here))
    return {
        row.reference: Known(
            id=row.id, profile=row, expertise=expertise.get(row.id, {}), languages=tuple(spoken.get(row.id, ()))
        )
        for row in people
    }


def _build_person(line: Line[SupporterRow], known: Known | None) -> Person:
    row, before = line.row, known.profile if known else None
    latitude, longitude = place_of(row, before)
    profile: dict[str, Any] = {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email.strip().lower() or None,
        "phone": row.phone or None,
        "role": SupporterRole(row.role),
        "capacity": row.capacity,
        "presentation": row.text,
        "activity_codes": list(row.activities),
        "stages": [stage.value for stage in Stage if stage in row.stages],
        "commune_code": row.commune,
        "latitude": latitude,
        "longitude": longitude,
        "max_km": row.max_km,
        "accepts_remote": row.accepts_remote,
        "availability": row.availability,
        "household": row.household or None,
        "in_business": row.active_business,
        "has_bounced_back": row.has_bounced_back,
        "is_certified": row.certified,
    }
    if before is not None:
        for name in KEPT_WHEN_EMPTY:
            profile[name] = profile[name] or getattr(before, name)
    return Person(
        line=line.number,
        reference=row.reference,
        profile=profile,
        expertise=dict(row.expertise) or (known.expertise if known else {}),
        languages=tuple(dict.fromkeys(row.languages)) or (known.languages if known else ()),
        known=known,
    )


def _is_changed(person: Person, known: Known) -> bool:
    return (
        any(value != getattr(known.profile, name) for name, value in person.profile.items())
        or person.expertise != known.expertise
        or person.languages != known.languages
    )


def _check_bounced_back(person: Person, plan: Plan) -> None:
    if person.profile["role"] is SupporterRole.AMBASSADOR and not person.profile["has_bounced_back"]:
        fr, en = "oui, pour qui est ambassadeur ou ambassadrice", "yes, for an ambassador"
        report(
            plan.problems, Kind.SUPPORTERS, person.line, "has_bounced_back", "", "ambassador_not_bounced_back", fr, en
        )


def _check_in_use(work: Import, people: Sequence[Person], plan: Plan) -> None:
    """Lock those who change, then compare with the places in use: what was read before may be old."""
    known = {person.known.id: person for person in people if person.known is not None}
    for portion in batched(sorted(known)):
        locked = (
            select(Supporter.id, Supporter.taken, Supporter.role)
            .where(Supporter.id.in_(portion), Supporter.taken > 0)
            .order_by(Supporter.id)
            .with_for_update()
        )
        for number, taken, role in work.session.execute(locked):
            person = known[number]
            if person.profile["capacity"] < taken:
                fr, en = f"au moins {taken}, déjà pris par des binômes", f"at least {taken}, held by pairings"
                value = person.profile["capacity"]
                report(plan.problems, Kind.SUPPORTERS, person.line, "capacity", value, "capacity_in_use", fr, en)
            if person.profile["role"] is not role:
                fr, en = "le même rôle tant qu’un binôme dure", "the same role as long as a pairing lasts"
                value = person.profile["role"]
                report(plan.problems, Kind.SUPPORTERS, person.line, "role", value, "role_in_use", fr, en)


def _insert(work: Import, people: Sequence[Person]) -> None:
    session = work.session
    accounts = map_accounts(work, [person.profile["email"] for person in people if person.profile["email"]])
    add_rows(
        session,
        Supporter,
        [
            {
                **person.profile,
                "public_id": uuid4(),
                "association_id": work.association.id,
                "account_id": accounts.get(person.profile["email"]),
                "reference": person.reference,
                "search_name": fold(person.profile["first_name"], person.profile["last_name"]),
                "state": SupporterState.ACTIVE,
                "taken": 0,
                "created_at": work.at,
                "updated_at": work.at,
            }
            for person in people
        ],
    )
    if people:
        numbers = _insert_parts(work, people)
        to_state = SupporterState.ACTIVE.value
        add_events(
            session,
            [
                build_event(work, "supporter", numbers[person.reference], "import", to_state=to_state)
                for person in people
            ],
        )


def _update(work: Import, people: Sequence[Person]) -> None:
    session = work.session
    known = [(person, person.known) for person in people if person.known is not None]
    for portion in batched(known):
        session.execute(
            update(Supporter),
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
        session.execute(delete(SupporterExpertise).where(SupporterExpertise.supporter_id.in_(ids)))
        session.execute(delete(SupporterLanguage).where(SupporterLanguage.supporter_id.in_(ids)))
    if known:
        _insert_parts(work, people)
        add_events(session, [build_event(work, "supporter", before.id, "import") for _, before in known])


def _insert_parts(work: Import, people: Sequence[Person]) -> dict[str, int]:
    numbers = map_references(work.session, Supporter.id, Supporter.reference, work.association.id)
    expertise = [
        {"supporter_id": numbers[person.reference], "topic": topic, "level": level}
        for person in people
        for topic, level in person.expertise.items()
    ]
    languages = [
        {"supporter_id": numbers[person.reference], "language": language, "position": position}
        for person in people
        for position, language in enumerate(person.languages)
    ]
    add_rows(work.session, SupporterExpertise, expertise)
    add_rows(work.session, SupporterLanguage, languages)
    return numbers
