"""Supporters: added, changed, their capacity and pauses; a refusal leaves every row as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import (
    AccountClosedError,
    CapacityInUseError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
    PermissionDeniedError,
)
from models.notices import Notice
from models.pairings import EndReason, WithdrawReason
from models.states import PairingState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.factories import make_account
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.services.clocks.people import notice_papers
from webapp.services.pairings import accept_pairing
from webapp.services.supporter_papers import set_papers
from webapp.services.supporters import (
    create_supporter,
    let_supporter_leave,
    lower_capacity,
    pause_supporter,
    resume_supporter,
    set_capacity,
    update_supporter,
)
from webapp.spreadsheets.rows import SupporterRow

ROW = SupporterRow(
    reference="P-17",
    first_name="Zoé",
    last_name="Lefèvre",
    role="mentor",
    commune="93066",
    expertise=(("cash_flow", 3), ("sales", 1)),
    availability=0b100100,
    capacity=3,
    email=" Zoe.Lefevre@Example.org ",
    phone="06 12 34 56 78",
    activities=("69.20Z",),
    stages=("launch", "growth"),
    languages=("fr", "ar"),
    text="Quinze ans de gestion.",
    active_business=True,
)


def get(public_id):
    from sqlalchemy.orm import selectinload

    db.session.rollback()
    return db.session.scalars(
        select(Supporter)
        .where(Supporter.public_id == public_id)
        .options(selectinload(Supporter.expertise), selectinload(Supporter.languages))
        .execution_options(populate_existing=True)
    ).one()


def create(office, at, row=ROW, actor=None):
    return create_supporter(
        association_id=office.association.public_id, row=row, actor=actor or office.coordinator, at=at
    )


def test_a_supporter_is_added_with_her_whole_profile(any_app, now):
    office = Office()
    supporter = get(create(office, now))
    assert (supporter.association_id, supporter.reference) == (office.association_id, "P-17")
    assert (supporter.state, supporter.capacity, supporter.taken) == (SupporterState.ACTIVE, 3, 0)
    assert supporter.search_name == "zoe lefevre"
    assert (supporter.email, supporter.phone) == ("zoe.lefevre@example.org", "06 12 34 56 78")
    assert {one.topic: one.level for one in supporter.expertise} == {"cash_flow": 3, "sales": 1}
    assert [one.language for one in supporter.languages] == ["fr", "ar"]
    assert (supporter.activity_codes, supporter.stages) == (["69.20Z"], ["launch", "growth"])
    assert supporter.in_business is True
    assert supporter.created_at == supporter.updated_at == now
    assert office.events("supporter") == [("create", None, None, None)]
    assert broken_laws() == []


def test_a_commune_gives_the_place_when_nothing_nearer_is_known(any_app, now):
    office = Office()
    from_commune = get(create(office, now))
    given = get(create(office, now, replace(ROW, reference="P-18", latitude=48.9, longitude=2.3)))
    assert from_commune.latitude == pytest.approx(48.93, abs=0.05)
    assert (given.latitude, given.longitude) == (48.9, 2.3)


def test_her_account_becomes_hers_by_its_address(any_app, now):
    office = Office()
    supporter = get(create(office, now, replace(ROW, email=office.account.email.upper())))
    assert supporter.account_id == office.account.id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first_name": " "}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"role": "wizard"}, "role"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 501}, "capacity"),
        ({"commune": "99999"}, "commune"),
        ({"expertise": (("alchemy", 2),)}, "expertise"),
        ({"expertise": (("sales", 4),)}, "expertise"),
        ({"languages": ()}, "languages"),
        ({"languages": ("tlh",)}, "languages"),
        ({"activities": ("00.00X",)}, "activities"),
        ({"stages": ("retired",)}, "stages"),
        ({"availability": 1 << 21}, "availability"),
        ({"max_km": 1001.0}, "max_km"),
        ({"email": "nobody"}, "email"),
        ({"role": "ambassador"}, "has_bounced_back"),
    ],
)
def test_an_impossible_value_is_refused_by_its_field(any_app, now, change, field):
    office = Office()
    with refused(InvalidInputError, field=field):
        create(office, now, replace(ROW, **change))


def test_a_reference_is_used_once_per_association(any_app, now):
    office, other = Office(), Office()
    create(office, now)
    with refused(InvalidInputError, field="reference"):
        create(office, now)
    create(other, now)
    assert get(create(office, now, replace(ROW, reference=""))).reference.startswith("S-")


def test_only_coordinators_of_the_association_add_supporters(any_app, now):
    office, other = Office(), Office()
    for actor in (other.coordinator, office.as_person(), office.as_supporter(), NOBODY):
        with refused(NotFoundError):
            create(office, now, actor=actor)


def test_a_profile_is_changed_and_its_lists_replaced(any_app, now):
    office = Office()
    public_id = create(office, now)
    changed = replace(ROW, expertise=(("sales", 3), ("hiring", 2)), languages=("ar",), capacity=5, text="Disponible.")
    update_supporter(supporter_id=public_id, row=changed, actor=office.coordinator, at=now)
    supporter = get(public_id)
    assert {one.topic: one.level for one in supporter.expertise} == {"sales": 3, "hiring": 2}
    assert [one.language for one in supporter.languages] == ["ar"]
    assert (supporter.capacity, supporter.presentation) == (5, "Disponible.")
    with refused(InvalidInputError, field="role"):
        update_supporter(supporter_id=public_id, row=replace(ROW, role="expert"), actor=office.coordinator, at=now)


def test_a_supporter_changes_herself_and_nobody_else(any_app, now):
    office, other = Office(), Office()
    chosen = {"supporter_id": office.supporters[0].public_id, "capacity": 4, "at": now}
    set_capacity(actor=office.as_supporter(0), **chosen)
    for actor in (office.as_supporter(1), other.coordinator, office.as_person(), NOBODY):
        with refused((NotFoundError, PermissionDeniedError)):
            set_capacity(actor=actor, **chosen)


def test_capacity_never_goes_below_what_is_held(any_app, now):
    office = Office(people=2, supporters=1, supporter={"capacity": 3})
    office.propose(0, at=now)
    office.propose(1, at=now)
    supporter_id = office.supporters[0].public_id
    with refused(CapacityInUseError, taken=2, capacity=1):
        set_capacity(supporter_id=supporter_id, capacity=1, actor=office.coordinator, at=now)
    set_capacity(supporter_id=supporter_id, capacity=2, actor=office.coordinator, at=now)
    assert get(supporter_id).capacity == 2
    assert broken_laws() == []


def test_pausing_returns_open_proposals_to_the_coordinator_and_keeps_pairings(any_app, now):
    office = Office(people=3, supporters=2, supporter={"capacity": 5})
    kept = office.propose(0, at=now)
    accept_pairing(pairing_id=kept.public_id, actor=office.as_supporter(0), at=now)
    returned = office.propose(2, at=now)
    pause_supporter(supporter_id=office.supporters[0].public_id, actor=office.as_supporter(0), at=now)
    assert office.pairing(kept.public_id).state is PairingState.ACTIVE
    withdrawn = office.pairing(returned.public_id)
    assert (withdrawn.state, withdrawn.withdraw_reason) == (PairingState.WITHDRAWN, WithdrawReason.SUPPORTER_PAUSED)
    assert office.taken(0) == 1
    assert ("pairing_declined", office.account.email) in office.messages()
    assert office.states(2) == ["approved", "open"]
    assert office.states(1) == ["open", "superseded"]
    assert broken_laws() == []


def test_pausing_shows_the_next_where_she_was_suggested(any_app, now):
    office = Office(people=2, supporters=3)
    pause_supporter(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now)
    assert office.states(0) == ["superseded", "open", "alternative"]
    assert office.states(1) == ["open", "alternative", "superseded"]
    assert broken_laws() == []


def test_a_paused_supporter_resumes_once(any_app, now):
    office = Office()
    chosen = {"supporter_id": office.supporters[0].public_id, "actor": office.coordinator, "at": now}
    with refused(InvalidTransitionError, state="active", action="resume"):
        resume_supporter(**chosen)
    pause_supporter(**chosen)
    with refused(InvalidTransitionError, state="paused", action="pause"):
        pause_supporter(**chosen)
    resume_supporter(**chosen)
    assert [event[0] for event in office.events("supporter")] == ["pause", "resume"]


def test_whose_account_is_closed_is_proposed_to_nobody_again(any_app, now):
    office = Office()
    chosen = {"supporter_id": office.supporters[0].public_id, "actor": office.coordinator, "at": now}
    pause_supporter(**chosen)
    with transaction() as session:
        account = make_account(session, is_active=False)
        session.get_one(Supporter, office.supporters[0].id).account_id = account.id
    with refused(AccountClosedError):
        resume_supporter(**chosen)


def test_who_leaves_holds_nobody_any_more(any_app, now):
    office = Office(people=2, supporters=2, supporter={"capacity": 5})
    kept = office.propose(0, at=now)
    accept_pairing(pairing_id=kept.public_id, actor=office.as_supporter(0), at=now)
    office.propose(1, rank=2, at=now)
    let_supporter_leave(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now)
    ended = office.pairing(kept.public_id)
    assert (ended.state, ended.end_reason) == (PairingState.ENDED, EndReason.UNAVAILABLE)
    assert office.taken(0) == 0
    assert get(office.supporters[0].public_id).state is SupporterState.LEFT
    assert ("pairing_ended", office.people[0].email) in office.messages()
    assert broken_laws() == []
    with refused(InvalidTransitionError, state="left"):
        resume_supporter(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now)


def test_a_coach_counts_in_hours(any_app, now):
    office = Office()
    supporter = get(create(office, now, replace(ROW, role="coach", capacity=14, certified=True)))
    assert (supporter.role, supporter.capacity, supporter.is_certified) == (SupporterRole.COACH, 14, True)


def test_less_time_hands_back_the_latest_proposals_with_a_word(any_app, now):
    office = Office(people=3, supporters=2, supporter={"capacity": 5})
    first = office.propose(0, at=now)
    last = office.propose(2, at=now + timedelta(hours=1))
    assert office.taken() == 2
    chosen = {"supporter_id": office.supporters[0].public_id, "actor": office.as_supporter(0), "at": now}
    with refused(InvalidInputError, field="capacity", maximum=5):
        lower_capacity(capacity=6, **chosen)
    handed = lower_capacity(capacity=1, word="Un gros chantier", **chosen)
    assert handed == (last.public_id,)
    given_back = office.pairing(last.public_id)
    assert (given_back.state, given_back.withdraw_reason) == (
        PairingState.WITHDRAWN,
        WithdrawReason.SUPPORTER_LESS_TIME,
    )
    assert given_back.answer_note == "Un gros chantier"
    assert office.pairing(first.public_id).state is PairingState.PROPOSED
    assert (office.taken(), get(office.supporters[0].public_id).capacity) == (1, 1)
    assert ("pairing_declined", office.account.email) in office.messages()
    assert broken_laws() == []


def test_whom_she_supports_already_stays_and_nothing_changes(app, now):
    office = Office(people=2, supporters=1, supporter={"capacity": 3})
    kept = office.propose(0, at=now)
    accept_pairing(pairing_id=kept.public_id, actor=office.as_supporter(0), at=now)
    office.propose(1, at=now)
    with refused(CapacityInUseError, taken=1, capacity=0):
        lower_capacity(supporter_id=office.supporters[0].public_id, capacity=0, actor=office.as_supporter(0), at=now)
    with refused(NotFoundError):
        lower_capacity(supporter_id=office.supporters[0].public_id, capacity=1, actor=NOBODY, at=now)


def test_a_pause_takes_a_word_along(app, now):
    office = Office(people=1, supporters=2)
    proposed = office.propose(0, at=now)
    chosen = {"supporter_id": office.supporters[0].public_id, "actor": office.as_supporter(0), "at": now}
    assert pause_supporter(word="Congé", **chosen) == (proposed.public_id,)
    assert office.pairing(proposed.public_id).answer_note == "Congé"


def test_papers_are_told_a_month_before_they_end_to_both_sides(any_app, now):
    office = Office(supporters=2, suggested=False)
    day = now.date() + timedelta(days=31)
    dates = {"training_until": None, "insurance_until": day}
    set_papers(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=now, **dates)
    assert notice_papers(at=now) == 0
    assert notice_papers(at=now + timedelta(days=1)) == 2
    assert notice_papers(at=now + timedelta(days=40)) == 0
    told = db.session.execute(select(Notice.kind, Notice.recipient).order_by(Notice.id)).all()
    both = [office.supporters[0].email, office.account.email]
    assert [(str(kind), recipient) for kind, recipient in told] == [("insurance_ends", one) for one in both]
    with refused(PermissionDeniedError):
        set_papers(supporter_id=office.supporters[0].public_id, actor=office.as_supporter(0), at=now, **dates)
    with refused(NotFoundError):
        set_papers(supporter_id=office.supporters[0].public_id, actor=NOBODY, at=now, **dates)
