"""The coaching space: hers and her coach's, and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models.audit import AuditEvent
from models.coaching import CoachingAssessment, CoachingFile, CoachingMoment, Statement
from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.messages import Message
from models.pairings import EndReason, Pairing
from models.states import CoachingFileState, PairingState
from tests.browsing import sign_in
from tests.factories import make_coaching_assessment, make_coaching_file, make_coordinator, make_meeting, make_pairing
from tests.factories.sequence import MADE_AT
from tests.office import broken_laws
from tests.webapp.member_pages import make_helper, make_house, make_member
from webapp.clock import utc_now
from webapp.permissions import SYSTEM, Actor
from webapp.services import coaching
from webapp.services.clocks.care import end_coaching_files

WORDS = "Je sais parler aux gens."
ANSWERS = {statement.value: "3" for statement in Statement}


class Pair:
    """A person with her coach, each with a sign-in, and others around them."""

    def __init__(self, app, *, opened: bool = True) -> None:
        self.app = app
        with transaction() as session:
            house = make_house(session)
            self.person, self.account = make_member(session, house, stage="rebound")
            self.coach, self.coach_account = make_helper(session, house, role="coach", capacity=21)
            _other, self.other_coach = make_helper(session, house, role="coach", capacity=21)
            _other, self.neighbour = make_member(session, house)
            self.coordinator = house.coordinator
            self.colleague = make_coordinator(session, house.association)
            self.pairing = make_pairing(session, self.person, self.coach, state=PairingState.ACTIVE)
            if opened:
                made = make_coaching_file(session, self.pairing)
                make_coaching_assessment(session, made, strengths=WORDS)

    def as_person(self):
        return sign_in(self.app.test_client(), self.account)

    def as_coach(self):
        return sign_in(self.app.test_client(), self.coach_account)

    @property
    def herself(self) -> Actor:
        return Actor(account_id=self.account.id, entrepreneur_ids=frozenset({self.person.id}))

    def end(self, at) -> None:
        with transaction() as session:
            ended = session.get_one(Pairing, self.pairing.id)
            ended.state, ended.ended_at, ended.end_reason = PairingState.ENDED, at, EndReason.GOAL_REACHED

    def file(self) -> CoachingFile:
        db.session.rollback()
        return db.session.scalars(select(CoachingFile).execution_options(populate_existing=True)).one()

    def looks(self) -> int:
        db.session.rollback()
        return db.session.scalar(text("SELECT count(*) FROM coaching_assessments"))


@pytest.fixture
def pair(app) -> Pair:
    return Pair(app)


def test_the_look_at_the_end_is_offered_after_the_one_at_the_beginning(app):
    pair = Pair(app, opened=False)
    with transaction() as session:
        file = make_coaching_file(session, pair.pairing)
    path = f"/my-coaching/{file.public_id}"
    fresh = pair.as_person().get("/my-coaching").get_data(as_text=True)
    assert f"{path}/before" in fresh
    assert f"{path}/after" not in fresh
    with transaction() as session:
        make_coaching_assessment(session, file, strengths=WORDS)
    assert f"{path}/after" in pair.as_person().get("/my-coaching").get_data(as_text=True)


def test_nothing_opens_without_agreement(app):
    pair = Pair(app, opened=False)
    client = pair.as_person()
    assert "Ouvrir mon espace" in client.get("/my-coaching").text
    answer = client.post("/my-coaching", data={"door": "prevention"})
    assert answer.status_code == 422
    assert "Sans votre accord" in answer.text
    assert db.session.scalars(select(CoachingFile)).all() == []
    client.post("/my-coaching", data={"door": "after_liquidation", "agrees": "y"})
    client.post("/my-coaching", data={"door": "after_liquidation", "agrees": "y"})
    file = pair.file()
    assert (file.state, file.door, file.text_version) == (CoachingFileState.OPEN, "after_liquidation", "2026-1")
    assert file.ends_on == db.session.get_one(Pairing, pair.pairing.id).ends_on
    assert "after_liquidation" not in db.session.scalar(text("SELECT door FROM coaching_files"))
    assert broken_laws() == ["pairing_state_has_its_event"]  # the factory's pairing was never accepted


def test_only_she_opens_it_and_only_with_a_coach_at_her_side(app):
    pair = Pair(app, opened=False)
    opening = {"pairing_id": pair.pairing.public_id, "door": "prevention", "agrees": True, "at": utc_now()}
    opening["door"] = coaching.CoachingDoor.PREVENTION
    coordinator = Actor(account_id=pair.coordinator.id, coordinates=frozenset({pair.person.association_id}))
    coach = Actor(account_id=None, supporter_ids=frozenset({pair.coach.id}))
    for actor in (coordinator, coach, SYSTEM):
        with pytest.raises(NotFoundError):
            coaching.open_file(actor=actor, **opening)
    with pytest.raises(InvalidInputError):
        coaching.open_file(actor=pair.herself, **{**opening, "agrees": False})
    pair.end(utc_now())
    with pytest.raises(InvalidTransitionError):
        coaching.open_file(actor=pair.herself, **opening)


def test_she_notes_her_strengths_and_her_coach_reads_them(pair):
    client, file_id = pair.as_person(), pair.file().public_id
    said = {**ANSWERS, "strengths": "Tenir une caisse", "gaps": "Dire non", "energy": "1"}
    missing = client.post(f"/my-coaching/{file_id}/before", data={**said, "energy": ""})
    assert missing.status_code == 422
    assert "Dire non" in missing.text
    client.post(f"/my-coaching/{file_id}/before", data=said)
    client.post(f"/my-coaching/{file_id}/after", data={**said, "energy": "5"})
    assert pair.looks() == 2
    page = pair.as_coach().get(f"/coaching/{file_id}").text
    assert "Tenir une caisse" in page
    assert "Dire non" in page
    stored = "".join(db.session.scalars(text("SELECT content FROM coaching_assessments")))
    assert "caisse" not in stored
    assert "energy" not in stored
    assert "Forces et manques" in pair.as_coach().get(f"/pairings/{pair.pairing.public_id}").text


def test_nobody_else_finds_it(pair):
    file_id = pair.file().public_id
    for account in (pair.coordinator, pair.colleague, pair.other_coach, pair.neighbour):
        client = sign_in(pair.app.test_client(), account)
        for path in (f"/coaching/{file_id}", f"/my-coaching/{file_id}/before"):
            assert client.get(path).status_code == 404
        for path in (f"/my-coaching/{file_id}/withdraw", f"/my-coaching/{file_id}/erase"):
            assert client.post(path).status_code == 404
        assert WORDS not in client.get(f"/pairings/{pair.pairing.public_id}").text
    for actor in (SYSTEM, Actor(account_id=None)):
        with pytest.raises(NotFoundError):
            coaching.read_as_coach(db.session(), file_id, actor=actor, at=utc_now())
        with pytest.raises(NotFoundError):
            coaching.withdraw_agreement(file_id=file_id, actor=actor, at=utc_now())


def test_an_agreement_taken_back_hides_all_at_once_and_erases_it_after_a_month(pair):
    client, file_id = pair.as_person(), pair.file().public_id
    client.post(f"/my-coaching/{file_id}/withdraw")
    assert pair.as_coach().get(f"/coaching/{file_id}").status_code == 404
    assert "Forces et manques" not in pair.as_coach().get(f"/pairings/{pair.pairing.public_id}").text
    assert WORDS in client.get("/my-coaching").text
    assert client.get(f"/my-coaching/{file_id}/before").status_code == 404
    erase_at = pair.file().erase_at
    assert erase_at - pair.file().withdrawn_at == timedelta(days=30)
    assert end_coaching_files(at=erase_at - timedelta(seconds=1)) == 0
    assert pair.looks() == 1
    assert end_coaching_files(at=erase_at) == 1
    assert end_coaching_files(at=erase_at) == 0
    assert (pair.looks(), pair.file().door) == (0, None)
    assert "a été effacé" in client.get("/my-coaching").text


def test_she_may_change_her_mind_until_then_and_begin_anew_after(pair):
    client, file_id = pair.as_person(), pair.file().public_id
    client.post(f"/my-coaching/{file_id}/withdraw")
    client.post("/my-coaching", data={"door": "prevention", "agrees": "y"})
    assert (pair.file().state, pair.file().erase_at, pair.looks()) == (CoachingFileState.OPEN, None, 1)
    client.post(f"/my-coaching/{file_id}/withdraw")
    client.post(f"/my-coaching/{file_id}/erase")
    assert pair.looks() == 0
    client.post("/my-coaching", data={"door": "prevention", "agrees": "y"})
    assert (pair.file().state, pair.file().erased_at) == (CoachingFileState.OPEN, None)


def test_what_is_open_is_not_erased_by_a_slip(pair):
    assert pair.as_person().post(f"/my-coaching/{pair.file().public_id}/erase").status_code == 409
    assert pair.looks() == 1


def test_a_path_that_is_over_closes_and_is_erased_a_year_later(pair):
    ended_at = utc_now()
    pair.end(ended_at)
    assert end_coaching_files(at=ended_at + timedelta(days=29)) == 0
    view = coaching.read_own(db.session(), load(pair), actor=pair.herself, at=ended_at)
    assert view.due is CoachingMoment.AFTER
    assert end_coaching_files(at=ended_at + timedelta(days=31)) == 1
    assert pair.file().state is CoachingFileState.CLOSED
    assert pair.as_coach().get(f"/coaching/{pair.file().public_id}").status_code == 404
    assert WORDS in pair.as_person().get("/my-coaching").text
    assert end_coaching_files(at=ended_at + timedelta(days=31 + 365)) == 1
    assert pair.looks() == 0


def test_both_looks_taken_and_the_end_close_it_at_once(pair):
    with transaction() as session:
        make_coaching_assessment(session, session.scalars(select(CoachingFile)).one(), CoachingMoment.AFTER)
    pair.end(utc_now())
    assert end_coaching_files(at=utc_now()) == 1


def test_hours_are_those_of_the_talks_held_and_the_end_is_told_before_it_comes(pair):
    with transaction() as session:
        make_meeting(session, pair.pairing, state="held", minutes=200)
        session.get_one(Pairing, pair.pairing.id).budget_minutes = 420
    assert "3 h 20" in pair.as_person().get("/my-coaching").text
    assert "Presque" not in pair.as_person().get("/my-coaching").text
    with transaction() as session:
        make_meeting(session, pair.pairing, state="held", minutes=180, starts_at=MADE_AT + timedelta(days=9))
    view = coaching.read_own(db.session(), load(pair), actor=pair.herself, at=utc_now())
    assert (view.left_minutes, view.due) == (40, CoachingMoment.AFTER)
    assert "Presque" in pair.as_person().get("/my-coaching").text


def test_the_first_look_is_due_a_week_after_the_first_talk(app):
    pair = Pair(app, opened=False)
    with transaction() as session:
        make_coaching_file(session, pair.pairing)
    assert coaching.build_view(db.session(), load(pair), at=utc_now()).due is None
    with transaction() as session:
        make_meeting(session, pair.pairing, state="held", minutes=60)
    view = coaching.build_view(db.session(), load(pair), at=MADE_AT + timedelta(days=8))
    assert (view.due, view.due_on) == (CoachingMoment.BEFORE, (MADE_AT + timedelta(days=14)).date())
    assert "Vos forces et vos manques" in pair.as_person().get("/my-steps").text


def test_nothing_of_it_is_logged_told_or_kept_in_the_history(pair, caplog):
    with caplog.at_level("DEBUG"):
        client, file_id = pair.as_person(), pair.file().public_id
        client.post(f"/my-coaching/{file_id}/before", data={**ANSWERS, "gaps": "canari"})
        client.post(f"/my-coaching/{file_id}/withdraw")
    assert "canari" not in "".join(str(record.__dict__) for record in caplog.records)
    assert db.session.scalars(select(Message)).all() == []
    assert {event.note for event in db.session.scalars(select(AuditEvent))} <= {""}


def test_who_has_no_coach_reads_what_it_is_for(pair):
    client = sign_in(pair.app.test_client(), pair.neighbour)
    assert "pas de coach pour l’instant" in client.get("/my-coaching").text
    assert client.post("/my-coaching", data={"door": "prevention", "agrees": "y"}).status_code == 422


def load(pair) -> CoachingFile:
    return coaching.get_file(db.session(), pair.file().public_id)


def test_a_page_asks_few_things_of_the_database(pair, statements):
    with statements() as counted:
        pair.as_person().get("/my-coaching")
    assert counted.number < 14
    assert db.session.scalars(select(CoachingAssessment)).one() is not None
