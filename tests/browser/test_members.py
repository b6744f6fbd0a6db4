"""An entrepreneur fills her profile and books on a small phone, with JavaScript and without; axe sees each page."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from models.accounts import Locale
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState
from tests.browser.chromium import DESK, PATIENCE_MS, PHONE, list_violations, turn
from tests.browsing import sign_in
from tests.factories import make_account, make_entrepreneur, make_pairing, make_supporter, make_workshop_session
from tests.webapp.bookings.test_routes import later
from tests.webapp.member_pages import House, make_helper, make_house, make_member

pytestmark = pytest.mark.browser


@pytest.fixture
def house(app: Flask) -> House:
    with transaction() as session:
        house = make_house(session)
        make_workshop_session(session, house.association, **later(title="Tenir sa trésorerie"))
    return house


def open_page(chromium: Browser, app: Flask, address: str, account, **options) -> Page:
    """Open a page with the person's cookie."""
    client = app.test_client()
    sign_in(client, account)
    cookie = client.get_cookie("session")
    # Without motion: axe would see colours half way through a transition.
    context = chromium.new_context(locale="fr-FR", base_url=address, reduced_motion="reduce", **options)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def save(page: Page) -> None:
    turn(page, "main button:has-text('Enregistrer')")


def send_a_form_without_an_answer(page: Page) -> None:
    """Leave the first step empty: it comes back with what to mend."""
    page.fill("[name=project_title]", "Couture")
    save(page)
    assert "Choisissez une réponse" in page.inner_text("[role=alert]")
    assert page.input_value("[name=project_title]") == "Couture"


def fill_profile(page: Page, look) -> None:
    page.goto("/my-steps")
    look(page)
    turn(page, "text=Continuer mon profil")
    look(page)
    turn(page, "text=Mon projet")
    send_a_form_without_an_answer(page)
    look(page)
    page.check("text=Recherche de financement")
    save(page)
    page.fill("[name=q]", "couture")
    turn(page, "main button:has-text('Chercher')")
    look(page)
    page.check("input[name=activity_code] >> nth=0")
    save(page)
    page.fill("[name=q]", "93200")
    turn(page, "main button:has-text('Chercher')")
    look(page)
    turn(page, ".link-list a >> nth=0")
    look(page)
    page.check("input[name=choice] >> nth=0")
    save(page)
    look(page)
    turn(page, "main >> text=Continuer")
    look(page)
    page.check("text=Trésorerie et impayés")
    save(page)
    look(page)
    page.check("input[name=cash_flow][value='3']")
    save(page)
    look(page)
    page.select_option("[name=first]", "fr")
    save(page)
    look(page)
    for slot in range(21):
        page.check(f"input[name=week][value='{slot}']")
    save(page)
    page.check("input[name=roles][value=coach]")
    save(page)
    assert "il nous faut votre accord" in page.inner_text("[role=alert]")
    look(page)
    page.check("input[name=coaching_consent]")
    save(page)
    look(page)
    page.check("input[name=wants_circle]")
    save(page)
    look(page)
    page.fill("[name=project_text]", "Je couds depuis toujours.")
    save(page)
    turn(page, "text=Envoyer mon profil")
    assert page.url.endswith("/my-steps")
    look(page)


def book_and_cancel(page: Page, look) -> None:
    page.goto("/sessions")
    look(page)
    turn(page, "text=Tenir sa trésorerie")
    look(page)
    turn(page, "text=Je viens")
    assert "On vous attend" in page.inner_text("main")
    look(page)
    page.click("text=Je ne peux pas venir")
    turn(page, "text=Oui, je rends ma place")
    assert "Je viens" in page.inner_text("main")


