"""Whom to recruit: profiles of one more supporter, ranked by how many people she would serve.

The prices of a role's answer say what each person left over, or whose supporter could then take another, would bring;
they choose a few profiles out of all those that the people themselves suggest. Each of these is then really added and
the role solved again: only what comes out of that is told.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import FORBIDDEN
from matcher.encoding import BoolArray, IntArray
from matcher.errors import InvalidSettingsError
from matcher.fairness import SMALLEST_GROUP
from matcher.pool import Pool, prepare
from matcher.profiles import MOST_TOPICS, Candidate, Profile, Territories, Wish, choose_slots
from matcher.records import N_SLOTS, Entrepreneur, Expertise, Role, Supporter
from matcher.role_answers import RoleAnswer, solve_role

PLACES = 3
"""Places that one more supporter is taken to hold out."""

WORTH_COUNTING = 0.5
"""Share of one person served above which a gain stands for a person, and not for a better score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recruit:
    """What one more supporter of a profile would change, found by solving again with her.

    Parameters
    ----------
    profile : Profile
        Who.
    places : int
        Places that she holds out.
    served : int
        People served more.
    total : float
        What the objective, scores and waiting bonuses, grows by.
    meets : int
        People left without anybody whom she may meet herself; the others are served by those who move to her.
    """

    profile: Profile
    places: int
    served: int
    total: float
    meets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentBrief:
    """Recruits to choose from, each by herself, best first; and one after the other, each beside those before."""

    options: tuple[Recruit, ...]
    sequence: tuple[Recruit, ...]


def recruitment_brief(
    pool: Pool,
    *,
    territories: Sequence[Mapping[str, str]] = (),
    places: int = PLACES,
    verified: int = 4,
    recruits: int = 3,
    smallest: int = SMALLEST_GROUP,
) -> RecruitmentBrief:
    """Find the profiles of one more supporter that would serve the most people.

    Parameters
    ----------
    pool : Pool
        The people of a run.
    territories : sequence of Mapping of str to str
        Territory of each entrepreneur's id, at one or more levels, the finest first.
    places : int
        Places of one more supporter, 1 or more.
    verified : int
        Profiles per role that are really tried, 1 or more.
    recruits : int
        Length of the sequence.
    smallest : int
        People who must share what a profile names: live in its territory and speak its language, ask about its topic.

    Returns
    -------
    brief : RecruitmentBrief
        Only profiles that serve somebody more; empty where nobody is left over, or nothing would help.

    Raises
    ------
    InvalidSettingsError
        If `places`, `verified` or `smallest` is below 1, or `recruits` below 0.

    Notes
    -----
    A territory of fewer than `smallest` people is left out in favour of the next level, and in the end of meeting
    remotely; its middle is the mean of the places of its people. The prices bound from above what a profile can win, so
    that they rank well but promise too much: figures are those of the new solution. The sequence is greedy: people
    served are a submodular function of the supporters added (the rank of a transversal matroid), so that choosing the
    best one again and again comes close to the best set. Time: per role one solution and `verified` more, and as many
    for each further step of the sequence, besides one block of all profiles.

    References
    ----------
    Nemhauser, G. L., Wolsey, L. A., Fisher, M. L. (1978). An analysis of approximations for maximizing submodular set
    functions, I. Mathematical Programming 14, 265-294. doi:10.1007/BF01588971

    Examples
    --------
    >>> from matcher import Entrepreneur, Stage
    >>> people = [Entrepreneur(id=f"e{at}", needs=(), stage=Stage.LAUNCH, languages=("fr",), availability=0b100001,
    ...     wanted_roles=frozenset({Role.MENTOR})) for at in range(6)]
    >>> brief = recruitment_brief(prepare(people, []), places=4)
    >>> [(one.profile.slots, one.served, one.meets) for one in brief.sequence]
    [(('mon_am',), 4, 6), (('mon_am',), 2, 2)]
    """
    for name, value, least in (("places", places, 1), ("verified", verified, 1), ("recruits", recruits, 0)):
        if value < least:
            raise InvalidSettingsError(field=name, value=value, expected=f"{least} or more")
    if smallest < 1:
        raise InvalidSettingsError(field="smallest", value=smallest, expected="1 or more")
    search = _Search(pool, territories, places, verified, smallest)
    best = options = _rank(one for role in Role for one in search.try_out(search.open(role)))
    sequence: list[Recruit] = []
    while best and len(sequence) < recruits:
        chosen = best[0]
        sequence.append(chosen.recruit)
        others = [one for one in best if one.after.role is not chosen.after.role]
        best = _rank([*others, *search.try_out(chosen.after)])
    return RecruitmentBrief(options=tuple(one.recruit for one in options), sequence=tuple(sequence))


