"""Whole files: encodings, separators, headers, and reports by line and column."""

import codecs

import pytest

from webapp.spreadsheets import Kind, LocationSource, read_rows
from webapp.spreadsheets.decoding import MAX_LINES
from webapp.spreadsheets.reader import MAX_PROBLEMS, MOST_COUNTED

HEADER = "référence;prénom;nom;commune;étape;besoins;disponibilités"
LINE = "E1;Zoé;Lefèvre;93200 Saint-Denis;Lancement;Vente et prospection;lundi soir"
FILE = f"{HEADER}\r\n{LINE}\r\n"


def codes(result):
    return [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (FILE.encode("utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + FILE.encode("utf-8"), "utf-8"),
        (FILE.encode("windows-1252"), "windows-1252"),
        (FILE.encode("utf-16"), "utf-16"),
    ],
)
def test_the_encodings_of_excel_are_read(vocabulary, data, encoding):
    result = read_rows(Kind.ENTREPRENEURS, data, vocabulary=vocabulary)
    assert (result.problems, result.encoding) == ((), encoding)
    assert (result.rows[0].first_name, result.rows[0].last_name) == ("Zoé", "Lefèvre")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_separators_and_line_ends_are_found(read, delimiter, end):
    result = read(FILE.replace(";", delimiter).replace("\r\n", end))
    assert result.is_clean
    assert result.delimiter == delimiter
    assert len(result.rows) == 1


def test_the_separator_line_of_excel_is_not_a_line(read):
    result = read("sep=,\r\n" + (FILE + LINE + ";trop\r\n").replace(";", ","))
    assert [(p.line, p.code) for p in result.problems] == [(3, "extra_cells"), (3, "repeated_reference")]


def test_english_headers_and_forgiven_spellings_are_understood(read):
    text = FILE.replace("référence;prénom;nom", "REFERENCE; Prenom ;last_name").replace("étape", "Étape du projet")
    assert read(text.replace("besoins", "NEEDS")).is_clean


def test_columns_may_come_in_any_order(read):
    turned = "\n".join(";".join(reversed(line.split(";"))) for line in FILE.split("\r\n"))
    assert read(turned).rows == read(FILE).rows


def test_lines_count_as_in_the_spreadsheet_when_cells_hold_line_breaks(read):
    lines = [
        HEADER + ";présentation",
        LINE + ';"une\nbelle\r\nhistoire"',
        "",
        ";;;;;;;",
        LINE.replace("E1", "E2").replace("Lancement", "Lansement") + ";",
    ]
    result = read("\n".join(lines))
    assert [(p.line, p.column, p.value) for p in result.problems] == [(5, "étape", "Lansement")]
    assert result.lines == (2,)
    assert result.rows[0].text == "une\nbelle\r\nhistoire"


def test_every_wrong_cell_of_every_line_is_reported_at_once(read):
    wrong = LINE.replace("Lancement", "?").replace("lundi soir", "lundi")
    result = read("\n".join([HEADER, wrong.replace("lundi", "jamais"), wrong.replace("E1", "E2")]))
    assert [(p.line, p.column) for p in result.problems] == [(2, "étape"), (2, "disponibilités"), (3, "étape")]
    assert result.rows == ()


def test_a_missing_column_says_what_goes_there_and_hides_no_other_header(read):
    result = read("référence;prénom;couleur;besoins\nE1;Ana;rouge;Vente et prospection\n")
    assert sorted(codes(result)) == ["missing_column"] * 4 + ["unknown_column"]
    missing = {problem.column for problem in result.problems if problem.code == "missing_column"}
    assert missing == {"nom", "commune", "étape", "disponibilités"}


def test_an_unknown_column_names_the_nearest(read):
    result = read(FILE.replace("\r\n", ";x\r\n").replace(";x", ";telefone", 1))
    (problem,) = result.problems
    assert (problem.line, problem.code, problem.value) == (1, "unknown_column", "telefone")
    assert "« téléphone »" in problem.expected_fr


def test_unnamed_empty_columns_of_a_spreadsheet_are_ignored_but_not_their_content(read):
    assert read(FILE.replace("\r\n", ";;;\r\n")).is_clean
    assert codes(read(FILE.replace("\r\n", ";;\r\n", 1).replace("lundi soir", "lundi soir;;perdu"))) == [
        "unknown_column"
    ]


def test_a_repeated_header_is_refused_even_under_another_name(read):
    (problem,) = read(FILE.replace("étape", "étape;stage", 1).replace("Lancement", "Lancement;Idée")).problems
    assert (problem.code, problem.column) == ("repeated_column", "stage")


def test_a_repeated_reference_names_the_first_line(read):
    (problem,) = read(FILE + "\n" + LINE.replace("E1", " E1 ")).problems
    assert (problem.line, problem.code, problem.column) == (4, "repeated_reference", "référence")
    assert "ligne 2" in problem.expected_fr


def test_extra_cells_are_refused(read):
    (problem,) = read(FILE.replace("lundi soir", "lundi soir;en trop")).problems
    assert (problem.line, problem.code, problem.value) == (2, "extra_cells", "en trop")


def test_a_line_that_stops_early_has_empty_cells(read):
    result = read(f"{HEADER};présentation;foyer\n{LINE}\n")
    assert result.is_clean
    assert result.rows[0].household == ""


def test_a_quote_never_closed_does_not_swallow_the_lines_before_it(read):
    result = read(f"{HEADER};présentation\n{LINE};ok\n" + LINE.replace("E1", "E2") + ';"ouvert\n' + LINE + "\n")
    assert [(p.line, p.code) for p in result.problems] == [(3, "unclosed_quote")]
    assert len(result.rows) == 1


def test_a_quote_in_the_middle_is_reported(read):
    assert codes(read(FILE.replace("Zoé", '"Zoé" dite Zaza'))) == ["bad_quote"]


def test_a_quote_closed_two_lines_below_shows_as_a_line_break(read):
    text = f"{HEADER}\n" + LINE.replace("Zoé", '"Zoé') + "\n" + LINE.replace("Zoé", 'Z"')
    problems = read(text).problems
    assert {p.line for p in problems} == {2}
    assert {"line_break", "bad_quote"} & {p.code for p in problems}


def test_a_nul_character_is_reported_where_it_is(read):
    (problem,) = read(FILE.replace("Zoé", "Zo\0")).problems
    assert (problem.line, problem.column, problem.code) == (2, "prénom", "nul_character")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"  \r\n \r\n", "empty_file"),
        (codecs.BOM_UTF8, "empty_file"),
        (b"\r\n" + FILE.encode(), "empty_file"),
        (HEADER.encode(), "no_lines"),
        (b"PK\x03\x04rest of a workbook", "not_csv"),
        (b"\xd0\xcf\x11\xe0rest of an old workbook", "not_csv"),
        (codecs.BOM_UTF8 + FILE.encode("windows-1252"), "unreadable_encoding"),
        (FILE.encode() + "Zoé\n".encode("windows-1252"), "unreadable_encoding"),
        (b"\x81\x8d\x8f", "unreadable_encoding"),
        (b"\xff\xfe\x00", "unreadable_encoding"),
        (b'"' + b"a" * 200_000 + b'"', "cell_too_long"),
    ],
)
def test_a_file_that_is_not_one_is_refused_in_words(vocabulary, data, code):
    result = read_rows(Kind.ENTREPRENEURS, data, vocabulary=vocabulary)
    assert codes(result) == [code]
    assert result.rows == ()
    assert result.problems[0].expected_fr
    assert result.problems[0].expected_en


