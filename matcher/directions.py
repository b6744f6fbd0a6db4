"""The main directions of texts as vectors: what latent semantic analysis keeps of them."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from matcher.threads import one_thread_per_product


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
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ matrix)


def main_directions(matrix: sparse.csr_array, n_dimensions: int) -> NDArray[np.float64]:
    """Find the right singular vectors of the largest singular values, from the small Gram matrix.

    Parameters
    ----------
    matrix : sparse array of shape (n_texts, n_terms)
        Texts as weighted terms.
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
    n_texts, n_terms = matrix.shape
    if n_texts == 0 or n_terms == 0:
        return np.zeros((n_terms, 0))
    gram = np.asarray((matrix @ matrix.T).todense())
    first = max(0, n_texts - n_dimensions)
    with one_thread_per_product():
        values, vectors = linalg.eigh(gram, subset_by_index=[first, n_texts - 1])
    kept = values > 1e-9 * values[-1]
    return np.asarray(matrix.T @ (vectors[:, kept] / np.sqrt(values[kept])))
