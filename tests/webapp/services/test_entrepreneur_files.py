"""A coordinator's hold on a file: corrected, followed up, confirmed, read; each leaves its event."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models.associations import Association, Network
from models.audit import AuditEvent
from models.db import db
from models.entrepreneurs import Entrepreneur, Stage
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.states import EntrepreneurState, PairingState
from models.supporters import SupporterRole
from models.territories import QpvGround
from tests.factories import make_account, make_association, make_coordinator, make_entrepreneur
from tests.office import Office, broken_laws
from webapp.clock import day_of, utc_now
from webapp.permissions import SYSTEM, Actor
from webapp.services.entrepreneur_files import (
    EntrepreneurFile,
    confirm_qpv,
    read_confided,
    set_follow_up,
    update_entrepreneur,
)
from webapp.services.profile_steps import ActivityValues, PlaceValues, ProjectValues, WishesValues

AT = utc_now()


def coordinator_of(association: Association) -> Actor:
    account = make_coordinator(db.session(), association)
    db.session.commit()
    return Actor(account_id=account.id, coordinates=frozenset({association.id}), member_of=frozenset({association.id}))


def file_of(**values: object) -> EntrepreneurFile:
    return EntrepreneurFile(
        **{  # type: ignore[arg-type]
            "first_name": " Zoé ",
            "last_name": "N’Diaye",
            "email": " Zoe@Example.org ",
            "phone": "",
            "household": "",
            "referent_id": None,
            "steps": (),
            **values,
        }
    )


def person_of(association: Association, **values: object) -> Entrepreneur:
    person = make_entrepreneur(db.session(), association, **values)
    db.session.commit()
    return person


def events_of(person: Entrepreneur) -> list[str]:
    rows = select(AuditEvent.action).where(AuditEvent.record_id == person.id, AuditEvent.record == "entrepreneur")
    return list(db.session.scalars(rows.order_by(AuditEvent.id)))


def test_a_correction_is_written_whole_and_leaves_its_event(any_app: Flask) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association)
    steps = (
        ProjectValues(stage=Stage.GROWTH, project_title="Traiteur"),
        WishesValues(wanted_roles=frozenset({SupporterRole.EXPERT})),
    )
    file = file_of(referent_id=actor.account_id, steps=steps)
    update_entrepreneur(entrepreneur_id=person.public_id, file=file, actor=actor, at=AT)
    db.session.expire_all()
    changed = db.session.get_one(Entrepreneur, person.id, options=[selectinload(Entrepreneur.needs)])
    assert (changed.first_name, changed.search_name, changed.email) == ("Zoé", "zoe n diaye", "zoe@example.org")
    assert (changed.phone, changed.household, changed.referent_id) == (None, None, actor.account_id)
    assert (changed.stage, changed.wanted_roles) == (Stage.GROWTH, ["expert"])
    assert [need.topic for need in changed.needs] == ["cash_flow"], "what the correction does not name stays"
    assert events_of(person) == ["correct"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_name": "  "}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"steps": (ActivityValues(activity_code="99.99Z"),)}, "activity_code"),
        ({"steps": (PlaceValues(commune_code="00000"),)}, "commune_code"),
        (
            {"steps": (WishesValues(wanted_roles=frozenset(), coaching_consent=True),)},
            "coaching_consent",
        ),
    ],
)
def test_a_refused_correction_changes_nothing(app: Flask, values: dict[str, object], field: str) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association)
    with pytest.raises(InvalidInputError) as refused:
        update_entrepreneur(entrepreneur_id=person.public_id, file=file_of(**values), actor=actor, at=AT)
    assert refused.value.facts["field"] == field
    db.session.expire_all()
    assert db.session.get_one(Entrepreneur, person.id).first_name == "Aïcha"
    assert events_of(person) == []


def test_only_a_coordinator_of_the_association_answers_for_a_person(app: Flask) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association)
    outsider = make_account(db.session()).id
    db.session.commit()
    with pytest.raises(InvalidInputError):
        update_entrepreneur(entrepreneur_id=person.public_id, file=file_of(referent_id=outsider), actor=actor, at=AT)
    db.session.expire_all()
    assert db.session.get_one(Entrepreneur, person.id).referent_id is None


def test_a_closed_file_is_not_corrected(app: Flask) -> None:
    association = make_association(db.session())
    person = person_of(association, state=EntrepreneurState.CLOSED, closed_at=AT)
    with pytest.raises(InvalidTransitionError):
        update_entrepreneur(entrepreneur_id=person.public_id, file=file_of(), actor=coordinator_of(association), at=AT)


def test_nobody_else_knows_of_the_file(app: Flask) -> None:
    association, other = make_association(db.session()), make_association(db.session())
    person, stranger = person_of(association), coordinator_of(other)
    herself = Actor(account_id=None, entrepreneur_ids=frozenset({person.id}))
    for actor in (stranger, herself, SYSTEM):
        with pytest.raises(NotFoundError):
            update_entrepreneur(entrepreneur_id=person.public_id, file=file_of(), actor=actor, at=AT)
        with pytest.raises(NotFoundError):
            set_follow_up(entrepreneur_id=person.public_id, on=day_of(AT) + timedelta(days=3), actor=actor, at=AT)
        with pytest.raises(NotFoundError):
            read_confided(entrepreneur_id=person.public_id, actor=actor, at=AT)
    assert events_of(person) == []


@pytest.mark.parametrize("days", [-1, 366])
def test_a_day_of_news_lies_within_a_year(app: Flask, days: int) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association)
    with pytest.raises(InvalidInputError):
        set_follow_up(entrepreneur_id=person.public_id, on=day_of(AT) + timedelta(days=days), actor=actor, at=AT)
    day: date = day_of(AT) + timedelta(days=30)
    set_follow_up(entrepreneur_id=person.public_id, on=day, actor=actor, at=AT)
    db.session.expire_all()
    assert db.session.get_one(Entrepreneur, person.id).follow_up_on == day
    assert events_of(person) == ["set_follow_up"]


def test_reading_and_being_refused_are_both_written_down(any_app: Flask) -> None:
    lending = make_association(db.session(), network=Network.INITIATIVE_FRANCE)
    rebuilding = make_association(db.session(), network=Network.REBONDS)
    told = {"after_liquidation": "yes", "coaching_consent_at": AT}
    hidden, shown = (person_of(one, confided=told) for one in (lending, rebuilding))
    with pytest.raises(PermissionDeniedError):
        read_confided(entrepreneur_id=hidden.public_id, actor=coordinator_of(lending), at=AT)
    assert events_of(hidden) == ["refuse_confided"]
    found = read_confided(entrepreneur_id=shown.public_id, actor=coordinator_of(rebuilding), at=AT)
    assert found.after_liquidation
    assert found.coaching_consent_at == AT
    assert events_of(shown) == ["read_confided"]
    nothing = person_of(rebuilding)
    assert not read_confided(
        entrepreneur_id=nothing.public_id, actor=coordinator_of(rebuilding), at=AT
    ).after_liquidation


def test_there_must_be_a_border_to_confirm(app: Flask) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association)
    with pytest.raises(InvalidTransitionError):
        confirm_qpv(entrepreneur_id=person.public_id, ground=QpvGround.RESIDENCE, is_inside=True, actor=actor, at=AT)
    assert events_of(person) == []


def test_a_role_taken_out_by_a_correction_is_let_go(any_app: Flask) -> None:
    office = Office(people=2)
    proposed = office.propose(0, at=AT)
    for number in (0, 1):
        steps = (WishesValues(wanted_roles=frozenset({SupporterRole.EXPERT})),)
        update_entrepreneur(
            entrepreneur_id=office.people[number].public_id, file=file_of(steps=steps), actor=office.coordinator, at=AT
        )
    assert office.pairing(proposed.public_id).state is PairingState.WITHDRAWN
    assert [office.taken(number) for number in (0, 1)] == [0, 0]
    assert office.states(1) == ["superseded", "superseded"]
    assert broken_laws() == []


def test_no_news_is_promised_about_a_closed_file(app: Flask) -> None:
    association = make_association(db.session())
    actor, person = coordinator_of(association), person_of(association, state=EntrepreneurState.CLOSED, closed_at=AT)
    with pytest.raises(InvalidTransitionError):
        set_follow_up(entrepreneur_id=person.public_id, on=day_of(AT) + timedelta(days=3), actor=actor, at=AT)
