"""Coordinators read every mail with invented facts; nothing is written, and nobody else has the page."""

import re

import pytest
from sqlalchemy import func, select

from models.accounts import Locale
from models.associations import Association, Network
from models.messages import Message, MessageKind
from tests.browsing import sign_in
from tests.factories import make_account
from tests.factories.sequence import MADE_AT
from tests.webapp.desk import Desk, fresh
from webapp.mail_samples.samples import list_samples

PREVIEW = "/messages/preview"


def read(desk: Desk, **query: str) -> str:
    answer = desk.client.get(PREVIEW, query_string=query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_kind_is_shown_once_and_nothing_is_written(desk: Desk) -> None:
    before = fresh().scalar(select(func.count()).select_from(Message))
    page = read(desk)
    shown = re.findall(r'<details class="panel message" id="(\w+)"', page)
    assert sorted(shown) == sorted(kind.value for kind in MessageKind)
    assert fresh().scalar(select(func.count()).select_from(Message)) == before
    assert desk.association.name in page


def test_the_language_asked_for_is_that_of_the_mails_not_of_the_page(desk: Desk) -> None:
    english, french = read(desk, mails="en"), read(desk, mails="fr")
    assert '<html lang="fr"' in english
    assert "Somebody would like to count on you" in english
    assert "Somebody would like to count on you" not in french
    assert re.search(r'mails=en"[^>]*aria-current="page"', english)
    assert "Somebody would like to count on you" not in read(desk, mails="klingon")


def test_links_of_samples_lead_nowhere(desk: Desk) -> None:
    links = re.findall(r'<a [^>]*href="([^"]+)"', read(desk).split("<h2", 1)[1].split("</main>")[0])
    assert links == []


def test_the_words_are_those_of_the_network(desk: Desk) -> None:
    assert "comme parrain ou marraine" in read(desk)
    session = fresh()
    session.get_one(Association, desk.association.id).network = Network.REBONDS
    session.commit()
    page = read(desk)
    assert "comme mentor" in page
    assert "parrain ou marraine" not in page


def test_others_do_not_have_the_page(desk: Desk) -> None:
    app = desk.client.application
    assert app.test_client().get(PREVIEW).status_code == 303
    outsider = make_account(desk.session)
    desk.session.commit()
    assert sign_in(app.test_client(), outsider).get(PREVIEW).status_code == 404


def test_messages_and_the_menu_lead_there(desk: Desk) -> None:
    page = desk.client.get("/messages").get_data(as_text=True)
    assert page.count(f'href="{PREVIEW}"') >= 1
    assert f'href="{PREVIEW}"' in desk.client.get("/clocks").get_data(as_text=True)


@pytest.mark.parametrize("network", list(Network))
@pytest.mark.parametrize("locale", list(Locale))
def test_no_sample_has_a_hole(app, locale, network) -> None:
    groups = list_samples(locale=locale, network=network, association="Réseau Exemple", at=MADE_AT)
    for sample in (sample for group in groups for sample in group.samples):
        text = f"{sample.subject}\n" + "\n".join(sample.paragraphs)
        assert not re.search(r"None|%\(| \.|\(\)|  ", text), sample.kind
        assert len(sample.paragraphs) >= 4, sample.kind


def test_a_link_for_one_tap_stands_only_where_the_mail_really_carries_one(app) -> None:
    groups = list_samples(locale=Locale("en"), network=Network.REBONDS, association="Réseau Exemple", at=MADE_AT)
    texts = {one.kind: "\n".join(one.paragraphs) for group in groups for one in group.samples}
    linked = {kind for kind, text in texts.items() if "Or answer in one tap" in text}
    assert {MessageKind.PAIRING_PROPOSED, MessageKind.SEAT_OFFERED, MessageKind.GATHERING_PLANNED} <= linked
    assert linked & {MessageKind.PAIRING_ACCEPTED, MessageKind.CIRCLE_INVITED, MessageKind.CHARTER_OPENED} == set()
    assert len(linked) == 10
