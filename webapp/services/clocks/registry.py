"""Every family of clocks in the order of a tick; a new family is one line here.

A family is a function `(at) -> int` that does what is due, each record in a short transaction of its own, and counts
what it did. It may run twice, also at once, late, or after a week of silence: what it did is marked on the row, or is
a message whose event is told once.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.db import db
from models.exceptions import BusyError
from webapp.services.assisted_calls import end_forgotten_calls
from webapp.services.circles import expire_invitations
from webapp.services.clocks.care import end_coaching_files, hand_over_calls
from webapp.services.clocks.circles import notice_circles, plan_circle_meetings, take_circle_steps
from webapp.services.clocks.gatherings import notice_gatherings, take_gathering_steps
from webapp.services.clocks.interviews import notice_interviews
from webapp.services.clocks.introductions import lapse_stale, notice_introductions
from webapp.services.clocks.pairings import expire_proposals, notice_pairings, take_next_steps
from webapp.services.clocks.people import notice_papers, notice_people, plan_missing_follow_ups, renew_missed_follow_ups
from webapp.services.clocks.questions import notice_questions, settle_questions
from webapp.services.clocks.rests import ask_away_again, notice_away
from webapp.services.clocks.reviews import notice_reviews, plan_missing_checks, set_aside_not_held
from webapp.services.clocks.session_proposals import notice_session_proposals
from webapp.services.clocks.sessions import notice_sessions
from webapp.services.clocks.suggestions import set_aside_undecided, tell_overdue
from webapp.services.erasing import carry_out_erasures
from webapp.services.group_minimum import confirm_full_groups, notice_undecided
from webapp.services.match_runs import fail_silent_runs
from webapp.services.notices import tell_notices
from webapp.services.one_taps import forget_old_taps
from webapp.services.pairings import remind_due
from webapp.services.registrations import forget_registrations
from webapp.services.seat_offers import expire_offers
from webapp.services.seats import end_waiting_lists
from webapp.services.session_reminders import remind_sessions
from webapp.services.visitors import erase_visitors, lapse_visitors
from webapp.services.weight_drafts import fail_silent_replays

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFamily:
    """One family: the name its count bears in reports and logs, and the function that does what is due."""

    name: str
    run: Callable[..., int]


# What ends something comes before what reminds of it: nobody is reminded of what is over.
FAMILIES: tuple[ClockFamily, ...] = (
    # Somebody in distress waits for nothing else.
    ClockFamily(name="calls", run=hand_over_calls),
    ClockFamily(name="expired", run=expire_proposals),
    ClockFamily(name="reminded", run=remind_due),
    ClockFamily(name="set_aside", run=set_aside_undecided),
    ClockFamily(name="digests", run=tell_overdue),
    ClockFamily(name="failed_runs", run=fail_silent_runs),
    ClockFamily(name="let_go", run=end_waiting_lists),
    ClockFamily(name="offers_passed_on", run=expire_offers),
    ClockFamily(name="lapsed_visitors", run=lapse_visitors),
    ClockFamily(name="erased_visitors", run=erase_visitors),
    ClockFamily(name="erased_people", run=carry_out_erasures),
    ClockFamily(name="failed_replays", run=fail_silent_replays),
    ClockFamily(name="forgotten", run=forget_registrations),
    ClockFamily(name="ended_calls", run=end_forgotten_calls),
    ClockFamily(name="circles", run=expire_invitations),
    ClockFamily(name="coaching_files", run=end_coaching_files),
    ClockFamily(name="circle_meetings", run=plan_circle_meetings),
    ClockFamily(name="checks_planned", run=plan_missing_checks),
    ClockFamily(name="reviews_set_aside", run=set_aside_not_held),
    ClockFamily(name="noticed_pairings", run=notice_pairings),
    ClockFamily(name="noticed_interviews", run=notice_interviews),
    ClockFamily(name="noticed_circles", run=notice_circles),
    ClockFamily(name="noticed_gatherings", run=notice_gatherings),
    ClockFamily(name="noticed_people", run=notice_people),
    ClockFamily(name="noticed_papers", run=notice_papers),
    ClockFamily(name="noticed_pauses", run=notice_away),
    ClockFamily(name="noticed_sessions", run=notice_sessions),
    ClockFamily(name="groups_complete", run=confirm_full_groups),
    ClockFamily(name="go_or_no_go", run=notice_undecided),
    ClockFamily(name="sessions_reminded", run=remind_sessions),
    ClockFamily(name="noticed_introductions", run=notice_introductions),
    ClockFamily(name="noticed_reviews", run=notice_reviews),
    ClockFamily(name="forgotten_links", run=forget_old_taps),
    ClockFamily(name="noticed_session_proposals", run=notice_session_proposals),
    ClockFamily(name="noticed_questions", run=notice_questions),
    # After the notices: what happens by itself is told before it does.
    ClockFamily(name="next_steps", run=take_next_steps),
    ClockFamily(name="asked_again", run=ask_away_again),
    ClockFamily(name="lapsed_introductions", run=lapse_stale),
    ClockFamily(name="settled_questions", run=settle_questions),
    ClockFamily(name="circle_steps", run=take_circle_steps),
    ClockFamily(name="gathering_steps", run=take_gathering_steps),
    # After all that ends something: who is left without anybody has a day at once.
    ClockFamily(name="follow_ups_planned", run=plan_missing_follow_ups),
    ClockFamily(name="follow_ups_renewed", run=renew_missed_follow_ups),
    # The last one: what this tick noticed is told with the rest.
    ClockFamily(name="told", run=tell_notices),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TickReport:
    """What one tick did: how many of each family, and the families that could not be done this time."""

    counts: Mapping[str, int]
    postponed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> int:
        """Give what one family did."""
        return self.counts[name]

    @property
    def did(self) -> dict[str, int]:
        """Give the families that did something."""
        return {name: count for name, count in self.counts.items() if count}


def tick(*, at: datetime) -> TickReport:
    """Do what is due, each record in a short transaction of its own.

    What another process did meanwhile is left alone; what the database was too busy for is left to the next tick. A
    family that breaks is logged and named in the report, and keeps no other from its work.
    """
    counts: dict[str, int] = {}
    postponed: list[str] = []
    broken: list[str] = []
    for family in FAMILIES:
        counts[family.name] = 0
        try:
            counts[family.name] = family.run(at=at)
        except BusyError:
            logger.warning("the database was too busy for a clock", extra={"clock": family.name})
            postponed.append(family.name)
        except Exception:
            logger.exception("a clock broke", extra={"clock": family.name})
            db.session.rollback()
            broken.append(family.name)
    logger.info("tick done", extra=counts)
    return TickReport(counts=counts, postponed=tuple(postponed), broken=tuple(broken))
