"""Peer circles: 6 to 8 entrepreneurs with a common weekly slot and language, who can help each other, and one to lead.

A circle in person meets where its facilitator lives or works, and each member must be within her own reach of it; the
other circles meet remotely, with people who all accept it. Nobody is put in a circle without asking, no two competitors
or people kept apart sit together, and a facilitator leads no more circles than she agreed to. Circles meet monthly, so
that two circles of one facilitator may share a weekly slot.
"""

from collections.abc import Sequence

import numpy as np

from matcher.checks import A_NAME, check_setting, is_name, read_member, whole
from matcher.circle_placement import Group, PlacementModel
from matcher.circle_pool import CirclePool
from matcher.circle_reasons import explain_left_out, explain_member
from matcher.circle_records import Circle, CircleMember, CirclePlan, CircleSettings
from matcher.circle_search import find_groups
from matcher.errors import BrokenRuleError
from matcher.records import N_SLOTS, Entrepreneur, Format, Supporter, check_ids
from matcher.scoring import POINTS


def compose_circles(
    entrepreneurs: Sequence[Entrepreneur],
    facilitators: Sequence[Supporter],
    *,
    settings: CircleSettings | None = None,
) -> CirclePlan:
    """Compose circles: as many people placed as can be, then the highest total of their scores.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        Those who do not ask for a circle are passed over.
    facilitators : sequence of Supporter
        Those who take on no circle are passed over.
    settings : CircleSettings or None
        What the association chose; None for the defaults.

    Returns
    -------
    plan : CirclePlan
        The circles with their members and reasons, who is left out and why, and the proof.

    Raises
    ------
    DuplicateIdError
        If two entrepreneurs or two facilitators carry the same id.
    BrokenRuleError
        If the answer, checked again, breaks a rule: a defect of the engine.

    Notes
    -----
    Where all valid groups can be listed (up to `CircleSettings.exact_groups`), choosing among them is a set packing
    problem, solved to its end by HiGHS. Beyond, a programme about meetings says how many people can be placed at most
    and where to start; exchanges and set packing over the groups met on the way improve it. The bound is that of the
    programme about meetings with everybody's best partners, so that the gap also holds what the bound misses. Among
    plans of equal worth, people who come first in the input are placed first.

    Choosing groups for value is set packing (NP-hard); composing the candidates by exchanges and choosing among them by
    an integer programme follows the petal method of vehicle routing.

    About 1 s for 40 people, 3 s for 60 and 10 s for 120 on one core; memory in the tens of megabytes.

    References
    ----------
    Foster, B. A., & Ryan, D. M. (1976). An Integer Programming Approach to the Vehicle Scheduling Problem. Operational
    Research Quarterly, 27(2), 367-384. doi:10.1057/jors.1976.63

    Examples
    --------
    >>> from matcher import Expertise, Need, Role, Stage
    >>> def person(id, asks, gives):
    ...     return Entrepreneur(id=id, needs=(Need(topic=asks),), offers=(Expertise(topic=gives, level=3),),
    ...                         stage=Stage.LAUNCH, languages=("fr",), availability=0b100, wanted_roles=frozenset(),
    ...                         wants_circle=True)
    >>> leader = Supporter(id="lea", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b110, capacity=0,
    ...                    circles=1)
    >>> people = [person("ana", "sales", "cash_flow"), person("bea", "cash_flow", "sales")]
    >>> plan = compose_circles(people, [leader], settings=CircleSettings(minimum=2, target=2, quorum=2))
    >>> plan.circles[0].slot, [member.entrepreneur_id for member in plan.circles[0].members], plan.exact
    (2, ['ana', 'bea'], True)
    """
    chosen = settings or CircleSettings()
    check_ids("entrepreneur", (one.id for one in entrepreneurs))
    check_ids("facilitator", (one.id for one in facilitators))
    people = [person for person in entrepreneurs if person.wants_circle]
    pool = CirclePool(people, [leader for leader in facilitators if leader.circles > 0], chosen)
    model = PlacementModel(pool)
    placement, placed_bound = model.solve()
    groups, exact = find_groups(pool, model, placement)
    _check_again(pool, groups)
    return _report(pool, model, groups, placed_bound, exact)


