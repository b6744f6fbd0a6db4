"""One support plan per entrepreneur: mentor, coach, circle, expert, ambassador and workshops under shared limits.

Each role is matched exactly by itself first. Where the lines of one person then need the same single weekly slot, or
more hours than she has, her lines are chosen again together, and so are those of people who found nobody and could
have a place that becomes free; the others keep what they have. Workshop seats are shared last, in the hours left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from matcher.encoding import ROLES
from matcher.explanation import NO_PLACE_LEFT
from matcher.matching import match_pool
from matcher.plan_choices import Candidate, Kept, choose_together, find_misfit, list_candidates
from matcher.plan_records import (
    LINE_HOURS,
    PLAN_ORDER,
    CircleSeat,
    LeftOut,
    LineKind,
    PlanLine,
    PlanResult,
    SupportPlan,
)
from matcher.pool import Pool, prepare
from matcher.records import SLOTS, Entrepreneur, Role, Supporter, WorkshopSession
from matcher.results import MatchResult, Reason, SessionSuggestion, Suggestion, Unmatched
from matcher.seats import NOT_SERVED, NOTHING, SeatShares, share_seats
from matcher.settings import Settings

NO_CIRCLES: Mapping[str, CircleSeat] = MappingProxyType({})
NO_ROLES: Mapping[str, frozenset[Role]] = MappingProxyType({})


def make_plans(
    entrepreneurs: Sequence[Entrepreneur],
    supporters: Sequence[Supporter],
    sessions: Sequence[WorkshopSession],
    *,
    matched: MatchResult | None = None,
    circles: Mapping[str, CircleSeat] = NO_CIRCLES,
    served: Mapping[str, int] = NOT_SERVED,
    covered: Mapping[str, frozenset[str]] = NOTHING,
    held: Mapping[str, frozenset[str]] = NOTHING,
    refused: Mapping[str, frozenset[str]] = NOTHING,
    engaged: Mapping[str, frozenset[Role]] = NO_ROLES,
    settings: Settings | None = None,
) -> PlanResult:
    """Make the support plan of everybody, together.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        For whom; who asks for no role gets workshops and a circle only.
    supporters : sequence of Supporter
        Those who give support.
    sessions : sequence of WorkshopSession
        Workshop sessions to come.
    matched : MatchResult or None
        The match of these people, made already; None makes it, without wishes that exceed somebody's hours by
        themselves.
    circles : Mapping of str to CircleSeat
        Per entrepreneur's id, the circle composed for her.
    served, covered, held, refused : Mapping
        About workshops, per entrepreneur's id; see `share_seats`.
    engaged : Mapping of str to frozenset of Role
        Per id, roles in which somebody supports her already: their hours are counted.
    settings : Settings or None
        What the association chose; None for the defaults.

    Returns
    -------
    result : PlanResult
        Plans with what was left out and why, the match as the plans leave it, and the proofs.

    Raises
    ------
    DuplicateIdError
        If two records of one kind carry the same id.
    MatcherError
        If the solver gives up.

    Notes
    -----
    Limits of one person: each monthly line (mentor, coach, circle) has a weekly slot of its own; the hours of all
    lines of a month stay within `hours_per_month`; distance and language hold line by line.

    Order of aims where lines conflict: the most mentors, then coaches, circles, experts, ambassadors; then as few
    changes as possible to what the exact match gave; then scores. Nobody loses a line for another's sake: what her
    own limits let her keep of what she was given, in that order of kinds, she keeps (perhaps with another supporter).

    Exact: the match of each role (see `match`); the joint choice of the conflicting people and of those who found
    nobody and may have a place of theirs, over the supporters suggested to them (`settings.choices` per role) and all
    their combinations; the seats of workshops, given the other lines. Not exact: people without a conflict are not
    matched again, and supporters beyond those suggested are not tried.

    Time: the match, the combinations of those who conflict (512 per person at most, with three suggestions per role and
    a circle), and the sharing of seats.

    Examples
    --------
    >>> from matcher import Expertise, Need, Stage
    >>> person = Entrepreneur(id="e", needs=(Need(topic="sales"),), stage=Stage.IDEA, languages=("fr",),
    ...                       availability=0b1, coaching_consent=True,
    ...                       wanted_roles=frozenset({Role.MENTOR, Role.COACH}))
    >>> helpers = [Supporter(id=role.value, role=role, expertise=(Expertise(topic="sales"),), languages=("fr",),
    ...                      availability=0b11, capacity=1) for role in (Role.COACH, Role.MENTOR)]
    >>> plan = make_plans([person], helpers, []).plans[0]
    >>> [line.target for line in plan.lines], [(out.target, out.reason.code) for out in plan.left_out[:1]]
    (['mentor'], [('coach', 'same_slot')])
    """
    chosen = settings or Settings()
    busy = {id: sum(LINE_HOURS[LineKind(role)] for role in roles) for id, roles in engaged.items()}
    reader = _Reader([_within_hours(person, busy) for person in entrepreneurs], supporters, chosen)
    found = matched or match_pool(reader.pool)
    candidates = list_candidates(entrepreneurs, supporters, found, circles, busy)
    kept, aims = choose_together(candidates, supporters, found, lambda: reader.pool)
    hours_left = {
        one.person.id: one.hours - sum(LINE_HOURS[kind] for kind, line in zip(PLAN_ORDER, lines, strict=True) if line)
        for one, lines in zip(candidates, kept, strict=True)
        if np.isfinite(one.hours)
    }
    seats = share_seats(
        entrepreneurs,
        sessions,
        served=served,
        covered=covered,
        held=held,
        refused=refused,
        hours_left=hours_left,
        settings=chosen,
    )
    return PlanResult(
        plans=tuple(_write_plans(candidates, kept, found, circles, sessions, seats)),
        matched=_rank_again(found, candidates, kept, supporters) if aims else found,
        seats=seats,
        aims=aims,
    )


class _Reader:
    """The pool of the people with the wishes that their hours allow, read at first use."""

    def __init__(
        self, entrepreneurs: Sequence[Entrepreneur], supporters: Sequence[Supporter], settings: Settings
    ) -> None:
        self._records = (entrepreneurs, supporters, settings)

    @cached_property
    def pool(self) -> Pool:
        """Read the records."""
        return prepare(*self._records)


def _within_hours(person: Entrepreneur, busy: Mapping[str, float]) -> Entrepreneur:
    """Leave out wishes that alone exceed her hours, so that they take nobody's place."""
    if person.hours_per_month is None:
        return person
    left = person.hours_per_month - busy.get(person.id, 0.0)
    return replace(
        person, wanted_roles=frozenset(role for role in person.wanted_roles if LINE_HOURS[LineKind(role)] <= left)
    )


