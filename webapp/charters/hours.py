"""The certificate of a volunteer's hours as a PDF: one page, no name of anybody who was supported."""

from datetime import datetime

from fpdf import FPDF, XPos, YPos

from models.queries.meetings import GivenHours
from webapp.charters.document import ENCODING, FONT, MARGIN_MM, printable
from webapp.clock import PARIS


def build_certificate(*, name: str, association: str, year: int, given: GivenHours, at: datetime) -> bytes:
    """Write the certificate of one year."""
    document = FPDF(format="A4")
    document.core_fonts_encoding = ENCODING
    document.set_creation_date(at)
    document.set_lang("fr")
    document.set_margins(MARGIN_MM, MARGIN_MM)
    document.add_page()
    for words, size in (
        ("Attestation de bénévolat", 18.0),
        (f"{association} atteste que {name} a donné de son temps en {year} :", 12.0),
        (f"{count(given.meetings, 'rencontre', 'rencontres')} : {tell_minutes(given.meeting_minutes)}", 12.0),
        (f"{count(given.sessions, 'atelier animé', 'ateliers animés')} : {tell_minutes(given.session_minutes)}", 12.0),
        (
            f"{count(given.circles, 'rencontre de cercle', 'rencontres de cercle')} : "
            f"{tell_minutes(given.circle_minutes)}",
            12.0,
        ),
        (
            f"{count(given.gatherings, 'rencontre entre bénévoles', 'rencontres entre bénévoles')} : "
            f"{tell_minutes(given.gathering_minutes)}",
            12.0,
        ),
        (f"En tout : {tell_minutes(given.minutes)}.", 14.0),
        (f"Le {at.astimezone(PARIS):%d/%m/%Y}, d’après ce qui est noté dans Maillage.", 10.0),
    ):
        document.set_font(FONT, size=size)
        document.multi_cell(0, size * 0.6, printable(words), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        document.ln(4)
    return bytes(document.output())


def count(number: int, one: str, several: str) -> str:
    """Give a number with its word, as French counts: none is singular."""
    return f"{number} {one if abs(number) <= 1 else several}"


def tell_minutes(minutes: int) -> str:
    """Give minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d}"
