"""What the page of one pairing shows to each of its three sides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from models.charters import Charter
from models.db import db
from models.exceptions import NotFoundError
from models.introductions import Introduction
from models.meetings import Meeting, MeetingSide
from models.pairings import Pairing
from models.queries import members
from models.queries.assisted import list_done_with_pair
from models.queries.associations import get_association
from models.queries.charters import find_charter
from models.queries.introductions import list_introductions_of_pairing
from models.queries.meetings import (
    Ahead,
    HeldMeetings,
    find_called_off,
    find_meeting_to_come,
    list_past_meetings,
    read_held,
)
from models.states import TOGETHER_PAIRING_STATES, UNANSWERED_PAIRING_STATES, list_actions
from webapp.access import current_actor
from webapp.clock import day_of, utc_now
from webapp.introductions.forms import build_introduction_form
from webapp.pairings import forms, meeting_forms
from webapp.pairings.discretion import shown_needs, shown_stage
from webapp.permissions import Permission, can
from webapp.services.coaching import find_for_coach
from webapp.services.meeting_dates import list_instants
from webapp.services.meetings import MeetingPlan, may_log, side_of
from webapp.services.pairing_terms import count_expected, give_days_to_meet, is_term_near, is_term_over, may_extend
from webapp.services.readings import read_for_entrepreneur, read_for_supporter
from webapp.services.talks import place_pairing
from webapp.templating import format_weekday
from webapp.translation import gettext as _
from webapp.words import readings

PAST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the two have agreed and held, and what may be done now: the buttons are the moves."""

    actions: frozenset[str]
    side: MeetingSide
    is_together: bool
    may_log: bool
    is_term_over: bool
    may_extend: bool
    to_come: Meeting | None
    dates: tuple[datetime, ...]
    is_past: bool
    past: tuple[Meeting, ...]
    held: HeldMeetings
    charter: Charter | None
    introductions: tuple[Introduction, ...]
    expected: int = 0
    done_together: frozenset[tuple[str, int]] = frozenset()
    called_off: Meeting | None = None
    closed: tuple[members.ClosedSide, ...] = ()
    hours_used_at: datetime | None = None

    @property
    def introduction_actions(self) -> dict[int, tuple[str, ...]]:
        """Give what may be told of each introduction now, for the buttons."""
        return {one.id: tuple(map(str, list_actions("introduction", one.state))) for one in self.introductions}

    @property
    def ahead(self) -> Ahead:
        """Give what lies before the two, as every page reads it."""
        return Ahead(to_come=self.to_come, have_met=self.held.number > 0, hours_used_at=self.hours_used_at)

    @property
    def may_choose(self) -> bool:
        """Say whether the reader may choose among the dates: the other side proposed them."""
        return bool(self.dates) and self.to_come is not None and self.to_come.proposed_by is not self.side

    @property
    def lacks_first_date(self) -> bool:
        """Say whether the supporter, who has said yes, has a first date to propose: her form lies open."""
        return self.side is MeetingSide.SUPPORTER and self.to_come is None and not self.past and not self.called_off

    def was_done_together(self, record: str, record_id: int) -> bool:
        """Say to a coordinator of the pairing or of a meeting whether it was done with her on the telephone."""
        return (record, record_id) in self.done_together

    @property
    def is_one_of_two(self) -> bool:
        """Say whether the reader is one of the two, who alone read what they note for next time."""
        return self.side is not MeetingSide.COORDINATOR


def find_known_pairing(public_id: UUID) -> Pairing:
    """Give a pairing that the person behind the request may know.

    Raises NotFoundError.
    """
    pairing = members.find_pairing(db.session(), public_id)
    if pairing is None or not can(current_actor(), Permission.PAIRING_READ, pairing):
        raise NotFoundError(record="Pairing")
    return pairing


def is_one_of_two(pairing: Pairing) -> bool:
    """Say whether the reader is one of the two, and not who plans for them."""
    return side_of(current_actor(), pairing) is not MeetingSide.COORDINATOR


def show_pairing(pairing: Pairing, **asked_again: FlaskForm) -> ResponseReturnValue:
    """Show a pairing; forms that are handed in were not right, and are shown again with what is wrong."""
    session, at = db.session(), utc_now()
    person, side = pairing.entrepreneur, side_of(current_actor(), pairing)
    life = read_life(pairing, side, at=at)
    body = render_template(
        f"pairings/show_{side.value}.html",
        pairing=pairing,
        place=place_pairing(pairing, life.ahead, at=at),
        stage=shown_stage(pairing),
        needs=shown_needs(pairing),
        **_why(pairing, side),
        commune=members.find_commune(session, person.commune_code),
        activity=members.find_activity(session, person.activity_code),
        contact=members.find_contact(
            session, association_id=pairing.association_id, referent_id=person.referent_id or pairing.proposed_by_id
        ),
        life=life,
        meet_by=_meet_by(pairing, side, at=at),
        coaching_file=find_for_coach(session, pairing, actor=current_actor()),
        **{**_empty_forms(at), **asked_again},
        is_asked_again=bool(asked_again),
    )
    return body, 422 if asked_again else 200


