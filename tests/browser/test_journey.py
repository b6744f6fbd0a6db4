"""The whole journey in a real browser: on a phone, on a desk, and with scripts switched off."""

import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from models.accounts import Account
from models.associations import Association
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.queries.invariants import check_invariants
from models.states import BookingState, PairingState
from models.workshops import Booking
from tests.browser.chromium import DESK, PHONE
from tests.browser.french import say
from tests.browser.person import Findings, Person, sign_in
from tests.factories import make_association, make_coordinator
from webapp import clock
from webapp.identity.passwords import hash_password
from webapp.match_runs import routes as run_routes

pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).resolve().parents[2] / "seeds" / "examples"
PASSWORD = "un cheval bleu 42"
NADIA = "nadia@example.org"
AWA = "awa.diop@example.org"
LUCAS = "lucas.weber-gassama@example.org"  # the first line of the example file
PEOPLE_IMPORTED = 4
WORKSHOP = "Comprendre ses comptes"
PATIENCE_SECONDS = 60


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass for the whole app: everybody who reads the clock reads this one."""
    real, passed = clock.utc_now, [timedelta()]

    def utc_now() -> datetime:
        return real() + passed[0]

    for module in list(sys.modules.values()):
        if getattr(module, "utc_now", None) is real:
            monkeypatch.setattr(module, "utc_now", utc_now)

    def wait(time: timedelta) -> None:
        passed[0] += time

    return wait


@pytest.fixture
def office(app: Flask) -> Association:
    """An association with nobody but its coordinator."""
    with transaction() as session:
        association = make_association(session)
        make_coordinator(session, association, email=NADIA, password_hash=hash_password(PASSWORD))
    return association


@pytest.fixture
def worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let a worker of its own execute a run, once it may: the page is there first and shows how far it is."""
    may_run, execute = threading.Event(), run_routes.enqueue_run
    threads: list[threading.Thread] = []

    def work(run_id: UUID) -> None:
        may_run.wait(PATIENCE_SECONDS)
        with app.app_context():
            execute(run_id)
            db.session.remove()

    def enqueue(run_id: UUID) -> None:
        threads.append(threading.Thread(target=work, args=(run_id,)))
        threads[-1].start()

    monkeypatch.setattr(run_routes, "enqueue_run", enqueue)
    yield may_run
    may_run.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("size", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["phone", "desk", "without-scripts"]
)
def test_from_a_spreadsheet_to_an_accepted_mentor_and_a_booked_workshop(
    chromium: Browser,
    address: str,
    office: Association,
    worker: threading.Event,
    later: Callable[[timedelta], None],
    tmp_path: Path,
    size: dict[str, int],
    scripts: bool,
) -> None:
    findings = Findings()
    enter = partial(Person, chromium, address, findings, size=size, scripts=scripts)
    with ExitStack() as stack:
        people = ("coordinator", "supporter", "entrepreneur", "second entrepreneur")
        nadia, mentor, awa, lucas = (stack.enter_context(enter(name)) for name in people)
        sign_in(nadia, NADIA, PASSWORD)
        import_spreadsheets(nadia, tmp_path)
        add_and_invite_awa(nadia)
        accept_invitation(awa, AWA)
        complete_profile(awa)
        start_run(nadia, worker)
        supporter_address = approve_for_awa(nadia)
        session_path = plan_workshop(nadia)
        accept_invitation(mentor, supporter_address)
        accept_proposal(mentor)
        see_team(awa)
        book(awa)
        invite(nadia, "Lucas Weber-Gassama")
        accept_invitation(lucas, LUCAS)
        wait_in_line(lucas)
        cancel(awa)
        take_the_seat_offered(lucas)
        later(timedelta(days=11))
        nadia_later = stack.enter_context(enter("coordinator"))
        sign_in(nadia_later, NADIA, PASSWORD)
        mark_attendance(nadia_later, session_path)
    assert findings.problems == []
    assert len(findings.pages) > 40
    check_rows()


def import_spreadsheets(nadia: Person, folder: Path) -> None:
    """A dry run says what would happen, the confirmation does it, and a second time there is nothing to do."""
    for kind, lines in (("supporters", None), ("entrepreneurs", PEOPLE_IMPORTED + 1)):
        path = folder / f"{kind}.csv"
        text = (EXAMPLES / f"{kind}.csv").read_text(encoding="utf-8-sig")
        path.write_text("".join(text.splitlines(keepends=True)[:lines]), encoding="utf-8-sig")
        for time in ("first", "again"):
            nadia.go("/imports")
            nadia.page.locator(f"input[name=kind][value={kind}]").check()
            nadia.page.locator("input[type=file]").set_input_files(path)
            nadia.press(say("Check the file"))
            if time == "again":
                nadia.reads(say("Everything in this file is already here."))
                continue
            nadia.reads(say("Would be added"))
            nadia.press(say("Import"))


