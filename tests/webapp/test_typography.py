"""French is set with spaces that no line may break at, where it wants them and nowhere else."""

import pytest

from webapp.typography import NO_BREAK, elide, set_spaces


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Où ? Ici ; là : « oui » !", "Où_? Ici_; là_: «_oui_»_!"),
        (
            "Répondez avant 18:00 sur https://a.example/?b : merci",
            "Répondez avant 18:00 sur https://a.example/?b_: merci",
        ),
        ("%(name)s : %(count)d km, %(share)s %% et 90 min", "%(name)s_: %(count)d_km, %(share)s_%% et 90_min"),
        ("%(first)s %(last)s, 3 heures", "%(first)s %(last)s, 3 heures"),
        ("Déjà\N{NARROW NO-BREAK SPACE}? Déjà\N{NO-BREAK SPACE}!", "Déjà_? Déjà_!"),
        ("a :smile: b", "a :smile: b"),
    ],
)
def test_a_line_breaks_at_no_space_that_belongs_to_a_sign_or_a_unit(typed: str, shown: str) -> None:
    assert set_spaces(typed).replace(NO_BREAK, "_") == shown
    assert set_spaces(set_spaces(typed)) == set_spaces(typed)


def test_pages_are_sent_with_these_spaces_and_read_in_tests_as_one_types_them(client) -> None:
    answer = client.get("/sign-in")
    assert f"Pas encore de compte{NO_BREAK}?" in answer.data.decode()
    assert "Pas encore de compte ?" in answer.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Éloïse", "d’Éloïse"),
        ("Œuvre Emma", "d’Œuvre Emma"),
        ("Yves", "d’Yves"),
        ("yvonne Le Gall", "d’yvonne Le Gall"),
        ("Oumar", "d’Oumar"),
        ("Hélène", "d’Hélène"),
        ("Hugues-Antoine", "d’Hugues-Antoine"),
        ("Yasmina", "de Yasmina"),
        ("Younes", "de Younes"),
        ("Ouarda", "de Ouarda"),
        ("Hassan", "de Hassan"),
        ("Hugolin", "de Hugolin"),
        ("Léa", "de Léa"),
        ("11 ans", "de 11 ans"),
        ("onze ans", "de onze ans"),
        ("", "de "),
    ],
)
def test_de_before_a_name_is_elided_where_a_vowel_is_heard(name: str, shown: str) -> None:
    values = {"name": name}
    assert elide("À propos de %(name)s", values) % values == f"À propos {shown}"
    assert elide("Que %(name)s", values).startswith("Qu’") == shown.startswith("d’")
    assert elide("à côté le %(name)s, code %(name)s", values) == "à côté le %(name)s, code %(name)s"
