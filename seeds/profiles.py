"""How invented people's needs, expertise, languages and free time are drawn.

The weights are judgements, made to look like what associations describe: popular topics, scarce evenings, too few
mentors. They are no statistics, and nothing here knows a name or a place.
"""

from collections.abc import Mapping
from functools import cache

from seeds import reference
from seeds.draws import Draws, Weighted, weights
from seeds.invented import Career, read_list
from webapp.spreadsheets import terms

INITIATIVE, REBONDS = "initiative_france", "rebonds"

STAGES: Mapping[str, Weighted[str]] = {
    INITIATIVE: weights(
        "idea 10 emergence 10 planning 14 funding 14 registration 6 launch 20 consolidation 14 growth 5 takeover 4 "
        "difficulty 3"
    ),
    REBONDS: weights("rebound 72 difficulty 12 launch 8 emergence 8"),
}

_OTHER_LANGUAGES = weights(
    "ar 22 en 14 ber 8 tr 6 pt 7 es 7 wo 5 ff 3 bm 5 snk 3 ln 4 ro 3 rom 1 bg 1 sq 1 ru 2 uk 1 it 2 pl 1 mg 1 ht 1 "
    "ur 1 bn 1 zh 2 vi 1 km 1 rcf 1 gcf 1 swb 1 fa 1 fsl 1"
)
_SPOKEN_ALONE = weights("ar 5 en 4 tr 3 pt 2 es 2 ru 1 zh 1")
UNSERVED_LANGUAGES = ("ta", "ps", "so")  # no invented supporter speaks them, so that some people cannot be matched

_HOW_MANY_NEEDS = Weighted({1: 10, 2: 28, 3: 34, 4: 20, 5: 8})
_KM = Weighted({5.0: 8, 10.0: 24, 15.0: 16, 20.0: 24, 30.0: 20, 50.0: 8})
_SUNDAY_EVENING = 1 << 20


@cache
def _topic_weights() -> Mapping[str, Mapping[str, float]]:
    """Read how often each topic is asked for, and what stage and trade make of it."""
    found = {
        line["topic"]: {name: float(line[name]) for name in line if name != "topic"}
        for line in read_list("topic_weights.csv")
    }
    if found.keys() != reference.topics().keys():
        raise ValueError("topic_weights.csv and topics.csv list different topics")
    return found


@cache
def _topics(stage: str, family: str) -> Weighted[str]:
    return Weighted(
        {topic: weight["popularity"] * weight[stage] * weight[family] for topic, weight in _topic_weights().items()}
    )


@cache
def _popular_topics() -> Weighted[str]:
    return Weighted({topic: weight["popularity"] for topic, weight in _topic_weights().items()})


def draw_needs(stage: str, family: str, draws: Draws) -> tuple[tuple[str, int], ...]:
    """Draw one to five needs that follow from stage and trade, the first ones the more pressing."""
    topics = _topics(stage, family).sample(draws, _HOW_MANY_NEEDS.draw(draws))
    return tuple((topic, _priority(place, draws)) for place, topic in enumerate(topics))


def _priority(place: int, draws: Draws) -> int:
    if place == 0:
        return 3 if draws.chance(0.6) else 2
    return 2 if draws.chance(0.55) else (1 if draws.chance(0.75) else 3)


def draw_expertise(career: Career, draws: Draws) -> tuple[tuple[str, int], ...]:
    """Draw what a career taught, and now and then something beside it."""
    topics = draws.sample(career.topics, draws.between(2, 4))
    beside = [_popular_topics().draw(draws)] if draws.chance(0.45) else []
    levels = {topic: 3 if place == 0 or draws.chance(0.35) else 2 for place, topic in enumerate(topics)}
    for topic in beside:
        levels.setdefault(topic, 1)
    return tuple(levels.items())


def draw_wishes(network: str, needs: tuple[tuple[str, int], ...], draws: Draws) -> tuple[str, ...]:
    """Draw whom an entrepreneur wishes to meet; a coach mostly in the network that has some."""
    technical = {"legal_status", "tax_social", "bookkeeping", "public_tenders", "insolvency_debt", "digital_tools"}
    precise = any(topic in technical for topic, _ in needs)
    rebonds = network == REBONDS
    wishes = {
        "mentor": 0.64,
        "coach": 0.65 if rebonds else 0.03,
        "expert": 0.45 if precise else 0.15,
        "ambassador": 0.35 if rebonds else 0.06,
    }
    return tuple(role for role, probability in wishes.items() if draws.chance(probability)) or ("mentor",)


def draw_languages(draws: Draws) -> tuple[str, ...]:
    """Draw an entrepreneur's languages: French nearly always, another for two in five, a rare one alone for a few."""
    kind = draws.unit()
    if kind < 0.58:
        return ("fr",)
    if kind < 0.955:
        others = _OTHER_LANGUAGES.sample(draws, 2 if draws.chance(0.12) else 1)
        return ("fr", *others) if draws.chance(0.85) else (*others, "fr")
    return (_SPOKEN_ALONE.draw(draws),) if kind < 0.985 else (draws.pick(UNSERVED_LANGUAGES),)


def draw_supporter_languages(draws: Draws) -> tuple[str, ...]:
    """Draw a supporter's languages: French, and another for three in ten."""
    return ("fr", _OTHER_LANGUAGES.draw(draws)) if draws.chance(0.3) else ("fr",)


def draw_entrepreneur_slots(draws: Draws) -> int:
    """Draw free time: evenings and Saturdays above all; a few have only Sunday evening."""
    if draws.chance(0.02):
        return _SUNDAY_EVENING
    ease = draws.pick((0.6, 1.0, 1.0, 1.5))
    by_day = draws.chance(0.2)  # free in the day: looking for work, or working for oneself
    weekday = (0.45, 0.4, 0.3) if by_day else (0.07, 0.05, 0.5)
    odds = [*(weekday * 5), 0.5, 0.45, 0.12, 0.04, 0.1, 0.04]
    return _slots(odds, ease, draws) or 1 << draws.pick((2, 5, 8, 11, 14, 15))


def draw_supporter_slots(retired: bool, draws: Draws) -> int:
    """Draw free time: retired people in the day, the others a little at noon and after work; evenings are scarce."""
    weekday = (0.45, 0.5, 0.07) if retired else (0.1, 0.14, 0.24)
    odds = [*(weekday * 5), 0.16, 0.06, 0.0, 0.0, 0.02, 0.0]
    return _slots(odds, draws.pick((0.7, 1.0, 1.3)), draws) or 1 << draws.pick((0, 1, 4, 7, 10, 13))


def _slots(odds: list[float], ease: float, draws: Draws) -> int:
    return sum(1 << slot for slot, probability in enumerate(odds) if draws.chance(probability * ease))


def draw_km(draws: Draws) -> float:
    """Draw how far a person goes."""
    return _KM.draw(draws)


def draw_stages(network: str, draws: Draws) -> tuple[str, ...]:
    """Draw the stages that a supporter prefers, in their order; none for two in five, which means all."""
    if draws.chance(0.4):
        return ()
    chosen = set(STAGES[network].sample(draws, draws.between(2, 4)))
    return tuple(stage for stage in terms.STAGES if stage in chosen)
