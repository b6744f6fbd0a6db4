"""Free text: subjects meet, spelling is forgiven, nothing depends on order, tiny corpora work."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from matcher.errors import InvalidSettingsError, NotFittedError
from matcher.text import TEXT_SCALE, TextSimilarity, fold, keywords, split_words, stem
from tests.matcher.strategies import RELAXED

CORPUS = [
    "Je veux ouvrir une boulangerie et vendre du pain au levain",
    "Mon salon de coiffure cherche des clientes",
    "J'ai des impayés et ma trésorerie est tendue",
    "Je développe un site internet pour vendre des bijoux",
    "Livraison de repas à vélo dans le quartier",
    "Ancien banquier, j'aide à tenir la comptabilité et la trésorerie",
    "Trente ans de boulangerie, pâtisserie et traiteur",
    "Community manager, réseaux sociaux et vente en ligne",
]


def closest(text: str, model: TextSimilarity) -> str:
    return CORPUS[int(model.similarity([text], CORPUS)[0].argmax())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("faire du pain", CORPUS[0]),
        ("coiffeuse à domicile", CORPUS[1]),
        ("problemes de tresorie", CORPUS[2]),
        ("ma compta", CORPUS[5]),
        ("repas livrés", CORPUS[4]),
    ],
)
def test_the_closest_text_is_about_the_same_subject(text: str, expected: str) -> None:
    assert closest(text, TextSimilarity().fit(CORPUS)) == expected


def test_missing_accents_and_elisions_cost_little() -> None:
    model = TextSimilarity().fit(CORPUS)
    ((accents, elision, other),) = model.similarity(
        ["l'activité de pâtisserie"], ["activite de patisserie", "activité, pâtisserie", "coiffure"]
    )
    assert accents > 0.8
    assert elision > 0.99
    assert other < 0.3


def test_english_texts_have_their_own_words() -> None:
    model = TextSimilarity(language="en").fit(["my shop sells bread", "accounting and taxes", "hairdresser"])
    ((near, far),) = model.similarity(["bookkeeping"], ["accounting", "bread"])
    assert near > far
    assert dict(keywords("the shops", "en")) == {"shop": "shops"}


@given(st.lists(st.sampled_from(CORPUS), max_size=8), st.randoms(use_true_random=False))
@settings(RELAXED, max_examples=30)
def test_order_and_repetition_of_the_corpus_change_nothing(texts: list[str], chance: st.DataObject) -> None:
    shuffled = [*texts, *texts[:2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert (TextSimilarity().fit(texts).transform(CORPUS) == TextSimilarity().fit(shuffled).transform(CORPUS)).all()


@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.text(max_size=40), max_size=5))
@settings(RELAXED, max_examples=100)
def test_any_text_gives_whole_vectors_and_similarities_in_bounds(left: list[str], right: list[str]) -> None:
    model = TextSimilarity().fit([*left, *right])
    similarity = model.similarity(left, right)
    assert similarity.shape == (len(left), len(right))
    assert similarity.dtype == np.float32
    assert ((similarity >= 0) & (similarity <= 1)).all()
    vectors = model.transform(left)
    assert (vectors == np.rint(vectors)).all()
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.isclose(lengths, TEXT_SCALE, rtol=0.01) | (lengths == 0)).all()


def test_products_of_the_longest_vectors_stay_exact_in_float32() -> None:
    assert (TEXT_SCALE + 8) ** 2 < 1 << 24


@pytest.mark.parametrize("corpus", [[], [""], ["le la les"], ["pain"], ["pain", "coiffure"]])
def test_tiny_corpora_work(corpus: list[str]) -> None:
    model = TextSimilarity().fit(corpus)
    similarity = model.similarity(["pain", ""], ["pain", "coiffure", ""])
    assert similarity[0, 0] == pytest.approx(1.0, abs=0.01) or "pain" not in corpus
    assert (similarity[:, 2] == 0).all()
    assert (similarity[1] == 0).all()


def test_a_large_corpus_is_learned_from_a_part() -> None:
    texts = [f"{text} numéro {at} {'abcdefghij'[at % 10] * 4}" for at in range(700) for text in CORPUS]
    model = TextSimilarity(n_dimensions=8).fit(texts)
    assert model.axes_.shape[1] == 8
    assert closest("boulangerie et pain", model) in (CORPUS[0], CORPUS[6])


def test_it_refuses_to_compare_before_learning_and_languages_that_it_does_not_know() -> None:
    with pytest.raises(NotFittedError):
        TextSimilarity().transform(["pain"])
    with pytest.raises(InvalidSettingsError):
        TextSimilarity(language="de").fit(CORPUS)


def test_words_are_cut_at_apostrophes_and_composed() -> None:
    assert split_words("L’été d'Aïcha, 2e") == ["l", "été", "d", "aïcha", "e"]
    assert fold("Çà") == "Ca"
    assert stem("qu", "fr") == stem("les", "fr") == ""
    assert stem("embaucher", "fr") == stem("recrutement", "fr")


def test_it_is_a_scikit_learn_transformer() -> None:
    model = TextSimilarity(n_dimensions=3)
    assert clone(model).get_params() == {"language": "fr", "n_dimensions": 3}
    piped = make_pipeline(model, Normalizer()).fit(CORPUS).transform(CORPUS)
    assert piped.shape[0] == len(CORPUS)
    assert (clone(model).fit_transform(CORPUS) == model.fit(CORPUS).transform(CORPUS)).all()
