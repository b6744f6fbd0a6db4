"""What belongs to somebody else does not exist: every address with an id, asked for by whom it does not concern."""

import pytest
from flask import Flask
from sqlalchemy import select

from models.circle_meetings import CircleMeeting
from models.circles import Circle, CircleMember
from models.coaching import CoachingFile
from models.db import Model, db
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.expert_questions import ExpertQuestion
from models.gatherings import Gathering
from models.handovers import Handover, Sentinel
from models.interviews import Interview
from models.introductions import Introduction
from models.match_runs import MatchRun, Suggestion
from models.pairings import Pairing
from models.plans import PlanLine, SupportPlan
from models.reviews import Review
from models.series import WorkshopSeries
from models.session_proposals import SessionProposal
from models.supporters import Supporter
from models.weights import WeightDraft
from models.workshops import WorkshopSession
from tests.crawl.population import Visitor, enter
from webapp.commands.serving import list_routes

RECORDS: dict[str, type[Model]] = {
    "entrepreneurs": Entrepreneur,
    "supporters": Supporter,
    "availability": Supporter,
    "suggestions": Suggestion,
    "plans": SupportPlan,
    "plans.approve_line": PlanLine,
    "plans.reject_line": PlanLine,
    "match_runs": MatchRun,
    "weights": WeightDraft,
    "pairings": Pairing,
    "reviews": Review,
    "workshops": WorkshopSession,
    "series": WorkshopSeries,
    "bookings.series": WorkshopSeries,
    "bookings.book_series": WorkshopSeries,
    "bookings.leave_series": WorkshopSeries,
    "circles": Circle,
    "circles.remove": CircleMember,
    "circles.move": CircleMember,
    "circles.answer": CircleMember,
    "circles.join": CircleMember,
    "circles.decline": CircleMember,
    "session_proposals": SessionProposal,
    "gatherings": Gathering,
    "gatherings.join": Supporter,
    "gatherings.leave": Supporter,
    "interviews": Interview,
    "interviews.plan": Entrepreneur,
    "calendar_feeds.interview": Interview,
    "circles.agree": CircleMember,
    "circles.meeting": CircleMeeting,
    "circles.meeting_calendar": CircleMeeting,
    "circles.move_meeting": CircleMeeting,
    "circles.say_where": CircleMeeting,
    "circles.cancel_meeting": CircleMeeting,
    "circles.keep_meeting": CircleMeeting,
    "circles.hold_meeting": CircleMeeting,
    "circles.miss_meeting": CircleMeeting,
    "circles.choose_client": CircleMeeting,
    "circles.answer_meeting": CircleMeeting,
    "circles.ask_swap": CircleMeeting,
    "circles.answer_swap": CircleMeeting,
    "bookings": WorkshopSession,
    "introductions": Introduction,
    "expert_questions": ExpertQuestion,
    "introductions.add": Entrepreneur,
    "coaching": CoachingFile,
    "handovers": Handover,
    "handovers.end": Sentinel,
    "teams": Entrepreneur,
    "erasures.person": Entrepreneur,
    "erasures.supporter": Supporter,
    "erasures.keep": Erasure,
    "my_data.keep": Erasure,
}
SEVERAL = 3
FORM = {"ground": "residence", "reason": "other", "capacity": "3", "seats": "3"}
WRITTEN = (
    "entrepreneurs",
    "supporters",
    "suggestions",
    "plan_lines",
    "pairings",
    "bookings",
    "reviews",
    "workshop_sessions",
    "circles",
    "circle_members",
    "circle_meetings",
    "introductions",
    "coaching_files",
    "handovers",
    "sentinels",
    "expert_questions",
    "session_proposals",
    "gatherings",
    "interviews",
    "erasures",
    "messages",
    "audit_events",
)


def routes_with_ids(app: Flask) -> list[tuple[str, str, type[Model]]]:
    """Give method, rule and table of every address that carries an id."""
    return [
        (method, route["rule"], table_of(route["endpoint"]))
        for route in list_routes(app)
        if route["arguments"] == ["public_id"] and route["access"] != "public"
        for method in route["methods"]
    ]


def table_of(endpoint: str) -> type[Model]:
    """Give the table whose ids an address carries: that of its blueprint, unless it says another."""
    return RECORDS.get(endpoint) or RECORDS[endpoint.split(".")[0]]


def rows_of(association_id: int, table: type[Model]) -> list[str]:
    statement = select(table.public_id).where(table.association_id == association_id).order_by(table.id)
    return [str(one) for one in db.session.scalars(statement.limit(SEVERAL))]


def count_rows() -> dict[str, list[tuple[object, ...]]]:
    db.session.rollback()
    tables = Model.metadata.tables
    return {name: [tuple(row) for row in db.session.execute(select(tables[name]).order_by("id"))] for name in WRITTEN}


@pytest.fixture(scope="module")
def outsiders(visitors: list[Visitor]) -> list[Visitor]:
    """One visitor of each role, all of the last association."""
    last = max(visitor.association_id or 0 for visitor in visitors)
    mine = [visitor for visitor in visitors if visitor.association_id == last]
    return [
        next(visitor for visitor in mine if visitor.role == role)
        for role in ("coordinator", "supporter", "entrepreneur")
    ]


def test_records_of_another_association_do_not_exist(demo: Flask, outsiders: list[Visitor]) -> None:
    before = count_rows()
    other = min(association for association in (1, 2, 3) if association != outsiders[0].association_id)
    asked, told = 0, []
    for visitor in outsiders:
        client = enter(demo, visitor)
        for method, rule, table in routes_with_ids(demo):
            for public_id in rows_of(other, table):
                path = rule.replace("<uuid:public_id>", public_id)
                form = FORM if method == "POST" else None
                status = client.open(path, method=method, data=form).status_code
                asked += 1
                if status != 404:
                    told.append((visitor.role, method, rule, status))
    assert told == []
    assert asked > 200
    assert count_rows() == before


def test_pages_for_another_role_do_not_exist(demo: Flask, outsiders: list[Visitor]) -> None:
    told = []
    for visitor in outsiders:
        client = enter(demo, visitor)
        for route in list_routes(demo):
            if route["access"] in ("public", "member", "development", visitor.role) or route["arguments"]:
                continue
            for method in route["methods"]:
                status = client.open(route["rule"], method=method).status_code
                if status != 404:
                    told.append((visitor.role, method, route["rule"], status))
    assert told == []


def test_who_is_not_signed_in_is_led_to_the_sign_in(demo: Flask) -> None:
    client = demo.test_client()
    for route in list_routes(demo):
        if route["access"] in ("public", "development") or route["arguments"] or "GET" not in route["methods"]:
            continue
        answer = client.get(route["rule"])
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/sign-in"), route["rule"]
