"""What one cell may say, in each language, and what is answered when it says something else."""

from datetime import date, time

import pytest

from webapp.spreadsheets import Kind


def only_problem(result):
    (problem,) = result.problems
    return problem


def only_row(result):
    assert result.problems == ()
    (row,) = result.rows
    return row


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("cash_flow:3|sales", (("cash_flow", 3), ("sales", 2))),
        ("Trésorerie et impayés:3|Vente et prospection:1", (("cash_flow", 3), ("sales", 1))),
        ("Cash flow and unpaid invoices : 2", (("cash_flow", 2),)),
        ("tresorerie ET impayes", (("cash_flow", 2),)),
        ("Trésorerie | vente |", (("cash_flow", 2), ("sales", 2))),
        ("", ()),
    ],
)
def test_needs_are_read_by_slug_and_by_either_label(read, file_of, text, needs):
    assert only_row(read(file_of(besoins=text))).needs == needs


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("tresorrie", "unknown_value", "« Trésorerie et impayés » (cash_flow)"),
        ("cash_flow:4", "bad_number", "de 1 à 3"),
        ("cash_flow:", "bad_number", "de 1 à 3"),
        ("cash_flow|Trésorerie et impayés:3", "repeated_value", "une seule fois"),
    ],
)
def test_a_wrong_need_names_what_was_expected(read, file_of, text, code, said):
    problem = only_problem(read(file_of(besoins=text)))
    assert (problem.code, problem.line, problem.column, problem.value) == (code, 2, "besoins", text)
    assert said in problem.expected_fr


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("lundi soir", {2}),
        ("mon_eve|sat_am", {2, 15}),
        ("Lundi après-midi|mardi matin", {1, 3}),
        ("samedi", {15, 16, 17}),
        ("soirs", {2, 5, 8, 11, 14}),
        ("week-end", {15, 16, 17, 18, 19, 20}),
        ("Sunday evening", {20}),
        ("toujours", set(range(21))),
        ("", set()),
    ],
)
def test_availability_is_a_mask_of_day_times_three_plus_period(read, file_of, text, slots):
    assert only_row(read(file_of(disponibilités=text))).availability == sum(1 << slot for slot in slots)


def test_an_unknown_slot_shows_how_to_write_one(read, file_of):
    problem = only_problem(read(file_of(disponibilités="lundi midi")))
    assert problem.code == "unknown_slot"
    assert "lundi soir" in problem.expected_fr
    assert "mon_eve" in problem.expected_en


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("93066", "93066"),
        ("93200 Saint-Denis", "93066"),
        ("saint denis (93)", "93066"),
        ("Saint-Denis (93066)", "93066"),
        ("St-Étienne", "42218"),
        ("1053", "01053"),
        ("Bourg-en-Bresse (1053)", "01053"),
        ("75018 Paris", "75056"),
        ("75118", "75056"),
        ("Paris 18ème", "75056"),
        ("Lyon 3e arrondissement", "69123"),
        ("13001 Marseille", "13055"),
        ("13001 Aix-en-Provence", "13001"),
        ("Aix-en-Provence (13001)", "13001"),
        ("Pierrefitte-sur-Seine", "93066"),
        ("2A004", "2A004"),
        ("L'Haÿ-les-Roses", "94038"),
    ],
)
def test_communes_are_read_as_people_write_them(read, file_of, text, code):
    assert only_row(read(file_of(commune=text))).commune == code


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("Saint-Denis", "ambiguous_commune", "Saint-Denis (93066)"),
        ("13001", "ambiguous_commune", "Marseille (13055)"),
        ("59100", "ambiguous_commune", "Roubaix (59512)"),
        ("Aubervillers", "unknown_commune", "Aubervilliers (93001)"),
        ("93200", "unknown_commune", "Saint-Denis (93066)"),
        ("93200 Marseille", "unknown_commune", "Saint-Denis (93066)"),
        ("Marseille (13001)", "unknown_commune", "Marseille (13055)"),
        ("99999", "unknown_commune", "code Insee"),
    ],
)
def test_a_doubtful_commune_is_refused_with_the_choices(read, file_of, text, code, said):
    problem = only_problem(read(file_of(commune=text)))
    assert problem.code == code
    assert said in problem.expected_fr


def test_every_commune_is_read_as_files_write_it(vocabulary):
    for code, commune in vocabulary.communes.items():
        assert vocabulary.find_commune(f"{commune.name} ({code})") == (commune.parent or code)


def test_a_column_of_insee_codes_settles_what_five_figures_mean(read, file_of):
    text = file_of(commune="13001").replace("commune", "Code INSEE", 1)
    assert only_row(read(text)).commune == "13001"


@pytest.mark.parametrize(
    ("text", "code"),
    [("56.10C", "56.10C"), ("5610c", "56.10C"), ("Restauration de type rapide", "56.10C"), ("", None)],
)
def test_activities_are_read_by_code_and_by_label(read, file_of, text, code):
    assert only_row(read(file_of(activité=text))).activity == code


def test_an_unknown_activity_names_its_neighbours(read, file_of):
    problem = only_problem(read(file_of(activité="56.10Z")))
    assert "56.10C Restauration de type rapide" in problem.expected_fr


