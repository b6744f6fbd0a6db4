"""An entrepreneur's file: steps that save by themselves, completion, consent."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models.associations import Association
from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, EntrepreneurLanguage, EntrepreneurNeed, Stage
from models.exceptions import InvalidInputError, InvalidTransitionError, NotEligibleError, NotFoundError
from models.messages import Message, MessageKind
from models.pairings import WithdrawReason
from models.states import BookingState, EntrepreneurState, PairingState, SuggestionState
from models.supporters import SupporterRole
from models.workshops import Booking
from tests.clock import NOW
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
    make_workshop_session,
)
from webapp.permissions import SYSTEM, Actor
from webapp.services import bookings, entrepreneurs
from webapp.services.profile_steps import (
    ActivityValues,
    AvailabilityValues,
    LanguagesValues,
    NeedsValues,
    PlaceValues,
    ProfileStep,
    ProjectValues,
    WishesValues,
    WordsValues,
    list_missing_steps,
)

pytestmark = pytest.mark.usefixtures("app")
STEPS = (
    ProjectValues(stage=Stage.FUNDING, project_title="  Salon de thé  "),
    ActivityValues(activity_code="56.10A"),
    PlaceValues(commune_code="93066", latitude=48.93, longitude=2.35),
    NeedsValues(needs={"cash_flow": 3, "marketing": 1}),
    LanguagesValues(languages=("ar", "fr")),
    AvailabilityValues(availability=0b100, max_km=12.0, accepts_remote=False),
    WishesValues(wanted_roles=frozenset({SupporterRole.MENTOR}), wants_bridging=True),
    WordsValues(project_text="Un lieu calme.\r\nOuvert le soir."),
)


def a_new_person(**values):
    """A person with nothing but a name."""
    return entrepreneurs.NewEntrepreneur(**{"first_name": "Awa", "last_name": "Koné", **values})


def coordinator_of(association):
    """An actor who runs the association."""
    account = make_coordinator(db.session, association)
    return Actor(account_id=account.id, coordinates=frozenset({association.id}))


def reread(public_id):
    """The row as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == public_id))


def make_file(**values):
    """A stored person, and the actor that is this person."""
    with transaction() as session:
        entrepreneur = make_entrepreneur(session, make_association(session), **values)
        account = make_account(session)
        entrepreneur.account_id = account.id
    return entrepreneur.public_id, Actor(account_id=account.id, entrepreneur_ids=frozenset({entrepreneur.id}))


def test_a_file_is_made_with_its_steps_and_its_referent():
    with transaction() as session:
        association = make_association(session)
        actor = coordinator_of(association)
    public_id = entrepreneurs.create_entrepreneur(
        association_id=association.public_id,
        person=a_new_person(email="AWA@Example.org", steps=STEPS),
        actor=actor,
        at=NOW,
    )
    made = reread(public_id)
    assert (made.state, made.referent_id, made.search_name) == (
        EntrepreneurState.INCOMPLETE,
        actor.account_id,
        "awa kone",
    )
    assert (made.stage, made.project_title, made.email) == (Stage.FUNDING, "Salon de thé", "awa@example.org")
    assert made.project_text == "Un lieu calme.\nOuvert le soir."
    assert (made.availability, made.max_km, made.accepts_remote) == (0b100, 12.0, False)
    assert (made.wanted_roles, made.wants_bridging, made.activity_code) == (["mentor"], True, "56.10A")
    needs = dict(db.session.execute(select(EntrepreneurNeed.topic, EntrepreneurNeed.priority)).all())
    assert needs == {"cash_flow": 3, "marketing": 1}
    spoken = db.session.scalars(select(EntrepreneurLanguage.language).order_by(EntrepreneurLanguage.position)).all()
    assert spoken == ["ar", "fr"]


def test_a_file_cannot_be_made_in_another_association():
    with transaction() as session:
        mine, other = make_association(session), make_association(session)
        actor = coordinator_of(mine)
    with pytest.raises(NotFoundError):
        entrepreneurs.create_entrepreneur(association_id=other.public_id, person=a_new_person(), actor=actor, at=NOW)
    with pytest.raises(NotFoundError):
        entrepreneurs.create_entrepreneur(association_id=uuid4(), person=a_new_person(), actor=SYSTEM, at=NOW)
    assert db.session.scalar(select(func.count()).select_from(Entrepreneur)) == 0


