"""An example file of each kind, made from the examples that the columns themselves give: it always imports."""

import csv
import io
from datetime import date, timedelta

from webapp.spreadsheets import ColumnDescription, Kind, describe_columns

BOM = "\ufeff"
AHEAD = timedelta(days=30)
# One file per association: the column says nothing more.
LEFT_EMPTY = frozenset({"association"})
CONFIDED = frozenset({"coaching_consent", "after_liquidation"})


def example_file(kind: Kind, *, language: str, today: date, lends: bool = False) -> bytes:
    """Write the headers and one line, as a French (semicolons) or English (commas) spreadsheet would.

    The lending side has no columns for what people confide.
    """
    is_french = language == "fr"
    columns = [column for column in describe_columns(kind) if not (lends and column.name in CONFIDED)]
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";" if is_french else ",", lineterminator="\r\n")
    writer.writerow([column.header_fr if is_french else column.header_en for column in columns])
    writer.writerow([_cell(column, is_french=is_french, today=today) for column in columns])
    return (BOM + output.getvalue()).encode()


def _cell(column: ColumnDescription, *, is_french: bool, today: date) -> str:
    if column.name in LEFT_EMPTY:
        return ""
    if column.name == "starts_on":
        # An example that lies in the past could not be imported.
        day = today + AHEAD
        return f"{day:%d/%m/%Y}" if is_french else day.isoformat()
    return column.example_fr if is_french else column.example_en
