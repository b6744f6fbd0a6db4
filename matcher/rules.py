"""Hard rules: which pairs are allowed, and for every forbidden pair the rule that forbids it.

A rule answers True where a pair respects it. Rules about few pairs (conflicts, competitors) are worked out once as a
list.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from matcher.activities import activity_path, same_trade
from matcher.encoding import ROLES, BoolArray, IntArray, squared_chord
from matcher.frames import Frame
from matcher.records import Entrepreneur, Role, Rule, Supporter

_COACH = ROLES.index(Role.COACH)


def role_fits(frame: Frame) -> BoolArray:
    """She asked for this role, and the supporter may play it."""
    return np.asarray(frame.pick(frame.entrepreneurs.roles, frame.supporters.role) & frame.supporters.ready)


def association_fits(frame: Frame) -> BoolArray:
    """Both belong to one association, or one of them to none."""
    ours, theirs = frame.rows(frame.entrepreneurs.association), frame.supporters.association
    return np.asarray((ours == theirs) | (ours < 0) | (theirs < 0))


def language_fits(frame: Frame) -> BoolArray:
    """They have a language in common."""
    return np.asarray(frame.common_languages > 0)


def distance_fits(frame: Frame) -> BoolArray:
    """They can reach each other within what both accept, or both accept to meet remotely."""
    return frame.within_reach | frame.both_remote


def time_fits(frame: Frame) -> BoolArray:
    """They have a weekly slot in common."""
    return np.asarray(frame.common_slots > 0)


def capacity_fits(frame: Frame) -> BoolArray:
    """The supporter has a free place."""  # noqa: D401 - a rule says what is true of a pair that respects it
    return np.broadcast_to(frame.supporters.capacity > 0, frame.shape)


def consent_fits(frame: Frame) -> BoolArray:
    """She agreed to be coached, where the supporter is a coach."""
    return np.asarray(frame.rows(frame.entrepreneurs.consent) | (frame.supporters.role != _COACH))


DENSE_RULES: Mapping[Rule, Callable[[Frame], BoolArray]] = MappingProxyType(
    {
        Rule.ROLE: role_fits,
        Rule.ASSOCIATION: association_fits,
        Rule.CONSENT: consent_fits,
        Rule.CAPACITY: capacity_fits,
        Rule.LANGUAGE: language_fits,
        Rule.DISTANCE: distance_fits,
        Rule.TIME: time_fits,
    }
)
"""Rules that look at every pair."""

RULE_ORDER = (
    Rule.ROLE,
    Rule.ASSOCIATION,
    Rule.CONSENT,
    Rule.CONFLICT,
    Rule.COMPETITOR,
    Rule.CAPACITY,
    Rule.LANGUAGE,
    Rule.DISTANCE,
    Rule.TIME,
)
"""Order in which a pair's first rule is looked for: what nobody can change comes first, what may change last."""


def find_conflicts(entrepreneurs: Sequence[Entrepreneur], supporters: Sequence[Supporter]) -> sparse.csr_array:
    """List the pairs that must not meet: one household, a judge and her file, an earlier refusal or break-up.

    Parameters
    ----------
    entrepreneurs, supporters : sequence
        The records.

    Returns
    -------
    forbidden : csr_array of bool of shape (n_entrepreneurs, n_supporters)
        True where the two must not meet.
    """
    row_of = {person.id: row for row, person in enumerate(entrepreneurs)}
    column_of = {person.id: column for column, person in enumerate(supporters)}
    homes: dict[str, list[int]] = {}
    for column, supporter in enumerate(supporters):
        if supporter.household is not None:
            homes.setdefault(supporter.household, []).append(column)
    pairs = [(row_of[id], column) for column, s in enumerate(supporters) for id in s.judges if id in row_of]
    for row, person in enumerate(entrepreneurs):
        pairs.extend((row, column_of[id]) for id in person.excluded if id in column_of)
        pairs.extend((row, column) for column in homes.get(person.household or "", ()) if person.household is not None)
    return _pairs_to_array(np.array(pairs, dtype=np.int64).reshape(-1, 2), (len(entrepreneurs), len(supporters)))