def judge_circle(
    entrepreneurs: Sequence[Entrepreneur],
    facilitator: Supporter,
    *,
    slot: int,
    language: str,
    form: Format,
    settings: CircleSettings | None = None,
) -> Circle | None:
    """Look at one group by itself, whatever its size: whether they may meet so, and what it is worth to each.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        The members, at least one.
    facilitator : Supporter
        Who leads; her capacity is not asked.
    slot : int
        Weekly slot, 0 to 20.
    language : str
        ISO 639 code.
    form : Format
        In person or online.
    settings : CircleSettings or None
        What the association chose.

    Returns
    -------
    circle : Circle or None
        With scores and reasons of its members; None when a rule forbids it.

    Raises
    ------
    DuplicateIdError
        If two entrepreneurs carry the same id.
    InvalidSettingsError
        If there is no such slot or form, or the language is empty.

    Examples
    --------
    >>> from matcher import Role, Stage
    >>> people = [Entrepreneur(id=id, needs=(), stage=Stage.LAUNCH, languages=("fr",), availability=0b100,
    ...                        wanted_roles=frozenset(), wants_circle=True) for id in ("ana", "bea")]
    >>> leader = Supporter(id="lea", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b110, capacity=0)
    >>> judge_circle(people, leader, slot=1, language="fr", form=Format.ONLINE) is None
    True
    >>> len(judge_circle(people, leader, slot=2, language="fr", form=Format.ONLINE).members)
    2
    """
    check_ids("entrepreneur", (one.id for one in entrepreneurs))
    pool = CirclePool(entrepreneurs, [facilitator], settings or CircleSettings(), _read_meeting(slot, language, form))
    points, meeting = pool.worth(0, np.arange(len(entrepreneurs))[None, :])
    return None if points[0] < 0 else _circle(pool, (0, tuple(range(len(entrepreneurs)))), int(meeting[0]))


def find_newcomers(
    members: Sequence[Entrepreneur],
    candidates: Sequence[Entrepreneur],
    facilitator: Supporter,
    *,
    slot: int,
    language: str,
    form: Format,
    settings: CircleSettings | None = None,
) -> tuple[CircleMember, ...]:
    """Look for who may take a free place of one circle, the best for the whole circle first.

    Parameters
    ----------
    members : sequence of Entrepreneur
        Who is in the circle, may be nobody.
    candidates : sequence of Entrepreneur
        Who could be.
    facilitator : Supporter
        Who leads; her capacity is not asked.
    slot : int
        Weekly slot, 0 to 20.
    language : str
        ISO 639 code.
    form : Format
        In person or online.
    settings : CircleSettings or None
        What the association chose.

    Returns
    -------
    newcomers : tuple of CircleMember
        The candidates whom no rule keeps out, each with her own score and reasons in this circle, by the total that the
        circle would have with her; ties keep the order of the input. Empty when nobody may join.

    Raises
    ------
    DuplicateIdError
        If two people carry the same id.
    InvalidSettingsError
        If there is no such slot or form, or the language is empty.

    Notes
    -----
    Each candidate is looked at beside all members: O(m k) for m members and k candidates, after O((m + k)^2) for what
    people can bring each other. Choosing one person at a time is exact for one free place.

    Examples
    --------
    >>> from matcher import Expertise, Need, Role, Stage
    >>> def person(id, asks, gives):
    ...     return Entrepreneur(id=id, needs=(Need(topic=asks),), offers=(Expertise(topic=gives, level=3),),
    ...                         stage=Stage.LAUNCH, languages=("fr",), availability=0b100, wanted_roles=frozenset(),
    ...                         wants_circle=True)
    >>> leader = Supporter(id="lea", role=Role.MENTOR, expertise=(), languages=("fr",), availability=0b100, capacity=0,
    ...                    circles=1)
    >>> found = find_newcomers([person("ana", "sales", "cash_flow")],
    ...                        [person("eve", "sales", "hiring"), person("bea", "cash_flow", "sales")],
    ...                        leader, slot=2, language="fr", form=Format.ONLINE)
    >>> [member.entrepreneur_id for member in found]
    ['bea', 'eve']
    """
    people = [*members, *candidates]
    check_ids("entrepreneur", (one.id for one in people))
    if not candidates:
        return ()
    pool = CirclePool(people, [facilitator], settings or CircleSettings(), _read_meeting(slot, language, form))
    together = tuple(range(len(members)))
    groups = np.array([[*together, at] for at in range(len(members), len(people))])
    points, meeting = pool.worth(0, groups)
    order = [int(at) for at in np.argsort(-points, kind="stable") if points[at] >= 0]
    return tuple(
        explain_member(pool, (0, tuple(int(row) for row in groups[at])), int(meeting[at]), len(members)) for at in order
    )


