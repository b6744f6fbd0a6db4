"""Free text: subjects meet, spelling is forgiven, nothing depends on order, tiny corpora work."""

import pickle
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError as LearnedNothingError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer
from sklearn.utils import estimator_checks

from matcher import evaluate_pair, match_pool, prepare
from matcher.errors import InvalidSettingsError, InvalidTextsError, InvalidVectorsError, NotFittedError
from matcher.text import TEXT_SCALE, TextSimilarity, forget_texts, language_of, read_vectors
from matcher.words import fold, guess_language, keywords, split_words, stem
from tests.matcher.people import entrepreneur, supporter
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


def test_an_english_wish_among_french_texts_is_read_as_english() -> None:
    wish = "I would like help with the accounts of my small shop, and with the bookkeeping"
    law = "I would like to help with my law practice and my experience of the courts"
    offers = [law, "Bookkeeper: accounts, VAT", "I would like to go with the others to see the sea"]
    (found,) = TextSimilarity().fit([*CORPUS, wish, *offers]).similarity([wish], offers)
    assert found.argmax() == 1
    assert found[2] < 0.1
    assert set(keywords(wish)) & set(keywords(law)) == {"help"}
    assert [guess_language(text) for text in (*CORPUS, "on a me", "", wish)] == ["fr"] * 10 + ["en"]


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


@pytest.mark.parametrize("n_dimensions", [-1, 1.5, True, "a", None])
def test_dimensions_are_a_whole_number(n_dimensions: object) -> None:
    with pytest.raises(InvalidSettingsError, match="n_dimensions"):
        TextSimilarity(n_dimensions=n_dimensions).fit(CORPUS)  # type: ignore[arg-type]


def test_an_unknown_word_is_read_through_the_pieces_that_the_corpus_holds() -> None:
    model = TextSimilarity().fit(CORPUS)
    assert model.similarity(["boulangeries"], ["boulangerissime"]) > 0.5
    assert model.similarity(["wxw"], ["wxw"]) == 0


def test_words_are_cut_at_apostrophes_and_composed() -> None:
    assert split_words("L’été d'Aïcha, 2e") == ["l", "été", "d", "aïcha", "e"]
    assert fold("Çà") == "Ca"
    assert stem("qu", "fr") == stem("les", "fr") == ""
    assert stem("embaucher", "fr") == stem("recrutement", "fr")


@pytest.mark.parametrize(
    ("one", "other"), [("Bœufs", "boeufs"), ("ex æquo", "EX AEQUO"), ("Spaß", "spass"), ("oﬃces", "offices")]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_letter_that_a_keyboard_lacks_makes_no_other_word(one: str, other: str, language: str) -> None:
    assert list(keywords(one, language)) == list(keywords(other, language))
    model = TextSimilarity(language=language).fit([one, other, "coiffure"])
    assert model.similarity([one], [other]) == pytest.approx(1, abs=1e-3)


def test_it_is_a_scikit_learn_transformer() -> None:
    model = TextSimilarity(n_dimensions=3)
    assert clone(model).get_params() == {"language": "auto", "n_dimensions": 3}
    piped = make_pipeline(model, Normalizer()).fit(CORPUS).transform(CORPUS)
    assert piped.shape[0] == len(CORPUS)
    assert (clone(model).fit_transform(CORPUS) == model.fit(CORPUS).transform(CORPUS)).all()


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_mixin_order,
    ],
)
def test_what_scikit_learn_asks_of_an_estimator_of_texts_holds(check: Callable[[str, TextSimilarity], None]) -> None:
    check("TextSimilarity", TextSimilarity())


def test_learning_gives_itself_keeps_its_settings_and_leaves_the_corpus_as_it_was() -> None:
    model, corpus = TextSimilarity(n_dimensions=4), list(CORPUS)
    assert model.fit(corpus) is model
    assert corpus == CORPUS
    assert model.get_params() == {"language": "auto", "n_dimensions": 4}
    assert model.set_params(language="en").language == "en"
    with pytest.raises(LearnedNothingError):
        clone(model).similarity(["pain"], ["pain"])
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert (again.transform(CORPUS) == model.transform(CORPUS)).all()


