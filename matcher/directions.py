"""The main directions of texts as vectors: what latent semantic analysis keeps of them."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from matcher.threads import one_thread_per_product

FEW_TEXTS = 4
"""Texts per direction up to which finding all directions takes less time than finding the main ones only."""


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Scale each row to the length 1; a row of zeros stays.

    Parameters
    ----------
    matrix : sparse array of shape (n_texts, n_terms)
        Any numbers.

    Returns
    -------
    scaled : sparse array of shape (n_texts, n_terms)
        The same directions.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lengths = np.sqrt(np.bincount(rows, weights=matrix.data**2, minlength=matrix.shape[0]))
    scaled = matrix.data / np.where(lengths > 0, lengths, 1)[rows]
    return sparse.csr_array((scaled, matrix.indices, matrix.indptr), shape=matrix.shape)


def main_directions(matrix: sparse.csr_array, n_dimensions: int) -> NDArray[np.float64]:
    """Find the right singular vectors of the largest singular values, from the small Gram matrix.

    Parameters
    ----------
    matrix : sparse array of shape (n_texts, n_terms)
        Texts as weighted terms, at least one of each.
    n_dimensions : int
        Directions at most, 1 or more.

    Returns
    -------
    axes : ndarray of float of shape (n_terms, n_kept)
        A column per direction; those that hold next to nothing are left out.

    Notes
    -----
    Time: the third power of the number of texts at worst.
    """
    n_texts = matrix.shape[0]
    gram = np.asarray((matrix @ matrix.T).todense())
    first = max(0, n_texts - n_dimensions)
    with one_thread_per_product():
        if n_texts <= FEW_TEXTS * n_dimensions:
            values, vectors = (found[..., first:] for found in linalg.eigh(gram, driver="evd"))
        else:
            values, vectors = linalg.eigh(gram, subset_by_index=[first, n_texts - 1])
    kept = values > 1e-9 * values[-1]
    return np.asarray(matrix.T @ (vectors[:, kept] / np.sqrt(values[kept])))
