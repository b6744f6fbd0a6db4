"""The next meetings of circles on the dashboard: whose circle, where, and how many are expected."""

import re
from collections.abc import Callable
from datetime import timedelta

from models.circle_meetings import CircleAnswer, CircleMeeting
from models.circles import Circle
from models.states import CircleMeetingState, CircleMemberState, CircleState
from tests.factories import (
    make_circle,
    make_circle_attendance,
    make_circle_meeting,
    make_circle_member,
    make_entrepreneur,
    make_facilitator,
    make_supporter,
)
from tests.webapp.dashboard.test_waiting import read_lines
from tests.webapp.desk import Desk
from webapp.clock import utc_now

HEADING = 'id="next-circles"'


def add_circle(desk: Desk, name: str, *, days: int, no: int = 0) -> CircleMeeting:
    """Add a circle of three that needs two, of whom some say no to the next meeting."""
    session = desk.session
    leader = make_facilitator(session, make_supporter(session, desk.association, first_name=name))
    circle = make_circle(session, leader, state=CircleState.CONFIRMED, quorum=2, minimum=3)
    members = [
        make_circle_member(
            session, circle, make_entrepreneur(session, desk.association), state=CircleMemberState.JOINED
        )
        for _ in range(3)
    ]
    starts_at = (utc_now() + timedelta(days=days)).replace(microsecond=0)
    meeting = make_circle_meeting(session, circle, starts_at=starts_at)
    for member in members[:no]:
        make_circle_attendance(session, meeting, member, answer=CircleAnswer.NO)
    session.commit()
    return meeting


def read_section(desk: Desk) -> str:
    page = desk.client.get("/dashboard").text
    return page.split(HEADING)[1].split("</section>")[0] if HEADING in page else ""


def test_meetings_to_come_are_listed_the_next_first_with_who_is_expected(desk: Desk) -> None:
    add_circle(desk, "Zita", days=9)
    soon = add_circle(desk, "Amande", days=4, no=2)
    section = read_section(desk)
    assert section.index("Amande") < section.index("Zita")
    assert f"/circles/meetings/{soon.public_id}" in section
    first, second = section.split("<tr>")[2:]
    assert re.search(r">\s*1\s+personne\b(?!s)", first)
    assert "Trop peu de personnes" in first
    assert "3 personnes" in second
    assert "Trop peu de personnes" not in second


def test_what_somebody_decided_to_keep_lacks_nobody(desk: Desk) -> None:
    meeting = add_circle(desk, "Amande", days=4, no=2)
    meeting.kept_at = utc_now()
    desk.session.commit()
    assert "Trop peu de personnes" not in read_section(desk)


def test_past_and_cancelled_meetings_and_those_of_others_are_not_there(desk: Desk, stranger: Desk) -> None:
    assert read_section(desk) == ""
    add_circle(desk, "Amande", days=-2)
    add_circle(desk, "Zita", days=4).state = CircleMeetingState.CANCELLED
    add_circle(stranger, "Ondine", days=4)
    desk.session.commit()
    assert read_section(desk) == ""
    assert "Ondine" in read_section(stranger)


def test_what_waits_in_circles_is_counted_and_listed_with_its_day(desk: Desk, stranger: Desk) -> None:
    add_circle(desk, "Amande", days=-12)
    add_circle(desk, "Zita", days=4, no=2)
    add_circle(desk, "Ondine", days=30, no=2)
    add_circle(desk, "Prune", days=4, no=2).kept_at = utc_now()
    short = add_circle(desk, "Lou", days=20)
    desk.session.get_one(Circle, short.circle_id).decide_by_at = utc_now() - timedelta(days=2)
    desk.session.commit()
    dashboard = desk.client.get("/dashboard").text
    lines = read_lines(dashboard)
    assert (lines["/circles/waiting#to-decide"], lines["/circles/waiting#to-note"]) == (2, 1)
    assert 'class="is-late"' in dashboard
    page = desk.client.get("/circles/waiting").text
    decide, note = page.split('id="to-note"')
    assert all(name in decide for name in ("Cercle de Zita", "Cercle de Lou", "C’était à décider avant"))
    assert "Cercle d’Amande" in note
    assert not any(name in page for name in ("Ondine", "Prune"))
    assert "Rien n’attend dans les cercles" in stranger.client.get("/circles/waiting").text
    assert not any(url.startswith("/circles/waiting") for url in read_lines(stranger.client.get("/dashboard").text))


def test_many_meetings_cost_as_many_statements_as_one(desk: Desk, statements: Callable[[], object]) -> None:
    numbers = []
    for name in ("Amande", "Zita", "Lou"):
        add_circle(desk, name, days=4)
        desk.client.get("/dashboard")
        with statements() as counted:  # type: ignore[attr-defined]
            assert name in read_section(desk)
        numbers.append(int(counted.number))
    assert numbers == [numbers[0]] * 3