def _read_meeting(slot: int, language: str, form: Format) -> tuple[int, str, Format]:
    """Check when, in what language and how people would meet."""
    check_setting("slot", slot, whole(0, N_SLOTS - 1)(slot), "a weekly slot, 0 to 20")
    check_setting("language", language, is_name(language), A_NAME)
    return slot, language, read_member("form", form, Format)


def _check_again(pool: CirclePool, groups: Sequence[Group]) -> None:
    """Check the answer against the rules once more, group by group and as a whole."""
    settings = pool.settings
    placed: set[int] = set()
    used = np.zeros(pool.m, dtype=np.int64)
    for column, members in groups:
        used[column] += 1
        fits = settings.minimum <= len(members) <= settings.maximum and placed.isdisjoint(members)
        fits = fits and pool.worth(column, np.array([members]))[0][0] >= 0
        if not fits or used[column] > pool.capacity[column]:
            first, leader = pool.entrepreneurs[members[0]].id, pool.facilitators[column].id
            raise BrokenRuleError(entrepreneur_id=first, supporter_id=leader, rule="circle")
        placed.update(members)


def _report(
    pool: CirclePool, model: PlacementModel, groups: Sequence[Group], placed_bound: int, exact: bool
) -> CirclePlan:
    best = [(group, *pool.worth(group[0], np.array([group[1]]))) for group in groups]
    met = [(group, int(meeting[0])) for group, _, meeting in best]
    met.sort(key=lambda one: (one[0][0], pool.meetings[one[0][0]].slots[one[1]], one[0][1]))
    points = sum(int(value[0]) for _, value, _ in best)
    placed = sum(len(members) for _, members in groups)
    bound = points if exact or not placed else max(points, model.solve(placed)[1])
    return CirclePlan(
        circles=tuple(_circle(pool, group, meeting) for group, meeting in met),
        left_out=tuple(explain_left_out(pool, met)),
        placed=placed,
        placed_bound=placed if exact else max(placed, placed_bound),
        objective=points / POINTS,
        upper_bound=bound / POINTS,
        gap=(bound - points) / POINTS,
        exact=exact,
    )


def _circle(pool: CirclePool, group: Group, meeting: int) -> Circle:
    column, rows = group
    settings, meetings = pool.settings, pool.meetings[column]
    members = tuple(explain_member(pool, group, meeting, at) for at in range(len(rows)))
    return Circle(
        facilitator_id=pool.facilitators[column].id,
        slot=int(meetings.slots[meeting]),
        language=meetings.languages[meeting],
        format=meetings.formats[meeting],
        quorum=settings.quorum,
        minimum=settings.minimum,
        maximum=settings.maximum,
        score=round(sum(member.score for member in members) / len(members), 6),
        members=members,
    )