def read_life(pairing: Pairing, side: MeetingSide, *, at: datetime) -> Life:
    """Read what the two have agreed and held."""
    session = db.session()
    together = pairing.state in TOGETHER_PAIRING_STATES
    began = together or pairing.ended_at is not None
    to_come = find_meeting_to_come(session, pairing.id) if began else None
    held = read_held(session, pairing.id, at=at) if began else HeldMeetings()
    return Life(
        actions=frozenset(action.value for action in list_actions("pairing", pairing.state)),
        side=side,
        is_together=together,
        may_log=may_log(pairing, at=at),
        is_term_over=is_term_over(pairing, at=at),
        may_extend=is_term_near(pairing, at=at)
        and may_extend(get_association(session, pairing.association_id), pairing.role),
        to_come=to_come,
        dates=tuple(one for one in list_instants(to_come) if one > at) if to_come and not to_come.starts_at else (),
        is_past=to_come is not None and to_come.starts_at is not None and to_come.starts_at <= at,
        called_off=find_called_off(session, pairing.id) if together and to_come is None else None,
        closed=members.list_closed_sides(session, pairing) if together else (),
        past=tuple(list_past_meetings(session, pairing.id, limit=PAST_SHOWN)) if began else (),
        held=held,
        hours_used_at=held.tell_used_up(pairing.budget_minutes) if together else None,
        expected=count_expected(session, pairing, at=at),
        done_together=list_done_with_pair(session, pairing) if side is MeetingSide.COORDINATOR else frozenset(),
        charter=find_charter(session, pairing.id) if began else None,
        introductions=tuple(list_introductions_of_pairing(session, pairing.id)) if began else (),
    )


def say_if_far(pairing: Pairing, plan: MeetingPlan, *, at: datetime) -> None:
    """Say that a first talk on these dates comes later than the association hopes for: it counts all the same."""
    session = db.session()
    by = day_of(give_days_to_meet(session, pairing.association_id, at=at))
    if min(one.day for one in plan.dates) > by and not read_held(session, pairing.id, at=at).number:
        day = format_weekday(by)
        flash(_("A first talk before %(day)s helps to begin well: propose a nearer day if you can.", day=day), "info")


def _meet_by(pairing: Pairing, side: MeetingSide, *, at: datetime) -> datetime | None:
    """Say by when the two would find a date, should the supporter say yes now without one."""
    if side is not MeetingSide.SUPPORTER or pairing.state not in UNANSWERED_PAIRING_STATES:
        return None
    return give_days_to_meet(db.session(), pairing.association_id, at=at)


def _empty_forms(at: datetime) -> dict[str, Any]:
    return {
        "decline_form": forms.build_decline_form(),
        "withdraw_form": forms.build_withdraw_form(),
        "end_form": forms.build_end_form(),
        "ask_form": meeting_forms.build_ask_form(),
        "answer_form": meeting_forms.build_answer_form(),
        "dates_form": meeting_forms.build_dates_form(),
        "log_form": meeting_forms.build_log_form(at),
        "cancel_form": meeting_forms.WordForm(prefix="cancel-"),
        "introduction_form": build_introduction_form(),
        "hours_form": meeting_forms.HoursForm(prefix="hours-"),
        "term_form": meeting_forms.TermForm(prefix="term-"),
    }


def _why(pairing: Pairing, side: MeetingSide) -> dict[str, list[str]]:
    """Say what the supporter can bring, or why this person, to the one who looks."""
    session, at = db.session(), utc_now()
    if side is MeetingSide.SUPPORTER:
        account = read_for_supporter(session, pairing, at=at)
        return {"reasons": readings.for_supporter(account.reasons), "gaps": readings.for_supporter(account.gaps)}
    if side is MeetingSide.ENTREPRENEUR:
        helper = pairing.supporter
        told = read_for_entrepreneur(session, pairing.entrepreneur, [helper], at=at)[helper.id]
        return {"reasons": readings.for_entrepreneur(told.reasons, name=helper.first_name), "gaps": []}
    return {"reasons": [], "gaps": []}