FRENCH = [
    ("Je souhaite ouvrir un salon de coiffure afro à Saint-Denis", "je souhaite ouvrire un salon de coifure afro"),
    ("J'ai besoin d'aide pour ma trésorerie et mes impayés", "jai besoin d aide pour ma tresorie et mes impayes"),
    ("Livraison de repas faits maison pour les bureaux", "livrason de repas fait maison pour les bureau"),
    ("Création de bijoux artisanaux vendus sur internet", "creation de bijou artisanal vendu sur internet"),
    ("Plombier chauffagiste, je cherche mes premiers clients", "plonbier chaufagiste je cherche mes premier client"),
    ("Reprendre une boulangerie avec deux salariés", "reprendre une boulangrie avec deux salaries"),
]
ENGLISH = [
    ("I want to open a hair salon near the station", "i want to open a hair saloon near the staton"),
    ("My cash flow is tight and two customers have not paid", "my cashflow is tight and 2 custommers have not payed"),
    ("Home-made meals delivered to offices at noon", "home made meels deliverd to ofices at noon"),
    ("Handmade jewellery sold on the internet", "hand made jewelery sold on internet"),
    ("Plumber looking for a first accountant", "plummer looking for a first acountant"),
    ("Taking over a bakery with two employees", "taking over a bakerie with two employes"),
]


@pytest.mark.parametrize(("language", "pairs"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_text_with_mistakes_is_closest_to_the_text_that_was_meant(
    language: str, pairs: list[tuple[str, str]]
) -> None:
    right, wrong = ([pair[side] for pair in pairs] for side in (0, 1))
    similarity = TextSimilarity(language=language).fit(right).similarity(wrong, right)
    assert similarity.argmax(axis=1).tolist() == list(range(len(pairs)))
    meant = similarity.diagonal()
    others = np.where(np.eye(len(pairs), dtype=bool), 0, similarity).max(axis=1)
    assert (meant > 0.6).all()
    assert (meant > others + 0.25).all()


def test_several_texts_of_one_person_are_read_as_one() -> None:
    model = TextSimilarity().fit([["Je fais du pain", "et je livre à vélo"], *CORPUS])
    one, several = model.similarity(
        ["pain et livraison à vélo"], ["pain\nlivraison à vélo", ("pain", "livraison à vélo")]
    )[0]
    assert one == several > 0.9
    assert model.similarity([[]], [CORPUS[0]]) == 0


@pytest.mark.parametrize("texts", ["pain", [3], [["pain", 3]], [b"pain"], [None], None, 5])
def test_what_is_no_list_of_texts_is_refused(texts: object) -> None:
    model = TextSimilarity().fit(CORPUS)
    for read in (model.fit, model.transform):
        with pytest.raises(InvalidTextsError):
            read(texts)  # type: ignore[arg-type]


class Subjects:
    """A model of an operator's own: three subjects, a vector in floating point for each text, nothing learned."""

    language = "fr"
    subjects = (("pain", "levain", "fournil"), ("coiffure", "cheveux"), ("banque", "prêt"))

    def transform(self, texts: Sequence[str]) -> np.ndarray:
        return np.array(
            [[sum(word in text.lower() for word in words) + 0.1 for words in self.subjects] for text in texts]
        )


class Broken(Subjects):
    """The same, that gives whatever a test wants."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def transform(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self.answer)


def test_a_model_of_ones_own_gives_the_text_component() -> None:
    person = entrepreneur(text="Mon fournil au levain")
    helpers = [supporter("s0", text="Trente ans de pain"), supporter("s1", text="Cheveux et coiffure"), supporter("s2")]
    pool = prepare([person], helpers, text=Subjects())
    values = [
        next(part.value for part in evaluate_pair(person, helper, context=pool).components if part.name == "text")
        for helper in helpers
    ]
    assert values[0] > 0.9
    assert values[1] < 0.3
    assert values[2] == 0
    best = match_pool(pool).suggestions[0]
    assert best.supporter_id == "s0"
    assert pool.points(np.zeros(3, dtype=int), np.arange(3)).dtype == np.float32


def test_rows_of_another_model_are_whole_and_as_long_as_ours() -> None:
    vectors = read_vectors(Subjects(), ["pain", " ", "banque"])
    assert (vectors == np.rint(vectors)).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([TEXT_SCALE, 0, TEXT_SCALE], rel=1e-3)
    assert [language_of(model) for model in (Subjects(), object())] == ["fr", "auto"]  # type: ignore[arg-type]
    assert language_of(TextSimilarity(language="en")) == "en"


@pytest.mark.parametrize("answer", [[1.0, 2.0], [[1.0]], [["a"], ["b"]], [[np.nan], [1.0]], [[np.inf], [1.0]]])
def test_a_model_that_gives_no_vectors_is_refused(answer: object) -> None:
    with pytest.raises(InvalidVectorsError):
        read_vectors(Broken(answer), ["pain", "coiffure"])


def test_texts_that_were_forgotten_are_read_again_alike():
    texts = ["Ouvrir un restaurant", "Tenir la comptabilité d’un restaurant"]
    before = TextSimilarity().fit_transform(texts)
    forget_texts()
    assert stem.cache_info().currsize == 0
    assert np.array_equal(TextSimilarity().fit_transform(texts), before)