def test_a_reference_used_twice_is_refused_and_leaves_nothing():
    with transaction() as session:
        association = make_association(session)
    person = a_new_person(reference="A-1")
    entrepreneurs.create_entrepreneur(association_id=association.public_id, person=person, actor=SYSTEM, at=NOW)
    with pytest.raises(InvalidInputError) as refused:
        entrepreneurs.create_entrepreneur(association_id=association.public_id, person=person, actor=SYSTEM, at=NOW)
    assert refused.value.facts["field"] == "reference"
    assert db.session.scalar(select(func.count()).select_from(Entrepreneur)) == 1


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_a_file_needs_a_name(name):
    with transaction() as session:
        association = make_association(session)
    with pytest.raises(InvalidInputError) as refused:
        entrepreneurs.create_entrepreneur(
            association_id=association.public_id, person=a_new_person(**{name: "  "}), actor=SYSTEM, at=NOW
        )
    assert refused.value.facts["field"] == name


def test_a_step_changes_only_what_it_holds():
    public_id, actor = make_file(needs={"cash_flow": 3}, languages=("fr", "ar"))
    entrepreneurs.save_profile_step(
        entrepreneur_id=public_id, values=NeedsValues(needs={"cash_flow": 1, "sales": 2}), actor=actor, at=NOW
    )
    entrepreneurs.save_profile_step(
        entrepreneur_id=public_id, values=LanguagesValues(languages=("ar", "tr", "ar")), actor=actor, at=NOW
    )
    after = reread(public_id)
    assert (after.stage, after.state, after.updated_at) == (Stage.LAUNCH, EntrepreneurState.READY, NOW)
    needs = dict(db.session.execute(select(EntrepreneurNeed.topic, EntrepreneurNeed.priority)).all())
    assert needs == {"cash_flow": 1, "sales": 2}
    spoken = db.session.scalars(select(EntrepreneurLanguage.language).order_by(EntrepreneurLanguage.position)).all()
    assert spoken == ["ar", "tr"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (NeedsValues(needs={}), "needs"),
        (NeedsValues(needs={"cash_flow": 4}), "needs"),
        (LanguagesValues(languages=()), "languages"),
        (AvailabilityValues(availability=0, max_km=5, accepts_remote=True), "availability"),
        (AvailabilityValues(availability=1, max_km=-1, accepts_remote=True), "max_km"),
        (ActivityValues(activity_code="99.99X"), "activity_code"),
        (PlaceValues(commune_code="00000"), "commune_code"),
        (PlaceValues(commune_code="93066", latitude=48.0), "longitude"),
        (WordsValues(project_text="x" * 3001), "project_text"),
        (ProjectValues(stage=Stage.IDEA, project_title="x" * 161), "project_title"),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_and_changes_nothing(values, field):
    public_id, actor = make_file()
    before = reread(public_id).updated_at
    with pytest.raises(InvalidInputError) as refused:
        entrepreneurs.save_profile_step(entrepreneur_id=public_id, values=values, actor=actor, at=NOW)
    assert refused.value.facts["field"] == field
    assert reread(public_id).updated_at == before
    assert db.session.scalar(select(func.count()).select_from(EntrepreneurNeed)) == 1


def test_somebody_else_cannot_write_the_profile():
    public_id, _ = make_file()
    _, stranger = make_file()
    with pytest.raises(NotFoundError):
        entrepreneurs.save_profile_step(entrepreneur_id=public_id, values=STEPS[0], actor=stranger, at=NOW)
    with pytest.raises(NotFoundError):
        entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=stranger, at=NOW)


def test_an_incomplete_profile_is_refused_with_what_is_missing():
    public_id, actor = make_file(
        state=EntrepreneurState.INCOMPLETE,
        stage=None,
        availability=0,
        waiting_since=None,
        commune_code=None,
        latitude=None,
        longitude=None,
    )
    with pytest.raises(InvalidInputError) as refused:
        entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=actor, at=NOW)
    assert refused.value.facts["missing"] == ("project", "place", "availability")
    assert reread(public_id).state == EntrepreneurState.INCOMPLETE


def test_completing_twice_has_one_effect_and_keeps_the_first_day_of_waiting():
    public_id, actor = make_file(state=EntrepreneurState.INCOMPLETE, waiting_since=None)
    for days in (0, 3):
        entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=actor, at=NOW + timedelta(days=days))
    after = reread(public_id)
    assert (after.state, after.waiting_since) == (EntrepreneurState.READY, NOW.date())
    moves = db.session.scalars(select(AuditEvent.action).where(AuditEvent.to_state.is_not(None))).all()
    assert moves == ["complete"]


