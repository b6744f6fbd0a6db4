"""Every kind of message is whole in both languages, says nothing private, and links to our address."""

import pytest

from models.accounts import Locale
from models.messages import Message, MessageKind
from tests.factories.sequence import MADE_AT
from webapp.messages.wording import WORDINGS, render_message

FULL = {
    "path": "/accounts/invitations/abc",
    "association": "Initiative Exemple",
    "expires_at": "2026-12-01T17:00:00+00:00",
    "deadline_at": "2026-12-01T17:00:00+00:00",
    "starts_at": "2026-12-08T17:00:00+00:00",
    "due_at": "2026-12-01T17:00:00+00:00",
    "lost_at": "2026-12-02T17:00:00+00:00",
    "pause_until": "2026-12-20T17:00:00+00:00",
    "pairing_id": "11111111-1111-1111-1111-111111111111",
    "session_id": "22222222-2222-2222-2222-222222222222",
    "visitor_id": "33333333-3333-3333-3333-333333333333",
    "entrepreneur": "Aïcha Diallo",
    "supporter": "Jean Morel",
    "partner": "Jean Morel",
    "coordinator": "Nadia Lopez",
    "title": "Communication digitale",
    "place": "Maison de l’emploi",
    "position": 3,
    "tap": "/tap/abc",
    "taps": [{"path": "/tap/def", "starts_at": "2026-12-08T17:00:00+00:00"}],
    "count": 2,
}
FEW = {"starts_at": "2026-12-08T17:00:00+00:00"}
# What a mailbox read over the shoulder must not show (in either language).
PRIVATE = (
    "stress",
    "liquidation",
    "coach",
    "faillite",
    "rebond",
    "échec",
    "failure",
    "mentee",
    "€",
    "détresse",
    "distress",
    "difficulté",
    "hardship",
    "redressement",
    "burn",
    "dépress",
)


def message(kind, facts, locale=Locale.FRENCH):
    return Message(kind=kind, facts=facts, locale=locale, recipient="a@example.org", queued_at=MADE_AT)


def test_every_kind_has_its_words():
    assert set(WORDINGS) == set(MessageKind)


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("facts", [FULL, FEW], ids=["all-facts", "few-facts"])
def test_every_message_is_whole(app, kind, facts, locale):
    rendered = render_message(message(kind, facts, locale))
    text = f"{rendered.subject}\n{rendered.body}"
    assert rendered.subject.strip() == rendered.subject
    assert "\n" not in rendered.subject
    assert "%(" not in text
    assert "None" not in text
    assert app.config["SETTINGS"].public_url in rendered.body
    assert not [word for word in PRIVATE if word in text.lower()]


def test_times_are_those_of_a_clock_in_france(app):
    body = render_message(message(MessageKind.BOOKING_CONFIRMED, FULL, Locale.ENGLISH)).body
    assert "6:00" in body
    assert "Tuesday, December 8, 2026" in body


def test_a_proposal_says_who_acts_next_and_until_when(app):
    body = render_message(message(MessageKind.PAIRING_PROPOSED, FULL, Locale.ENGLISH)).body
    assert "Your turn: please answer by Tuesday, December 1, 2026." in body
    assert "Nadia Lopez will ask somebody else" in body
    assert "/pairings/11111111-1111-1111-1111-111111111111" in body


def test_what_is_said_over_a_line_break_cannot_forge_a_header(app):
    rendered = render_message(message(MessageKind.PAIRING_ACCEPTED, {"partner": "Jean\r\nBcc: x@example.org"}))
    assert "Bcc: x" in rendered.body
    assert "\r" not in rendered.body


def test_a_coordinator_reads_about_two_other_people_not_about_a_team_of_her_own(app):
    names = {"supporter": "Jean Morel", "entrepreneur": "Aïcha Diallo", "pairing_id": "1"}
    accepted = render_message(message(MessageKind.PAIRING_ACCEPTED, names, Locale.ENGLISH))
    ended = render_message(message(MessageKind.PAIRING_ENDED, names, Locale.ENGLISH))
    assert accepted.subject == "A proposal was accepted"
    assert "Jean Morel accepts to support Aïcha Diallo." in accepted.body
    assert "Jean Morel and Aïcha Diallo end their path together." in ended.body
    assert "you" not in (accepted.subject + ended.subject).lower().split()


def test_whoever_is_taken_out_of_a_circle_is_not_told_that_it_does_not_meet(app):
    out, over = (render_message(message(MessageKind.CIRCLE_OVER, FULL | {"leads": leads})) for leads in (None, True))
    assert "Inutile de venir le" in out.body
    assert "La rencontre du" not in out.body
    assert "La rencontre du" in over.body


def test_a_yes_with_dates_that_was_written_before_its_day_was_told_names_no_empty_day(app):
    facts = {"partner": "Jean Morel", "has_dates": True}
    body = render_message(message(MessageKind.PAIRING_ACCEPTED, facts)).body
    assert "avant le ." not in body
    assert "Choisir une date, et voir comment vous joindre" in body
