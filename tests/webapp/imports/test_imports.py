"""Spreadsheets at the coordinator's desk: checked first, written once, given back."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.entrepreneurs import Entrepreneur
from models.supporters import Supporter
from models.territories import Commune
from models.workshops import WorkshopSession
from seeds.vocabulary import reference_vocabulary
from tests.factories import make_entrepreneur, make_supporter, make_workshop_session
from tests.webapp.desk import Desk, fresh
from webapp.clock import PARIS, utc_now
from webapp.imports import uploads
from webapp.imports.examples import example_file
from webapp.spreadsheets import Kind, read_rows

HEADERS = "référence;prénom;nom;commune;étape;besoins;disponibilités"


def send(desk: Desk, data: bytes, kind: str = "entrepreneurs", name: str = "liste.csv"):  # type: ignore[no-untyped-def]
    return desk.client.post("/imports", data={"kind": kind, "file": (io.BytesIO(data), name)})


def an_example(kind: Kind, language: str = "fr") -> bytes:
    return example_file(kind, language=language, today=utc_now().date())


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"')[0]


def count_people() -> int:
    return fresh().scalar(select(func.count()).select_from(Entrepreneur)) or 0


def test_a_check_writes_nothing_and_says_what_would_change(desk: Desk) -> None:
    answer = send(desk, an_example(Kind.ENTREPRENEURS))
    assert answer.status_code == 200
    assert "Seraient ajoutées" in answer.text
    assert "Rien n’est encore enregistré" in answer.text
    assert count_people() == 0


def test_a_checked_file_is_written_once(desk: Desk) -> None:
    data = an_example(Kind.ENTREPRENEURS)
    token = token_of(send(desk, data).text)
    answer = desk.client.post("/imports/confirm", data={"token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/entrepreneurs")
    assert "1 ajouts" in desk.client.get("/entrepreneurs").text
    assert count_people() == 1
    again = desk.client.post("/imports/confirm", data={"token": token})
    assert again.headers["Location"] == "/imports"
    assert "a déjà été importé" in desk.client.get("/imports").text
    page = send(desk, data).text
    assert "Tout ce que contient ce fichier est déjà là" in page
    assert "token" not in page.replace("csrf_token", "")
    assert count_people() == 1


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_example_file_can_be_imported(desk: Desk, kind: Kind, language: str) -> None:
    data = an_example(kind, language)
    assert read_rows(kind, data, vocabulary=reference_vocabulary()).problems == ()
    answer = desk.client.get(f"/imports/example/{kind.value}.csv", headers={"Accept-Language": language})
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data[:3] == b"\xef\xbb\xbf"
    confided = "accord pour le coaching" if language == "fr" else "coaching_consent"
    assert (confided.encode() in data) == (kind is Kind.ENTREPRENEURS)
    assert confided.encode() not in answer.data, "the lending side has no column for it"


def test_problems_are_told_by_line_and_column_and_nothing_is_kept(desk: Desk) -> None:
    lines = [HEADERS, "E1;Zoé;Diallo;93066;lancement;trésorerie;lundi soir", "E2;Paul;;99999;lune;;jamais"]
    answer = send(desk, "\r\n".join(lines).encode())
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "99999" in answer.text
    assert '<td class="number">3</td>' in answer.text
    assert "token" not in answer.text.replace("csrf_token", "")
    assert count_people() == 0


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"n'importe quoi", b"\xff\xfe\xfa"])
def test_a_file_that_is_no_list_is_refused_with_words(desk: Desk, data: bytes) -> None:
    answer = send(desk, data)
    assert answer.status_code == 422
    assert "Traceback" not in answer.text
    assert count_people() == 0


@pytest.mark.parametrize("form", [{}, {"kind": "entrepreneurs"}, {"kind": "loans"}])
def test_a_form_without_a_file_or_a_kind_is_asked_again(desk: Desk, form: dict[str, str]) -> None:
    answer = desk.client.post("/imports", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_file_is_for_who_sent_it(desk: Desk, stranger: Desk) -> None:
    token = token_of(send(desk, an_example(Kind.ENTREPRENEURS)).text)
    assert stranger.client.post("/imports/confirm", data={"token": token}).headers["Location"] == "/imports"
    assert count_people() == 0
    assert desk.client.post("/imports/confirm", data={"token": token}).headers["Location"] == "/entrepreneurs"


@pytest.mark.parametrize("token", ["", "x", "../maillage.db", "..%2Fsecret_key", "a/b", "é"])
def test_a_token_that_was_never_given_finds_nothing(desk: Desk, token: str) -> None:
    assert desk.client.post("/imports/confirm", data={"token": token}).headers["Location"] == "/imports"


def test_a_file_does_not_wait_for_ever_nor_in_the_clear(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of(send(desk, an_example(Kind.ENTREPRENEURS)).text)
    folder = Path(desk.app.config["SETTINGS"].data_dir) / uploads.FOLDER
    kept = (folder / token).read_bytes()
    assert "prénom".encode() not in kept
    assert (folder / token).stat().st_mode & 0o077 == 0
    monkeypatch.setattr(uploads, "KEPT_SECONDS", -1)
    assert desk.client.post("/imports/confirm", data={"token": token}).headers["Location"] == "/imports"
    send(desk, b"")
    send(desk, an_example(Kind.ENTREPRENEURS))
    assert not (folder / token).exists()


def test_what_changed_meanwhile_is_checked_again_when_confirmed(desk: Desk) -> None:
    token = token_of(send(desk, an_example(Kind.ENTREPRENEURS)).text)
    row = read_rows(Kind.ENTREPRENEURS, an_example(Kind.ENTREPRENEURS), vocabulary=reference_vocabulary()).rows[0]
    make_entrepreneur(desk.session, desk.association, reference=row.reference)
    desk.session.commit()
    desk.client.post("/imports/confirm", data={"token": token})
    assert count_people() == 1
    assert "1 modifications" in desk.client.get("/entrepreneurs").text


def test_an_export_reads_back_unchanged(desk: Desk) -> None:
    make_entrepreneur(desk.session, desk.association, first_name="Zoé")
    make_supporter(desk.session, desk.association)
    starts_at = (utc_now() + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    wall = starts_at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")
    town = desk.session.get_one(Commune, "93066")
    make_workshop_session(
        desk.session,
        desk.association,
        starts_at=starts_at,
        wall_start=wall,
        latitude=town.latitude,
        longitude=town.longitude,
    )
    desk.session.commit()
    for kind in Kind:
        answer = desk.client.post(f"/imports/export/{kind.value}")
        assert answer.status_code == 200
        assert desk.association.slug in answer.headers["Content-Disposition"]
        page = send(desk, answer.data, kind.value).text
        assert "Tout ce que contient ce fichier est déjà là" in page, kind


def test_an_export_holds_only_one_s_own(desk: Desk, stranger: Desk) -> None:
    make_entrepreneur(stranger.session, stranger.association, last_name="Inconnue")
    stranger.session.commit()
    assert b"Inconnue" not in desk.client.post("/imports/export/entrepreneurs").data
    assert desk.client.post("/imports/export/loans").status_code == 404
    assert desk.client.get("/imports/export/entrepreneurs").status_code == 405


@pytest.mark.parametrize(("kind", "table"), [("supporters", Supporter), ("workshops", WorkshopSession)])
def test_the_other_kinds_are_imported_too(desk: Desk, kind: str, table: type) -> None:
    token = token_of(send(desk, an_example(Kind(kind)), kind).text)
    assert desk.client.post("/imports/confirm", data={"token": token}).status_code == 303
    assert fresh().scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_columns_are_described_in_the_language_of_the_page(desk: Desk, kind: Kind, language: str) -> None:
    from webapp.spreadsheets import describe_columns

    if language == "en":
        desk.client.post("/language", data={"locale": "en"})
    page = desk.client.get(f"/imports/columns/{kind.value}").text
    for column in describe_columns(kind):
        assert column.header_fr in page
        assert column.header_en in page


def test_an_hour_that_comes_twice_is_said_before_it_is_written(desk: Desk) -> None:
    line = an_example(Kind.WORKSHOPS).decode("utf-8-sig").splitlines()
    words = line[1].split(";")
    for hours, said in ((("00:30", "02:30"), True), (("03:00", "04:30"), False)):
        words[5:8] = ("27/10/2030", *hours)
        page = send(desk, f"{line[0]}\n{';'.join(words)}\n".encode(), kind="workshops").text
        assert ("Ligne 2 : cette nuit-là, les horloges reculent" in page) is said
