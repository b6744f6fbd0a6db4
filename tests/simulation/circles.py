"""The peer circles of a year: wished for, composed, confirmed, joined, held, missed and left."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.circle_meetings import CircleAnswer, CircleMeeting
from models.circles import Circle, CircleMember
from models.entrepreneurs import Entrepreneur
from models.states import CircleMeetingState, CircleMemberState, CircleState, EntrepreneurState, SupporterState
from models.supporters import Supporter, SupporterRole
from tests.simulation.world import as_person, as_supporter, ids_of, instant, rows_of
from webapp.circle_bridge import CircleSizes
from webapp.permissions import Actor
from webapp.services.circle_meetings import MeetingReport, answer_meeting, hold_meeting
from webapp.services.circles import (
    confirm_circle,
    decline_circle,
    join_circle,
    leave_circle,
    propose_circles,
    set_circle_capacity,
)
from webapp.services.entrepreneurs import save_profile_step
from webapp.services.profile_steps import CircleValues

FIRST_DAY, EVERY_DAYS = 21, 150
WISHES, CONFIRMS, ANSWERS, JOINS, LEAVES = 0.3, 0.3, 0.2, 0.8, 0.002
TELLS, COMES, NOTES_MEETING = 0.02, 0.8, 0.4
READY_PEOPLE = ids_of(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY)
MENTORS = ids_of(Supporter, Supporter.state == SupporterState.ACTIVE, Supporter.role == SupporterRole.MENTOR)
PROPOSED_CIRCLES = ids_of(Circle, Circle.state == CircleState.PROPOSED)
MEMBER = (CircleMember.public_id, CircleMember.entrepreneur_id, CircleMember.circle_id)
INVITED_MEMBERS = rows_of(*MEMBER, where=[CircleMember.state == CircleMemberState.INVITED])
JOINED_MEMBERS = rows_of(*MEMBER, where=[CircleMember.state == CircleMemberState.JOINED])
PLANNED_MEETINGS = rows_of(
    CircleMeeting.public_id,
    CircleMeeting.circle_id,
    CircleMeeting.starts_at,
    Circle.facilitator_id,
    where=[Circle.id == CircleMeeting.circle_id, CircleMeeting.state == CircleMeetingState.PLANNED],
)


class Circles:
    """The circles of one association; what acts and draws comes from the branch."""

    id: int
    public_id: UUID
    coordinator: Actor
    _do: Callable[..., Any]
    _drawn: Callable[..., list[UUID]]
    _rows: Callable[..., Sequence[Any]]
    _happens: Callable[[float], bool]

    def compose(self, day: date, number: int) -> None:
        """Ask who would like a circle, compose, and confirm what the engine proposes."""
        at = instant(day, 10)
        if number == FIRST_DAY:
            self._wish(at)
        if number % EVERY_DAYS == FIRST_DAY:
            self._do(propose_circles, association_id=self.public_id, sizes=CircleSizes(), at=at)
        for circle_id in self._drawn(PROPOSED_CIRCLES, CONFIRMS):
            self._do(confirm_circle, circle_id=circle_id, at=at)

    def live_in_circles(self, day: date) -> None:
        """Let members answer invitations, tell whether they come, and leave; let facilitators note who was there."""
        at = instant(day, 18)
        for member in self._rows(INVITED_MEMBERS):
            if self._happens(ANSWERS):
                decide = join_circle if self._happens(JOINS) else decline_circle
                self._do(decide, member_id=member.public_id, actor=as_person(member.entrepreneur_id), at=at)
        joined = self._rows(JOINED_MEMBERS)
        for member in joined:
            if self._happens(LEAVES):
                self._do(leave_circle, member_id=member.public_id, actor=as_person(member.entrepreneur_id), at=at)
        self._meet_in_circles(joined, at)

    def _wish(self, at: datetime) -> None:
        for person_id in self._drawn(READY_PEOPLE, WISHES):
            values = CircleValues(wants_circle=True, offers=frozenset({"sales"}))
            self._do(save_profile_step, entrepreneur_id=person_id, values=values, at=at)
        for supporter_id in self._drawn(MENTORS, WISHES):
            self._do(set_circle_capacity, supporter_id=supporter_id, capacity=1, at=at)

    def _meet_in_circles(self, joined: Sequence[Any], at: datetime) -> None:
        for meeting in self._rows(PLANNED_MEETINGS):
            members = [member for member in joined if member.circle_id == meeting.circle_id]
            if meeting.starts_at > at:
                self._tell(meeting, members, at)
            elif self._happens(NOTES_MEETING):
                present = [member.public_id for member in members if self._happens(COMES)]
                report = MeetingReport(present=present, client=None, minutes=120)
                facilitator = as_supporter(meeting.facilitator_id)
                self._do(hold_meeting, meeting_id=meeting.public_id, report=report, actor=facilitator, at=at)

    def _tell(self, meeting: Any, members: Sequence[Any], at: datetime) -> None:
        for member in members:
            if self._happens(TELLS):
                answer = CircleAnswer.YES if self._happens(COMES) else CircleAnswer.NO
                values = {"meeting_id": meeting.public_id, "member_id": member.public_id, "answer": answer}
                self._do(answer_meeting, **values, actor=as_person(member.entrepreneur_id), at=at)