def test_a_file_opened_again_can_be_filled_and_completed():
    public_id, actor = make_file(state=EntrepreneurState.CLOSED, closed_at=NOW)
    with pytest.raises(InvalidTransitionError):
        entrepreneurs.save_profile_step(entrepreneur_id=public_id, values=STEPS[0], actor=actor, at=NOW)
    entrepreneurs.reopen_entrepreneur(entrepreneur_id=public_id, actor=actor, at=NOW)
    entrepreneurs.save_profile_step(entrepreneur_id=public_id, values=STEPS[0], actor=actor, at=NOW)
    entrepreneurs.complete_entrepreneur(entrepreneur_id=public_id, actor=actor, at=NOW)
    after = reread(public_id)
    assert (after.state, after.closed_at, after.stage) == (EntrepreneurState.READY, None, Stage.FUNDING)


def test_a_missing_file_is_not_found():
    with pytest.raises(NotFoundError):
        entrepreneurs.reopen_entrepreneur(entrepreneur_id=uuid4(), actor=SYSTEM, at=NOW)


def test_consent_is_dated_kept_once_can_be_taken_back_and_no_log_tells_of_it(caplog):
    public_id, actor = make_file()
    caplog.clear()
    caplog.set_level("INFO")
    wishes = WishesValues(wanted_roles=frozenset({SupporterRole.COACH}), coaching_consent=True)
    for days in (0, 1):
        entrepreneurs.save_profile_step(
            entrepreneur_id=public_id, values=wishes, actor=actor, at=NOW + timedelta(days=days)
        )
    assert db.session.scalar(select(EntrepreneurConfided.coaching_consent_at)) == NOW
    assert not any("consent" in str(vars(record)) for record in caplog.records)
    caplog.clear()
    entrepreneurs.withdraw_coaching_consent(entrepreneur_id=public_id, actor=actor, at=NOW + timedelta(days=2))
    assert caplog.records == []
    db.session.rollback()
    assert db.session.scalar(select(EntrepreneurConfided.coaching_consent_at)) is None
    told = db.session.execute(
        select(AuditEvent.action, AuditEvent.at).where(AuditEvent.action.contains("consent")).order_by(AuditEvent.id)
    ).all()
    assert told == [("give_consent", NOW), ("withdraw_consent", NOW + timedelta(days=2))]


@pytest.mark.parametrize(
    ("roles", "agrees", "kept"),
    [({SupporterRole.COACH}, True, True), ({SupporterRole.COACH}, False, False), ({SupporterRole.MENTOR}, True, False)],
)
def test_wishes_carry_consent_only_with_a_wish_for_a_coach(roles, agrees, kept):
    public_id, actor = make_file()
    values = WishesValues(wanted_roles=frozenset(roles), coaching_consent=agrees, after_liquidation=True)
    entrepreneurs.save_profile_step(entrepreneur_id=public_id, values=values, actor=actor, at=NOW)
    confided = db.session.scalar(select(EntrepreneurConfided))
    assert (confided.coaching_consent_at is not None) is kept
    assert confided.after_liquidation == entrepreneurs.TOLD


def make_coached(session, **values):
    """A person who wants a mentor and a coach, agreed, and has a proposal of each; nobody has answered."""
    association = make_association(session)
    entrepreneur = make_entrepreneur(
        session, association, wanted_roles=["mentor", "coach"], confided={"coaching_consent_at": NOW}, **values
    )
    coach = make_supporter(session, association, role=SupporterRole.COACH, capacity=14)
    mentor = make_supporter(session, association)
    made = [make_pairing(session, entrepreneur, one) for one in (coach, mentor)]
    other_coach = make_supporter(session, association, role=SupporterRole.COACH, capacity=14)
    waiting = make_suggestion(
        session,
        make_match_run(session, association),
        entrepreneur,
        other_coach,
        state=SuggestionState.ALTERNATIVE,
        rank=2,
        deadline_at=None,
    )
    return entrepreneur, coach, made, waiting


def as_person(entrepreneur):
    return Actor(account_id=None, entrepreneur_ids=frozenset({entrepreneur.id}))


