"""Every sentence has its French, compiled, and no word is shown that must not be."""

from webapp import translations_build
from webapp.translations_build import build, is_up_to_date


def test_every_sentence_of_the_app_has_its_french() -> None:
    made = build()
    assert [sentence.places[0] + " " + sentence.text for sentence in made.missing] == []
    assert made.problems == []


def test_the_compiled_catalogue_is_that_of_the_code() -> None:
    assert is_up_to_date(build()), "run `python -m webapp.translations_build` and commit what it writes"


def test_no_line_of_french_breaks_before_a_sign_that_belongs_to_it() -> None:
    strings = [text for message in build().catalog for text in translations_build._strings(message)]
    broken = [text for text in strings if "« " in text or any(f" {sign}" in text for sign in ":?!;»")]
    assert len(strings) > 4000
    assert broken == []


def test_words_never_shown_are_not_shown() -> None:
    """DESIGN: never « faillite », never "mentee"."""
    po = translations_build._targets()[0].read_text(encoding="utf-8").casefold()
    for word in ("faillite", "mentee", "mentoré", "bankrupt"):
        assert word not in po
