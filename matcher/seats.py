"""Seats of workshop sessions shared among everybody at once: those not served lately first, then the most urgent needs.

What one person may take together is listed as bundles (few: three sessions, each for a need that the others leave
open); the seats that people share are then given out by an exact integer programme.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from matcher.encoding import IntArray
from matcher.packing import Aim, Bundles, Packing, pack
from matcher.records import Entrepreneur, WorkshopSession, check_ids
from matcher.results import Reason, SessionSuggestion
from matcher.scoring import waiting_bonus
from matcher.session_views import DOOR_VALUE, Sessions, SessionView, encode_sessions, look, suggest_best
from matcher.settings import Settings

TURNS = 4
"""Seats of one person that are told apart: whoever has had three lately is served, and later seats count alike."""

MONTH_DAYS = 30
"""Days of a month, when hours per month are counted."""

NOT_SERVED: Mapping[str, int] = MappingProxyType({})
NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})
NO_LIMIT: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSeat:
    """Somebody without a seat, and why.

    Codes: `nothing_needed` (no need, or all covered), `enough_booked` (`count`), `no_session_for_needs` (`topics`),
    `none_fits` (`language`, `time`, `place`, `full`: sessions that each sets aside, by itself), `no_hours`,
    `already_in_theme` (she holds a seat of the same theme or at the same time), `seats_gone` (`sessions`: how many fit
    her, all given to people served less or in more urgent need), `too_few_people` (the sessions that fit her lack
    people to take place).
    """

    entrepreneur_id: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatShares:
    """Who gets which seats, who gets none and why, and the proof.

    Parameters
    ----------
    suggestions : tuple of SessionSuggestion
        By entrepreneur in input order, best first.
    without : tuple of NoSeat
        Everybody else, in input order.
    aims : tuple of Aim
        What was aimed at, in order: `turn_0` to `turn_3` (first seats of people served never, once, …), `urgency`
        (priorities of the needs served, each once), `points` (scores and waiting bonuses, in millionths).
    """

    suggestions: tuple[SessionSuggestion, ...]
    without: tuple[NoSeat, ...]
    aims: tuple[Aim, ...]

    @property
    def gap(self) -> int:
        """Largest distance between an aim and its bound: 0."""
        return max((aim.upper_bound - aim.value for aim in self.aims), default=0)


def share_seats(
    entrepreneurs: Sequence[Entrepreneur],
    sessions: Sequence[WorkshopSession],
    *,
    served: Mapping[str, int] = NOT_SERVED,
    covered: Mapping[str, frozenset[str]] = NOTHING,
    held: Mapping[str, frozenset[str]] = NOTHING,
    refused: Mapping[str, frozenset[str]] = NOTHING,
    hours_left: Mapping[str, float] = NO_LIMIT,
    settings: Settings | None = None,
) -> SeatShares:
    """Share the seats of all sessions among all entrepreneurs, exactly.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        For whom.
    sessions : sequence of WorkshopSession
        What is offered, with the seats left and the people still needed.
    served : Mapping of str to int
        Per entrepreneur's id, sessions attended or booked lately; 0 where missing.
    covered : Mapping of str to frozenset of str
        Per id, topics covered already.
    held : Mapping of str to frozenset of str
        Per id, sessions of the list that she has booked: never given again, nor their theme, nor their hour.
    refused : Mapping of str to frozenset of str
        Per id, sessions set aside for her or cancelled by her: not given again.
    hours_left : Mapping of str to float
        Per id, hours that she has per month of 30 days; no limit where missing.
    settings : Settings or None
        Weights, sessions per person (those held included) and the waiting bonus; None for the defaults.

    Returns
    -------
    shares : SeatShares
        The allocation with its proof.

    Raises
    ------
    DuplicateIdError
        If two sessions or two entrepreneurs carry the same id.
    MatcherError
        If the solver gives up.

    Notes
    -----
    Aims, in order: as many first seats for people served never lately as can be, then as many seats for those at one
    (a second seat of somebody counts there), at two, at three or more; then the sum of priorities of the needs served;
    then scores and waiting bonuses. Nobody gets two sessions of a theme, two at the same hour, or one that serves no
    need that her others leave open; a session gets nobody, or as many as it still needs.

    What somebody declared about a liquidation is not read by any of this. It only opens workshops on bouncing back,
    which are given from the seats that are left afterwards: the declaration takes nothing from her or anybody.

    Time, measured on one core of two: 0.6 s for 300 people and 30 sessions (2,540 bundles), 9 s for 1,000 people and
    40 sessions (18,289 bundles), nearly all of it in the solver.

    Examples
    --------
    >>> from matcher import Format, Need, Stage
    >>> def person(id):
    ...     return Entrepreneur(id=id, needs=(Need(topic="sales"),), stage=Stage.IDEA, languages=("fr",),
    ...                         availability=1, wanted_roles=frozenset())
    >>> workshop = WorkshopSession(id="w", theme="first_sales", topics=("sales",), slot=0, format=Format.ONLINE,
    ...                            seats_left=1, starts_in_days=9)
    >>> shares = share_seats([person("a"), person("b")], [workshop], served={"a": 2})
    >>> [(found.entrepreneur_id, found.session_id) for found in shares.suggestions], shares.gap
    ([('b', 'w')], 0)
    """
    chosen = settings or Settings()
    check_ids("entrepreneur", (person.id for person in entrepreneurs))
    table = encode_sessions(sessions)
    place_of = {session.id: at for at, session in enumerate(sessions)}
    waiting = np.array([person.waiting_days for person in entrepreneurs], dtype=np.int64)
    bonuses = waiting_bonus(waiting, chosen.waiting_bonus_per_day)
    offers = [
        _Offer(
            view=look(person, table, covered.get(person.id, frozenset()), chosen),
            table=table,
            covered=covered.get(person.id, frozenset()),
            held=tuple(sorted(place_of[id] for id in held.get(person.id, frozenset()) if id in place_of)),
            refused=frozenset(place_of[id] for id in refused.get(person.id, frozenset()) if id in place_of),
            hours_left=hours_left.get(person.id, np.inf),
            limit=chosen.sessions_per_person,
            served=served.get(person.id, 0),
            bonus=bonus,
        )
        for person, bonus in zip(entrepreneurs, bonuses.tolist(), strict=True)
    ]
    taken, packing = _share(offers, table)
    doors = _open_doors(offers, taken, table)
    return SeatShares(
        suggestions=tuple(
            suggestion
            for offer, bundle, door in zip(offers, taken, doors, strict=True)
            for suggestion in offer.explain(bundle, door)
        ),
        without=tuple(
            NoSeat(entrepreneur_id=offer.view.person.id, reason=offer.explain_none(closed=_closed(taken, table)))
            for offer, bundle, door in zip(offers, taken, doors, strict=True)
            if not bundle and door < 0
        ),
        aims=packing.aims,
    )


def _share(offers: Sequence["_Offer"], table: Sessions) -> tuple[list[tuple[int, ...]], Packing]:
    """Give the bundle of each person, without what is behind doors, and the proof."""
    owners, bundles = [], []
    for at, offer in enumerate(offers):
        found = list(offer.list_bundles())
        owners += [at] * len(found)
        bundles += found
    turns = [_turns(offers[at].served, len(bundle)) for at, bundle in zip(owners, bundles, strict=True)]
    worth = [offers[at].weigh(bundle) for at, bundle in zip(owners, bundles, strict=True)]
    by_turn = np.array(turns, dtype=np.int64).reshape(-1, TURNS)
    urgency_and_points = np.array(worth, dtype=np.int64).reshape(-1, 2)
    aims = {f"turn_{turn}": by_turn[:, turn] for turn in range(TURNS)}
    aims |= {"urgency": urgency_and_points[:, 0], "points": urgency_and_points[:, 1]}
    packing = pack(
        Bundles.collect(owners, bundles, len(table.records)),
        np.array([session.seats_left for session in table.records], dtype=np.int64),
        aims,
        n_owners=len(offers),
        least=np.array([session.needed for session in table.records], dtype=np.int64),
    )
    return [bundles[at] if at >= 0 else () for at in packing.chosen.tolist()], packing


def _turns(served: int, seats: int) -> list[int]:
    """Count the seats of a bundle by how many she had before each."""
    counts = [0] * TURNS
    for turn in range(served, served + seats):
        counts[min(turn, TURNS - 1)] += 1
    return counts


def _used(taken: Sequence[tuple[int, ...]], table: Sessions) -> IntArray:
    return np.bincount([at for bundle in taken for at in bundle], minlength=len(table.records))


def _closed(taken: Sequence[tuple[int, ...]], table: Sessions) -> frozenset[int]:
    """Sessions that lack people to take place, and so got nobody."""
    used = _used(taken, table)
    return frozenset(at for at, session in enumerate(table.records) if session.needed > used[at])


def _open_doors(offers: Sequence["_Offer"], taken: Sequence[tuple[int, ...]], table: Sessions) -> list[int]:
    """Give each person who declared a liquidation one workshop on bouncing back, from the seats left; -1 for none."""
    used, closed = _used(taken, table), _closed(taken, table)
    left = np.array([session.seats_left for session in table.records], dtype=np.int64) - used
    choices = [
        (at, session)
        for at, (offer, bundle) in enumerate(zip(offers, taken, strict=True))
        for session in offer.list_doors(bundle)
        if session not in closed
    ]
    if not choices:
        return [-1] * len(offers)
    turns = [_turns(offers[at].served + len(taken[at]), 1) for at, _ in choices]
    by_turn = np.array(turns, dtype=np.int64)
    aims = {f"turn_{turn}": by_turn[:, turn] for turn in range(TURNS)}
    aims["points"] = np.array([offers[at].base[session] for at, session in choices], dtype=np.int64)
    owners, things = [at for at, _ in choices], [(session,) for _, session in choices]
    packing = pack(Bundles.collect(owners, things, len(left)), left, aims, n_owners=len(offers))
    return [choices[at][1] if at >= 0 else -1 for at in packing.chosen.tolist()]


class _Offer:
    """What the sessions offer to one person, those that she holds counted."""

    def __init__(
        self,
        *,
        view: SessionView,
        table: Sessions,
        covered: frozenset[str],
        held: tuple[int, ...],
        refused: frozenset[int],
        hours_left: float,
        limit: int,
        served: int,
        bonus: int,
    ) -> None:
        self.covered = covered
        self.view, self.table, self.held, self.hours_left = view, table, held, hours_left
        self.gone = refused.union(held)
        self.limit, self.served, self.bonus = max(0, limit - len(held)), served, bonus
        self.wanted = view.wanted[:-1]
        self.needed = np.flatnonzero(self.wanted)
        bits = np.left_shift(1, np.arange(len(self.needed), dtype=object))
        self.serves = [int(mask) for mask in table.topics[:, self.needed] @ bits] if len(bits) else [0] * len(view.open)
        # The parts of each score but for the needs, in whole points.
        self.base = np.rint(view.values * view.shares)[:, 1:].sum(axis=1).astype(np.int64)
        self.fits = [
            at
            for at in np.flatnonzero(view.open).tolist()
            if at not in self.gone and self._goes_with(held, at) and self._has_hours((at,))
        ]

    def _goes_with(self, others: tuple[int, ...], at: int) -> bool:
        """Whether a session is neither of a theme nor at an hour of the others."""
        records, themes = self.table.records, self.table.themes
        hour = (records[at].starts_in_days, records[at].slot)
        return all(
            themes[at] != themes[other] and hour != (records[other].starts_in_days, records[other].slot)
            for other in others
        )

    def _has_hours(self, bundle: tuple[int, ...]) -> bool:
        months: dict[int, float] = {}
        for at in (*self.held, *bundle):
            session = self.table.records[at]
            month = session.starts_in_days // MONTH_DAYS
            months[month] = months.get(month, 0.0) + session.hours
        return all(months[self.table.records[at].starts_in_days // MONTH_DAYS] <= self.hours_left for at in bundle)

    def list_bundles(self) -> Iterator[tuple[int, ...]]:
        """List every set of sessions that she can take together, each for a need that the others leave open."""
        useful = [at for at in self.fits if self.serves[at]]
        growing: list[tuple[int, ...]] = [()]
        for _ in range(self.limit):
            growing = [
                (*bundle, at)
                for bundle in growing
                for at in useful
                if (not bundle or at > bundle[-1]) and self._goes_with(bundle, at) and self._adds(bundle, at)
            ]
            yield from growing

    def _adds(self, bundle: tuple[int, ...], at: int) -> bool:
        """Whether each serves a need of its own, and the month has the hours."""
        together = (*bundle, at)
        once, twice = 0, 0
        for one in together:
            twice |= once & self.serves[one]
            once |= self.serves[one]
        return all(self.serves[one] & ~twice for one in together) and self._has_hours(together)

    def weigh(self, bundle: tuple[int, ...]) -> tuple[int, int]:
        """Give the priorities that a bundle serves, each need once, and its points with the waiting bonus."""
        topics = self.table.topics[list(bundle)].any(axis=0)
        urgency = int(self.wanted[topics].sum())
        share = np.float32(urgency / max(1.0, float(self.view.wanted.sum())))
        return urgency, int(np.rint(share * self.view.shares[0])) + int(self.base[list(bundle)].sum()) + self.bonus

    def list_doors(self, bundle: tuple[int, ...]) -> Iterator[int]:
        """List the workshops on bouncing back that she may add to what she takes, if she declared a liquidation."""
        if self.view.person.after_liquidation and len(bundle) < self.limit:
            for at in self.fits:
                if self.table.doors[at] and self._goes_with(bundle, at) and self._has_hours((*bundle, at)):
                    yield at

    def explain(self, bundle: tuple[int, ...], door: int) -> Iterator[SessionSuggestion]:
        """Tell what she gets, best first, each after those before it; what is behind a door comes last."""
        wanted = self.view.wanted.copy()
        left = np.zeros(len(self.view.open), dtype=bool)
        left[list(bundle)] = True
        for _ in bundle:
            share = (self.table.topics @ wanted[:-1]) / max(1.0, wanted.sum())
            best, suggestion = suggest_best(self.view, self.table, left, share, wanted)
            yield suggestion
            wanted[:-1][self.table.topics[best]] = 0
            left[best] = False
        if door >= 0:
            left[door] = True
            share = np.full(len(left), DOOR_VALUE, dtype=np.float32)
            yield suggest_best(self.view, self.table, left, share, np.zeros_like(wanted))[1]

    def explain_none(self, *, closed: frozenset[int]) -> Reason:
        """Tell why she gets no seat; the codes are those of `NoSeat`."""
        view = self.view
        if not view.wanted.any():
            return Reason(code="nothing_needed", facts={})
        if not self.limit:
            return Reason(code="enough_booked", facts={"count": len(self.held)})
        serving = [at for at, mask in enumerate(self.serves) if mask and at not in self.gone]
        if not serving:
            open_needs = {need.topic: None for need in view.person.needs if need.topic not in self.covered}
            topics = tuple(open_needs)
            return Reason(code="no_session_for_needs", facts={"topics": topics})
        fitting = [at for at in serving if at in self.fits]
        if not fitting:
            return self._explain_unfit([at for at in serving if view.open[at]], serving)
        if all(at in closed for at in fitting):
            return Reason(code="too_few_people", facts={"sessions": len(fitting)})
        return Reason(code="seats_gone", facts={"sessions": len(fitting)})

    def _explain_unfit(self, open_to_her: list[int], serving: list[int]) -> Reason:
        if any(self._goes_with(self.held, at) for at in open_to_her):
            return Reason(code="no_hours", facts={})
        if open_to_her:
            return Reason(code="already_in_theme", facts={})
        view = self.view
        causes = {"language": ~view.spoken, "time": ~view.free, "place": ~view.reachable, "full": ~self.table.bookable}
        counts = {name: int(np.count_nonzero(wrong[serving])) for name, wrong in causes.items()}
        return Reason(code="none_fits", facts={name: count for name, count in counts.items() if count})
