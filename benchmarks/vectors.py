"""A market of profile vectors: unit vectors of 300 numbers around unequally popular subjects; a score is a cosine.

The vectors are whole numbers, so that every product is exact and no method can blame rounding.
"""

from copy import copy

import numpy as np

from matcher.encoding import FloatArray, IntArray
from matcher.scoring import POINTS

DIMENSIONS = 300
SUBJECTS = 40
LENGTH = 2_000
"""Length of a whole-number vector: products of two stay below 2**22, exact in float32."""


class VectorPoints:
    """Whole points of all pairs: cosines of two profiles, worked out block by block; negative ones count as 0.

    Parameters
    ----------
    left : ndarray of float32 of shape (n, d)
        Profiles of entrepreneurs.
    right : ndarray of float32 of shape (m, d)
        Profiles of supporters.
    """

    largest = POINTS

    def __init__(self, left: FloatArray, right: FloatArray) -> None:
        self.left, self.right = left, np.ascontiguousarray(right.T)
        self.shape = (len(left), len(right))

    def points(self, rows: slice | IntArray) -> FloatArray:
        points = self.left[rows] @ self.right
        points *= np.float32(POINTS / LENGTH**2)
        np.maximum(points, 0, out=points)
        return np.rint(points, out=points)

    def narrow(self, columns: IntArray) -> "VectorPoints":
        part = copy(self)
        part.right = np.ascontiguousarray(self.right[:, columns])
        part.shape = (self.shape[0], len(columns))
        return part


def invent_vectors(n: int, m: int, seed: int = 0) -> tuple[VectorPoints, IntArray]:
    """Draw n entrepreneurs and m supporters who have about as many places together."""
    rng = np.random.default_rng(seed)
    subjects = rng.standard_normal((SUBJECTS, DIMENSIONS), dtype=np.float32)
    popularity = 1 / np.arange(1, SUBJECTS + 1)
    popularity /= popularity.sum()
    left, right = (_profiles(rng, subjects, popularity, size) for size in (n, m))
    mean = round(n / m)
    return VectorPoints(left, right), rng.integers(max(1, mean - 2), mean + 3, m)


def _profiles(rng: np.random.Generator, subjects: FloatArray, popularity: np.ndarray, size: int) -> FloatArray:
    """Mix three subjects per person, and something of her own."""
    mix = np.zeros((size, SUBJECTS), dtype=np.float32)
    for _ in range(3):
        mix[np.arange(size), rng.choice(SUBJECTS, size, p=popularity)] += rng.random(size, dtype=np.float32)
    profiles = mix @ subjects + np.float32(0.7) * rng.standard_normal((size, DIMENSIONS), dtype=np.float32)
    return np.rint(profiles / np.linalg.norm(profiles, axis=1, keepdims=True) * LENGTH)
