"""An example file of each kind, made from the examples that the columns themselves give: it always imports."""

import csv
import io

from webapp.spreadsheets import Kind, describe_columns

BOM = "﻿"


def example_file(kind: Kind, *, language: str) -> bytes:
    """Write the headers and one line, as a French (semicolons) or English (commas) spreadsheet would."""
    is_french = language == "fr"
    columns = describe_columns(kind)
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";" if is_french else ",", lineterminator="\r\n")
    writer.writerow([column.header_fr if is_french else column.header_en for column in columns])
    writer.writerow([column.example_fr if is_french else column.example_en for column in columns])
    return (BOM + output.getvalue()).encode()
