"""Who signs, in the words of which network, and that no mail holds a word that a mailbox must not hear."""

import re

import pytest

from models.accounts import Locale
from models.associations import Network
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.notices import NoticeKind
from models.queries.senders import Sender, list_senders
from tests.browsing import plain
from tests.factories import (
    make_account,
    make_association,
    make_entrepreneur,
    make_message,
    make_workshop_session,
)
from tests.webapp.messages.test_wording import FULL, PRIVATE
from webapp.messages import wording
from webapp.messages.facts import Content
from webapp.messages.wording import render_message
from webapp.services.session_notices import describe_session
from webapp.transport import build_mail

LENDING = Sender(
    network=Network.INITIATIVE_FRANCE,
    association="Initiative Exemple",
    name="Nadia Lopez",
    phone="01 99 00 11 22",
    email="nadia@initiative.example",
)
REBUILDING = Sender(
    network=Network.REBONDS,
    association="60 000 rebonds Exemple",
    name="Nadia Lopez",
    email="nadia@60000rebonds.example",
    house_phone="05 36 49 00 01",
    house_email="accueil@60000rebonds.example",
)
SENDERS = {Network.INITIATIVE_FRANCE: LENDING, Network.REBONDS: REBUILDING}
SENSITIVE = {
    "stage": "liquidation judiciaire",
    "role": "coach",
    "topic": "stress management",
    "theme": "Rebondir après un échec",
    "check_in": "distress",
    "state": "burn-out",
    "reason": "redressement",
    "note": "dépression, difficultés",
    "word": "faillite",
    "description": "Gestion du stress",
    "question": "coaching après liquidation",
    "purpose": "hardship",
}
WORDS = re.compile("|".join((*PRIVATE, "burn-?out", "santé", "health", "confid", "suicid", "apesa")), re.IGNORECASE)


def find_private(rendered) -> list[str]:
    return WORDS.findall(f"{rendered.subject}\n{rendered.body}")


def build(kind, locale, sender, facts) -> Message:
    told = {**FULL, **SENSITIVE, "association": sender.association, "coordinator": sender.association, **facts}
    told |= {"partner": "Jean Morel", "offer_until": FULL["due_at"], "next_at": FULL["due_at"]}
    news = [{"kind": one.value, "facts": told} for one in MessageKind if one is not MessageKind.DIGEST]
    extra = {"news": news, **{one.value: 2 for one in NoticeKind}} if kind is MessageKind.DIGEST else {}
    return Message(kind=kind, locale=locale, facts={**told, **extra}, recipient="a@example.org", account_id=1)


@pytest.fixture
def sensitive_session(app):
    """What the service tells of a session on stress whose name says all."""
    with transaction() as session:
        workshop = make_workshop_session(
            session,
            make_association(session),
            theme_slug="stress_management",
            title="Stress et burn-out : en parler",
            description="Après la liquidation",
        )
        told = describe_session(session, workshop)
    facts = {name: value for name, value in told.items() if name not in ("association", "starts_at")}
    return {**facts, "session_id": str(facts["session_id"]), "title": told["title"] or ""}


@pytest.mark.parametrize("network", list(Network))
@pytest.mark.parametrize("locale", list(Locale))
def test_no_mail_holds_a_word_that_a_mailbox_must_not_hear(app, locale, network, sensitive_session):
    for kind in MessageKind:
        found = find_private(render_message(build(kind, locale, SENDERS[network], sensitive_session), SENDERS[network]))
        assert found == [], f"{kind}: {found}"


def test_the_search_finds_a_word_that_was_put_in(app, monkeypatch):
    def told(facts):
        return Content(
            subject=f"Votre {facts.text('role')}", sentences=(facts.text("check_in"),), path="/", call="Lire :"
        )

    monkeypatch.setattr(wording, "WORDINGS", {**wording.WORDINGS, MessageKind.PAIRING_PROPOSED: told})
    for kind in (MessageKind.PAIRING_PROPOSED, MessageKind.DIGEST):
        assert "coach" in find_private(render_message(build(kind, Locale.FRENCH, LENDING, {}), LENDING)), kind
    assert find_private(render_message(build(MessageKind.PAIRING_ENDED, Locale.FRENCH, LENDING, {}), LENDING)) == []


