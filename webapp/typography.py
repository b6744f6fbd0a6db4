"""How French sets a sentence: no line breaks before a sign that ends a clause, and « de » is elided before a vowel."""

import re
from collections.abc import Mapping

from models.search import fold

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


_BEFORE_A_VALUE = re.compile(r"\b([Dd]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu)e %\((\w+)\)s")
# « Yves » begins with a vowel, « Yasmina » and « Ouarda » with a consonant, as « le yaourt » and « le oui » do.
_VOWEL = r"(?!y[aeiou]|ou[aeiou]|onze\b)[aeiouy]"
# The h of these names is silent. Of Hassan, Hatice or Helmut it is heard, and a town may be either: those keep « de ».
_SILENT_H = (
    r"(?:hector|helene|heloise|henri|henriette|hermine|hermione|herve|hilaire|hippolyte|honorine|honore|hortense"
    r"|hubert|hugo|hugues|huguette|hyacinthe)\b"
)
_HEARD_AS_A_VOWEL = re.compile(f"{_VOWEL}|{_SILENT_H}")


def begins_with_a_vowel(name: str) -> bool:
    """Say whether French hears a vowel first, so that « de » and « que » before the name are elided."""
    return name[:1].isalpha() and bool(_HEARD_AS_A_VOWEL.match(fold(name)))


def elide(sentence: str, values: Mapping[str, object]) -> str:
    """Elide « de %(name)s » and « que %(name)s » where the value wants it; English has neither word before a value."""
    if "e %(" not in sentence:
        return sentence
    return _BEFORE_A_VALUE.sub(
        lambda found: (
            f"{found[1]}’%({found[2]})s" if begins_with_a_vowel(str(values.get(found[2], ""))) else found.group()
        ),
        sentence,
    )
