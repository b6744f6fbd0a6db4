"""Texts that a spreadsheet would take for a formula are written with an apostrophe, and read back without it.

The writer of `defusedcsv` does the neutralising. It cannot be undone on its own, since a text may begin with an
apostrophe of its own; so that one is doubled first. A text that begins with a tab or a line break, after which some
spreadsheets look for a formula too, gets an apostrophe as well.
"""

_FORMULA = "=+-@|%"
_HIDDEN = "\t\r\n"
_MARK = "'"


def prepare_text(text: str) -> str:
    """Make a text ready for the writer of `defusedcsv`, so that `restore_text` can undo both."""
    return _MARK + text if text.startswith((_MARK, *_HIDDEN)) else text


def restore_text(cell: str) -> str:
    """Give back the text that a neutralised cell stands for; other cells are left as they are."""
    if len(cell) < 2 or cell[0] != _MARK:
        return cell
    if cell[1] in _FORMULA or cell.startswith("'\\|"):
        return cell[1:].replace("\\|", "|")  # defusedcsv puts a backslash before every bar of such a text
    return cell[1:] if cell[1] in _MARK + _HIDDEN else cell
