"""Spreadsheets in and out: entrepreneurs, supporters and workshop sessions as CSV. Knows no Flask and no database."""

from webapp.spreadsheets.columns import ColumnDescription, columns_table, describe_columns
from webapp.spreadsheets.problems import Problem
from webapp.spreadsheets.reader import ReadResult, read_rows
from webapp.spreadsheets.rows import (
    EntrepreneurRow,
    Kind,
    LocationSource,
    Row,
    SuggestionRow,
    SupporterRow,
    WorkshopSessionRow,
)
from webapp.spreadsheets.terms import Language
from webapp.spreadsheets.vocabulary import Vocabulary
from webapp.spreadsheets.writer import write_rows, write_suggestions

__all__ = [
    "ColumnDescription",
    "EntrepreneurRow",
    "Kind",
    "Language",
    "LocationSource",
    "Problem",
    "ReadResult",
    "Row",
    "SuggestionRow",
    "SupporterRow",
    "Vocabulary",
    "WorkshopSessionRow",
    "columns_table",
    "describe_columns",
    "read_rows",
    "write_rows",
    "write_suggestions",
]