@dataclass(frozen=True)
class _RoleMarket:
    """Everybody of one role, with the recruits added so far, and its answer."""

    role: Role
    pool: Pool
    answer: RoleAnswer


@dataclass(frozen=True)
class _Tried:
    """A recruit, and the market with her."""

    recruit: Recruit
    after: _RoleMarket


@dataclass(frozen=True)
class _Estimate:
    """A candidate narrowed to the slots that matter: what the prices promise, and whom she could serve."""

    candidate: Candidate
    served: int
    rows: IntArray
    meets: int

    def merit(self, places: int) -> tuple[int, int, int, int]:
        """Order of estimates: people served at most, those who surely are, what is asked of her, whom she meets."""
        return -self.served, -min(places, self.meets), self.candidate.profile.demands, -self.meets


def _rank(tried: Iterable[_Tried]) -> list[_Tried]:
    """Best first: people served, then who is asked for less, then whom she meets, then the total."""

    def merit(one: Recruit) -> tuple[int, int, int, float]:
        return -one.served, one.profile.demands, -one.meets, -round(one.total, 6)

    return sorted(tried, key=lambda one: merit(one.recruit))


class _Search:
    """One search through a pool: what is the same for every role."""

    def __init__(
        self, pool: Pool, territories: Sequence[Mapping[str, str]], places: int, verified: int, smallest: int
    ) -> None:
        self.pool, self.places, self.verified = pool, places, verified
        self.territories = Territories(pool.entrepreneurs, territories, smallest)
        asked = Counter(need.topic for person in pool.entrepreneurs for need in set(person.needs))
        self.topics = {topic for topic, count in asked.items() if count >= smallest}

    def open(self, role: Role) -> _RoleMarket:
        """Narrow the pool down to one role, and solve it."""
        people = [person for person in self.pool.entrepreneurs if role in person.wanted_roles]
        return self._solve(role, people, [one for one in self.pool.supporters if one.role is role])

    def try_out(self, market: _RoleMarket) -> list[_Tried]:
        """Try the profiles that the prices favour, one for each set of people."""
        found = sorted(self._estimate(market), key=lambda one: one.merit(self.places))
        distinct: dict[bytes, _Estimate] = {}
        for one in (estimate for estimate in found if estimate.served > 0):
            distinct.setdefault(one.rows.tobytes(), one)
        tried = [self._try(market, one) for one in list(distinct.values())[: self.verified]]
        return [one for one in tried if one.recruit.served > 0]

    def _solve(self, role: Role, people: Sequence[Entrepreneur], supporters: Sequence[Supporter]) -> _RoleMarket:
        pool = prepare(people, supporters, self.pool.settings, text=self.pool.vocabulary.text)
        return _RoleMarket(role, pool, solve_role(pool, role))

    def _try(self, market: _RoleMarket, estimate: _Estimate) -> _Tried:
        added = estimate.candidate.supporter
        after = self._solve(market.role, market.pool.entrepreneurs, [*market.pool.supporters, added])
        recruit = Recruit(
            profile=estimate.candidate.profile,
            places=self.places,
            served=after.answer.matched - market.answer.matched,
            total=after.answer.objective - market.answer.objective,
            meets=estimate.meets,
        )
        return _Tried(recruit, after)

    def _estimate(self, market: _RoleMarket) -> Iterator[_Estimate]:
        people = market.pool.entrepreneurs
        left = [people[row] for row in np.flatnonzero(market.answer.alone).tolist()]
        for association in dict.fromkeys(person.association for person in left):
            here = [person for person in people if person.association == association]
            alone = [person for person in left if person.association == association]
            candidates = [
                self._invent(market, association, at, wish)
                for at, wish in enumerate(self.territories.list_wishes(here, alone))
            ]
            yield from self._narrow_all(market, candidates)

    def _invent(self, market: _RoleMarket, association: str | None, at: int, wish: Wish) -> Candidate:
        """Make up a supporter who has time at any moment; her id tells her from everybody in the market."""
        latitude, longitude = self.territories.middle(wish.territory)
        supporter = Supporter(
            id=f"recruit {len(market.pool.supporters)}.{at} of {association}",
            role=market.role,
            expertise=(),
            languages=wish.languages,
            availability=(1 << N_SLOTS) - 1,
            capacity=self.places,
            latitude=latitude,
            longitude=longitude,
            accepts_remote=wish.remote,
            association=association,
            has_bounced_back=market.role is Role.AMBASSADOR,
        )
        return Candidate(supporter, wish.territory)

    def _narrow_all(self, market: _RoleMarket, candidates: list[Candidate]) -> Iterator[_Estimate]:
        """Ask the prices about every candidate: what serving each person wins, as a share of one person served."""
        answer, settings = market.answer, market.pool.settings
        helpers, text = [one.supporter for one in candidates], self.pool.vocabulary.text
        pool = prepare(market.pool.entrepreneurs, helpers, settings, text=text)
        rows = np.flatnonzero(pool.entrepreneur_table.consent | (market.role is not Role.COACH))
        points = pool.market(market.role, rows, np.arange(len(helpers))).points(slice(0, len(rows)))
        gains = (points - answer.asked[rows, None]) / answer.unserved[rows, None]
        # What is above one person served is a better score, which does not make up for a person.
        gains = np.where((points > FORBIDDEN) & (gains >= WORTH_COUNTING), np.minimum(gains, 1), 0)
        for column, candidate in enumerate(candidates):
            yield self._narrow(pool, candidate, rows, gains[:, column], answer.alone[rows])

    def _narrow(
        self, pool: Pool, candidate: Candidate, rows: IntArray, gains: NDArray[np.float64], alone: BoolArray
    ) -> _Estimate:
        order = np.argsort(-gains, kind="stable")[: np.count_nonzero(gains)]
        masks = pool.entrepreneur_table.availability[rows[order]]
        free = (masks[:, None] >> np.arange(N_SLOTS, dtype=np.uint32)) & 1 > 0
        slots = choose_slots(gains[order], free, self.places)
        reached = order[free[:, slots].any(axis=1)]
        supporter = replace(
            candidate.supporter,
            availability=sum(1 << slot for slot in slots),
            expertise=self._choose_topics(pool, rows[reached], gains[reached]),
        )
        return _Estimate(
            replace(candidate, supporter=supporter),
            served=min(self.places, len(reached), int(np.count_nonzero(alone))),
            rows=np.sort(rows[reached]),
            meets=int(np.count_nonzero(alone[reached])),
        )

    def _choose_topics(self, pool: Pool, rows: IntArray, gains: NDArray[np.float64]) -> tuple[Expertise, ...]:
        """Choose the topics that weigh most with those she could serve, among those that enough people ask about."""
        wanted = dict(zip(pool.vocabulary.topics, gains @ pool.entrepreneur_table.needs[rows], strict=True))
        best = sorted(
            (topic for topic in wanted if wanted[topic] > 0 and topic in self.topics), key=lambda at: -wanted[at]
        )
        return tuple(Expertise(topic=topic) for topic in best[:MOST_TOPICS])
