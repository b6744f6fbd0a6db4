"""Where French sets a space that no line may break at: what ends or opens a clause stays with its words."""

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
"""One kind for all: every font, mail program and spreadsheet knows it, as the narrow one many do not."""
_SPACE = "[ \N{NARROW NO-BREAK SPACE}]"
_PUNCTUATION = rf"(?<=«){_SPACE}|{_SPACE}(?=[:?!;»](?!\w))"
# The number may be a placeholder: « %(value)s km », « %(share)d %% ».
_UNIT = rf"(?:(?<=\d)|(?<=[)][sd])){_SPACE}(?=(?:km|min|h|Mo)\b|%%)"
BREAKABLE = re.compile(f"{_PUNCTUATION}|{_UNIT}")


def set_spaces(text: str) -> str:
    """Set a French text that was written with plain spaces; placeholders, addresses and hours like 18:00 stay."""
    return BREAKABLE.sub(NO_BREAK, text)