def add_and_invite_awa(nadia: Person) -> None:
    """Only her name and her address are known; the rest she tells herself."""
    nadia.go("/entrepreneurs")
    nadia.follow(say("Add an entrepreneur"))
    nadia.fill(say("First name"), "Awa")
    nadia.fill(say("Last name"), "Diop")
    nadia.fill(say("Email address"), AWA)
    nadia.press(say("Save the file"))
    nadia.press(say("Invite to sign in"))
    nadia.reads(say("The invitation is on its way."))


def invite(nadia: Person, name: str) -> None:
    """Find somebody in the list, and invite her."""
    nadia.go("/entrepreneurs")
    nadia.follow(name)
    nadia.press(say("Invite to sign in"))


def accept_invitation(person: Person, email: str) -> None:
    """Follow the link of the message, choose a password, and be signed in."""
    person.go("/messages/outbox")
    letter = person.page.locator("details.message").filter(has_text=email)
    path = letter.locator('a[href*="/invitation/"]').first.get_attribute("href")
    assert path
    person.go(path)
    person.page.locator("input[name=password]").fill(f"{PASSWORD} {person.name}")
    person.page.locator("input[name=again]").fill(f"{PASSWORD} {person.name}")
    person.press(say("Open my account"))


def complete_profile(awa: Person) -> None:
    """Step by step; each saves as she goes."""
    page, go_on = awa.page, say("Save and go on")
    awa.go("/my-profile")
    awa.go("/my-profile/project")
    page.locator("input[name=project_title]").fill("Atelier de couture")
    page.locator("input[name=stage][value=launch]").check()
    awa.press(go_on)
    page.locator("input[name=q]").fill("couture")
    awa.press(say("Search"))
    page.locator("input[name=activity_code]").first.check()
    awa.press(go_on)
    page.locator("input[name=q]").fill("Stains")
    awa.press(say("Search"))
    awa.follow("Stains")
    page.locator("input[name=choice]").first.check()
    awa.press(go_on)
    awa.follow(say("Go on"))
    for topic in ("cash_flow", "business_model", "marketing"):
        page.locator(f"input[name=topics][value={topic}]").check()
    awa.press(go_on)
    page.locator("input[name=cash_flow][value='3']").check()
    awa.press(go_on)
    awa.press(go_on)
    for slot in range(18):
        page.locator(f"input[type=checkbox][value='{slot}'][name=week]").check()
    page.locator("input[name=accepts_remote]").check()
    awa.press(go_on)
    page.locator("input[name=roles][value=mentor]").check()
    awa.press(go_on)
    awa.press(go_on)
    page.locator("textarea").fill(
        "Je couds des robes pour les mariages. J'ai des clientes, mais je ne sais pas compter."
    )
    awa.press(go_on)
    assert awa.path == "/my-profile"
    awa.press(say("Send my profile"))
    assert awa.path == "/my-steps"
    awa.reads(say("We are looking for %(role)s for you").split("%")[0].strip())


def start_run(nadia: Person, worker: threading.Event) -> None:
    """Start a run, see that it is under way, and see it finish without doing anything."""
    nadia.go("/match-runs")
    nadia.press(say("Start the match run"))
    nadia.reads(say("The run is under way"))
    worker.set()
    nadia.page.locator("main a[href='/suggestions']").first.wait_for(timeout=PATIENCE_SECONDS * 1000)
    nadia.look()
    nadia.reads(say("The best possible"))


def approve_for_awa(nadia: Person) -> str:
    """Read the suggestion for Awa with its reasons, approve it, invite the supporter; give her address."""
    nadia.follow(say("Look at the suggestions"))
    nadia.follow("Awa Diop")
    nadia.reads(say("Why this suggestion"))
    name = nadia.page.locator("#the-supporter").inner_text()
    nadia.press(say("Approve: ask %(name)s", name=name))
    nadia.go("/supporters")
    nadia.follow(name)
    address = nadia.page.locator("main").get_by_text(re.compile(r"^\S+@example\.org$")).first.inner_text()
    nadia.press(say("Invite to sign in"))
    return address


def plan_workshop(nadia: Person) -> str:
    """Plan a session with one seat; give its address."""
    nadia.go("/workshops")
    nadia.follow(say("Plan a workshop"))
    page = nadia.page
    page.locator("select[name=theme]").select_option("financial_management")
    page.locator("input[name=title]").fill(WORKSHOP)
    page.locator("input[name=day]").fill((clock.day_of(clock.utc_now()) + timedelta(days=10)).isoformat())
    page.locator("input[name=starts_at]").fill("18:00")
    page.locator("input[name=ends_at]").fill("20:00")
    page.locator("input[name=seats]").fill("1")
    page.locator("input[name=format][value=in_person]").check()
    page.locator("input[name=place]").fill("Maison du temps libre")
    page.locator("input[name=commune]").fill("Stains")
    nadia.press(say("Open the session for booking"))
    nadia.reads(WORKSHOP)
    return nadia.path


