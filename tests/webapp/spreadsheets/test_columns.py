"""Columns agree with the rows, and their help is whole in both languages and true."""

from dataclasses import fields

import pytest

from webapp.spreadsheets import Kind, LocationSource, columns_table, describe_columns, read_rows
from webapp.spreadsheets.column import MISSING
from webapp.spreadsheets.columns import ROW_TYPES, columns_by_header, list_columns

KINDS = list(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_its_column(kind):
    wanted = {field.name for field in fields(ROW_TYPES[kind])} - {"location_source"}
    assert {column.name for column in list_columns(kind)} == wanted


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_left_out_means_the_default_of_the_row(kind):
    defaults = {field.name: field.default for field in fields(ROW_TYPES[kind])}
    for column in list_columns(kind):
        if not column.required:
            assert column.default is not MISSING
            assert column.default == defaults[column.name], column.name


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_is_read_without_a_problem(kind, vocabulary):
    for position, headers in enumerate(["header_fr", "header_en"]):
        described = describe_columns(kind)
        cells = [[d.example_fr, d.example_en][position] for d in described]
        names = [getattr(d, headers) for d in described]
        data = "\t".join(names) + "\n" + "\t".join(cells) + "\n"
        problems = read_rows(kind, data.encode(), vocabulary=vocabulary).problems
        assert problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_help_is_written_in_both_languages(kind):
    for described in describe_columns(kind):
        assert described.help_fr
        assert described.help_en
        assert described.help_fr != described.help_en


@pytest.mark.parametrize("kind", KINDS)
def test_no_header_names_two_columns(kind):
    assert len(columns_by_header(kind)) > len(list_columns(kind))


def test_the_table_has_one_line_for_each_column():
    for language in ("fr", "en"):
        lines = columns_table(Kind.SUPPORTERS, language=language).splitlines()
        assert len(lines) == 2 + len(list_columns(Kind.SUPPORTERS))
        assert all(line.replace("\\|", "").count("|") == 5 for line in lines)


def test_positions_say_where_they_come_from():
    assert [source.value for source in LocationSource] == ["given", "qpv", "commune", "unknown"]
