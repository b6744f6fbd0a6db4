"""Every sentence has its French, compiled, and no word is shown that must not be."""

import ast
import re

from webapp import translations_build
from webapp.translations_build import WEBAPP, build, is_up_to_date
from webapp.typography import elide


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


def test_no_french_word_stands_before_a_name_that_it_would_not_be_joined_to() -> None:
    """« de %(name)s » is elided where it is filled: whatever stands between the two would hide it from there."""
    strings = [text for message in build().catalog for text in translations_build._strings(message)]
    before = re.compile(r"\b(?:d|qu|jusqu|lorsqu|puisqu|quoiqu)e\b[^\w%.,;:!?]*(?:<[^>]*>)*%\((\w+)\)s", re.IGNORECASE)
    found = [(text, match) for text in strings for match in before.finditer(text)]
    assert len(found) > 30
    assert [text for text, match in found if "’%(" not in elide(match.group(), {match[1]: "Élodie"})] == []


def test_sentences_are_filled_in_one_place() -> None:
    """Who fills a sentence elsewhere would write « de Élodie »: `webapp/translation.py` does it."""
    found = []
    for path in sorted(WEBAPP.rglob("*.py")):
        if path.name in ("translation.py", "translations_build.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _fills(node):
                found.append(f"{path.relative_to(WEBAPP)}:{node.lineno}")
    assert found == []


def _fills(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "flask_babel":
        return any(name.name.startswith(("gettext", "ngettext", "pgettext", "npgettext")) for name in node.names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_l", "_p", "_lp", "_ln"}:
        return bool(node.keywords)
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)):
        return False
    return isinstance(node.right, ast.Dict) or (isinstance(node.left, ast.Call) and isinstance(node.right, ast.Name))
