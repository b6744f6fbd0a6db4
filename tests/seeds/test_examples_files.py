"""The example files are those of the population, and read without a problem."""

import pytest

from seeds.examples_files import EXAMPLES, build_examples
from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import Kind, read_rows

FILES = {Kind.ENTREPRENEURS: "entrepreneurs.csv", Kind.SUPPORTERS: "supporters.csv", Kind.WORKSHOPS: "workshops.csv"}


def test_files_are_those_that_the_command_writes():
    """If this fails: `python -m seeds.examples_files`."""
    files = build_examples()
    assert {path.name for path in EXAMPLES.iterdir()} == set(files)
    for name, content in files.items():
        assert (EXAMPLES / name).read_bytes() == content, name


@pytest.mark.parametrize(("kind", "lines"), [(Kind.ENTREPRENEURS, 24), (Kind.SUPPORTERS, 9), (Kind.WORKSHOPS, 8)])
def test_files_are_read_without_a_problem(kind, lines):
    result = read_rows(kind, (EXAMPLES / FILES[kind]).read_bytes(), vocabulary=reference_vocabulary())
    assert result.problems == ()
    assert len(result.rows) == lines


def test_the_columns_of_every_file_are_explained_in_both_languages():
    text = (EXAMPLES / "COLUMNS.md").read_text(encoding="utf-8")
    assert text.count("| colonne |") == text.count("| column |") == 3
