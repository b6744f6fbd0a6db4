"""Workshop sessions as columns, and as one entrepreneur sees them: which are open to her, what each is worth, why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.criteria import LANGUAGE_VALUES, REMOTE_VALUE
from matcher.encoding import (
    STAGES,
    BoolArray,
    FloatArray,
    IntArray,
    closeness_to_stages,
    great_circle_km,
    left_places,
    positions,
    right_places,
    squared_chord,
)
from matcher.records import SLOTS, Entrepreneur, Format, WorkshopSession, check_ids
from matcher.results import Component, Reason, SessionSuggestion
from matcher.scoring import POINTS, share_out
from matcher.settings import SESSION_COMPONENTS, Settings

SOON_DAYS = 60
"""Days after which a session is no longer soon."""

DOORS = frozenset({"bounce_back"})
"""Topics whose workshops open to somebody who declared a liquidation, even if she did not name them as a need."""

DOOR_VALUE = 1 / 3
"""Value of such a workshop: that of the smallest need among three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Sessions as columns; n of them."""

    records: tuple[WorkshopSession, ...]
    themes: IntArray
    topics: BoolArray
    topic_of: Mapping[str, int]
    stages: FloatArray
    languages: NDArray[np.str_]
    slots: IntArray
    place: NDArray[np.float64]
    in_person: BoolArray
    online: BoolArray
    bookable: BoolArray
    soon: FloatArray
    doors: BoolArray


def encode_sessions(sessions: Sequence[WorkshopSession]) -> Sessions:
    """Turn sessions into columns, in the same order; raises DuplicateIdError."""
    check_ids("session", (session.id for session in sessions))
    topic_of = {topic: at for at, topic in enumerate(sorted({topic for s in sessions for topic in s.topics}))}
    topics = np.zeros((len(sessions), len(topic_of)), dtype=bool)
    for row, session in enumerate(sessions):
        topics[row, [topic_of[topic] for topic in session.topics]] = True
    days = np.array([s.starts_in_days for s in sessions], dtype=np.float32)
    return Sessions(
        records=tuple(sessions),
        themes=np.unique([s.theme for s in sessions], return_inverse=True)[1],
        topics=topics,
        topic_of=topic_of,
        stages=closeness_to_stages([s.stages for s in sessions]),
        languages=np.array([s.language for s in sessions], dtype=np.str_),
        slots=np.array([s.slot for s in sessions], dtype=np.int64),
        place=right_places(positions(sessions, nowhere=-4.0)),
        in_person=np.array([s.format is not Format.ONLINE for s in sessions], dtype=bool),
        online=np.array([s.format is not Format.IN_PERSON for s in sessions], dtype=bool),
        bookable=np.array([s.seats_left > 0 and s.starts_in_days >= 0 for s in sessions], dtype=bool),
        soon=np.clip(1 - days / np.float32(SOON_DAYS), 0, 1),
        doors=np.array([not DOORS.isdisjoint(s.topics) for s in sessions], dtype=bool),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """The sessions as one entrepreneur sees them; one entry per session, but for `wanted`: one per topic."""

    person: Entrepreneur
    ratio: FloatArray
    squared_metres: NDArray[np.float64]
    near: BoolArray
    spoken: BoolArray
    free: BoolArray
    reachable: BoolArray
    open: BoolArray
    values: FloatArray
    shares: FloatArray
    wanted: FloatArray


def look(person: Entrepreneur, table: Sessions, covered: frozenset[str], settings: Settings) -> SessionView:
    """See the sessions as one entrepreneur does; `values` lack the part of the needs, which depends on her choice."""
    squared = (left_places(positions([person], nowhere=4.0)) @ table.place.T)[0]
    ratio = (squared / squared_chord(np.array([person.max_km]))).astype(np.float32)
    near, remote = table.in_person & (ratio <= 1), table.online & person.accepts_remote
    ease = _ease(person.languages, table.languages)
    free = (person.availability >> table.slots & 1).astype(bool)
    nearness = np.where(remote, np.float32(REMOTE_VALUE), np.float32(0))
    nearness[near] = np.maximum(nearness[near], 1 - ratio[near])
    stage = table.stages[:, STAGES.index(person.stage)]
    applies = np.array([[name != "place" or person.latitude is not None for name in SESSION_COMPONENTS]])
    return SessionView(
        person=person,
        ratio=ratio,
        squared_metres=squared,
        near=near,
        spoken=ease > 0,
        free=free,
        reachable=near | remote,
        open=table.bookable & (ease > 0) & free & (near | remote),
        values=np.stack([np.zeros_like(ease), stage, ease, nearness, table.soon], axis=1),
        shares=share_out(settings.session_weights, applies, SESSION_COMPONENTS)[0],
        wanted=weigh_needs(person, table.topic_of, covered),
    )


def _ease(spoken: tuple[str, ...], languages: NDArray[np.str_]) -> FloatArray:
    """How easy each session's language is for her, 0 where she does not speak it."""
    ease = np.zeros(len(languages), dtype=np.float32)
    for order, language in reversed(list(enumerate(spoken))):
        ease[languages == language] = LANGUAGE_VALUES[min(order, 2)]
    return ease


