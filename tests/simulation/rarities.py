"""What happens rarely in a year: somebody is chosen by hand, a circle changes hands, somebody asks to be forgotten."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from models.circles import Circle, Facilitator
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure, ErasureGround
from models.handovers import Handover
from models.pairings import ChoiceReason, Pairing
from models.personal.ways import Root
from models.states import (
    LIVE_HANDOVER_STATES,
    BookingState,
    CircleState,
    EntrepreneurState,
    ErasureState,
    PairingState,
    SupporterState,
)
from models.supporters import Supporter, SupporterRole
from models.territories import QpvGround
from models.workshops import Booking, MoveReason
from tests.simulation.world import AT, as_person, as_supporter, ids_of, instant, rows_of
from webapp.permissions import Actor
from webapp.services.circle_leaders import hand_over_circle
from webapp.services.erasures import ask_erasure, keep_data
from webapp.services.handovers import change_reach
from webapp.services.rematch import rematch_returned
from webapp.services.suggestions import choose_supporter
from webapp.services.supporters import lower_capacity, set_capacity
from webapp.services.term_extensions import extend_term
from webapp.services.territories import Position, check_qpv
from webapp.services.waiting_moves import move_in_line

# Chances per day, of each person, volunteer, pair, circle or booking.
CHOOSES, EXTENDS, HANDS_OVER, MOVES_FIRST, CHECKS_PLACE = 0.0004, 0.0006, 0.004, 0.02, 0.0003
GOES, VOLUNTEER_GOES, THINKS_AGAIN, ASKS_HERSELF = 0.00007, 0.00008, 0.4, 0.6
OFFERS_LESS, OFFERS_MORE, CHANGES_NUMBER = 0.0012, 0.0012, 0.1
LONGER = timedelta(days=720)
AT_HOME = Position(latitude=48.93, longitude=2.35, commune_code="93066")

PEOPLE = rows_of(Entrepreneur.public_id, Entrepreneur.id, where=[Entrepreneur.state == EntrepreneurState.READY])
MENTORS_FREE = ids_of(
    Supporter,
    Supporter.state == SupporterState.ACTIVE,
    Supporter.role == SupporterRole.MENTOR,
    Supporter.taken < Supporter.capacity,
)
VOLUNTEERS = rows_of(
    Supporter.public_id, Supporter.id, Supporter.capacity, where=[Supporter.state == SupporterState.ACTIVE]
)
ACTIVE_PAIRS = ids_of(Pairing, Pairing.state == PairingState.ACTIVE)
GATHERED = ids_of(Circle, Circle.state == CircleState.CONFIRMED)
FREE_TO_LEAD = ids_of(
    Supporter,
    Supporter.state == SupporterState.ACTIVE,
    Facilitator.supporter_id == Supporter.id,
    Facilitator.taken < Facilitator.capacity,
)
WAITING = ids_of(Booking, Booking.state == BookingState.WAITING)
WISHES = ids_of(Erasure, Erasure.state == ErasureState.ASKED, Erasure.due_at > AT)
CALLED = rows_of(
    Entrepreneur.public_id,
    Entrepreneur.id,
    where=[Handover.entrepreneur_id == Entrepreneur.id, Handover.state.in_(LIVE_HANDOVER_STATES)],
)


class Rarities:
    """What is rare in one association; what acts and draws comes from the branch."""

    coordinator: Actor
    rare_rng: Any
    _do: Callable[..., Any]
    _do_alone: Callable[..., Any]
    _ids: Callable[..., list[UUID]]
    _drawn: Callable[..., list[UUID]]
    _chosen: Callable[..., list[Any]]
    _happens: Callable[[float], bool]
    _pick: Callable[[Sequence[Any]], Any]
    _drawing_from: Callable[[Any], AbstractContextManager[None]]

    def steer_by_hand(self, day: date) -> None:
        """Let the coordinator decide what neither engine nor clock does."""
        at = instant(day, 15)
        with self._drawing_from(self.rare_rng):
            self._choose(at)
            for pairing_id in self._drawn(ACTIVE_PAIRS, EXTENDS):
                self._do(extend_term, pairing_id=pairing_id, until=day + LONGER, at=at)
            for circle_id in self._drawn(GATHERED, HANDS_OVER):
                if leaders := self._ids(FREE_TO_LEAD):
                    led = {"supporter_id": self._pick(leaders), "note": "Elle est d'accord."}
                    self._do(hand_over_circle, circle_id=circle_id, **led, at=at)
            for booking_id in self._drawn(WAITING, MOVES_FIRST):
                self._do(move_in_line, booking_id=booking_id, position=1, reason=MoveReason.URGENT, at=at)
            for person in self._chosen(PEOPLE, CHECKS_PLACE):
                asked = {"ground": QpvGround.RESIDENCE, "place": AT_HOME}
                self._do(check_qpv, entrepreneur_id=person.public_id, **asked, at=at)

    def live_rarely(self, day: date) -> None:
        """Let people change what they offer or how they are called, and ask to be forgotten, whatever day it is."""
        at = instant(day, 17)
        with self._drawing_from(self.rare_rng):
            for person in self._chosen(CALLED, CHANGES_NUMBER):
                number = {"reach": "06 39 98 00 00", "tells_reach": False}
                self._do(change_reach, entrepreneur_id=person.public_id, **number, actor=as_person(person.id), at=at)
            for one in self._chosen(VOLUNTEERS, OFFERS_LESS):
                less = {"supporter_id": one.public_id, "capacity": max(one.capacity - 1, 0)}
                handed = self._do(lower_capacity, **less, word="Moins de temps.", actor=as_supporter(one.id), at=at)
                self._do_alone(rematch_returned, pairing_ids=list(handed or ()), at=at)
            for one in self._chosen(VOLUNTEERS, OFFERS_MORE):
                more = {"supporter_id": one.public_id, "capacity": one.capacity + 1}
                self._do(set_capacity, **more, actor=as_supporter(one.id), at=at)
            self._think_again(instant(day, 16))
            self._ask_to_be_forgotten(at)

    def _choose(self, at: datetime) -> None:
        for person in self._chosen(PEOPLE, CHOOSES):
            if mentors := self._ids(MENTORS_FREE):
                chosen = {"supporter_id": self._pick(mentors), "role": SupporterRole.MENTOR}
                known = {"entrepreneur_id": person.public_id, "reason": ChoiceReason.ASKED_FOR}
                self._do(choose_supporter, **chosen, **known, at=at)

    def _think_again(self, at: datetime) -> None:
        for erasure_id in self._ids(WISHES, at=at):
            if self._happens(THINKS_AGAIN):
                self._do(keep_data, erasure_id=erasure_id, at=at)

    def _ask_to_be_forgotten(self, at: datetime) -> None:
        for rows, chance, root, hers in (
            (PEOPLE, GOES, Root.ENTREPRENEUR, as_person),
            (VOLUNTEERS, VOLUNTEER_GOES, Root.SUPPORTER, as_supporter),
        ):
            for one in self._chosen(rows, chance):
                is_own = self._happens(ASKS_HERSELF)
                ground = ErasureGround.OWN if is_own else ErasureGround.BY_TELEPHONE
                actor = hers(one.id) if is_own else self.coordinator
                self._do(ask_erasure, root=root, public_id=one.public_id, ground=ground, actor=actor, at=at)
