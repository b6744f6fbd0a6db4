"""Charters: opened with the yes, signed by three in any order, kept as a document that nothing changes."""

import hashlib

import pytest

from models.charters import CharterParty
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.queries.charters import find_charter
from models.states import CharterState
from models.supporters import SupporterRole
from tests.factories import make_pairing
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.charters.document import SignedBy, build_document, is_transcribed, printable
from webapp.charters.texts import TEXTS, read_text, text_to_sign
from webapp.services.charters import note_paper_signature, prepare_charter, sign_charter
from webapp.services.pairings import accept_pairing, end_pairing


@pytest.fixture
def office(any_app):
    return Office()


@pytest.fixture
def pair(office, now):
    proposed = office.propose(at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    return office.pairing(proposed.public_id)


def charter_of(pair):
    db.session.rollback()
    return find_charter(db.session(), pair.id, with_document=True)


def sign(pair, actor, now, name="Aïcha Diallo"):
    return sign_charter(pairing_id=pair.public_id, name=name, actor=actor, at=now)


def test_a_yes_opens_the_charter_of_the_network_with_a_day_to_sign_by(office, pair, now):
    charter = charter_of(pair)
    assert (charter.state, charter.text) == (CharterState.OPEN, text_to_sign(office.association.network))
    assert (charter.due_at - now).days == 15
    assert broken_laws() == []


def test_the_third_signature_makes_the_document_and_tells_everybody(office, pair, now):
    assert sign(pair, office.as_supporter(), now, "Jean Morel") is CharterState.OPEN
    assert sign(pair, office.as_person(), now) is CharterState.OPEN
    assert sign(pair, office.coordinator, now, "Nadia Lopez") is CharterState.SIGNED
    charter = charter_of(pair)
    assert charter.pdf.startswith(b"%PDF")
    assert charter.pdf_sha256 == hashlib.sha256(charter.pdf).hexdigest()
    assert {one.party for one in charter.signatures} == set(CharterParty)
    told = [recipient for kind, recipient in office.messages() if kind == "charter_signed"]
    assert sorted(told) == sorted([office.people[0].email, office.supporters[0].email])
    assert broken_laws() == []


def test_signing_twice_is_signing_once(office, pair, now):
    sign(pair, office.as_person(), now)
    sign(pair, office.as_person(), now, "Une autre")
    assert [one.name for one in charter_of(pair).signatures] == ["Aïcha Diallo"]


def test_a_signature_on_paper_is_noted_by_the_coordinator_and_marked(office, pair, now):
    paper = {"pairing_id": pair.public_id, "party": CharterParty.ENTREPRENEUR, "name": "Aïcha Diallo", "at": now}
    with refused(PermissionDeniedError):
        note_paper_signature(**paper, actor=office.as_supporter())
    note_paper_signature(**paper, actor=office.coordinator)
    signature = charter_of(pair).signatures[0]
    assert (signature.party, signature.is_on_paper, signature.signed_by_id) == (
        CharterParty.ENTREPRENEUR,
        True,
        office.account.id,
    )


def test_nobody_else_signs_and_a_name_is_needed(office, pair, now):
    with refused(NotFoundError):
        sign(pair, NOBODY, now)
    with refused(NotFoundError):
        sign(pair, office.as_supporter(1), now)
    with refused(InvalidInputError):
        sign(pair, office.as_person(), now, "  A ")


def test_the_end_closes_what_was_not_signed(office, pair, now):
    sign(pair, office.as_person(), now)
    end_pairing(pairing_id=pair.public_id, reason="moved", actor=office.coordinator, at=now)
    assert charter_of(pair).state is CharterState.CLOSED
    with refused(InvalidTransitionError):
        sign(pair, office.as_supporter(), now)
    assert broken_laws() == []


def test_who_began_before_gets_a_charter_once(office, now):
    with transaction() as session:
        pair = make_pairing(session, office.people[0], session.merge(office.supporters[1]), state="active")
    for _ in range(2):
        prepare_charter(pairing_id=pair.public_id, actor=office.coordinator, at=now)
    assert charter_of(pair).state is CharterState.OPEN
    assert [kind for kind, _ in office.messages()].count("charter_opened") == 2


def test_short_help_has_no_charter(any_app, now):
    office = Office(supporter={"role": SupporterRole.EXPERT}, suggested=False)
    with transaction() as session:
        expert = session.merge(office.supporters[0])
        proposed = make_pairing(session, session.merge(office.people[0]), expert, proposed_at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    assert charter_of(proposed) is None
    assert office.pairing(proposed.public_id).ends_on.isoformat() == "2027-05-23"


def test_the_texts_exist_in_both_languages_clause_by_clause():
    for (network, _), text in TEXTS.items():
        assert len(text.clauses) == len(TEXTS[network, "fr"].clauses)
        assert read_text(text_to_sign(network)) == TEXTS[network, "fr"]


NAMES = {
    "Zoé Œuvrard": ("Zoé Œuvrard", False),
    "Łukasz Şineau": ("Lukasz Sineau", False),
    "Işıl Yıldız": ("Isil Yildiz", False),
    "Đặng Thị Hương": ("Dang Thi Huong", False),
    "Юлия Щербакова": ("Yuliya Shcherbakova", True),
    "محمد": ("mhmd", True),
}


def test_the_document_is_the_same_each_time_and_takes_any_name(now):
    def build(name):
        signed = SignedBy(party="Le ou la bénévole", name=name, signed_at=now, is_on_paper=False)
        text = text_to_sign(next(iter(TEXTS))[0])
        return build_document(
            text=text, association="Initiative Cœur d’été", version="1", signatures=[signed], signed_at=now
        )

    for name, (written, is_other_script) in NAMES.items():
        document = build(name)
        assert document == build(name)
        assert printable(name) == written
        assert is_transcribed(name) is is_other_script
        assert name.encode("utf-16-be").hex().encode() in document.lower()


@pytest.mark.parametrize(
    ("signed", "file", "shown"),
    [
        ("محمد بن علي", ("Mohamed", "Ben Ali"), "Mohamed Ben Ali (nom du dossier"),
        ("محمد بن علي", ("محمد", "بن علي"), "mhmd bn `ly (nom transcrit"),
        ("Momo", ("Mohamed", "Ben Ali"), "Momo, signé"),
    ],
)
def test_a_name_in_another_script_is_shown_as_the_file_spells_it(office, pair, now, monkeypatch, signed, file, shown):
    lines = []
    monkeypatch.setattr("webapp.charters.document.printable", lambda words: lines.append(printable(words)) or "")
    with transaction() as session:
        person = session.get_one(Entrepreneur, pair.entrepreneur_id)
        person.first_name, person.last_name = file
    sign(pair, office.as_supporter(), now, "Jean Morel")
    sign(pair, office.as_person(), now, signed)
    sign(pair, office.coordinator, now, "Nadia Lopez")
    assert any(shown in line for line in lines)