def weigh_needs(person: Entrepreneur, topic_of: Mapping[str, int], covered: frozenset[str]) -> FloatArray:
    """Priority of each topic that the sessions know and that nothing covers yet, then of all others together."""
    wanted = np.zeros(len(topic_of) + 1, dtype=np.float32)
    for topic in {need.topic for need in person.needs} - covered:
        priority = max(need.priority for need in person.needs if need.topic == topic)
        wanted[topic_of.get(topic, -1)] += priority
    return wanted


def suggest_best(
    view: SessionView, table: Sessions, useful: BoolArray, share: FloatArray, wanted: FloatArray
) -> tuple[int, SessionSuggestion]:
    """Give the best of some sessions: its place and the suggestion; of equal ones the first.

    Parameters
    ----------
    view, table : SessionView, Sessions
        Who looks, and at what.
    useful : ndarray of bool of shape (n_sessions,)
        The sessions to choose from, at least one.
    share : ndarray of float of shape (n_sessions,)
        Share of what she still needs that each serves, in [0, 1].
    wanted : ndarray of float of shape (n_topics + 1,)
        Priority of each topic that is still needed.

    Returns
    -------
    best : int
        Place of the session.
    suggestion : SessionSuggestion
        With its parts and reasons.
    """
    values = view.values.copy()
    values[:, 0] = share
    parts = np.rint(values * view.shares)
    best = int(np.where(useful, parts.sum(axis=1), -1).argmax())
    return best, _suggest(view, table, best, values[best], parts[best], wanted)


def _suggest(
    view: SessionView, table: Sessions, best: int, values: FloatArray, parts: FloatArray, wanted: FloatArray
) -> SessionSuggestion:
    components = tuple(
        Component(name=name, value=round(value, 6), weight=weight / POINTS, contribution=part / POINTS)
        for name, value, weight, part in zip(
            SESSION_COMPONENTS, values.tolist(), view.shares.tolist(), parts.tolist(), strict=True
        )
        if weight > 0
    )
    return SessionSuggestion(
        entrepreneur_id=view.person.id,
        session_id=table.records[best].id,
        score=float(parts.sum()) / POINTS,
        components=components,
        reasons=tuple(_reasons(view, table, best, wanted)),
    )


def _reasons(view: SessionView, table: Sessions, best: int, wanted: FloatArray) -> Iterator[Reason]:
    """Say why: `needs_served`, or `situation` behind a door; then stage, language, place, date."""
    session = table.records[best]
    served = sorted(
        (topic for topic in session.topics if wanted[table.topic_of[topic]] > 0),
        key=lambda topic: -wanted[table.topic_of[topic]],
    )
    if served:
        priorities = tuple(int(wanted[table.topic_of[topic]]) for topic in served)
        yield Reason(code="needs_served", facts={"topics": tuple(served), "priorities": priorities})
    else:
        yield Reason(code="situation", facts={})
    if view.person.stage in session.stages:
        yield Reason(code="knows_stage", facts={"stage": view.person.stage.value})
    yield Reason(code="language", facts={"language": session.language})
    if view.near[best]:
        yield Reason(code="near", facts={"distance_km": round(float(great_circle_km(view.squared_metres[best])), 1)})
    else:
        yield Reason(code="online", facts={})
    yield Reason(code="date", facts={"slot": SLOTS[session.slot], "starts_in_days": session.starts_in_days})
