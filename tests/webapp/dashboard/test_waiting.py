"""What waits: each number is the number of lines of the list behind it."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from models.accounts import Coordinator
from models.states import BookingState, EntrepreneurState, PairingState, SuggestionState
from models.supporters import SupporterRole
from models.territories import Qpv, QpvCheck, QpvGround, QpvMethod, QpvResult
from tests.factories import (
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_plan_line,
    make_suggestion,
    make_support_plan,
    make_supporter,
    make_workshop_session,
)
from tests.webapp.desk import Desk, suggest
from webapp.clock import utc_now

LINE = re.compile(r'<a href="([^"]+)">\s*<span class="waiting-number">([\d\s\xa0\u202f]+)</span>', re.DOTALL)
TOTAL = re.compile(r'class="counted"[^>]*>[^<]* sur ([\d\s\xa0\u202f]+)<')


def read_lines(page: str) -> dict[str, int]:
    return {unescape(url): int(re.sub(r"\D", "", number)) for url, number in LINE.findall(page)}


def fill(desk: Desk, times: int) -> None:
    """Give the association `times` of everything that can wait."""
    session, association, now = desk.session, desk.association, utc_now()
    run = make_match_run(session, association)
    for _number in range(times):
        planned = make_entrepreneur(session, association)
        plan = make_support_plan(session, run, planned)
        make_plan_line(session, plan, suggest(desk, run=run, entrepreneur=planned))
        make_entrepreneur(session, association, state=EntrepreneurState.INCOMPLETE)
        make_entrepreneur(session, association, follow_up_on=now.date())
        asked = make_entrepreneur(session, association)
        make_pairing(session, asked, make_supporter(session, association))
        declined = make_entrepreneur(session, association)
        make_pairing(
            session,
            declined,
            make_supporter(session, association),
            state=PairingState.DECLINED,
            decline_reason="too_far",
        )
        border = make_entrepreneur(session, association)
        make_pairing(session, border, make_supporter(session, association), state=PairingState.ACTIVE)
        add_check(desk, border.id, QpvResult.BORDERLINE)
        over = make_workshop_session(session, association, starts_at=now - timedelta(days=2))
        make_booking(session, over, border)
        full = make_workshop_session(session, association, starts_at=now + timedelta(days=9), seats=1)
        make_booking(session, full, border)
        make_booking(session, full, asked, state=BookingState.WAITING)
    session.commit()


def any_qpv(desk: Desk) -> str:
    return desk.session.scalars(select(Qpv.code).order_by(Qpv.code)).first() or ""


def add_check(desk: Desk, entrepreneur_id: int, result: QpvResult, *, days: int = 0) -> None:
    desk.session.add(
        QpvCheck(
            association_id=desk.association.id,
            entrepreneur_id=entrepreneur_id,
            ground=QpvGround.RESIDENCE,
            result=result,
            method=QpvMethod.POINT_IN_POLYGON,
            qpv_code=None if result is QpvResult.OUTSIDE else any_qpv(desk),
            zoning_version="2024",
            checked_at=utc_now() - timedelta(days=10 - days),
        )
    )
    desk.session.flush()


def test_every_number_is_the_number_of_lines_of_its_list(desk: Desk) -> None:
    fill(desk, 3)
    lines = read_lines(desk.client.get("/dashboard").text)
    assert set(lines) == {
        "/suggestions",
        "/plans",
        "/dashboard/returned",
        "/entrepreneurs?situation=alone",
        "/dashboard/unanswered",
        "/workshops?situation=attendance",
        "/entrepreneurs?situation=incomplete",
        "/entrepreneurs?situation=qpv_borderline",
        "/workshops?situation=waiting",
    }
    for url, number in lines.items():
        found = TOTAL.search(desk.client.get(url).text)
        assert found is not None, url
        assert int(found.group(1)) == number, url
    assert lines["/dashboard/returned"] == 3
    # Alone: those with a day for news, and those whose supporter declined.
    assert lines["/entrepreneurs?situation=alone"] == 6


def test_what_is_late_comes_first_and_what_others_do_last(desk: Desk) -> None:
    fill(desk, 1)
    page = desk.client.get("/dashboard").text
    late, hers, theirs = (page.index(f"<h2>{title}</h2>") for title in ("En retard", "À faire", "À suivre"))
    assert late < page.index("situation=alone") < hers
    assert hers < page.index('href="/plans"', hers) < theirs
    assert theirs < page.index("situation=incomplete")


def test_attendance_that_only_a_colleague_may_mark_does_not_wait_for_her(desk: Desk) -> None:
    session, association = desk.session, desk.association
    colleague = make_coordinator(session, association)
    person = make_entrepreneur(session, association)
    for title, theme, organiser_id in (
        ("À moi", "stress_management", desk.account.id),
        ("À personne", "stress_management", None),
        ("Ouvert à toutes", "networking", colleague.id),
        ("À ma collègue", "stress_management", colleague.id),
    ):
        over = make_workshop_session(
            session,
            association,
            title=title,
            theme_slug=theme,
            organiser_id=organiser_id,
            starts_at=utc_now() - timedelta(days=2),
        )
        make_booking(session, over, person)
    session.commit()
    assert read_lines(desk.client.get("/dashboard").text)["/workshops?situation=attendance"] == 3
    page = desk.client.get("/workshops?situation=attendance").text
    assert all(title in page for title in ("À moi", "À personne", "Ouvert à toutes"))
    assert "À ma collègue" not in page
    assert "À ma collègue" in desk.client.get("/workshops?situation=past").text


def test_what_is_another_association_s_is_not_counted(desk: Desk, stranger: Desk) -> None:
    fill(desk, 1)
    assert read_lines(stranger.client.get("/dashboard").text) == {}


def test_an_association_without_anybody_is_told_what_to_do_first(desk: Desk) -> None:
    page = desk.client.get("/dashboard").text
    assert "/imports" in page
    assert "Importer un tableur" in page


def test_nothing_waiting_is_said_as_good_news(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    make_pairing(desk.session, person, make_supporter(desk.session, desk.association), state=PairingState.ACTIVE)
    desk.session.commit()
    assert "Rien ne vous attend" in desk.client.get("/dashboard").text


def test_a_late_decision_is_said_to_be_late(desk: Desk) -> None:
    suggest(desk, deadline_at=utc_now() - timedelta(days=1))
    page = desk.client.get("/dashboard").text
    assert "En retard" in page
    assert "était attendue" in page


def test_a_person_with_an_alternative_ready_is_shown_it_after_a_refusal(desk: Desk) -> None:
    session, association = desk.session, desk.association
    person, refused, other = (
        make_entrepreneur(session, association),
        make_supporter(session, association),
        make_supporter(session, association, first_name="Lucie", last_name="Prost"),
    )
    make_pairing(session, person, refused, state=PairingState.DECLINED, decline_reason="no_time")
    make_suggestion(session, make_match_run(session, association), person, other)
    session.commit()
    page = desk.client.get("/dashboard/returned").text
    assert "Lucie Prost" in page
    assert "Pas le temps" in page or "temps" in page


def test_a_new_proposal_takes_a_refusal_off_the_list(desk: Desk) -> None:
    session, association = desk.session, desk.association
    person = make_entrepreneur(session, association)
    make_pairing(
        session, person, make_supporter(session, association), state=PairingState.DECLINED, decline_reason="no_time"
    )
    make_pairing(session, person, make_supporter(session, association))
    expert = make_supporter(session, association, role=SupporterRole.EXPERT)
    make_pairing(session, person, expert, state=PairingState.EXPIRED)
    session.commit()
    lines = read_lines(desk.client.get("/dashboard").text)
    assert lines["/dashboard/returned"] == 1, "the expert's proposal is another role: it still waits"
    assert lines["/dashboard/unanswered"] == 1


def test_a_border_that_was_settled_since_no_longer_waits(desk: Desk) -> None:
    person = make_entrepreneur(desk.session, desk.association)
    add_check(desk, person.id, QpvResult.BORDERLINE, days=1)
    desk.session.commit()
    assert read_lines(desk.client.get("/dashboard").text)["/entrepreneurs?situation=qpv_borderline"] == 1
    add_check(desk, person.id, QpvResult.OUTSIDE, days=2)
    desk.session.commit()
    assert "/entrepreneurs?situation=qpv_borderline" not in read_lines(desk.client.get("/dashboard").text)


def test_the_dashboard_asks_as_much_for_many_as_for_few(desk: Desk, statements: Callable[[], object]) -> None:
    fill(desk, 2)
    few = count(desk, statements)
    fill(desk, 12)
    assert count(desk, statements) == few <= 8


def count(desk: Desk, statements: Callable[[], object]) -> int:
    desk.client.get("/dashboard")
    with statements() as counted:  # type: ignore[attr-defined]
        assert desk.client.get("/dashboard").status_code == 200
    return int(counted.number)


def test_who_runs_two_associations_sees_each_by_itself(desk: Desk) -> None:
    session = desk.session
    other = make_association(session, name="Zone Exemple")
    session.add(Coordinator(account_id=desk.account.id, association_id=other.id))
    person = make_entrepreneur(session, other, first_name="Ondine")
    make_entrepreneur(session, desk.association, first_name="Amande")
    session.commit()
    assert "Amande" in desk.client.get("/entrepreneurs").text
    assert "Ondine" not in desk.client.get("/entrepreneurs").text
    answer = desk.client.post("/dashboard/association", data={"association": str(other.public_id)})
    assert answer.status_code == 303
    assert "Ondine" in desk.client.get("/entrepreneurs").text
    assert "Amande" not in desk.client.get("/entrepreneurs").text
    desk.client.post("/dashboard/association", data={"association": str(desk.association.public_id)})
    assert "Zone Exemple</option>" in desk.client.get("/entrepreneurs").text
    # Opening a record goes to where it belongs.
    assert "Ondine" in desk.client.get(f"/entrepreneurs/{person.public_id}").text
    assert "Ondine" in desk.client.get("/entrepreneurs").text


@pytest.mark.parametrize("chosen", ["", "rubbish", "8b2aa602-0000-4000-8000-000000000000"])
def test_an_association_one_does_not_run_cannot_be_chosen(desk: Desk, stranger: Desk, chosen: str) -> None:
    assert desk.client.post("/dashboard/association", data={"association": chosen}).status_code == 404
    foreign = {"association": str(stranger.association.public_id)}
    assert desk.client.post("/dashboard/association", data=foreign).status_code == 404
    assert desk.association.name in desk.client.get("/dashboard").text


def test_a_superseded_suggestion_does_not_wait(desk: Desk) -> None:
    suggest(desk, state=SuggestionState.SUPERSEDED)
    assert "/suggestions" not in read_lines(desk.client.get("/dashboard").text)
