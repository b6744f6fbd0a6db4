"""Free text as vectors: words and pieces of words, weighted by rarity, brought down to a few dimensions.

Order matters in French: lower case and composed accents, elisions, stop words, words of the trade, stemming, and only
then folding of accents, since a stemmer needs them. Pieces of 3 to 5 letters forgive missing accents and spelling
mistakes.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, count, repeat
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from matcher.checks import MOST, check_setting, whole
from matcher.directions import main_directions, unit_rows
from matcher.errors import InvalidSettingsError, InvalidTextsError, InvalidVectorsError, NotFittedError
from matcher.words import STEMMERS, fold, guess_language, keywords, split_words, stem, word_pieces

TEXT_SCALE = 2047
"""Length of a text vector in whole units: products of two stay below 2**24, so float32 sums them without rounding."""

FIT_TEXTS = 1000
"""Texts learned from at most, spread evenly over the sorted corpus: more change the axes little and cost their cube."""

PIECE_WEIGHT = 0.8
"""Weight of pieces of words beside whole words: enough to forgive a misspelling, not enough to confuse two subjects."""

Texts = Sequence[str] | Sequence[Sequence[str]] | Sequence[str | Sequence[str]]
"""One item per person: her text, or several texts of hers, which are read as one."""

_Word = tuple[str, str]
"""A word and the language it is read in."""

Name = TypeVar("Name", bound=Hashable)


LANGUAGES = ("auto", *STEMMERS)
"""How texts may be read: each in its own language, as far as its words tell, or all in one."""


class TextModel(Protocol):
    """What stands behind the text component: anything that reads texts as vectors whose cosine says how close they are.

    `TextSimilarity` is one; an operator may pass another, such as sentence embeddings, as `prepare(..., text=model)`.
    The engine scales the rows itself. A cosine below 0 counts as 0, so a model whose vectors all lean one way should
    be centred first. A `language` attribute (`auto`, `fr` or `en`, else `auto`) says how common words are
    found for the reasons.
    """

    def transform(self, texts: Sequence[str]) -> NDArray[Any]:
        """Read texts as vectors.

        Parameters
        ----------
        texts : sequence of str
            Texts, some of them empty.

        Returns
        -------
        vectors : ndarray of float of shape (n_texts, n_dimensions)
            Finite numbers; the same text gives the same row whatever stands beside it.
        """


def read_vectors(model: TextModel, texts: Sequence[str]) -> NDArray[np.float32]:
    """Read texts with any model as rows of whole numbers, whose products float32 adds up exactly.

    Parameters
    ----------
    model : TextModel
        The model, learned already.
    texts : sequence of str
        Texts; an empty one gives zeros, whatever the model says of it.

    Returns
    -------
    vectors : ndarray of float32 of shape (n_texts, n_dimensions)
        Whole numbers; the length of a row is `TEXT_SCALE` up to rounding, or 0.

    Raises
    ------
    InvalidVectorsError
        If the model gives something else than one finite row per text.

    Examples
    --------
    >>> class Lengths:
    ...     def transform(self, texts):
    ...         return np.array([[len(text), 0.0] for text in texts])
    >>> read_vectors(Lengths(), ["pain", ""]).tolist()
    [[2047.0, 0.0], [0.0, 0.0]]
    """
    if isinstance(model, TextSimilarity):
        return model.transform(texts)
    vectors = np.asarray(model.transform(texts))
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.issubdtype(vectors.dtype, np.number):
        raise InvalidVectorsError(shape=vectors.shape, dtype=str(vectors.dtype), expected=len(texts))
    exact = vectors.astype(np.float64)
    if not np.isfinite(exact).all():
        raise InvalidVectorsError(shape=vectors.shape, dtype="not finite", expected=len(texts))
    exact[[not text.strip() for text in texts]] = 0
    return _whole_rows(exact)


def language_of(model: TextModel) -> str:
    """Language in which a model's readers look for common words: its own where it says so, else each text's."""
    language = str(getattr(model, "language", "auto"))
    return language if language in LANGUAGES else "auto"


class TextSimilarity(TransformerMixin, BaseEstimator):
    """How close two texts are in subject, learned from a corpus; a scikit-learn transformer.

    Term frequencies are dampened (`1 + ln`), terms weighted by inverse document frequency, and the document matrix
    brought down by a truncated singular value decomposition (latent semantic analysis), computed from the Gram matrix
    of the corpus: exact and without chance. Since a document is a weighted sum of its words, each word has a vector
    of its own; a word that the corpus does not hold is read through those of its pieces that the corpus holds. A text
    of words that share no piece with the corpus says nothing: it compares as 0, also with itself.

    Parameters
    ----------
    language : {"auto", "fr", "en"}
        Language whose stop words and stems are used; with `auto` each text's own (`guess_language`). Texts in other
        languages are kept and compared by their pieces.
    n_dimensions : int
        Dimensions kept at most.

    Attributes
    ----------
    axes_ : ndarray of float of shape (n_features, n_kept)
        Directions learned, over stems then pieces.

    Notes
    -----
    Learning costs `min(n_texts, 1000)` cubed in the worst case (about 0.2 s), reading a text is linear in its words.
    The order of the corpus and repeated texts do not matter.

    References
    ----------
    Deerwester, S., Dumais, S., Furnas, G., Landauer, T., Harshman, R. (1990). Indexing by latent semantic analysis.
    Journal of the American Society for Information Science 41(6), 391-407.
    doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9

    Examples
    --------
    >>> model = TextSimilarity().fit(["Je cherche un comptable", "Tenir la comptabilité", "Vendre des gâteaux"])
    >>> near, far = model.similarity(["la compta"], ["comptable", "gâteaux"])[0]
    >>> bool(near > far)
    True
    """

    def __init__(self, language: str = "auto", n_dimensions: int = 64) -> None:
        self.language = language
        self.n_dimensions = n_dimensions

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that texts come in, not numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.one_d_array, tags.input_tags.two_d_array = True, True, False
        return tags

    def fit(self, texts: Iterable[str | Sequence[str]], y: object = None) -> Self:
        """Learn terms, their rarity and the main directions.

        Parameters
        ----------
        texts : iterable of str or of sequence of str
            The corpus, one text or several of one person per item; any order, repetitions are ignored.
        y : object
            Not used; pipelines pass it.

        Returns
        -------
        self : TextSimilarity
            The same object, now able to compare.

        Raises
        ------
        InvalidSettingsError
            If the language is none of `auto`, `fr` and `en`, or the dimensions are no whole number from 1 on.
        InvalidTextsError
            If a single text is given instead of a list of them, or an item is no text.
        """
        if self.language not in LANGUAGES:
            raise InvalidSettingsError(field="language", value=self.language, expected=", ".join(LANGUAGES))
        enough = whole(1, MOST)(self.n_dimensions)
        check_setting("n_dimensions", self.n_dimensions, enough, "a whole number, 1 or more")
        corpus = sorted({text for text in _one_each(texts) if text.strip()})
        corpus = [
            corpus[at] for at in np.unique(np.linspace(0, len(corpus) - 1, min(len(corpus), FIT_TEXTS)).astype(int))
        ]
        counts, words = self._count(corpus)
        spelled = [_terms_of(word) for word in words]
        self.terms_ = _number(chain((terms[0] for terms in spelled), chain.from_iterable(spelled)))
        if not self.terms_:
            self.rarity_, self.axes_ = np.zeros(0), np.zeros((0, 0))
            return self
        matrix = counts @ self._word_terms(spelled)
        document_frequency = np.bincount(matrix.indices, minlength=len(self.terms_))
        self.rarity_ = np.log((1 + len(corpus)) / (1 + document_frequency)) + 1
        matrix.data *= self.rarity_[matrix.indices]
        self.axes_ = main_directions(unit_rows(matrix), self.n_dimensions)
        return self

    def transform(self, texts: Texts) -> NDArray[np.float32]:
        """Read texts as vectors of whole numbers.

        Parameters
        ----------
        texts : sequence of str or of sequence of str
            Texts to read, one or several per person; an empty one gives zeros.

        Returns
        -------
        vectors : ndarray of float32 of shape (n_texts, n_kept)
            Whole numbers; the length of a row is `TEXT_SCALE` up to rounding, or 0.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InvalidTextsError
            If a single text is given instead of a list of them, or an item is no text.
        """
        if not hasattr(self, "axes_"):
            raise NotFittedError(name="TextSimilarity")
        read = _one_each(texts)
        different = list(dict.fromkeys(read))
        place_of = {text: at for at, text in enumerate(different)}
        counts, words = self._count(different)
        if not words or not self.terms_:
            return np.zeros((len(read), self.axes_.shape[1]), dtype=np.float32)
        weights = self._word_terms([_terms_of(word) for word in words])
        weights.data *= self.rarity_[weights.indices]
        vectors = counts @ (weights @ self.axes_)
        return _whole_rows(vectors)[[place_of[text] for text in read]]

    def similarity(self, left: Texts, right: Texts) -> NDArray[np.float32]:
        """Compare every text on the left with every text on the right.

        Parameters
        ----------
        left, right : sequence of str or of sequence of str
            The texts; several of one person count as one.

        Returns
        -------
        similarity : ndarray of float32 of shape (n_left, n_right)
            Cosine cut to [0, 1]; 0 where a text says nothing.

        Raises
        ------
        NotFittedError
            Before `fit`.
        InvalidTextsError
            If a single text is given instead of a list of them, or an item is no text.
        """
        products = self.transform(left) @ self.transform(right).T
        return np.asarray(np.clip(products / np.float32(TEXT_SCALE**2), 0, 1))

    def _count(self, texts: Sequence[str]) -> tuple[sparse.csr_array, list[_Word]]:
        """Count words per text, dampened: an array of shape (n_texts, n_words) and the words with their languages."""
        read = [_read_words(text, self.language) for text in texts]
        index = _number(chain.from_iterable(words for words, _ in read))
        columns = np.fromiter(map(index.__getitem__, chain.from_iterable(words for words, _ in read)), dtype=np.int32)
        counts = np.fromiter(chain.from_iterable(counts for _, counts in read), dtype=np.float64)
        starts = _starts([len(words) for words, _ in read])
        return sparse.csr_array((1 + np.log(counts), columns, starts), shape=(len(texts), len(index))), list(index)

    def _word_terms(self, spelled: Sequence[tuple[str, ...]]) -> sparse.csr_array:
        """Weight of each known term in each word, shape (n_words, n_terms)."""
        starts = _starts([len(terms) for terms in spelled])
        lengths = np.diff(starts)
        columns = np.fromiter(map(self.terms_.get, chain.from_iterable(spelled), repeat(-1)), dtype=np.int32)
        weights = np.repeat(PIECE_WEIGHT / np.sqrt(lengths - 1), lengths)
        weights[starts[:-1]] = 1  # the stem comes first
        known = columns >= 0
        starts = _starts(known)[starts]
        return sparse.csr_array((weights[known], columns[known], starts), shape=(len(spelled), len(self.terms_)))


@lru_cache(maxsize=8192)
def _read_words(text: str, language: str) -> tuple[tuple[_Word, ...], tuple[int, ...]]:
    """List the different words of a text that carry a subject, and how often it has each.

    Most texts of a pool were in the one before.
    """
    language = guess_language(text) if language == "auto" else language
    counts = Counter((word, language) for word in split_words(text) if stem(word, language))
    return tuple(counts), tuple(counts.values())


@lru_cache(maxsize=8192)
def _terms_of(word: _Word) -> tuple[str, ...]:
    """Give the terms of a word: its stem, then its pieces. Most words of a pool were in the one before."""
    return (f"={stem(*word)}", *word_pieces(fold(word[0])))


def forget_texts() -> None:
    """Let go of every text and word that was kept because it may be read again; models are their owners' to drop.

    What is read is kept for speed alone, in this process: answers are the same without it.

    Examples
    --------
    >>> forget_texts()
    """
    for kept in (_read_words, _terms_of, guess_language, keywords, stem):
        kept.cache_clear()


def _number(names: Iterable[Name]) -> dict[Name, int]:
    """Give numbers to names in the order in which they first come."""
    return dict(zip(dict.fromkeys(names), count(), strict=False))


def _starts(lengths: Sequence[int] | NDArray[Any]) -> NDArray[np.int64]:
    """Tell where each part of a flat list starts, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _one_each(texts: Iterable[str | Sequence[str]]) -> list[str]:
    """Join what each person wrote; a text by itself would be read letter by letter."""
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise InvalidTextsError(value=texts, expected="a list of texts")
    joined = []
    for item in texts:
        parts = [item] if isinstance(item, str) else item
        if isinstance(parts, bytes) or not isinstance(parts, Iterable):
            raise InvalidTextsError(value=item, expected="a text, or several texts of one person")
        parts = list(parts)
        if not all(isinstance(part, str) for part in parts):
            raise InvalidTextsError(value=item, expected="a text, or several texts of one person")
        joined.append("\n".join(parts))
    return joined


def _whole_rows(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scale rows to `TEXT_SCALE` and round them; what is next to nothing stays nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.rint(vectors * (TEXT_SCALE / np.where(lengths > 1e-9, lengths, np.inf))).astype(np.float32)