def _rank_again(
    found: MatchResult, candidates: Sequence[Candidate], kept: Sequence[Kept], supporters: Sequence[Supporter]
) -> MatchResult:
    """Give rank 1 to whom the plans propose, and say of the others whether they have a place left."""
    spare = {supporter.id: supporter.capacity for supporter in supporters}
    first: dict[tuple[str, Role], Suggestion] = {}
    for line in (line for lines in kept for line in lines if isinstance(line, Suggestion)):
        first[line.entrepreneur_id, line.role] = line
        spare[line.supporter_id] -= 1
    for line in (line for one in candidates for line in one.given if isinstance(line, Suggestion)):
        # A line that only her own limits kept out of the plan still has its place, unless somebody else needed it.
        if (line.entrepreneur_id, line.role) not in first and spare[line.supporter_id] > 0:
            first[line.entrepreneur_id, line.role] = line
            spare[line.supporter_id] -= 1
    groups: dict[tuple[str, Role], list[Suggestion]] = {key: [] for key in first}
    for suggestion in found.suggestions:
        groups.setdefault((suggestion.entrepreneur_id, suggestion.role), []).append(suggestion)
    row_of = {one.person.id: row for row, one in enumerate(candidates)}
    order = sorted(groups, key=lambda key: (ROLES.index(key[1]), row_of[key[0]]))
    return replace(
        found,
        suggestions=tuple(one for key in order for one in _rank_group(groups[key], first.get(key), spare)),
        unmatched=tuple(
            one for one in found.unmatched if one.role is None or (one.entrepreneur_id, one.role) not in first
        ),
    )


def _rank_group(
    group: Sequence[Suggestion], first: Suggestion | None, spare: Mapping[str, int]
) -> Iterator[Suggestion]:
    """Rank the suggestions of one person and role: the first, then those with a place left, as they were ranked."""
    if first is not None:
        yield replace(first, rank=1, gaps=_gaps(first, has_place=True))
    others = [one for one in group if first is None or one.supporter_id != first.supporter_id]
    others.sort(key=lambda one: (spare[one.supporter_id] <= 0, one.rank))
    for rank, one in enumerate(others, start=2):
        yield replace(one, rank=rank, gaps=_gaps(one, has_place=spare[one.supporter_id] > 0))


def _gaps(suggestion: Suggestion, *, has_place: bool) -> tuple[Reason, ...]:
    gaps = tuple(gap for gap in suggestion.gaps if gap != NO_PLACE_LEFT)
    return gaps if has_place else (*gaps, NO_PLACE_LEFT)