def test_a_mail_is_signed_by_who_answers_for_the_person(app):
    french = plain(render_message(build(MessageKind.PAIRING_PROPOSED, Locale.FRENCH, LENDING, {}), LENDING).body)
    english = render_message(build(MessageKind.PAIRING_PROPOSED, Locale.ENGLISH, LENDING, {}), LENDING).body
    assert "Nadia Lopez, votre contact\nTéléphone : 01 99 00 11 22\nInitiative Exemple" in french
    assert "Nadia Lopez, your contact\nTelephone: 01 99 00 11 22\nInitiative Exemple · Maillage" in english


def test_without_a_telephone_her_address_stands_there_and_without_her_the_team(app):
    def body(**values):
        sender = Sender(network=Network.INITIATIVE_FRANCE, association="Initiative Exemple", **values)
        return render_message(build(MessageKind.CHARTER_SIGNED, Locale.ENGLISH, sender, {}), sender).body

    assert "your contact\nnadia@a.example\n" in body(name="Nadia Lopez", email="nadia@a.example")
    assert "The team of Initiative Exemple\nInitiative Exemple · Maillage" in body()
    house = {"house_phone": "01 99 00 00 00", "house_email": "accueil@a.example"}
    assert "The team of Initiative Exemple\nTelephone: 01 99 00 00 00\naccueil@a.example\n" in body(**house)
    assert "your contact\nTelephone: 01 99 00 00 00\nnadia@a.example\n" in body(
        name="Nadia Lopez", email="nadia@a.example", **house
    )


def test_an_association_that_rebuilds_signs_with_a_person_and_neither_its_name_nor_its_address(app):
    body = render_message(build(MessageKind.INVITATION, Locale.ENGLISH, REBUILDING, {}), REBUILDING).body
    assert "A space on Maillage has been opened for you." in body
    assert "Nadia Lopez, your contact\nTelephone: 05 36 49 00 01\nMaillage" in body
    assert "rebonds" not in body


@pytest.mark.parametrize(
    ("network", "word"), [(Network.INITIATIVE_FRANCE, "parrain ou marraine"), (Network.REBONDS, "mentor")]
)
def test_a_mentor_has_the_name_of_her_network_and_no_other_role_is_named(app, network, word):
    def body(kind, **facts):
        told = {"entrepreneur": "Aïcha", "partner": "Jean Morel", **facts}
        message = Message(kind=kind, locale=Locale.FRENCH, facts=told, recipient="a@example.org")
        return render_message(message, SENDERS[network]).body

    assert f"comme {word}," in body(MessageKind.PAIRING_PROPOSED, as_mentor=True)
    assert f"Jean Morel est désormais votre {word}." in body(MessageKind.PAIRING_ACCEPTED, has_mentor=True)
    assert word not in body(MessageKind.PAIRING_PROPOSED) + body(MessageKind.PAIRING_ACCEPTED)


def test_who_answers_is_read_when_the_mail_leaves(app):
    with transaction() as session:
        association = make_association(session)
        referent = make_account(session, first_name="Nadia", last_name="Lopez", phone="01 99 00 11 22")
        account = make_account(session)
        make_entrepreneur(session, association, account_id=account.id, referent_id=referent.id)
        by_mail = make_entrepreneur(session, association, email="sans@example.org", referent_id=referent.id)
        mails = [
            make_message(session, association_id=association.id, account_id=account.id),
            make_message(session, association_id=association.id, recipient=by_mail.email),
            make_message(session, association_id=association.id, recipient="autre@example.org"),
            make_message(session),
        ]
    senders = list_senders(db.session(), mails)
    assert [senders[mail.id].name for mail in mails[:3]] == ["Nadia Lopez", "Nadia Lopez", ""]
    assert mails[3].id not in senders
    assert "Nadia Lopez" in build_mail(mails[0], sender="maillage@example.org").get_content()
    with transaction() as session:
        session.get_one(type(referent), referent.id).is_active = False
    assert "Nadia Lopez" not in build_mail(mails[0], sender="maillage@example.org").get_content()
