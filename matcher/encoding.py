"""Records as columns: one named block of numbers per subject, people as rows.

Every number that enters a product is whole, so that sums come out the same whatever the order in which a machine adds
them: the answer depends neither on block size nor on threads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matcher.activities import DEPTHS, activity_path
from matcher.records import Entrepreneur, Role, Stage, Supporter, WorkshopSession
from matcher.text import TextModel, TextSimilarity, read_vectors

EARTH_RADIUS_M = 6_371_009.0
"""Mean radius of the Earth, in metres (IUGG)."""

EASE = (10_000, 100, 1)
"""Marks of a person's first, second and later languages: far enough apart to be read from their sum."""

ROLES = tuple(Role)
STAGES = tuple(Stage)

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    def __len__(self) -> int:
        return len(self.availability)  # type: ignore[attr-defined]

    def take(self, rows: slice | IntArray) -> Self:
        """Keep some rows, in the order given."""
        return replace(self, **{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurTable(_Table):
    """Entrepreneurs as columns; n rows.

    Parameters
    ----------
    needs : ndarray of float32 of shape (n, n_topics)
        Priority of each topic, 0 where not asked.
    needs_total : ndarray of float32 of shape (n,)
        What a supporter who is expert in everything asked would reach: three times the sum of priorities.
    activity : ndarray of int64 of shape (n,)
        Row of the activity in `Vocabulary.activities`, -1 unknown.
    stage : ndarray of int64 of shape (n,)
        Row of the stage.
    languages : ndarray of float32 of shape (n, n_languages)
        Ease of each language, see `EASE`.
    availability : ndarray of uint32 of shape (n,)
        Mask of weekly slots.
    place : ndarray of float64 of shape (n, 5)
        Whole metres, arranged so that its product with a supporter's place is the squared distance.
    reach : ndarray of float32 of shape (n,)
        One over the squared farthest distance.
    located, remote, consent, bridging, has_text : ndarray of bool of shape (n,)
        Facts.
    association, catchment : ndarray of int64 of shape (n,)
        Number of the name, -1 for none.
    text : ndarray of float32 of shape (n, n_dimensions)
        Whole numbers, length `text.TEXT_SCALE`.
    roles : ndarray of bool of shape (n, n_roles)
        Roles wanted.
    waiting_days : ndarray of int64 of shape (n,)
        Days.
    """

    needs: FloatArray
    needs_total: FloatArray
    activity: IntArray
    stage: IntArray
    languages: FloatArray
    availability: NDArray[np.uint32]
    place: NDArray[np.float64]
    reach: FloatArray
    located: BoolArray
    remote: BoolArray
    consent: BoolArray
    bridging: BoolArray
    has_text: BoolArray
    association: IntArray
    catchment: IntArray
    text: FloatArray
    roles: BoolArray
    waiting_days: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterTable(_Table):
    """Supporters as columns; m rows.

    Parameters
    ----------
    expertise : ndarray of float32 of shape (m, n_topics)
        Level on each topic, 0 where none.
    activities : ndarray of float32 of shape (m, n_activities)
        Depth in [0, 1] that she shares with each activity of the entrepreneurs.
    stages : ndarray of float32 of shape (m, n_stages)
        Closeness in [0, 1] to each stage.
    languages : ndarray of float32 of shape (m, n_languages)
        1 where spoken.
    availability, place, reach, remote, association, catchment, text
        As for entrepreneurs; places in the matching arrangement.
    capacity : ndarray of int64 of shape (m,)
        Free places, in people.
    role : ndarray of int64 of shape (m,)
        Row of the role.
    ready : ndarray of bool of shape (m,)
        Whether she may play her role: an ambassador must have bounced back.
    """

    expertise: FloatArray
    activities: FloatArray
    stages: FloatArray
    languages: FloatArray
    availability: NDArray[np.uint32]
    place: NDArray[np.float64]
    reach: FloatArray
    remote: BoolArray
    association: IntArray
    catchment: IntArray
    text: FloatArray
    capacity: IntArray
    role: IntArray
    ready: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the columns of the tables mean: the data give the topics, languages, activities and names."""

    topics: dict[str, int]
    languages: dict[str, int]
    activities: dict[str, int]
    associations: dict[str, int]
    catchments: dict[str, int]
    text: TextModel


def collect_vocabulary(
    entrepreneurs: Sequence[Entrepreneur], supporters: Sequence[Supporter], text: TextModel | None = None
) -> Vocabulary:
    """Collect the words that the records use, sorted, so that their order in the input does not matter.

    Parameters
    ----------
    entrepreneurs, supporters : sequence
        The records.
    text : TextModel or None
        A text model learned elsewhere; None learns one from these texts.

    Returns
    -------
    vocabulary : Vocabulary
        The words, numbered.
    """
    people: list[Entrepreneur | Supporter] = [*entrepreneurs, *supporters]
    return Vocabulary(
        topics=_number(
            [
                *(need.topic for e in entrepreneurs for need in e.needs),
                *(x.topic for s in supporters for x in s.expertise),
            ]
        ),
        languages=_number(language for person in people for language in person.languages),
        activities=_number(e.activity for e in entrepreneurs if e.activity is not None),
        associations=_number(person.association for person in people if person.association is not None),
        catchments=_number(person.catchment for person in people if person.catchment is not None),
        text=TextSimilarity().fit(person.text for person in people) if text is None else text,
    )


def encode_entrepreneurs(entrepreneurs: Sequence[Entrepreneur], vocabulary: Vocabulary) -> EntrepreneurTable:
    """Turn entrepreneurs into columns.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        The records.
    vocabulary : Vocabulary
        Words that hold all those of the records.

    Returns
    -------
    table : EntrepreneurTable
        One row per record, in the same order.
    """
    n = len(entrepreneurs)
    needs = np.zeros((n, len(vocabulary.topics)), dtype=np.float32)
    languages = np.zeros((n, len(vocabulary.languages)), dtype=np.float32)
    for row, person in enumerate(entrepreneurs):
        for need in person.needs:
            column = vocabulary.topics[need.topic]
            needs[row, column] = max(needs[row, column], need.priority)
        for order, language in enumerate(person.languages):
            column = vocabulary.languages[language]
            languages[row, column] = max(languages[row, column], EASE[min(order, 2)])
    text = read_vectors(vocabulary.text, [person.text for person in entrepreneurs])
    stage_of = {stage: at for at, stage in enumerate(STAGES)}
    return EntrepreneurTable(
        needs=needs,
        needs_total=3 * needs.sum(axis=1, dtype=np.float32),
        activity=np.array([vocabulary.activities.get(e.activity or "", -1) for e in entrepreneurs], dtype=np.int64),
        stage=np.array([stage_of[e.stage] for e in entrepreneurs], dtype=np.int64),
        languages=languages,
        availability=np.array([e.availability for e in entrepreneurs], dtype=np.uint32),
        place=left_places(positions(entrepreneurs, nowhere=4.0)),
        reach=_reach(entrepreneurs),
        located=_facts(e.latitude is not None for e in entrepreneurs),
        remote=_facts(e.accepts_remote for e in entrepreneurs),
        consent=_facts(e.coaching_consent for e in entrepreneurs),
        bridging=_facts(e.wants_bridging and e.catchment is not None for e in entrepreneurs),
        has_text=np.asarray(text.any(axis=1)),
        association=_codes((e.association for e in entrepreneurs), vocabulary.associations),
        catchment=_codes((e.catchment for e in entrepreneurs), vocabulary.catchments),
        text=text,
        roles=np.array([[role in e.wanted_roles for role in ROLES] for e in entrepreneurs], dtype=bool).reshape(
            n, len(ROLES)
        ),
        waiting_days=np.array([e.waiting_days for e in entrepreneurs], dtype=np.int64),
    )


def encode_supporters(supporters: Sequence[Supporter], vocabulary: Vocabulary) -> SupporterTable:
    """Turn supporters into columns.

    Parameters
    ----------
    supporters : sequence of Supporter
        The records.
    vocabulary : Vocabulary
        Words that hold all those of the records.

    Returns
    -------
    table : SupporterTable
        One row per record, in the same order.
    """
    m = len(supporters)
    expertise = np.zeros((m, len(vocabulary.topics)), dtype=np.float32)
    languages = np.zeros((m, len(vocabulary.languages)), dtype=np.float32)
    for row, person in enumerate(supporters):
        for skill in person.expertise:
            column = vocabulary.topics[skill.topic]
            expertise[row, column] = max(expertise[row, column], skill.level)
        for language in person.languages:
            languages[row, vocabulary.languages[language]] = 1
    role_of = {role: at for at, role in enumerate(ROLES)}
    return SupporterTable(
        expertise=expertise,
        activities=_activity_depths(supporters, vocabulary),
        stages=closeness_to_stages([s.stages for s in supporters]),
        languages=languages,
        availability=np.array([s.availability for s in supporters], dtype=np.uint32),
        place=right_places(positions(supporters, nowhere=-4.0)),
        reach=_reach(supporters),
        remote=_facts(s.accepts_remote for s in supporters),
        association=_codes((s.association for s in supporters), vocabulary.associations),
        catchment=_codes((s.catchment for s in supporters), vocabulary.catchments),
        text=read_vectors(vocabulary.text, [s.text for s in supporters]),
        capacity=np.array([s.capacity for s in supporters], dtype=np.int64),
        role=np.array([role_of[s.role] for s in supporters], dtype=np.int64),
        ready=_facts(s.role is not Role.AMBASSADOR or s.has_bounced_back for s in supporters),
    )


def _number(words: Iterable[str]) -> dict[str, int]:
    return {word: at for at, word in enumerate(sorted(set(words)))}


def _facts(values: Iterable[bool]) -> BoolArray:
    return np.fromiter(values, dtype=bool)


def _codes(names: Iterable[str | None], numbers: dict[str, int]) -> IntArray:
    return np.array([-1 if name is None else numbers[name] for name in names], dtype=np.int64)


def positions(people: Sequence[Entrepreneur | Supporter | WorkshopSession], *, nowhere: float) -> NDArray[np.float64]:
    """Whole metres from the centre of the Earth; somebody without a place stands `nowhere` radii out, far from all."""
    known = np.array([(p.latitude, p.longitude) for p in people], dtype=np.float64).reshape(-1, 2)
    latitude, longitude = np.radians(known).T
    unit = np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )
    unit[np.isnan(latitude)] = (nowhere, 0.0, 0.0)
    return np.rint(unit * EARTH_RADIUS_M)


def left_places(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Arrange positions so that `left_places(a) @ right_places(b).T` holds exact square metres."""
    square = (position**2).sum(axis=1, keepdims=True)
    return np.hstack([position, square, np.ones_like(square)])


def right_places(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Arrange positions for the other side of `left_places`."""
    square = (position**2).sum(axis=1, keepdims=True)
    return np.hstack([-2 * position, np.ones_like(square), square])


def _reach(people: Sequence[Entrepreneur] | Sequence[Supporter]) -> FloatArray:
    kilometres = np.array([p.max_km for p in people], dtype=np.float64)
    return (1 / squared_chord(kilometres)).astype(np.float32)


def squared_chord(kilometres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared straight line, in square metres, under a great-circle distance; 1 m at least: 0 km means "here"."""
    metres = np.maximum(1.0, 1000 * kilometres)
    return np.asarray((2 * EARTH_RADIUS_M * np.sin(np.minimum(metres / (2 * EARTH_RADIUS_M), np.pi / 2))) ** 2)


def great_circle_km(squared_metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance, in kilometres, over a squared straight line; the inverse of `squared_chord`."""
    return np.asarray(
        2 * EARTH_RADIUS_M * np.arcsin(np.minimum(np.sqrt(squared_metres) / (2 * EARTH_RADIUS_M), 1)) / 1000
    )


def _activity_depths(supporters: Sequence[Supporter], vocabulary: Vocabulary) -> FloatArray:
    """Deepest level, out of 5, that one of the supporter's activities shares with each activity asked for."""
    columns: dict[str, list[int]] = {}
    for code, at in vocabulary.activities.items():
        for branch in activity_path(code) or ():
            columns.setdefault(branch, []).append(at)
    depths = np.zeros((len(supporters), len(vocabulary.activities)), dtype=np.float32)
    for row, person in enumerate(supporters):
        paths = [activity_path(code) or () for code in person.activities]
        for depth in range(len(DEPTHS)):
            for branch in {path[depth] for path in paths if len(path) > depth}:
                depths[row, columns.get(branch, [])] = np.float32((depth + 1) / len(DEPTHS))
    return depths


STAGE_LINKS = (
    *pairwise(STAGES[:8]),
    (Stage.TAKEOVER, Stage.FUNDING),
    (Stage.TAKEOVER, Stage.LAUNCH),
    (Stage.DIFFICULTY, Stage.CONSOLIDATION),
    (Stage.DIFFICULTY, Stage.GROWTH),
    (Stage.DIFFICULTY, Stage.REBOUND),
    (Stage.REBOUND, Stage.EMERGENCE),
)
"""Stages whose work resembles each other: the ladder from idea to growth, and where the side roads join it."""

STAGE_HORIZON = 4
"""Steps after which knowing one stage no longer helps with another."""


@cache
def stage_closeness() -> FloatArray:
    """Compare every two stages: 1 for the same, a quarter less per step along `STAGE_LINKS`, 0 from the fourth on.

    Returns
    -------
    closeness : ndarray of float32 of shape (n_stages, n_stages)
        Symmetric, in [0, 1]; read only, since it is worked out once.
    """
    n = len(STAGES)
    steps = np.full((n, n), STAGE_HORIZON)
    np.fill_diagonal(steps, 0)
    for one, other in STAGE_LINKS:
        steps[STAGES.index(one), STAGES.index(other)] = steps[STAGES.index(other), STAGES.index(one)] = 1
    for middle in range(n):
        steps = np.minimum(steps, steps[:, middle, None] + steps[None, middle])
    closeness = (1 - steps / STAGE_HORIZON).astype(np.float32)
    closeness.flags.writeable = False
    return closeness


def closeness_to_stages(chosen: Sequence[Sequence[Stage]]) -> FloatArray:
    """Compare lists of stages with every stage: the closest of the list counts, and an empty list means all.

    Parameters
    ----------
    chosen : sequence of sequence of Stage
        One list per supporter or session.

    Returns
    -------
    closeness : ndarray of float32 of shape (n_lists, n_stages)
        In [0, 1].
    """
    closeness = stage_closeness()
    everything = np.ones(len(STAGES), dtype=np.float32)
    rows = [closeness[[STAGES.index(stage) for stage in some]].max(axis=0) if some else everything for some in chosen]
    return np.array(rows, dtype=np.float32).reshape(len(chosen), len(STAGES))
