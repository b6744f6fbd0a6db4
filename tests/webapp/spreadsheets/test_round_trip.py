"""What is written is read back exactly, and no cell of it is a formula."""

import csv
import io
import re
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seeds import reference
from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import (
    EntrepreneurRow,
    Kind,
    SuggestionRow,
    SupporterRow,
    WorkshopSessionRow,
    read_rows,
    write_rows,
    write_suggestions,
)
from webapp.spreadsheets.formulas import prepare_text, restore_text
from webapp.spreadsheets.terms import FORMATS, ROLES, STAGES

VOCABULARY = reference_vocabulary()
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

OPENINGS = st.sampled_from(
    ["=", "+", "-", "@", "|", "%", "'", "''", "'=", "\t=", "\r=", "\n=", "-1", "=a|b\\|c", '"', ";"]
)
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
LINES = st.one_of(ANY_TEXT, st.builds(str.__add__, OPENINGS, ANY_TEXT))
SHORT = LINES.map(lambda text: " ".join("".join(c if c.isprintable() else " " for c in text).split()))
NAME = SHORT.filter(bool)
REFERENCE = NAME.map(lambda text: text[:64].strip())
SLUG = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
TOPICS = st.lists(
    st.tuples(st.sampled_from(list(reference.topics())), st.integers(1, 3)), max_size=6, unique_by=lambda pair: pair[0]
).map(tuple)
ACTIVITY = st.sampled_from(list(reference.activities()))
COMMUNES = [code for code, c in reference.communes().items() if c.parent is None and c.latitude is not None]
QPVS = list(reference.qpvs())
PHONE = st.sampled_from(["", "06 39 98 12 34", "+33 6 39 98 12 34", "0199001234", "(01) 99.00.12.34"])
EMAIL = st.sampled_from(["", "a@example.org", "=1+1@example.org", "-x.y@sub.example.org", "'quoted@example.org"])
SHIFT = st.floats(-0.5, 0.5)


def several(values):
    return st.lists(st.sampled_from(list(values)), min_size=1, max_size=4, unique=True).map(tuple)


def person(draw):
    commune = reference.communes()[draw(st.sampled_from(COMMUNES))]
    located = draw(st.booleans())
    position = (commune.latitude + draw(SHIFT), commune.longitude + draw(SHIFT)) if located else (None, None)
    return {
        "reference": draw(REFERENCE),
        "association": draw(st.one_of(st.just(""), SLUG)),
        "first_name": draw(NAME),
        "last_name": draw(NAME),
        "email": draw(EMAIL),
        "phone": draw(PHONE),
        "commune": commune.code,
        "latitude": position[0],
        "longitude": position[1],
        "languages": draw(several(reference.languages())),
        "availability": draw(st.integers(0, 2**21 - 1)),
        "max_km": draw(st.one_of(st.integers(0, 1000).map(float), st.floats(0, 1000))),
        "accepts_remote": draw(st.booleans()),
        "text": draw(LINES),
        "household": draw(SHORT),
    }


@st.composite
def entrepreneurs(draw):
    values = person(draw)
    if draw(st.booleans()):
        qpv = reference.qpvs()[draw(st.sampled_from(QPVS))]
        values |= {"qpv_code": qpv.code, "commune": qpv.communes[0], "latitude": None, "longitude": None}
    return EntrepreneurRow(
        **values,
        stage=draw(st.sampled_from(list(STAGES))),
        activity=draw(st.one_of(st.none(), ACTIVITY)),
        project_title=draw(SHORT),
        needs=draw(TOPICS),
        wanted_roles=draw(st.one_of(st.just(()), several(ROLES))),
        coaching_consent=draw(st.booleans()),
        after_liquidation=draw(st.booleans()),
        waiting_since=draw(st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2099, 12, 31)))),
        wants_bridging=draw(st.booleans()),
    )


@st.composite
def supporters(draw):
    return SupporterRow(
        **person(draw),
        role=draw(st.sampled_from(list(ROLES))),
        expertise=draw(TOPICS),
        capacity=draw(st.integers(0, 500)),
        activities=draw(st.one_of(st.just(()), st.lists(ACTIVITY, max_size=3, unique=True).map(tuple))),
        stages=draw(st.one_of(st.just(()), several(STAGES))),
        active_business=draw(st.booleans()),
        has_bounced_back=draw(st.booleans()),
        certified=draw(st.booleans()),
    )


@st.composite
def sessions(draw):
    start = draw(st.integers(4 * 60, 22 * 60))
    end = draw(st.integers(start + 1, 24 * 60 - 1))
    return WorkshopSessionRow(
        reference=draw(REFERENCE),
        association=draw(st.one_of(st.just(""), SLUG)),
        theme=draw(st.sampled_from(list(reference.workshop_themes()))),
        title=draw(SHORT),
        description=draw(LINES),
        starts_on=draw(st.dates(date(1990, 1, 1), date(2099, 12, 31))),
        starts_at=time(*divmod(start, 60)),
        ends_at=time(*divmod(end, 60)),
        format=draw(st.sampled_from(list(FORMATS))),
        commune=draw(st.sampled_from(COMMUNES)),
        place=draw(SHORT),
        address=draw(SHORT),
        language=draw(st.sampled_from(list(reference.languages()))),
        seats=draw(st.integers(1, 500)),
        stages=draw(st.one_of(st.just(()), several(STAGES))),
        accessibility=draw(LINES),
        online_url=draw(st.sampled_from(["", "https://visio.example.org/a?b=c|d"])),
    )