@pytest.mark.parametrize("has_script", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_profile_is_filled_and_a_workshop_booked_on_a_small_phone(chromium, app, address, house, has_script):
    with transaction() as session:
        account = make_account(session)
        person = make_entrepreneur(
            session,
            house.association,
            account_id=account.id,
            state=EntrepreneurState.INCOMPLETE,
            stage=None,
            availability=0,
            wanted_roles=[],
            waiting_since=None,
            activity_code=None,
            commune_code=None,
            latitude=None,
            longitude=None,
        )
        session.delete(person.needs[0])
        session.delete(person.languages[0])
    page = open_page(chromium, app, address, account, viewport=PHONE, java_script_enabled=has_script)
    found: list[str] = []

    def look(page: Page) -> None:
        if has_script:
            found.extend(f"{page.url}: {line}" for line in list_violations(page))
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                found.append(f"{page.url}: {wide} pixels too wide")

    fill_profile(page, look)
    book_and_cancel(page, look)
    page.context.close()
    db.session.expire_all()
    person = db.session.get(Entrepreneur, person.id)
    assert (person.state, person.activity_code is not None, person.qpv_code is not None) == (
        EntrepreneurState.READY,
        True,
        True,
    )
    assert found == []


def test_a_phone_may_give_its_position(chromium, app, address, house):
    with transaction() as session:
        _person, account = make_member(session, house)
    place = {"latitude": 48.9356, "longitude": 2.3539}
    page = open_page(chromium, app, address, account, viewport=PHONE, geolocation=place, permissions=["geolocation"])
    page.goto("/my-profile/place?commune=93066")
    page.click("text=Un doute")
    page.click("text=Utiliser l’endroit")
    page.wait_for_selector("text=Position trouvée")
    assert page.input_value("[name=latitude]") == "48.935600"
    assert list_violations(page) == []
    save(page)
    page.wait_for_selector("text=avec le zonage 2024")
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_supporter_reads_and_answers(chromium, app, address, house, size):
    with transaction() as session:
        supporter, account = make_helper(session, house, presentation="Vingt ans de commerce.")
        person, _account = make_member(session, house, project_text="Mon rêve.", needs={"cash_flow": 3, "hiring": 1})
        make_pairing(session, person, supporter)
        make_pairing(session, make_entrepreneur(session, house.association), supporter, state="active")
        make_supporter(session, house.association, account_id=account.id, role="expert")
    page = open_page(chromium, app, address, account, viewport=size)
    found: list[str] = []
    page.goto("/pairings")
    found += list_violations(page)
    turn(page, "text=Lire et répondre")
    page.click("text=Pas cette fois")
    turn(page, "text=Envoyer ma réponse")
    assert page.is_visible("[role=alert]")
    found += list_violations(page)
    page.click("text=Oui, et nous fixerons la date ensemble")
    turn(page, 'button:text-is("Oui, j’accepte")')
    page.wait_for_selector("text=Terminer ce binôme")
    found += list_violations(page)
    page.goto("/my-availability")
    found += list_violations(page)
    page.context.close()
    assert found == []


# Words of the week's headings that run over two lines; a hyphen is a place to break.
BROKEN_WORDS = r"""() => [...document.querySelectorAll("table.week th")].flatMap(cell => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    const broken = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement.closest(".visually-hidden")) continue;
        for (const word of node.data.matchAll(/[^\s-]+/g)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            const box = range.getBoundingClientRect(), room = cell.getBoundingClientRect();
            if (range.getClientRects().length > 1 || box.right > room.right + 1) broken.push(word[0]);
        }
    }
    return broken;
})"""
TOO_WIDE = """() => {
    const week = document.querySelector("table.week");
    return week.getBoundingClientRect().width - week.parentElement.clientWidth;
}"""


@pytest.mark.parametrize("locale", list(Locale))
def test_the_days_of_a_week_stay_whole_on_a_small_phone(chromium, app, address, house, locale):
    with transaction() as session:
        _supporter, helper = make_helper(session, house)
        _person, member = make_member(session, house)
        helper.locale = member.locale = locale
    for account, path in ((helper, "/my-availability"), (member, "/my-profile/availability")):
        page = open_page(chromium, app, address, account, viewport=PHONE)
        page.goto(path)
        assert page.locator("table.week th").count() >= 11
        assert page.evaluate(BROKEN_WORDS) == [], path
        assert page.evaluate(TOO_WIDE) <= 0, path
        page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("has_script", [True, False], ids=["with-javascript", "without-javascript"])
def test_three_taps_show_help_at_once(chromium, app, address, house, size, has_script):
    with transaction() as session:
        _person, account = make_member(session, house)
    page = open_page(chromium, app, address, account, viewport=size, java_script_enabled=has_script)
    page.goto("/my-steps")
    turn(page, "text=Trois réponses, rien")
    seen = [list_violations(page) if has_script else []]
    for answer in ("C’est très difficile", "Moins d’un mois", "Je n’en peux plus"):
        page.click(f"text={answer}")
    turn(page, "main button:has-text('Voir ce qui peut aider')")
    page.wait_for_selector("text=3114")
    seen.append(list_violations(page) if has_script else [])
    assert seen == [[], []]
    page.context.close()
