"""The signed charter as a PDF: one page of text, then the three signatures. The same charter gives the same bytes."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from fpdf import FPDF, XPos, YPos

from webapp.charters.texts import read_text
from webapp.clock import PARIS
from webapp.typography import set_spaces

# The fonts that every reader has know Western European letters; they cost the document nothing.
ENCODING = "cp1252"
FONT = "Helvetica"
MARGIN_MM = 22
# The names as they were written, letter by letter, stand among the properties of the document: those know every script.
AS_WRITTEN = "tel qu’il a été écrit, il figure dans les propriétés du document"
TRANSCRIBED = f"nom transcrit en lettres latines ; {AS_WRITTEN}"
KNOWN_AS = f"nom du dossier, en lettres latines ; {AS_WRITTEN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """One line under a charter: the name as it was written, and as the person's file has it."""

    party: str
    name: str
    signed_at: datetime
    is_on_paper: bool
    known_as: str = ""


def build_document(
    *, text: str, association: str, version: str, signatures: Sequence[SignedBy], signed_at: datetime
) -> bytes:
    """Write the document."""
    document = _open(signed_at)
    document.set_keywords(", ".join(one.name for one in signatures))
    charter = read_text(text)
    _write(document, charter.title, size=18, style="B", after=1)
    _write(document, f"{association} · version {version}", size=10, after=4)
    for clause in charter.clauses:
        _write(document, clause.heading, size=11, style="B")
        _write(document, clause.words, size=10.5, after=2.5)
    _write(document, "Signatures", size=11, style="B", after=1)
    for one in signatures:
        _write(document, _tell(one), size=10.5, after=1)
    return bytes(document.output())


def _open(signed_at: datetime) -> FPDF:
    document = FPDF(format="A4")
    document.core_fonts_encoding = ENCODING
    document.set_creation_date(signed_at)
    document.set_lang("fr")
    document.set_margins(MARGIN_MM, MARGIN_MM)
    document.set_auto_page_break(auto=True, margin=MARGIN_MM)
    document.add_page()
    return document


def _write(document: FPDF, words: str, *, size: float, style: str = "", after: float = 0.0) -> None:
    document.set_font(FONT, style=style, size=size)
    document.multi_cell(0, size * 0.5, printable(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    document.ln(after)


def _tell(signature: SignedBy) -> str:
    moment = signature.signed_at.astimezone(PARIS)
    how = "signé sur papier, noté" if signature.is_on_paper else "signé"
    return f"{signature.party} : {_tell_name(signature)}, {how} le {moment:%d/%m/%Y} à {moment:%H:%M}"


def _tell_name(signature: SignedBy) -> str:
    """Give a name in Latin letters: as the person spells it herself where her file says, else as it sounds."""
    if not is_transcribed(signature.name):
        return signature.name
    if signature.known_as and not is_transcribed(signature.known_as):
        return f"{signature.known_as} ({KNOWN_AS})"
    return f"{signature.name} ({TRANSCRIBED})"


def printable(words: str) -> str:
    """Give a text in letters that the fonts have: without the accent that they lack, or transcribed into Latin ones."""
    letters = set_spaces(unicodedata.normalize("NFC", words))
    return "".join(letter if _has_font(letter) else anyascii(letter) for letter in letters)


def is_transcribed(name: str) -> bool:
    """Say whether a name is of another script than the Latin one, so that the document can only say how it sounds."""
    letters = (letter for letter in unicodedata.normalize("NFC", name) if letter.isalpha())
    return not all(_has_font(letter) or unicodedata.name(letter, "").startswith("LATIN") for letter in letters)


def _has_font(letter: str) -> bool:
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
