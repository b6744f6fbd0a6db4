"""What people open to one another in a year: contacts, answers of experts, and sessions that a member leads."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from models.entrepreneurs import Entrepreneur
from models.expert_questions import ExpertQuestion
from models.introductions import Introduction, IntroductionPurpose
from models.pairings import Pairing
from models.session_proposals import SessionProposal
from models.states import (
    LIVE_INTRODUCTION_STATES,
    EntrepreneurState,
    ExpertQuestionState,
    IntroductionAction,
    IntroductionState,
    PairingState,
    SessionProposalState,
    SupporterState,
)
from models.supporters import Supporter
from models.workshops import SessionFormat
from tests.simulation.world import as_person, as_supporter, instant, rows_of
from webapp.services import expert_questions
from webapp.services.introductions import Contact, introduce, introduce_for_association, tell_introduction
from webapp.services.session_proposals import (
    Proposal,
    confirm_session_proposal,
    decline_session_proposal,
    propose_session,
    withdraw_session_proposal,
)
from webapp.services.session_values import SessionValues

INTRODUCES, OPENS_A_DOOR, TELLS, COMES_TO_NOTHING = 0.0015, 0.0002, 0.03, 0.3
ASKS, ANSWERS, PASSES_BACK, STEERS, DECLINES, CLOSES = 0.0009, 0.12, 0.9, 0.25, 0.3, 0.05
PROPOSES, DECIDES, REFUSES, TAKES_BACK = 0.0003, 0.15, 0.3, 0.01
OPEN_THEME = "digital_marketing"

PEOPLE = rows_of(Entrepreneur.public_id, Entrepreneur.id, where=[Entrepreneur.state == EntrepreneurState.READY])
VOLUNTEERS = rows_of(Supporter.public_id, Supporter.id, where=[Supporter.state == SupporterState.ACTIVE])
TWO = (Pairing.public_id, Pairing.supporter_id, Pairing.entrepreneur_id)
TOGETHER = rows_of(*TWO, where=[Pairing.state == PairingState.ACTIVE])
INTRODUCED = rows_of(
    Introduction.public_id,
    Introduction.state,
    Introduction.entrepreneur_id,
    where=[Introduction.state.in_(LIVE_INTRODUCTION_STATES)],
)
QUESTION = (ExpertQuestion.public_id, ExpertQuestion.supporter_id, ExpertQuestion.entrepreneur_id)
ASKED = rows_of(*QUESTION, where=[ExpertQuestion.state == ExpertQuestionState.ASKED])
ANSWERED = rows_of(*QUESTION, where=[ExpertQuestion.state == ExpertQuestionState.ANSWERED])
WISHED_FOR = rows_of(
    SessionProposal.public_id,
    SessionProposal.entrepreneur_id,
    SessionProposal.supporter_id,
    where=[SessionProposal.state == SessionProposalState.PROPOSED],
)


class Exchanges:
    """The exchanges of one association; what acts and draws comes from the branch."""

    public_id: UUID
    silent: frozenset[int]
    _do: Callable[..., Any]
    _rows: Callable[..., Sequence[Any]]
    _chosen: Callable[..., list[Any]]
    _happens: Callable[[float], bool]
    _pick: Callable[[Sequence[Any]], Any]

    def exchange(self, day: date) -> None:
        """Let members introduce, ask, answer and propose, whatever day it is."""
        at = instant(day, 13)
        for two in self._chosen(TOGETHER, INTRODUCES):
            contact = Contact(organisation="La Ressourcerie", purpose=self._pick(list(IntroductionPurpose)))
            actor = self._pick([as_person(two.entrepreneur_id), as_supporter(two.supporter_id)])
            made = {"contact": contact, "is_made": self._happens(0.5), "actor": actor}
            self._do(introduce, pairing_id=two.public_id, **made, at=at)
        for one in self._chosen(INTRODUCED, TELLS):
            self._tell_of(one, at)
        for person in self._chosen(PEOPLE, ASKS):
            asked = {"question": "Quel statut choisir ?", "actor": as_person(person.id)}
            self._do(expert_questions.ask_question, entrepreneur_id=person.public_id, **asked, at=at)
        self._answer_as_experts(at)
        self._wish_to_lead(at, day)

    def steer_exchanges(self, day: date) -> None:
        """Do at the desk what waits for the coordinator: doors opened, questions without an expert, wishes to lead."""
        at = instant(day, 10)
        for person in self._chosen(PEOPLE, OPENS_A_DOOR):
            contact = Contact(organisation="La Mairie", purpose=IntroductionPurpose.PUBLIC_BODY)
            self._do(introduce_for_association, entrepreneur_id=person.public_id, contact=contact, is_made=True, at=at)
        for question in self._rows(ASKED):
            if question.supporter_id is None and self._happens(STEERS):
                self._settle(question.public_id, at)
        for proposal in self._chosen(WISHED_FOR, DECIDES):
            if self._happens(REFUSES):
                self._do(decline_session_proposal, proposal_id=proposal.public_id, word="Pas cette année.", at=at)
            else:
                values = _session_of(day + timedelta(days=20))
                self._do(confirm_session_proposal, proposal_id=proposal.public_id, values=values, at=at)

    def _tell_of(self, one: Any, at: datetime) -> None:
        action = IntroductionAction.SUCCEED if self._happens(0.5) else IntroductionAction.MEET
        if self._happens(COMES_TO_NOTHING):
            action = IntroductionAction.LAPSE
        elif one.state is IntroductionState.PROMISED:
            action = IntroductionAction.MAKE
        actor = self._pick([as_person(one.entrepreneur_id), self.coordinator])
        self._do(tell_introduction, introduction_id=one.public_id, action=action, actor=actor, at=at)

    def _settle(self, question_id: UUID, at: datetime) -> None:
        if self._happens(0.3):
            self._do(expert_questions.pass_question_on, question_id=question_id, at=at)
        elif self._happens(DECLINES):
            self._do(expert_questions.decline_question, question_id=question_id, word="Voyez la CCI.", at=at)
        else:
            self._do(expert_questions.answer_question, question_id=question_id, answer="La SARL.", at=at)

    def _answer_as_experts(self, at: datetime) -> None:
        for question in self._rows(ASKED):
            if question.supporter_id is None or question.supporter_id in self.silent or not self._happens(ANSWERS):
                continue
            said = {"question_id": question.public_id, "actor": as_supporter(question.supporter_id)}
            if self._happens(PASSES_BACK):
                self._do(expert_questions.pass_question_back, **said, word="Je ne sais pas.", at=at)
            else:
                self._do(expert_questions.answer_question, **said, answer="La SARL.", at=at)
        for question in self._chosen(ANSWERED, CLOSES):
            actor = as_person(question.entrepreneur_id)
            self._do(expert_questions.close_question, question_id=question.public_id, actor=actor, at=at)

    def _wish_to_lead(self, at: datetime, day: date) -> None:
        wished = Proposal(title="Mes débuts", theme=OPEN_THEME, seats=8, wished_on=day + timedelta(days=30))
        for person in self._chosen(PEOPLE, PROPOSES):
            said = {"entrepreneur_id": person.public_id, "actor": as_person(person.id)}
            self._do(propose_session, **said, proposal=wished, at=at)
        for volunteer in self._chosen(VOLUNTEERS, PROPOSES):
            said = {"supporter_id": volunteer.public_id, "actor": as_supporter(volunteer.id)}
            self._do(propose_session, **said, proposal=wished, at=at)
        for proposal in self._chosen(WISHED_FOR, TAKES_BACK):
            is_hers = proposal.entrepreneur_id is not None
            actor = as_person(proposal.entrepreneur_id) if is_hers else as_supporter(proposal.supporter_id)
            self._do(withdraw_session_proposal, proposal_id=proposal.public_id, actor=actor, at=at)


def _session_of(day: date) -> SessionValues:
    return SessionValues(
        theme=OPEN_THEME,
        title="Mes débuts",
        day=day,
        starts_at=time(18),
        ends_at=time(20),
        format=SessionFormat.ONLINE,
        online_url="https://visio.example.org/debuts",
        seats=8,
    )