@pytest.mark.parametrize("by_wishes", [True, False])
def test_without_consent_the_coach_is_let_go_and_the_mentor_stays(any_app, by_wishes):
    with transaction() as session:
        entrepreneur, coach, (with_coach, with_mentor), waiting = make_coached(session)
    who = {"entrepreneur_id": entrepreneur.public_id, "actor": as_person(entrepreneur), "at": NOW}
    if by_wishes:
        values = WishesValues(wanted_roles=frozenset({SupporterRole.MENTOR}))
        entrepreneurs.save_profile_step(values=values, **who)
    else:
        entrepreneurs.withdraw_coaching_consent(**who)
    db.session.expire_all()
    assert with_coach.state == PairingState.WITHDRAWN
    assert with_coach.withdraw_reason == WithdrawReason.PERSON_CHANGED_MIND
    assert (coach.taken, with_mentor.state) == (0, PairingState.PROPOSED)
    assert waiting.state == SuggestionState.SUPERSEDED
    assert reread(entrepreneur.public_id).wanted_roles == ["mentor"]
    told = db.session.scalars(select(Message.kind)).all()
    assert told == [MessageKind.PAIRING_WITHDRAWN]


def test_an_active_pairing_outlives_a_wish_that_is_dropped():
    with transaction() as session:
        association = make_association(session)
        entrepreneur = make_entrepreneur(session, association)
        pairing = make_pairing(session, entrepreneur, make_supporter(session, association), state=PairingState.ACTIVE)
    values = WishesValues(wanted_roles=frozenset())
    entrepreneurs.save_profile_step(
        entrepreneur_id=entrepreneur.public_id, values=values, actor=as_person(entrepreneur), at=NOW
    )
    db.session.expire_all()
    assert pairing.state == PairingState.ACTIVE


def test_closing_gives_everything_back(any_app):
    with transaction() as session:
        entrepreneur, coach, (with_coach, with_mentor), waiting = make_coached(session)
        association = session.get_one(Association, entrepreneur.association_id)
        workshop = make_workshop_session(session, association, seats=1)
        held = make_booking(session, workshop, entrepreneur)
        next_in_line = make_booking(session, workshop, make_entrepreneur(session, association), state="waiting")
        actor = coordinator_of(association)
    entrepreneurs.close_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=NOW)
    db.session.expire_all()
    after = reread(entrepreneur.public_id)
    assert (after.state, after.closed_at) == (EntrepreneurState.CLOSED, NOW)
    assert {with_coach.state, with_mentor.state} == {PairingState.WITHDRAWN}
    assert (coach.taken, waiting.state) == (0, SuggestionState.SUPERSEDED)
    assert (held.state, next_in_line.state) == (BookingState.CANCELLED, BookingState.OFFERED)
    with pytest.raises(InvalidTransitionError):
        entrepreneurs.close_entrepreneur(entrepreneur_id=entrepreneur.public_id, actor=actor, at=NOW)


def test_nothing_is_booked_while_a_file_is_being_closed(any_app, monkeypatch):
    with transaction() as session:
        association = make_association(session)
        person = make_entrepreneur(session, association)
        workshop = make_workshop_session(session, association)
        actor = coordinator_of(association)
    list_ahead, came = bookings.list_sessions_ahead, []

    def book():
        with any_app.app_context(), pytest.raises(NotEligibleError):
            bookings.book_session(session_id=workshop.public_id, entrepreneur_id=person.public_id, actor=actor, at=NOW)

    def list_then_book(*arguments, **named):
        found = list_ahead(*arguments, **named)
        if not came:
            came.append(threading.Thread(target=book))
            came[0].start()
            came[0].join(timeout=0.5)
        return found

    monkeypatch.setattr(bookings, "list_sessions_ahead", list_then_book)
    entrepreneurs.close_entrepreneur(entrepreneur_id=person.public_id, actor=actor, at=NOW)
    came[0].join()
    assert reread(person.public_id).state == EntrepreneurState.CLOSED
    assert db.session.scalars(select(Booking.state)).all() == []


def test_a_stranger_closes_nothing():
    public_id, _ = make_file()
    _, stranger = make_file()
    with pytest.raises(NotFoundError):
        entrepreneurs.close_entrepreneur(entrepreneur_id=public_id, actor=stranger, at=NOW)
    assert reread(public_id).state == EntrepreneurState.READY


def test_missing_steps_are_listed_in_the_order_in_which_they_are_asked():
    empty = Entrepreneur(needs=[], languages=[], availability=0, wanted_roles=[], project_text="")
    assert list_missing_steps(empty) == (
        ProfileStep.PROJECT,
        ProfileStep.PLACE,
        ProfileStep.NEEDS,
        ProfileStep.LANGUAGES,
        ProfileStep.AVAILABILITY,
    )
