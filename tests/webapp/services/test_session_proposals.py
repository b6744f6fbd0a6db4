"""Sessions that members propose to lead: proposed, confirmed, declined, withdrawn; and what time does."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, ProposalOpenError
from models.messages import Message
from models.notices import Notice
from models.queries.dashboard import get_overview
from models.queries.deadlines import check_deadlines
from models.queries.session_proposals import list_ahead, list_first_names
from models.session_proposals import SessionProposal
from models.states import BookingState, SessionProposalState, SessionState
from models.workshops import SessionFormat, WorkshopSession
from tests.clock import NOW
from tests.factories import make_booking, make_session_proposal
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.permissions import SYSTEM
from webapp.services.clocks.session_proposals import notice_session_proposals
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.session_proposals import (
    Proposal,
    confirm_session_proposal,
    decline_session_proposal,
    propose_session,
    withdraw_session_proposal,
)
from webapp.services.session_values import SessionValues
from webapp.services.supporters import let_supporter_leave
from webapp.services.workshops import cancel_session

DAY = date(2026, 12, 15)
PROPOSAL = Proposal(title=" Tenir un stand ", theme="financial_management", seats=6, words="Mes trois erreurs.")
VALUES = SessionValues(
    theme="financial_management",
    title="Tenir un stand",
    day=DAY,
    starts_at=time(18),
    ends_at=time(20),
    format=SessionFormat.IN_PERSON,
    seats=6,
    place="Maison des projets",
)
PRIVATE = "stress_management"


def make_office():
    office = Office(people=2, suggested=False)
    office.told = len(office.messages())
    return office


@pytest.fixture
def office(app):
    return make_office()


def propose(office, *, by="person", at=NOW, actor=None, proposal=PROPOSAL, **values):
    if by == "supporter":
        named = {"supporter_id": office.supporters[0].public_id}
        actor = actor or office.as_supporter()
    else:
        named = {"entrepreneur_id": office.people[0].public_id}
        actor = actor or office.as_person()
    return propose_session(**named, proposal=proposal, actor=actor, at=at, **values)


def confirm(office, made, *, at=NOW, actor=None, values=VALUES, **more):
    return confirm_session_proposal(proposal_id=made, values=values, actor=actor or office.coordinator, at=at, **more)


def read(made):
    db.session.rollback()
    return db.session.scalars(select(SessionProposal).where(SessionProposal.public_id == made)).one()


def session_of(made):
    proposal = read(made)
    return db.session.get_one(WorkshopSession, proposal.session_id, populate_existing=True)


def told(office):
    return [kind for kind, _ in office.messages()[office.told :]]


def late_laws(at):
    db.session.rollback()
    return {one.name for one in check_deadlines(db.session(), at=at) if not one.holds}


@pytest.mark.parametrize("by", ["person", "supporter"])
def test_a_proposal_becomes_a_session_with_its_leader_and_its_organiser(any_app, by):
    office = make_office()
    made = propose(office, by=by)
    proposal = read(made)
    assert (proposal.title, proposal.coordinator_id, proposal.wished_on) == ("Tenir un stand", office.account.id, None)
    assert proposal.due_at == NOW + timedelta(days=7)
    confirm(office, made, word=" Merci ! ")
    proposal, workshop = read(made), session_of(made)
    assert (proposal.state, proposal.word, proposal.due_at) == (SessionProposalState.CONFIRMED, "Merci !", None)
    assert (workshop.state, workshop.organiser_id, workshop.seats) == (SessionState.SCHEDULED, office.account.id, 6)
    assert told(office) == ["peer_proposed", "peer_answered"]
    assert [event[:3] for event in office.events("session_proposal")] == [
        ("propose", None, "proposed"),
        ("confirm", "proposed", "confirmed"),
    ]
    assert broken_laws() == []


def test_a_kind_no_needs_a_word(office):
    made = propose(office)
    with refused(InvalidInputError, field="word"):
        decline_session_proposal(proposal_id=made, word="  ", actor=office.coordinator, at=NOW)
    decline_session_proposal(proposal_id=made, word="Au printemps ?", actor=office.coordinator, at=NOW)
    assert (read(made).state, read(made).word) == (SessionProposalState.DECLINED, "Au printemps ?")
    assert told(office) == ["peer_proposed", "peer_answered"]
    db.session.rollback()
    facts = [one.facts for one in db.session.scalars(select(Message).order_by(Message.id))][-1]
    assert facts["is_confirmed"] is False
    assert "Au printemps" not in str(facts)


def test_one_at_a_time_and_again_after_a_withdrawal(office):
    made = propose(office)
    with refused(ProposalOpenError):
        propose(office)
    withdraw_session_proposal(proposal_id=made, actor=office.as_person(), at=NOW)
    assert read(made).state is SessionProposalState.WITHDRAWN
    propose(office)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": " "}),
        ("theme", {"theme": PRIVATE}),
        ("theme", {"theme": "no_such_theme"}),
        ("seats", {"seats": 0}),
        ("wished_on", {"wished_on": NOW.date()}),
        ("wished_on", {"wished_on": NOW.date() + timedelta(days=367)}),
        ("place", {"place": "x" * 161}),
        ("words", {"words": "x" * 2001}),
    ],
)
def test_what_cannot_be_is_refused(office, field, values):
    proposal = Proposal(**{"title": "Un atelier", "theme": "financial_management", "seats": 6, **values})
    with refused(InvalidInputError, field=field):
        propose(office, proposal=proposal)


def test_who_proposes_and_who_answers(office):
    with refused(NotFoundError):
        propose(office, actor=NOBODY)
    made = propose(office)
    for act in (
        lambda actor: confirm(office, made, actor=actor),
        lambda actor: decline_session_proposal(proposal_id=made, word="Non", actor=actor, at=NOW),
        lambda actor: withdraw_session_proposal(proposal_id=made, actor=actor, at=NOW),
    ):
        with refused(NotFoundError):
            act(office.as_person(1))
    with pytest.raises(Exception, match="session_proposal:own"):
        withdraw_session_proposal(proposal_id=made, actor=office.coordinator, at=NOW)
    with pytest.raises(Exception, match="workshop:run"):
        confirm(office, made, actor=office.as_person())


def test_a_private_theme_is_never_led_by_a_peer(office):
    made = propose(office)
    private = SessionValues(**{**{name: getattr(VALUES, name) for name in VALUES.__slots__}, "theme": PRIVATE})
    with refused(InvalidInputError, field="peer_theme"):
        confirm(office, made, values=private)


def test_what_is_answered_is_answered_once(office):
    made = propose(office)
    confirm(office, made)
    with refused(InvalidTransitionError):
        confirm(office, made)
    with refused(InvalidTransitionError):
        withdraw_session_proposal(proposal_id=made, actor=office.as_person(), at=NOW)
    assert len(db.session.scalars(select(WorkshopSession)).all()) == 1


def test_the_leader_reads_first_names_of_who_has_a_place_only(office):
    made = propose(office, by="supporter")
    confirm(office, made)
    workshop = session_of(made)
    with transaction() as session:
        make_booking(session, workshop, office.people[0])
        make_booking(session, workshop, office.people[1], state=BookingState.WAITING)
    assert list_first_names(db.session(), workshop.id) == [office.people[0].first_name]


def test_a_session_that_is_cancelled_tells_its_leader(office):
    made = propose(office)
    confirm(office, made)
    assert len(list_ahead(db.session(), entrepreneur_ids=(office.people[0].id,), at=NOW)) == 1
    cancel_session(session_id=session_of(made).public_id, actor=office.coordinator, at=NOW)
    assert told(office) == ["peer_proposed", "peer_answered", "peer_changed"]
    assert list_ahead(db.session(), entrepreneur_ids=(office.people[0].id,), at=NOW) == []


def test_what_somebody_who_goes_had_proposed_is_withdrawn(office):
    made, other = propose(office), propose(office, by="supporter")
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=NOW)
    let_supporter_leave(supporter_id=office.supporters[0].public_id, actor=office.coordinator, at=NOW)
    assert {read(one).state for one in (made, other)} == {SessionProposalState.WITHDRAWN}
    assert broken_laws() == []
    with refused(InvalidTransitionError):
        propose(office)


def test_what_nobody_answers_is_noticed_then_told_to_the_team(office):
    made = propose(office)
    assert notice_session_proposals(at=NOW + timedelta(days=6)) == 0
    due = NOW + timedelta(days=7, minutes=1)
    law = "proposed_session_past_its_day_is_noticed"
    assert law in late_laws(due + timedelta(days=3))
    assert notice_session_proposals(at=due) == 1
    assert notice_session_proposals(at=due) == 0
    assert law not in late_laws(due + timedelta(days=3))
    assert notice_session_proposals(at=due + timedelta(days=8)) == 1
    db.session.rollback()
    kinds = [str(one.kind) for one in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert kinds == ["session_proposal_waits", "session_proposal_late"]
    confirm(office, made, actor=SYSTEM, at=NOW)
    assert notice_session_proposals(at=due + timedelta(days=30)) == 0


def test_a_proposal_without_anybody_who_can_answer_breaks_a_law(office):
    propose(office)
    law = "proposed_session_has_a_named_person"
    assert law not in late_laws(NOW)
    with transaction() as session:
        session.get_one(type(office.account), office.account.id).is_active = False
    assert law in late_laws(NOW)


def test_the_dashboard_counts_what_waits_with_its_first_day(office):
    with transaction() as session:
        make_session_proposal(session, office.people[0], due_at=NOW + timedelta(days=2))
        make_session_proposal(session, office.people[1], state=SessionProposalState.WITHDRAWN)
    overview = get_overview(db.session(), office.association_id, account_id=None, at=NOW)
    assert (overview.proposed_sessions, overview.proposed_before) == (1, NOW + timedelta(days=2))
