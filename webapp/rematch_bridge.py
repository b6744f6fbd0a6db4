"""The suggestions that are still open, seen together by the engine: what a choice would mean for the others.

A bridge beside `matcher_bridge`, which makes the records. Scores are those that a run would give now: texts are read as
a run reads them, with everybody's; only who is still open takes part.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import matcher
from matcher.records import MAX_WAITING_DAYS
from matcher.weighing import Weighed, weigh_choices
from models.entrepreneurs import join_project
from models.match_runs import Suggestion
from models.queries.match_runs import RunPool
from models.supporters import SupporterRole
from webapp import text_bridge
from webapp.matcher_bridge import MatchResult, Measure, RunRecords, build_records, free_places

KEEPING = 0.02
"""What a suggestion that people have seen is worth, in score: each gives way only for more than two points of 100."""

Needs = Mapping[SupporterRole, Collection[int]]
Need = tuple[int, SupporterRole]


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """Somebody else who would have another supporter, or nobody; scores from 0 to 1."""

    entrepreneur_id: int
    before_id: int | None
    after_id: int | None
    score_before: float
    score_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedChoice:
    """What choosing a supporter would mean: how good it is, who would wait, what is lost in all, who would change."""

    supporter_id: int
    score: float
    is_best: bool
    waiting: int
    lost: float
    others: tuple[Displaced, ...]


def keep_open(records: RunRecords, needs: Needs) -> RunRecords:
    """Leave everybody in, and of what they want only what is still open: roles and the people who need them."""
    roles: dict[str, set[matcher.Role]] = defaultdict(set)
    for role, ids in needs.items():
        for id in ids:
            roles[str(id)].add(matcher.Role(role))
    people = tuple(
        replace(person, wanted_roles=person.wanted_roles & roles.get(person.id, frozenset()))
        for person in records.entrepreneurs
    )
    return replace(records, entrepreneurs=people, settings=replace(records.settings, keeping=KEEPING))


def weigh(
    records: RunRecords,
    *,
    entrepreneur_id: int,
    role: SupporterRole,
    shown: Sequence[Suggestion],
    also_wanted: Collection[SupporterRole] = (),
) -> tuple[WeighedChoice, ...]:
    """Weigh every supporter who can be chosen for one person, the best score first.

    `shown` is what is open now, `also_wanted` what a question of hers asks for besides her wishes.
    """
    records = _add_wishes(records, str(entrepreneur_id), also_wanted)
    needs = {role: {entrepreneur_id, *(one.entrepreneur_id for one in shown)}}
    held = keep_open(records, needs)
    if not any(person.id == str(entrepreneur_id) for person in held.entrepreneurs):
        return ()  # she has somebody in every role that she wants
    pool = matcher.prepare(held.entrepreneurs, held.supporters, held.settings)
    weighed = weigh_choices(
        pool,
        str(entrepreneur_id),
        matcher.Role(role),
        [supporter.id for supporter in held.supporters],
        previous={str(one.entrepreneur_id): str(one.supporter_id) for one in shown},
    )
    choices = [_choice(one) for one in weighed.values()]
    return tuple(sorted(choices, key=lambda choice: (-choice.score, choice.supporter_id)))


def _add_wishes(records: RunRecords, person_id: str, roles: Collection[SupporterRole]) -> RunRecords:
    """Let one person want some roles more, except those in which she has somebody."""
    added = {matcher.Role(role) for role in roles} - records.engaged.get(person_id, frozenset())
    everybody = tuple(
        replace(one, wanted_roles=one.wanted_roles | added) if one.id == person_id else one for one in records.everybody
    )
    return replace(records, everybody=everybody, entrepreneurs=tuple(one for one in everybody if one.wanted_roles))


def find_best_again(
    pool: RunPool,
    needs: Collection[Need],
    *,
    rejected: Mapping[int, frozenset[int]],
    measure: Measure,
    at: datetime,
) -> MatchResult:
    """Match once more whom needs name, and nobody else; of equally good answers, one that keeps what is shown.

    Whoever is shown somebody is served before whoever is not: as if she had waited longer than all.
    """
    records = _open_records(pool, needs, rejected=rejected, measure=measure, at=at)
    known = {person_id for pairs in records.previous.values() for person_id in pairs}
    prepared = matcher.prepare(
        [replace(one, waiting_days=MAX_WAITING_DAYS) if one.id in known else one for one in records.entrepreneurs],
        records.supporters,
        replace(records.settings, keeping=KEEPING, choices=1),
        text=text_bridge.learn_texts(frozenset(_list_texts(pool))),
    )
    return matcher.match_pool(prepared, previous=records.previous, with_unmatched=False)


def _open_records(
    pool: RunPool,
    needs: Collection[Need],
    *,
    rejected: Mapping[int, frozenset[int]],
    measure: Measure,
    at: datetime,
) -> RunRecords:
    """Make records of whom needs name, who want nothing else, and of those who have a place for them."""
    named, roles, nobody = {id for id, _role in needs}, {role for _id, role in needs}, frozenset[int]()
    part = replace(
        pool,
        entrepreneurs=[
            one._replace(wanted_roles=[role for role in one.wanted_roles if (one.id, role) in needs])
            for one in pool.entrepreneurs
            if one.id in named
        ],
        supporters=[one for one in pool.supporters if one.role in roles and free_places(one)],
        excluded={id: pool.excluded.get(id, nobody) | rejected.get(id, nobody) for id in named},
        shown=[one for one in pool.shown if one.role in roles],
    )
    return build_records(part, weights=measure.weights, aim=measure.aim, at=at)


def _list_texts(pool: RunPool) -> list[str]:
    """Give the texts of everybody who takes part in a run: they say which words are rare, whoever is matched."""
    projects = [
        join_project(one.project_title, one.project_text)
        for one in pool.entrepreneurs
        if any((one.id, role) not in pool.live_roles for role in one.wanted_roles)
    ]
    return projects + [one.presentation for one in pool.supporters]


def _choice(found: Weighed) -> WeighedChoice:
    return WeighedChoice(
        supporter_id=int(found.supporter_id),
        score=found.score,
        is_best=found.is_best,
        waiting=found.waiting,
        lost=found.lost,
        others=tuple(
            Displaced(
                entrepreneur_id=int(one.entrepreneur_id),
                before_id=None if one.before is None else int(one.before),
                after_id=None if one.after is None else int(one.after),
                score_before=one.score_before,
                score_after=one.score_after,
            )
            for one in found.others
        ),
    )