def unique_by_reference(rows):
    return st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row.reference)


def read_back(kind, rows, language):
    data = write_rows(kind, rows, vocabulary=VOCABULARY, language=language)
    result = read_rows(kind, data, vocabulary=VOCABULARY)
    assert result.problems == ()
    return data, result.rows


def is_formula(cell):
    """Tell whether a spreadsheet would calculate: a minus before figures, points and commas alone names nothing."""
    return cell.lstrip("\t\r\n")[:1] in tuple("=+-@") and not re.fullmatch(r"-[0-9.,]+", cell)


def assert_same(rows, kind, language):
    """The rows that are read are those written, positions that nobody gave apart, which are found again."""
    data, found = read_back(kind, rows, language)
    again, found_again = read_back(kind, found, language)
    assert (data, found) == (again, found_again)
    for row, back in zip(rows, found, strict=True):
        for name in row.__slots__:
            if name in {"latitude", "longitude", "location_source"} and getattr(row, "latitude") is None:  # noqa: B009
                continue
            assert getattr(back, name) == getattr(row, name), name
    delimiter = ";" if language == "fr" else ","
    cells = [
        c for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter) for c in line
    ]
    assert not [cell for cell in cells if is_formula(cell)]


@SETTINGS
@given(rows=unique_by_reference(entrepreneurs()), language=st.sampled_from(["fr", "en"]))
def test_entrepreneurs_come_back(rows, language):
    assert_same(rows, Kind.ENTREPRENEURS, language)


@SETTINGS
@given(rows=unique_by_reference(supporters()), language=st.sampled_from(["fr", "en"]))
def test_supporters_come_back(rows, language):
    assert_same(rows, Kind.SUPPORTERS, language)


@SETTINGS
@given(rows=unique_by_reference(sessions()), language=st.sampled_from(["fr", "en"]))
def test_sessions_come_back(rows, language):
    assert_same(rows, Kind.WORKSHOPS, language)


@settings(max_examples=500, deadline=None)
@given(text=LINES)
def test_any_text_comes_back_from_the_neutralised_cell(text):
    from defusedcsv import csv as defused

    buffer = io.StringIO(newline="")
    defused.writer(buffer).writerow(["x", prepare_text(text)])
    (line,) = csv.reader(io.StringIO(buffer.getvalue(), newline=""), strict=True)
    assert not is_formula(line[1])
    assert restore_text(line[1]) == text


@pytest.mark.parametrize("text", ["=1+1", "+33", "-x", "@SUM(A1)", "\t=1", "|calc", "%1"])
def test_a_text_that_looks_like_a_formula_is_neutralised(text):
    row = SuggestionRow(
        entrepreneur_reference="E1", supporter_reference="A1", role="mentor", rank=1, score=0.5, reasons=(text,)
    )
    (_, line) = csv.reader(io.StringIO(write_suggestions([row]).decode("utf-8-sig"), newline=""), delimiter=";")
    assert line[-1].startswith("'")


def test_french_files_open_in_french_excel():
    row = WorkshopSessionRow(
        reference="A1",
        theme="financial_forecast",
        starts_on=date(2026, 12, 3),
        starts_at=time(18, 30),
        ends_at=time(20),
        format="in_person",
        seats=12,
        commune="01053",
    )
    data = write_rows(Kind.WORKSHOPS, [row], vocabulary=VOCABULARY)
    assert data.startswith(b"\xef\xbb\xbf")
    header, line, end = data.decode("utf-8-sig").split("\r\n")
    assert header.startswith("référence;association;thème;titre;description;date;début;fin;format;commune")
    assert line.startswith(
        "A1;;Construire son prévisionnel;;;03/12/2026;18:30;20:00;En présentiel;Bourg-en-Bresse (01053)"
    )
    assert end == ""


def test_suggestions_spread_their_components_over_columns():
    rows = [
        SuggestionRow(
            entrepreneur_reference="E1",
            entrepreneur_name="Ana Duval",
            supporter_reference="A1",
            supporter_name="Luc Petit",
            role="mentor",
            rank=1,
            score=0.81234,
            components=(("besoins", 0.9), ("proximité", 0.5)),
            reasons=("Peut aider sur la trésorerie.", "Libre le lundi soir."),
        ),
        SuggestionRow(
            entrepreneur_reference="E1",
            supporter_reference="A2",
            role="expert",
            rank=2,
            score=0.4,
            components=(("activité", 1),),
        ),
    ]
    text = write_suggestions(rows).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert lines[0][4:] == ["rôle", "rang", "score", "besoins", "proximité", "activité", "raisons"]
    assert lines[1][4:10] == ["Parrain ou marraine", "1", "0,8123", "0,9000", "0,5000", ""]
    assert lines[1][-1] == "Peut aider sur la trésorerie.\nLibre le lundi soir."
    english = write_suggestions(rows, language="en").decode("utf-8-sig").splitlines()
    assert english[0].startswith("entrepreneur,entrepreneur_name,supporter,")
    assert ",mentor,1,0.8123," in english[1]