def accept_proposal(mentor: Person) -> None:
    """Read what she can bring, and accept; then the name and how to get in touch are there."""
    mentor.go("/pairings")
    mentor.follow(say("Read and answer"))
    mentor.reads(say("What you can bring"))
    assert "Diop" not in mentor.page.locator("main").inner_text()
    mentor.page.locator("input[name=dates-day_1]").fill((clock.day_of(clock.utc_now()) + timedelta(days=5)).isoformat())
    mentor.page.locator("input[name=dates-hour_1]").fill("18:00")
    mentor.press(say("Yes, I accept and send these dates"))
    mentor.reads("Awa Diop")
    mentor.go("/pairings")
    mentor.go("/my-availability")


def see_team(awa: Person) -> None:
    """See the next steps, at most three, and the mentor in her team."""
    awa.go("/my-steps")
    assert 1 <= awa.page.locator("ol.task-list > li").count() <= 3
    awa.go("/my-steps/team")
    awa.reads(say("Mentor"))


def book(awa: Person) -> None:
    """Find the workshop and take its one seat."""
    awa.go("/sessions")
    awa.follow(WORKSHOP)
    awa.press(say("I am coming"))
    awa.reads(say("You have a place. You are expected!"))
    awa.go("/sessions/mine")


def wait_in_line(lucas: Person) -> None:
    """Come too late: the first of the waiting list."""
    lucas.go("/my-steps")
    lucas.go("/sessions")
    lucas.follow(WORKSHOP)
    lucas.press(say("Join the waiting list"))
    sentence = (
        "You are on the waiting list, number %(position)s. When it is your turn we keep a place for you and ask you."
    )
    lucas.reads(say(sentence, position=1))


def cancel(awa: Person) -> None:
    """Give the seat back."""
    awa.go("/sessions")
    awa.follow(WORKSHOP)
    awa.open(say("I cannot come"))
    awa.press(say("Yes, give my place back"))


def take_the_seat_offered(lucas: Person) -> None:
    """Find the message, say yes to the seat that is held, and take the calendar file."""
    lucas.go("/messages")
    lucas.reads(WORKSHOP)
    lucas.go("/sessions")
    lucas.follow(WORKSHOP)
    lucas.reads(say("A place is kept for you"))
    lucas.press(say("Yes, I am coming"))
    lucas.reads(say("You have a place. You are expected!"))
    with lucas.page.expect_download() as download:
        lucas.page.get_by_role("link", name=say("Add to my calendar")).click()
    assert "BEGIN:VCALENDAR" in download.value.path().read_text(encoding="utf-8")


def mark_attendance(nadia: Person, session_path: str) -> None:
    """After the session, note who came."""
    nadia.go(session_path)
    nadia.follow(say("Mark attendance"))
    nadia.page.locator("input[type=radio][value=present]").check()
    nadia.press(say("Save attendance"))
    nadia.go("/dashboard")


def check_rows() -> None:
    """Compare what was seen with what is kept."""
    db.session.rollback()
    states = set(db.session.scalars(select(Booking.state)))
    assert states == {BookingState.CANCELLED, BookingState.ATTENDED}
    assert list(db.session.scalars(select(Pairing.state))) == [PairingState.ACTIVE]
    told = db.session.execute(
        select(Account.email)
        .join(Message, Message.account_id == Account.id)
        .where(Message.kind == MessageKind.SEAT_OFFERED)
    )
    assert told.scalars().all() == [LUCAS]
    assert [check.name for check in check_invariants(db.session()) if not check.holds] == []


def test_what_is_wrong_with_a_page_is_seen(chromium: Browser, address: str, app: Flask) -> None:
    """The journey's eyes are open: axe, the width, the console, the policy for contents, and answers that fail."""
    findings = Findings()
    with Person(chromium, address, findings, "visitor", size=PHONE, scripts=True) as visitor:
        visitor.go("/")
        assert findings.problems == []
        with visitor.page.expect_response("**/no-such-picture"):
            visitor.page.evaluate(
                """() => {
                    const picture = document.createElement("img");
                    picture.src = "/no-such-picture";
                    document.querySelector("main").append(picture);
                    picture.setAttribute("style", "color: red");
                    document.querySelector("main").style.width = "2000px";
                    console.error("a script is unhappy");
                }"""
            )
        visitor.check_access()
    found = "\n".join(findings.problems)
    for sign in (
        "axe: image-alt",
        "wider than the screen",
        "a script is unhappy",
        "Content Security Policy",
        "404 for GET",
    ):
        assert sign in found, found