@pytest.mark.parametrize("text", ["oui", "Oui", "yes", "VRAI", "1", "x"])
def test_yes_is_understood(read, file_of, text):
    assert only_row(read(file_of(**{"après liquidation": text}))).after_liquidation is True


@pytest.mark.parametrize("text", ["non", "no", "FAUX", "0", ""])
def test_no_is_understood(read, file_of, text):
    assert only_row(read(file_of(**{"après liquidation": text}))).after_liquidation is False


def test_maybe_is_neither(read, file_of):
    assert only_problem(read(file_of(coaching="peut-être"))).expected_fr == "oui ou non"


@pytest.mark.parametrize("text", ["2026-11-21", "21/11/2026", "21.11.2026", "2026-11-21 00:00:00"])
def test_dates_are_read_both_ways(read, file_of, text):
    assert only_row(read(file_of(**{"en attente depuis": text}))).waiting_since == date(2026, 11, 21)


@pytest.mark.parametrize("text", ["31/02/2026", "11/21/2026", "21/11/26", "hier", "21/11/1026"])
def test_a_date_that_does_not_exist_is_refused(read, file_of, text):
    assert only_problem(read(file_of(**{"en attente depuis": text}))).code == "bad_date"


@pytest.mark.parametrize(
    ("text", "km"), [("12", 12.0), ("12,5", 12.5), ("12.5", 12.5), ("1\u00a0000", 1000.0), ("", 30.0)]
)
def test_numbers_take_a_comma_or_a_point(read, file_of, text, km):
    assert only_row(read(file_of(distance=text))).max_km == km


@pytest.mark.parametrize(
    ("text", "code"),
    [("-1", "out_of_range"), ("1001", "out_of_range"), ("dix", "not_a_number"), ("1e999", "out_of_range")],
)
def test_a_number_out_of_its_bounds_is_refused(read, file_of, text, code):
    problem = only_problem(read(file_of(distance=text)))
    assert problem.code == code
    assert problem.expected_fr == "un nombre de 0 à 1000"


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("courriel", "nadia.example.org", "bad_email"),
        ("courriel", "nadia@example", "bad_email"),
        ("téléphone", "appeler le soir", "bad_phone"),
        ("téléphone", "12", "bad_phone"),
        ("langues", "klingon", "unknown_value"),
        ("accompagnants souhaités", "médiateur", "unknown_value"),
        ("code QPV", "QP093001", "unknown_qpv"),
        ("association", "Mon Association", "bad_slug"),
        ("projet", "x" * 201, "too_long"),
    ],
)
def test_other_cells_say_what_they_expected(read, file_of, column, text, code):
    problem = only_problem(read(file_of(**{column: text})))
    assert (problem.code, problem.column) == (code, column)
    assert problem.expected_fr
    assert problem.expected_en


def test_a_telephone_number_gets_back_the_zero_that_a_spreadsheet_took(read, file_of):
    assert only_row(read(file_of(téléphone="639981234"))).phone == "0639981234"


def test_nobody_wished_for_differs_from_nothing_said(read, file_of):
    assert only_row(read(file_of(**{"accompagnants souhaités": ""}))).wanted_roles == ("mentor",)
    assert only_row(read(file_of(**{"accompagnants souhaités": "aucun"}))).wanted_roles == ()
    asked = only_row(read(file_of(**{"accompagnants souhaités": "marraine|Expert"})))
    assert asked.wanted_roles == ("mentor", "expert")


SESSION = "référence;thème;date;début;fin;format;commune;places\nA1;{theme};{day};{start};{end};{format};{commune};12\n"


def session(**changes):
    usual = {
        "theme": "Gestion du stress",
        "day": "03/12/2026",
        "start": "18h30",
        "end": "20:30",
        "format": "présentiel",
        "commune": "Marseille",
    }
    return SESSION.format(**usual | changes)


def test_a_session_is_read(read):
    row = only_row(read(session(), Kind.WORKSHOPS))
    assert (row.theme, row.starts_on, row.starts_at, row.ends_at) == (
        "stress_management",
        date(2026, 12, 3),
        time(18, 30),
        time(20, 30),
    )
    assert (row.format, row.commune, row.seats) == ("in_person", "13055", 12)


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"start": "25:00"}, "bad_time", "début"),
        ({"end": "18:30"}, "ends_before_start", "fin"),
        ({"day": "28/03/2027", "start": "02:30", "end": "05:00"}, "no_such_time", "début"),
        ({"commune": ""}, "missing_place", "commune"),
        ({"theme": "poterie"}, "unknown_value", "thème"),
    ],
)
def test_an_impossible_session_is_refused(read, changes, code, column):
    problem = only_problem(read(session(**changes), Kind.WORKSHOPS))
    assert (problem.code, problem.column, problem.line) == (code, column, 2)


def test_the_hour_that_happens_twice_exists(read):
    assert read(session(day="31/10/2027", start="02:30", end="05:00"), Kind.WORKSHOPS).is_clean


def test_an_online_session_needs_no_commune(read):
    assert only_row(read(session(format="à distance", commune=""), Kind.WORKSHOPS)).commune is None
