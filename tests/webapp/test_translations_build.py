"""The French catalogue is whole, and the command that builds it finds what is wrong."""

from pathlib import Path

import pytest

from webapp import translations_build
from webapp.translations_build import build, collect_sentences, write_todo

PLURAL = 'msgid_plural "%(num)d people"\nmsgstr[0] "Une personne"\nmsgstr[1] "%(num)d personnes"'
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
SOURCE = """
_("Good morning")
_("Hello %(name)s")
ngettext("One person", "%(num)d people", 2)
_p("booking", "Cancelled")
_l("Good morning")
"""
SOUND = """
msgid "Good morning"
msgstr "Bonjour"

msgid "Hello %(name)s"
msgstr "Bonjour %(name)s"

msgid "One person"
msgid_plural "%(num)d people"
msgstr[0] "Une personne"
msgstr[1] "%(num)d personnes"

msgctxt "booking"
msgid "Cancelled"
msgstr "Annulée"
"""


def make(tmp_path: Path, *parts: str, source: str = SOURCE) -> translations_build.Build:
    folder, pieces = tmp_path / "app", tmp_path / "parts"
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    pieces.mkdir(exist_ok=True)
    (folder / "module.py").write_text(source)
    (folder / "templates" / "page.html").write_text('<p>{{ _("Good morning") }}</p>')
    for number, text in enumerate(parts):
        (pieces / f"part{number}.po").write_text(HEADER + text, encoding="utf-8")
    return build(folder, pieces)


def test_a_whole_catalogue_is_sound_and_always_the_same_bytes(tmp_path: Path) -> None:
    made = make(tmp_path, SOUND)
    assert (made.missing, made.problems) == ([], [])
    assert (made.po(), made.mo()) == (make(tmp_path, SOUND).po(), make(tmp_path, SOUND).mo())
    assert 'msgctxt "booking"' in made.po().decode()


def test_sentences_come_from_code_and_templates_with_their_places(tmp_path: Path) -> None:
    make(tmp_path, SOUND)
    found = collect_sentences(tmp_path / "app")
    assert found[None, "Good morning"].places == (
        "webapp/module.py:2",
        "webapp/module.py:6",
        "webapp/templates/page.html:1",
    )
    assert found[None, "One person"].plural == "%(num)d people"
    assert ("booking", "Cancelled") in found


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('msgstr "Bonjour %(name)s"', 'msgstr "Bonjour"', "placeholders differ"),
        ('msgstr "Bonjour %(name)s"', 'msgstr "Bonjour %(nom)s"', "placeholders differ"),
        ('msgstr "Bonjour %(name)s"', 'msgstr "Bonjour %(name)s à 100 %"', "must be written %%"),
        ('msgid "Good morning"', '#, fuzzy\nmsgid "Good morning"', "marked fuzzy"),
        ('msgstr "Annulée"', 'msgstr ""', "not translated"),
        ('msgstr[1] "%(num)d personnes"', 'msgstr[1] ""', "not translated"),
        ('msgctxt "booking"\n', "", "unused: 'Cancelled'"),
        ('msgid "Good morning"', 'msgid "Good evening"', "unused: 'Good evening'"),
        (
            'msgid_plural "%(num)d people"\nmsgstr[0] "Une personne"\nmsgstr[1] "%(num)d personnes"',
            'msgstr "Une"',
            "one form",
        ),
    ],
)
def test_what_is_wrong_in_a_part_is_named(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert before in SOUND
    made = make(tmp_path, SOUND.replace(before, after))
    assert any(problem in one for one in made.problems)


def test_two_parts_may_agree_but_not_differ(tmp_path: Path) -> None:
    again = '\nmsgid "Good morning"\nmsgstr "{}"\n'
    agreed = make(tmp_path, SOUND, again.format("Bonjour"))
    assert (agreed.missing, agreed.problems) == ([], [])
    assert "differently" in make(tmp_path, SOUND, again.format("Bon matin")).problems[0]


def test_one_part_does_not_say_a_thing_twice(tmp_path: Path) -> None:
    made = make(tmp_path, SOUND + '\nmsgid "Good morning"\nmsgstr "Salut"\n')
    assert "written twice" in made.problems[0]


def test_what_is_missing_is_printed_as_a_part_wants_it(tmp_path: Path) -> None:
    todo = "\n".join(write_todo(make(tmp_path).missing))
    assert '#: webapp/module.py:3\nmsgid "Hello %(name)s"\nmsgstr ""\n' in todo
    assert 'msgid_plural "%(num)d people"\nmsgstr[0] ""\nmsgstr[1] ""' in todo
    assert 'msgctxt "booking"\nmsgid "Cancelled"' in todo
    make(tmp_path, todo)
    assert make(tmp_path, todo).missing == []


def test_the_command_writes_once_checks_and_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    po, mo = tmp_path / "fr" / "messages.po", tmp_path / "fr" / "messages.mo"
    monkeypatch.setattr(translations_build, "_targets", lambda: (po, mo))
    monkeypatch.setattr(translations_build, "build", lambda: make(tmp_path, SOUND))
    assert translations_build.main(["--check"]) == 1
    assert not po.exists()
    assert translations_build.main([]) == 0
    assert translations_build.main(["--check"]) == 0
    monkeypatch.setattr(translations_build, "build", lambda: make(tmp_path, SOUND, source=SOURCE + '\n_("New")\n'))
    capsys.readouterr()
    assert translations_build.main([]) == 1
    assert "no French: 'New'" in capsys.readouterr().out
    assert translations_build.main(["--todo"]) == 0
    assert 'msgid "New"' in capsys.readouterr().out