def _write_plans(
    candidates: Sequence[Candidate],
    kept: Sequence[Kept],
    found: MatchResult,
    circles: Mapping[str, CircleSeat],
    sessions: Sequence[WorkshopSession],
    seats: SeatShares,
) -> Iterator[SupportPlan]:
    unmatched: dict[str, list[Unmatched]] = {}
    for person in found.unmatched:
        unmatched.setdefault(person.entrepreneur_id, []).append(person)
    seats_of: dict[str, list[SessionSuggestion]] = {}
    for suggestion in seats.suggestions:
        seats_of.setdefault(suggestion.entrepreneur_id, []).append(suggestion)
    no_seat = {one.entrepreneur_id: one.reason for one in seats.without}
    by_id = {session.id: session for session in sessions}
    for one, lines in zip(candidates, kept, strict=True):
        id = one.person.id
        left_out = list(_explain_left_out(one, lines, unmatched.get(id, ()), circles.get(id)))
        if id in no_seat:
            left_out.append(LeftOut(kind=LineKind.WORKSHOP, target=None, reason=no_seat[id]))
        workshops = (_workshop_line(seat, by_id[seat.session_id]) for seat in seats_of.get(id, ()))
        yield SupportPlan(entrepreneur_id=id, lines=(*_lines(one, lines), *workshops), left_out=tuple(left_out))


def _lines(one: Candidate, lines: Kept) -> Iterator[PlanLine]:
    slots = one.place_slots(lines) or {}
    for kind, line, given in zip(PLAN_ORDER, lines, one.given, strict=True):
        slot = SLOTS[slots[kind]] if kind in slots else None
        if isinstance(line, CircleSeat):
            reason = Reason(code="circle", facts={"slot": SLOTS[line.slot], "language": line.language})
            yield PlanLine(
                kind=kind,
                target=line.circle_id,
                score=None,
                slot=slot,
                hours=LINE_HOURS[kind],
                reasons=(reason,),
            )
        elif line is not None:
            changed = isinstance(given, Suggestion) and given.supporter_id != line.supporter_id
            yield PlanLine(
                kind=kind,
                target=line.supporter_id,
                score=line.score,
                slot=slot,
                hours=LINE_HOURS[kind],
                reasons=line.reasons,
                instead_of=given.supporter_id if changed and isinstance(given, Suggestion) else None,
            )


def _workshop_line(seat: SessionSuggestion, session: WorkshopSession) -> PlanLine:
    return PlanLine(
        kind=LineKind.WORKSHOP,
        target=seat.session_id,
        score=seat.score,
        slot=SLOTS[session.slot],
        hours=session.hours,
        reasons=seat.reasons,
    )


def _explain_left_out(
    one: Candidate, lines: Kept, unmatched: Sequence[Unmatched], circle: CircleSeat | None
) -> Iterator[LeftOut]:
    """Say of everything that she wished for, or was given by a line alone, why it is not in the plan."""
    nobody = {person.role: person for person in unmatched}
    for at, kind in enumerate(PLAN_ORDER):
        given, line = one.given[at], lines[at]
        if line is not None:
            continue
        if given is not None:
            target = given.circle_id if isinstance(given, CircleSeat) else given.supporter_id
            yield LeftOut(kind=kind, target=target, reason=_why_not(one, lines, at))
        elif kind is LineKind.CIRCLE:
            misfit = circle and find_misfit(one.person, circle)
            if circle and misfit:
                facts = {"slot": SLOTS[circle.slot], "language": circle.language}
                yield LeftOut(kind=kind, target=circle.circle_id, reason=Reason(code=misfit, facts=facts))
        elif Role(kind) in one.person.wanted_roles:
            yield LeftOut(kind=kind, target=None, reason=_why_nobody(one, kind, nobody.get(Role(kind))))


def _why_not(one: Candidate, lines: Kept, at: int) -> Reason:
    """Say what keeps a line out that she was given: its slots, the hours, or a place that went to somebody else."""
    kind, given = PLAN_ORDER[at], one.given[at]
    assert given is not None  # only lines that were given are left out
    together = (*lines[:at], given, *lines[at + 1 :])
    if one.place_slots(together) is None:
        slots = tuple(name for bit, name in enumerate(SLOTS) if one.slots(given) >> bit & 1)
        return Reason(code="same_slot", facts={"slots": slots})
    return Reason(code="place_taken", facts={}) if one.fits(together) else _no_hours(one, kind)


def _why_nobody(one: Candidate, kind: LineKind, unmatched: Unmatched | None) -> Reason:
    if unmatched is None:
        return _no_hours(one, kind)
    rules = {str(rule): count for rule, count in unmatched.refusals.items()}
    return Reason(code="nobody", facts={"rules": rules, "possible": unmatched.possible})


def _no_hours(one: Candidate, kind: LineKind) -> Reason:
    return Reason(code="no_hours", facts={"hours": LINE_HOURS[kind], "hours_per_month": one.person.hours_per_month})
