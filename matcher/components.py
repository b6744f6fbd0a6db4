"""People who cannot meet, told apart without looking at pairs: what is solved apart costs less, and nothing is lost.

Everybody enters some halls: one per association and language, where those gather who accept to meet remotely, and one
per association, language and patch of land within reach. Two people who may meet share at least one hall. Whoever is
linked by halls belongs together; all others are solved apart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from matcher.encoding import EARTH_RADIUS_M, BoolArray, IntArray
from matcher.pool import Pool

SMALLEST_PATCH_M = 128.0
"""Side of the smallest patches, in metres: whole numbers of patches around the Earth then fit into 18 bits."""

ROUNDING = 1.0001
"""How much farther one reaches here, so that no rounding parts two who may meet."""

_AROUND = np.stack(np.meshgrid([-1, 0, 1], [-1, 0, 1], [-1, 0, 1], indexing="ij"), axis=-1).reshape(-1, 3)


@dataclass(frozen=True)
class _Side:
    """One side's people by what keeps two apart."""

    association: IntArray
    languages: BoolArray
    remote: BoolArray
    metres: NDArray[np.float64]
    reach: NDArray[np.float64]


def find_components(pool: Pool, rows: IntArray, columns: IntArray) -> list[tuple[IntArray, IntArray]]:
    """Part entrepreneurs and supporters into groups that cannot meet.

    Parameters
    ----------
    pool : Pool
        The pool.
    rows, columns : ndarray of int
        Places in the pool, ascending.

    Returns
    -------
    groups : list of (ndarray, ndarray)
        Rows and columns of each group with people on both sides, in the order of their first rows. No pair that the
        rules of association, language and distance allow has its two ends in different groups.

    Notes
    -----
    A patch of land is a cube of a grid whose side is between one and two times a person's reach. She enters the patches
    that her reach touches, and others with a wider reach enter their own patch in her grid: of two who reach each
    other, the one with the shorter reach finds the other there. Time and memory: about 20 halls per person, and sorting
    them. Groups may be larger than need be, since sharing a hall does not mean being able to meet.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from matcher import Entrepreneur, Expertise, Need, Role, Stage, Supporter, prepare
    >>> french = Entrepreneur(id="a", needs=(Need(topic="sales", priority=1),), stage=Stage.LAUNCH, languages=("fr",),
    ...     availability=1, wanted_roles=frozenset({Role.MENTOR}), accepts_remote=True)
    >>> helper = Supporter(id="b", role=Role.MENTOR, expertise=(Expertise(topic="sales", level=1),), languages=("ar",),
    ...     availability=1, capacity=1, accepts_remote=True)
    >>> pool = prepare([french, replace(french, id="c", languages=("ar",))], [helper])
    >>> find_components(pool, np.arange(2), np.arange(1))
    [(array([1]), array([0]))]
    """
    sides = _sides(pool, rows, columns)
    if len(rows) == 0 or len(columns) == 0:
        return []
    levels = np.unique(np.concatenate([_level(side.reach) for side in sides]))
    people, halls = [], []
    for first, side in zip((0, len(rows)), sides, strict=True):
        for who, hall in (_remote_halls(side), _patches(side, levels)):
            people.append(who + first)
            halls.append(hall)
    return _groups(np.concatenate(people), np.concatenate(halls), rows, columns)


def _sides(pool: Pool, rows: IntArray, columns: IntArray) -> tuple[_Side, _Side]:
    left, right = pool.entrepreneur_table.take(rows), pool.supporter_table.take(columns)
    # One person of no association may meet people of all: then associations part nobody.
    parts = int((left.association >= 0).all() and (right.association >= 0).all())
    return (
        _Side(parts * left.association, left.languages > 0, left.remote, left.place[:, :3], _metres(left.reach)),
        _Side(
            parts * right.association, right.languages > 0, right.remote, right.place[:, :3] / -2, _metres(right.reach)
        ),
    )