def find_competitors(
    entrepreneurs: Sequence[Entrepreneur],
    supporters: Sequence[Supporter],
    places: tuple[NDArray[np.float64], NDArray[np.float64]],
    competitor_km: float,
) -> sparse.csr_array:
    """List the pairs who compete: the supporter runs a business of the same trade with the same customers.

    Parameters
    ----------
    entrepreneurs, supporters : sequence
        The records.
    places : tuple of ndarray of float64 of shape (n_entrepreneurs, 5) and (n_supporters, 5)
        Where they are, as `encoding.left_places` and `right_places` give it.
    competitor_km : float
        Distance under which customers are the same, besides a common catchment, in kilometres.

    Returns
    -------
    forbidden : csr_array of bool of shape (n_entrepreneurs, n_supporters)
        True where the two compete.
    """
    rows_by_code: dict[str, list[int]] = {}
    for row, person in enumerate(entrepreneurs):
        if person.activity is not None:
            rows_by_code.setdefault(person.activity, []).append(row)
    codes_by_class: dict[str, list[str]] = {}
    for code in rows_by_code:
        codes_by_class.setdefault(_class_of(code), []).append(code)
    columns_by_code: dict[str, list[int]] = {}
    for column, supporter in enumerate(supporters):
        if supporter.active_business:
            for code in supporter.activities:
                columns_by_code.setdefault(code, []).append(column)
    catchments = _catchment_numbers(entrepreneurs, supporters)
    limit = squared_chord(np.array([competitor_km]))[0]
    found = [np.empty((0, 2), dtype=np.int64)]
    for code, columns in columns_by_code.items():
        rivals = [rival for rival in codes_by_class.get(_class_of(code), ()) if same_trade(code, rival)]
        rows = np.array([row for rival in rivals for row in rows_by_code[rival]], dtype=np.int64)
        own = np.array(columns, dtype=np.int64)
        found.append(_common_catchment(catchments[0], catchments[1], rows, own))
        close = _close_pairs(places[0][rows, :3], places[1][own, :3] / -2, float(np.sqrt(limit)))
        left, right = rows[close[:, 0]], own[close[:, 1]]
        near = np.einsum("ij,ij->i", places[0][left], places[1][right]) <= limit
        found.append(np.stack([left[near], right[near]], axis=1))
    return _pairs_to_array(np.concatenate(found), (len(entrepreneurs), len(supporters)))


def _common_catchment(ours: IntArray, theirs: IntArray, rows: IntArray, columns: IntArray) -> IntArray:
    """List the pairs of some rows and columns with the same catchment."""
    columns = columns[np.argsort(theirs[columns], kind="stable")]
    first, last = (np.searchsorted(theirs[columns], ours[rows], side=side) for side in ("left", "right"))
    count = last - first
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.stack([np.repeat(rows, count), columns[np.repeat(first, count) + place]], axis=1)


def _close_pairs(left: NDArray[np.float64], right: NDArray[np.float64], metres: float) -> IntArray:
    """List the pairs of places at most so far apart, and some a little farther."""
    trees = cKDTree(left), cKDTree(right)
    pairs = trees[0].sparse_distance_matrix(trees[1], metres + 1, output_type="ndarray")
    return np.stack([pairs["i"], pairs["j"]], axis=1)


def find_rivals(
    entrepreneurs: Sequence[Entrepreneur],
    squared_metres: Callable[[IntArray, IntArray], np.typing.NDArray[np.float64]],
    competitor_km: float,
) -> sparse.csr_array:
    """List the pairs of entrepreneurs who compete: the same trade with the same customers.

    Parameters
    ----------
    entrepreneurs : sequence of Entrepreneur
        The records.
    squared_metres : callable
        Rows, rows → squared distances of those pairs; far away where a place is unknown.
    competitor_km : float
        Distance under which customers are the same, besides a common catchment, in kilometres.

    Returns
    -------
    forbidden : csr_array of bool of shape (n_entrepreneurs, n_entrepreneurs)
        Symmetric; True where the two compete.
    """
    rows_by_class: dict[str, list[int]] = {}
    for row, person in enumerate(entrepreneurs):
        if person.activity is not None and _class_of(person.activity):
            rows_by_class.setdefault(_class_of(person.activity), []).append(row)
    codes = [person.activity or "" for person in entrepreneurs]
    pairs = np.array(
        [
            (one, other)
            for rows in rows_by_class.values()
            for one in rows
            for other in rows
            if one != other and same_trade(codes[one], codes[other])
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    left, right = pairs.T
    catchment, _ = _catchment_numbers(entrepreneurs, ())
    same = (catchment[left] >= 0) & (catchment[left] == catchment[right])
    same |= squared_metres(left, right) <= squared_chord(np.array([competitor_km]))[0]
    return _pairs_to_array(pairs[same], (len(entrepreneurs), len(entrepreneurs)))


def _class_of(code: str) -> str:
    """Read the class of an activity, under which rivals are looked for; a wider code competes with nobody."""
    path = activity_path(code) or ()
    return path[3] if len(path) > 3 else ""


def _catchment_numbers(
    entrepreneurs: Sequence[Entrepreneur], supporters: Sequence[Supporter]
) -> tuple[IntArray, IntArray]:
    """Give numbers to the catchments on both sides; unknown ones differ from all."""
    numbers: dict[str, int] = {}
    left = [-1 if e.catchment is None else numbers.setdefault(e.catchment, len(numbers)) for e in entrepreneurs]
    right = [-2 if s.catchment is None else numbers.setdefault(s.catchment, len(numbers)) for s in supporters]
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)


def _pairs_to_array(pairs: IntArray, shape: tuple[int, int]) -> sparse.csr_array:
    array = sparse.csr_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=shape, dtype=bool)
    array.sum_duplicates()
    return array
