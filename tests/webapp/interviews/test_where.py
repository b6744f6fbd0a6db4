"""Where a first interview is held: on her page, in her mail, in both calendars, and gone with her."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from models.associations import Network
from models.db import db, transaction
from models.exceptions import InvalidInputError
from models.interviews import Interview
from models.meetings import MeetingFormat
from models.messages import Message
from models.queries.senders import list_senders
from models.states import EntrepreneurState
from tests.factories import make_account, make_entrepreneur, make_interview
from tests.webapp.desk import fresh, open_desk
from webapp.clock import utc_now
from webapp.messages.wording import render_message
from webapp.permissions import Actor
from webapp.services.calendar_feeds import renew_feed
from webapp.services.interview_dates import InterviewPlan, arrange_interview
from webapp.services.interviews import cancel_interview

ADDRESS = "Maison des projets, 3 rue des Lilas"
LINK = "https://visio.example.org/premier"
HERS, OURS = "06 39 98 00 01", "01 99 00 00 00"


class Pair:
    """A coordinator and a newcomer who are to talk, and the browser of each."""

    def __init__(self, app, sign_in, network=Network.INITIATIVE_FRANCE):
        self.app, self.desk = app, open_desk(app, sign_in, network=network)
        with transaction() as session:
            account = make_account(session)
            person = make_entrepreneur(
                session,
                self.desk.association,
                account_id=account.id,
                state=EntrepreneurState.INCOMPLETE,
                first_name="Fatou",
                phone=HERS,
            )
            planned = {"coordinator_id": self.desk.account.id, "due_at": utc_now() + timedelta(days=5)}
            self.interview_id = make_interview(session, person, **planned).public_id
        self.account_id, self.hers = account.id, sign_in(app.test_client(), account)
        self.coordinator = Actor(account_id=self.desk.account.id, coordinates=frozenset({self.desk.association.id}))
        self.plan = InterviewPlan(
            coordinator_id=self.desk.account.id,
            channel=MeetingFormat.PHONE,
            starts_at=(utc_now() + timedelta(days=3)).replace(microsecond=0),
        )

    def arrange(self, **values):
        self.plan = replace(self.plan, **values)
        arrange_interview(interview_id=self.interview_id, plan=self.plan, actor=self.coordinator, at=utc_now())

    def last_mail(self):
        told = fresh().scalars(select(Message).order_by(Message.id.desc())).first()
        return render_message(told, list_senders(fresh(), [told])[told.id]).body

    def entries(self):
        """Give the entry of the file and of both private calendars."""
        feeds = [
            self.app.test_client().get(f"/calendar/{renew_feed(actor=Actor(account_id=one), at=utc_now())}.ics")
            for one in (self.account_id, self.desk.account.id)
        ]
        file = f"/calendar/interviews/{self.interview_id}.ics"
        answers = [self.hers.get(file), self.desk.client.get(file), *feeds]
        found = [answer for answer in answers if answer.status_code == 200]
        return [event for answer in found for event in Calendar.from_ical(answer.data).walk("VEVENT")]


@pytest.fixture
def pair(app, sign_in):
    return Pair(app, sign_in)


WAYS = [
    ({"channel": MeetingFormat.PHONE}, HERS, "vous appelle au"),
    ({"channel": MeetingFormat.PHONE, "person_calls": True, "place": OURS}, OURS, "vous appelez"),
    ({"channel": MeetingFormat.IN_PERSON, "place": ADDRESS}, ADDRESS, "En personne"),
    ({"channel": MeetingFormat.ONLINE, "place": LINK}, LINK, "En ligne"),
]


@pytest.mark.parametrize(("values", "place", "words"), WAYS)
def test_she_finds_it_on_her_page_in_her_mail_and_in_both_calendars(pair, values, place, words):
    pair.arrange(**values)
    page, mail = pair.hers.get("/my-steps").text, pair.last_mail()
    for text in (page, mail):
        assert words in text
        assert place in text
    entries = pair.entries()
    assert [str(entry["LOCATION"]) for entry in entries] == [place] * 4
    assert len({(str(entry["UID"]), int(entry["SEQUENCE"])) for entry in entries}) == 1
    name = pair.desk.association.name
    assert {str(entry["SUMMARY"]) for entry in entries} == {
        f"Rendez-vous avec Fatou, {name}", f"Rendez-vous avec {pair.desk.account.first_name}, {name}"
    }  # fmt: skip


def test_each_change_is_told_once_and_replaces_the_entry(pair):
    seen = []
    for values in ({}, {"channel": MeetingFormat.IN_PERSON, "place": ADDRESS}, {}, {"place": "Mairie"}):
        pair.arrange(**values)
        seen.append(pair.entries()[0])
    assert "Quelque chose a changé" in pair.last_mail()
    assert len(fresh().scalars(select(Message)).all()) == 3
    cancel_interview(interview_id=pair.interview_id, actor=pair.coordinator, at=utc_now())
    entries = pair.entries()
    assert {str(entry["STATUS"]) for entry in entries} == {"CANCELLED"}
    assert {str(entry["UID"]) for entry in (*seen, *entries)} == {f"{pair.interview_id}@maillage"}
    numbers = [int(entry["SEQUENCE"]) for entry in seen]
    assert numbers == sorted(numbers)
    assert int(entries[0]["SEQUENCE"]) > numbers[-1] > numbers[1]
    assert "Mairie" not in pair.last_mail()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"channel": MeetingFormat.IN_PERSON}, "interview_place"),
        ({"channel": MeetingFormat.ONLINE}, "interview_link"),
        ({"channel": MeetingFormat.ONLINE, "place": "javascript:alert(1)"}, "interview_link"),
        ({"person_calls": True}, "interview_number"),
        ({"place": "chez moi"}, "interview_number"),
    ],
)
def test_an_hour_without_its_place_is_refused_and_changes_nothing(pair, values, field):
    with pytest.raises(InvalidInputError) as refusal:
        pair.arrange(**values)
    assert refusal.value.facts["field"] == field
    assert (fresh().scalars(select(Interview.starts_at)).all(), pair.entries()) == ([None], [])


def test_what_was_agreed_before_places_were_asked_still_reads(pair):
    with transaction() as session:
        row = session.scalars(select(Interview)).one()
        row.starts_at, row.channel = pair.plan.starts_at, MeetingFormat.IN_PERSON
    assert "vous dit où" in pair.hers.get("/my-steps").text
    assert [str(entry.get("LOCATION")) for entry in pair.entries()] == ["None"] * 4


def test_a_house_that_rebuilds_is_named_in_no_mail_and_no_calendar(app, sign_in):
    pair = Pair(app, sign_in, Network.REBONDS)
    name = pair.desk.association.name
    pair.arrange(channel=MeetingFormat.IN_PERSON, place=f"Chez {name.upper()}, 2 rue Haute")
    assert "Votre page dit où vous échangez" in pair.last_mail()
    assert name.lower() not in pair.last_mail().lower()
    assert {str(entry["SUMMARY"]) for entry in pair.entries()} == {"Rendez-vous"}


def test_others_have_no_file_of_it(pair, stranger):
    pair.arrange()
    file = f"/calendar/interviews/{pair.interview_id}.ics"
    assert stranger.client.get(file).status_code == 404
    assert pair.app.test_client().get(file).status_code == 303
    db.session.rollback()