def _metres(reach: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(ROUNDING / np.sqrt(reach.astype(np.float64)) + 1)


def _level(reach: NDArray[np.float64]) -> IntArray:
    """Count how often the side of the smallest patch is doubled until it is no shorter than the reach."""
    return np.ceil(np.log2(np.maximum(reach / SMALLEST_PATCH_M, 1))).astype(np.int64)


def _speakers(side: _Side, who: IntArray, hall: IntArray) -> tuple[IntArray, IntArray]:
    """Let people enter their halls once per language, each association by itself."""
    at, language = np.nonzero(side.languages[who])
    who, hall = who[at], hall[at]
    return who, _mix(_mix(hall, side.association[who]), language)


def _mix(left: IntArray, right: IntArray) -> IntArray:
    """Join numbers; different ones rarely meet, and then two halls are taken for one, which parts nobody wrongly."""
    mixed = (left.astype(np.uint64) ^ (right.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15))) * np.uint64(
        0xBF58476D1CE4E5B9
    )
    return (mixed ^ (mixed >> np.uint64(29))).astype(np.int64)


def _remote_halls(side: _Side) -> tuple[IntArray, IntArray]:
    who = np.flatnonzero(side.remote)
    return _speakers(side, who, np.full(len(who), -1))


def _patches(side: _Side, levels: IntArray) -> tuple[IntArray, IntArray]:
    """Enter the patches that one's reach touches, and one's own in the finer grids of others."""
    located = np.flatnonzero(np.linalg.norm(side.metres, axis=1) < 2 * EARTH_RADIUS_M)
    own, people, halls = _level(side.reach), [], []
    for level in levels.tolist():
        length = SMALLEST_PATCH_M * 2.0**level
        for who, around in ((located[own[located] == level], _AROUND), (located[own[located] > level], _AROUND[13:14])):
            patch = np.floor(side.metres[who] / length)
            inside = side.metres[who] - patch * length
            # How far the patches around begin, in each direction.
            away = np.where(around[:, None] < 0, inside, np.where(around[:, None] > 0, length - inside, 0))
            touched = (away**2).sum(axis=2) <= side.reach[who] ** 2
            step, at = np.nonzero(touched)
            people.append(who[at])
            halls.append(_number(patch[at].astype(np.int64) + around[step], level))
    return _speakers(side, np.concatenate(people), np.concatenate(halls))


def _number(patch: IntArray, level: int) -> IntArray:
    """Give numbers to patches: 18 bits per direction, and the level above."""
    whole = patch + (1 << 17)
    return np.asarray(((level << 18 | whole[:, 0]) << 18 | whole[:, 1]) << 18 | whole[:, 2])


def _groups(people: IntArray, halls: IntArray, rows: IntArray, columns: IntArray) -> list[tuple[IntArray, IntArray]]:
    """Collect whom halls link."""
    n = len(rows) + len(columns)
    names, hall = np.unique(halls, return_inverse=True)
    links = sparse.coo_array((np.ones(len(people), dtype=bool), (people, n + hall)), shape=(n + len(names),) * 2)
    _count, label = connected_components(links, directed=False)
    left, right = label[: len(rows)], label[len(rows) : n]
    both = np.intersect1d(left, right)
    if len(both) == 0:
        return []
    first = np.full(len(label), len(rows))
    np.minimum.at(first, left, np.arange(len(rows)))
    return [
        (rows[some], columns[others])
        for some, others in zip(
            _split(left, both[np.argsort(first[both])]), _split(right, both[np.argsort(first[both])]), strict=True
        )
    ]


def _split(label: IntArray, wanted: IntArray) -> list[IntArray]:
    """List the places of each label wanted, ascending."""
    order = np.argsort(label, kind="stable")
    starts, ends = (np.searchsorted(label[order], wanted, side=side) for side in ("left", "right"))
    return [order[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