def test_a_file_too_large_is_refused_before_it_is_decoded(read):
    (problem,) = read(FILE, max_bytes=50).problems
    assert problem.code == "file_too_large"


def test_a_report_stays_readable_however_bad_the_file(read):
    lines = [LINE.replace("E1", f"E{n}").replace("Lancement", "?") for n in range(MAX_PROBLEMS + 20)]
    problems = read("\n".join([HEADER, *lines])).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].code == "more_problems"
    assert "20 autres" in problems[-1].expected_fr


def test_a_file_of_another_kind_is_not_read_to_its_end(read):
    problems = read("\n".join([HEADER, *["a;b;c"] * (MAX_LINES + 10)])).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].expected_fr.startswith("au moins ")
    left = int(problems[-1].expected_fr.split()[2])
    assert left < MOST_COUNTED, "it stopped soon after the most that is counted"


def test_more_lines_than_are_read_is_said(read):
    problems = read("\n".join([HEADER, *[";"] * (MAX_LINES + 10)])).problems
    assert [problem.code for problem in problems] == ["too_many_lines"]


def test_long_wrong_values_are_shortened(read):
    (problem,) = read(FILE.replace("Lancement", "x" * 300)).problems
    assert len(problem.value) == 80


def test_progress_is_told(read):
    told = []
    read(FILE, progress=told.append)
    assert told == [0.0]


@pytest.mark.parametrize(
    ("cells", "source", "latitude"),
    [
        ({}, LocationSource.COMMUNE, 48.93),
        ({"code QPV": "QN09303M"}, LocationSource.QPV, None),
        ({"latitude": "48,9301", "longitude": "2,3502"}, LocationSource.GIVEN, 48.9301),
    ],
)
def test_a_position_comes_from_the_address_then_the_qpv_then_the_commune(
    read, file_of, vocabulary, cells, source, latitude
):
    qpv = next(code for code, q in vocabulary.qpvs.items() if q.communes == ("93066",))
    cells = {name: qpv if name == "code QPV" else value for name, value in cells.items()}
    result = read(file_of(**cells))
    assert result.is_clean
    row = result.rows[0]
    assert row.location_source is source
    assert row.latitude == pytest.approx(latitude or vocabulary.qpvs[qpv].latitude, abs=0.01)


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"latitude": "48,93"}, "half_a_position", "longitude"),
        ({"latitude": "2,35", "longitude": "48,93"}, "position_far_from_commune", "latitude"),
        ({"code QPV": "QN01301M"}, "qpv_elsewhere", "code QPV"),
    ],
)
def test_cells_of_one_line_must_agree(read, file_of, vocabulary, cells, code, column):
    far = next(code for code, q in vocabulary.qpvs.items() if q.communes == ("13055",))
    cells = {name: far if name == "code QPV" else value for name, value in cells.items()}
    (problem,) = read(file_of(**cells)).problems
    assert (problem.code, problem.line) == (code, 2)
    assert problem.column in {column, "longitude"}
