"""Workshop sessions for everybody, from needs not yet covered; coaching for those who ask for it and agree."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from matcher.records import Entrepreneur, Role, Stage, WorkshopSession, check_ids
from matcher.results import CoachingInvitation, Reason, SessionSuggestion
from matcher.session_views import DOOR_VALUE, Sessions, encode_sessions, look, suggest_best
from matcher.settings import Settings

COACHING_TOPICS = frozenset({"confidence", "stress_balance", "bounce_back"})
"""Needs in which a resilience coach helps."""

NOTHING_COVERED: Mapping[str, frozenset[str]] = MappingProxyType({})


def recommend_sessions(
    entrepreneurs: Sequence[Entrepreneur],
    sessions: Sequence[WorkshopSession],
    *,
    covered: Mapping[str, frozenset[str]] = NOTHING_COVERED,
    settings: Settings | None = None,
) -> tuple[SessionSuggestion, ...]:
    """Recommend workshop sessions that serve what each entrepreneur still needs.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        For whom.
    sessions : sequence of WorkshopSession
        What is offered.
    covered : Mapping of str to frozenset of str
        Per entrepreneur's id, topics that earlier bookings or pairings cover already.
    settings : Settings or None
        Weights and the number of sessions per person; None for the defaults.

    Returns
    -------
    suggestions : tuple of SessionSuggestion
        By entrepreneur in input order, best first. Each counts the topics of those before it as covered, and no theme
        comes twice. Only sessions that she can take part in: a language she speaks, a slot she has, a place within
        her reach or online where she accepts it, a seat left, not begun.

    Raises
    ------
    DuplicateIdError
        If two sessions or two entrepreneurs carry the same id.

    Notes
    -----
    A declared liquidation opens workshops on bouncing back. They come after those that serve needs, so that the
    declaration never takes anything away. About 0.2 ms per entrepreneur and thousand sessions.

    Examples
    --------
    >>> from matcher import Format, Need
    >>> ana = Entrepreneur(id="ana", needs=(Need(topic="sales"),), stage=Stage.IDEA, languages=("fr",), availability=1,
    ...                    wanted_roles=frozenset())
    >>> online = WorkshopSession(id="w", theme="first_sales", topics=("sales",), slot=0, format=Format.ONLINE,
    ...                          seats_left=3, starts_in_days=9)
    >>> [found.session_id for found in recommend_sessions([ana], [online])]
    ['w']
    >>> recommend_sessions([ana], [online], covered={"ana": frozenset({"sales"})})
    ()
    """
    chosen = settings or Settings()
    check_ids("entrepreneur", (person.id for person in entrepreneurs))
    table = encode_sessions(sessions)
    return tuple(
        suggestion
        for person in entrepreneurs
        for suggestion in _recommend(person, table, covered.get(person.id, frozenset()), chosen)
    )


def _recommend(
    person: Entrepreneur, table: Sessions, covered: frozenset[str], settings: Settings
) -> Iterator[SessionSuggestion]:
    view = look(person, table, covered, settings)
    open_, wanted = view.open.copy(), view.wanted.copy()
    for _ in range(settings.sessions_per_person):
        served = table.topics @ wanted[:-1]
        share = served / max(1.0, wanted.sum())
        useful = open_ & (share > 0)
        if not useful.any() and person.after_liquidation:
            # The door opens only behind the needs, so that the declaration takes nothing away.
            useful = open_ & table.doors
            share = np.where(useful, np.float32(DOOR_VALUE), share)
        if not useful.any():
            return
        best, suggestion = suggest_best(view, table, useful, share, wanted)
        yield suggestion
        wanted[:-1][table.topics[best]] = 0
        open_ &= table.themes != table.themes[best]


def invite_to_coaching(entrepreneurs: Sequence[Entrepreneur]) -> tuple[CoachingInvitation, ...]:
    """List those to whom resilience coaching may be offered.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        Everybody.

    Returns
    -------
    invitations : tuple of CoachingInvitation
        Only people who ask for the role of a coach and agreed to coaching, in input order; no score is hidden behind
        it. Reasons: `asked` always, then `declared_needs` (`topics`), `declared_stage` (`stage`),
        `declared_liquidation`.

    Examples
    --------
    >>> ana = Entrepreneur(id="ana", needs=(), stage=Stage.REBOUND, languages=("fr",), availability=1,
    ...                    wanted_roles=frozenset({Role.COACH}), coaching_consent=True)
    >>> [[reason.code for reason in one.reasons] for one in invite_to_coaching([ana])]
    [['asked', 'declared_stage']]
    """
    return tuple(
        CoachingInvitation(entrepreneur_id=person.id, reasons=tuple(_declared(person)))
        for person in entrepreneurs
        if Role.COACH in person.wanted_roles and person.coaching_consent
    )


def _declared(person: Entrepreneur) -> Iterator[Reason]:
    yield Reason(code="asked", facts={})
    topics = tuple(dict.fromkeys(need.topic for need in person.needs if need.topic in COACHING_TOPICS))
    if topics:
        yield Reason(code="declared_needs", facts={"topics": topics})
    if person.stage in (Stage.DIFFICULTY, Stage.REBOUND):
        yield Reason(code="declared_stage", facts={"stage": person.stage.value})
    if person.after_liquidation:
        yield Reason(code="declared_liquidation", facts={})
