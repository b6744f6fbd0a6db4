"""Between the tables and the engine for peer circles: rows become records, a plan becomes circles and members.

What somebody confided is not read here: a circle asks for nothing of it.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import matcher
from matcher.circles import compose_circles, find_newcomers, judge_circle
from matcher.errors import InvalidSettingsError
from models.circles import Circle, CircleFormat, CircleLeftOut, CircleMember, CircleRound, CircleRule
from models.exceptions import InvalidInputError
from models.queries.circles import CirclePoolRows
from webapp.matcher_bridge import entrepreneur_record, files_by_judge, plain_reasons, supporter_record

CirclePlan = matcher.CirclePlan
Record = TypeVar("Record", matcher.Entrepreneur, matcher.Supporter)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSizes:
    """Members of a circle: fewest, best, most; and how many must be there for a meeting to be held."""

    minimum: int = 6
    target: int = 7
    maximum: int = 8
    quorum: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccount:
    """What a place in a circle is worth to one person, with parts and reasons as they are kept."""

    entrepreneur_id: int
    score: float
    components: list[dict[str, Any]]
    reasons: list[dict[str, Any]]


def compose(pool: CirclePoolRows, *, sizes: CircleSizes, at: datetime) -> CirclePlan:
    """Let the engine compose circles. It takes as long as it takes: no transaction may be open.

    Raises
    ------
    InvalidInputError
        If no circle can have these sizes.
    """
    try:
        settings = matcher.CircleSettings(**asdict(sizes))
    except InvalidSettingsError as error:
        raise InvalidInputError(field=str(error.facts["field"])) from error
    return compose_circles(_people(pool, at), _leaders(pool), settings=settings)


def judge(pool: CirclePoolRows, circle: Circle, *, at: datetime) -> tuple[MemberAccount, ...] | None:
    """Look at the people of a pool in one circle: what it is worth to each, or None when a rule forbids it."""
    leaders, rules = _leaders(pool), _passed_over(circle)
    found = None
    if leaders:
        people = [_loosen(person, circle, rules & {CircleRule.PLACE}) for person in _people(pool, at)]
        found = _judge(people, _loosen(leaders[0], circle, rules), circle, form=_form(circle, rules))
    return None if found is None else tuple(_account(member) for member in found.members)


def map_passed_over(pool: CirclePoolRows, circle: Circle, *, at: datetime) -> dict[int, tuple[CircleRule, ...]]:
    """Give who of a pool could lead the people in it, by number, and what must be passed over: nothing where she suits.

    Whom a conflict, an examination, competition or a common household keeps away is not among them.
    """
    people = _people(pool, at)
    found = {int(leader.id): _find_passed_over(people, leader, circle) for leader in _leaders(pool)}
    return {number: rules for number, rules in found.items() if rules is not None}


def _find_passed_over(
    people: Sequence[matcher.Entrepreneur], leader: matcher.Supporter, circle: Circle
) -> tuple[CircleRule, ...] | None:
    """Try each rule alone with the others loosened: what somebody says of her time says nothing of her language."""

    def may_meet(rules: Set[CircleRule]) -> bool:
        loosened = [_loosen(person, circle, rules) for person in people]
        led_by = _loosen(leader, circle, rules)
        return not people or _judge(loosened, led_by, circle, form=_form(circle, rules)) is not None

    every = frozenset(CircleRule)
    return tuple(rule for rule in CircleRule if not may_meet(every - {rule})) if may_meet(every) else None


def _passed_over(circle: Circle) -> frozenset[CircleRule]:
    return frozenset(map(CircleRule, circle.passed_over))


def _loosen(record: Record, circle: Circle, rules: Set[CircleRule]) -> Record:
    """Let somebody be free, speak the language, or take part from wherever she is, whatever her profile says."""
    changes: dict[str, Any] = {}
    if CircleRule.TIME in rules:
        changes["availability"] = record.availability | 1 << circle.slot
    if CircleRule.LANGUAGE in rules:
        changes["languages"] = tuple(dict.fromkeys((*record.languages, circle.language)))
    if CircleRule.PLACE in rules:
        changes["accepts_remote"] = True
    return replace(record, **changes)


def _form(circle: Circle, rules: Set[CircleRule]) -> matcher.Format:
    return matcher.Format.ONLINE if CircleRule.PLACE in rules else matcher.Format(circle.format)


def _judge(
    people: Sequence[matcher.Entrepreneur], leader: matcher.Supporter, circle: Circle, *, form: matcher.Format
) -> matcher.Circle | None:
    return judge_circle(people, leader, slot=circle.slot, language=circle.language, form=form)


def rank_newcomers(
    pool: CirclePoolRows, circle: Circle, *, members: Sequence[int], at: datetime
) -> tuple[MemberAccount, ...]:
    """Give who of a pool may join these members, the best for the whole circle first."""
    leaders, rules = _leaders(pool), _passed_over(circle)
    if not leaders:
        return ()
    people = [_loosen(person, circle, rules & {CircleRule.PLACE}) for person in _people(pool, at)]
    known = {str(number) for number in members}
    newcomers = find_newcomers(
        [person for person in people if person.id in known],
        [person for person in people if person.id not in known],
        _loosen(leaders[0], circle, rules),
        slot=circle.slot,
        language=circle.language,
        form=_form(circle, rules),
    )
    return tuple(_account(newcomer) for newcomer in newcomers)


def _people(pool: CirclePoolRows, at: datetime) -> list[matcher.Entrepreneur]:
    nobody: frozenset[int] = frozenset()
    records = []
    for person in pool.people:
        record = entrepreneur_record(
            person, wanted=frozenset(), excluded=pool.excluded.get(person.id, nobody), at=at, consents=False
        )
        offers = tuple(matcher.Expertise(topic=offer.topic, level=offer.level) for offer in person.offers)
        apart = frozenset(str(other) for other in pool.apart.get(person.id, nobody))
        # Circles read no texts.
        records.append(replace(record, text="", offers=offers, apart=apart, wants_circle=True))
    return records


def _leaders(pool: CirclePoolRows) -> list[matcher.Supporter]:
    judged = files_by_judge(pool.examiners)
    return [
        replace(
            supporter_record(supporter, judges=judged.get(supporter.id, frozenset())),
            text="",
            circles=pool.free[supporter.id],
        )
        for supporter in pool.supporters
    ]


def _account(member: matcher.CircleMember) -> MemberAccount:
    return MemberAccount(
        entrepreneur_id=int(member.entrepreneur_id),
        score=member.score,
        components=[asdict(component) for component in member.components],
        reasons=plain_reasons(member.reasons),
    )


def build_round(
    plan: CirclePlan, *, association_id: int, composed_by_id: int | None, composed_at: datetime
) -> CircleRound:
    """Turn what a plan proved into a row."""
    return CircleRound(
        association_id=association_id,
        composed_at=composed_at,
        composed_by_id=composed_by_id,
        placed=plan.placed,
        placed_bound=plan.placed_bound,
        objective=plan.objective,
        upper_bound=plan.upper_bound,
        gap=plan.gap,
        is_exact=plan.exact,
    )


def build_left_outs(plan: CirclePlan, *, circle_round: CircleRound) -> list[CircleLeftOut]:
    """Turn the people left out into rows."""
    return [
        CircleLeftOut(
            association_id=circle_round.association_id,
            round_id=circle_round.id,
            entrepreneur_id=int(one.entrepreneur_id),
            rule=str(one.rule),
            refusals={str(rule): count for rule, count in one.refusals.items()},
            change=None if one.change is None else plain_reasons([one.change])[0],
        )
        for one in plan.left_out
    ]


def build_circles(
    plan: CirclePlan, *, circle_round: CircleRound, places: Mapping[int, str]
) -> list[tuple[Circle, Sequence[MemberAccount]]]:
    """Turn the circles of a plan into rows, each with the accounts of its members; `places` are the leaders' towns."""
    return [
        (
            Circle(
                association_id=circle_round.association_id,
                round_id=circle_round.id,
                facilitator_id=int(found.facilitator_id),
                slot=found.slot,
                language=found.language,
                format=CircleFormat(found.format),
                place=places[int(found.facilitator_id)] if found.format is matcher.Format.IN_PERSON else "",
                quorum=found.quorum,
                minimum=found.minimum,
                maximum=found.maximum,
                taken=len(found.members),
                score=found.score,
            ),
            [_account(member) for member in found.members],
        )
        for found in plan.circles
    ]


def build_member(account: MemberAccount, *, circle: Circle) -> CircleMember:
    """Turn one account into a place of a circle that has its number."""
    return CircleMember(
        association_id=circle.association_id,
        circle_id=circle.id,
        entrepreneur_id=account.entrepreneur_id,
        score=account.score,
        components=account.components,
        reasons=account.reasons,
    )
