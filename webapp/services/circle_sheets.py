"""One circle as its facilitator, its coordinator and its members look at it: what is next, who comes, whose turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.associations import Network
from models.circle_meetings import CircleAgreement, CircleAnswer, CircleMeeting
from models.circles import Circle, CircleMember
from models.queries import circle_meetings as queries
from models.queries.associations import get_association
from webapp.services.circle_turns import list_able, order_turns


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSheet:
    """What is known about a circle under way at an instant; `joined` stands in the order of turns, from now on.

    `invited` counts the invitations that wait for an answer.
    """

    at: datetime
    invited: int
    circle: Circle
    network: Network
    planned: Sequence[CircleMeeting]
    to_note: Sequence[CircleMeeting]
    past: Sequence[CircleMeeting]
    joined: Sequence[CircleMember]
    agreements: Mapping[int, CircleAgreement]
    turns: Mapping[int, queries.Turns]

    @property
    def next(self) -> CircleMeeting | None:
        """The next meeting, if the circle is under way."""
        return self.planned[0] if self.planned else None

    def answer_of(self, member: CircleMember, meeting: CircleMeeting) -> CircleAnswer | None:
        """Give what a member said about coming to a meeting."""
        return next((one.answer for one in meeting.attendances if one.member_id == member.id), None)

    def count_coming(self, meeting: CircleMeeting) -> int:
        """Count who is expected: everybody who has joined and did not say no."""
        return sum(self.answer_of(member, meeting) is not CircleAnswer.NO for member in self.joined)

    def list_able(self, meeting: CircleMeeting) -> list[CircleMember]:
        """Give who can take the turn of a meeting: who comes, and had none that is not noted yet."""
        unnoted = {one.client_member_id for one in self.to_note}
        return [member for member in list_able(meeting, self.joined) if member.id not in unnoted]

    def lacks_people(self, meeting: CircleMeeting) -> bool:
        """Say whether fewer come than it takes, and nobody has decided that it takes place all the same.

        Before the day to decide, whoever may still answer an invitation may still come.
        """
        hoped = self.invited if meeting.quorum_due_at > self.at else 0
        return meeting.kept_at is None and self.count_coming(meeting) + hoped < self.circle.quorum

    def find(self, number: int | None) -> CircleMember | None:
        """Give somebody who has joined by the number of her place."""
        return next((member for member in self.joined if member.id == number), None)

    def count_present(self, meeting: CircleMeeting) -> int:
        """Count who was there."""
        return sum(bool(one.was_there) for one in meeting.attendances)


def read_sheet(session: Session, circle: Circle, *, at: datetime) -> CircleSheet:
    """Read all about one circle."""
    joined, turns = queries.list_joined(session, circle.id), queries.map_turns(session, circle.id, at=at)
    planned = queries.list_planned(session, circle.id)
    return CircleSheet(
        at=at,
        invited=queries.count_invited(session, circle.id),
        circle=circle,
        network=get_association(session, circle.association_id).network,
        planned=[meeting for meeting in planned if meeting.starts_at > at],
        to_note=[meeting for meeting in planned if meeting.starts_at <= at],
        past=queries.list_past(session, circle.id),
        joined=order_turns(joined, turns),
        agreements=queries.map_agreements(session, [member.id for member in joined]),
        turns=turns,
    )
