"""People are forgotten while others book, answer and open files again, in real processes: nothing of theirs is left."""

import pytest
from sqlalchemy import func, select

from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import TIME_TO_THINK, Erasure, ErasureGround
from models.personal.ways import Root
from models.queries.erasures import count_open, scope_of_file
from models.states import ErasureState, SessionState
from models.supporters import Supporter
from models.workshops import WorkshopSession
from tests.factories import make_workshop_session
from tests.office import Office, broken_laws
from tests.processes import run_together
from tests.webapp.services import erasing_stampede
from webapp.services.erasing import SETTLES, carry_out_erasures
from webapp.services.erasures import ask_erasure

PEOPLE, SESSIONS, PROCESSES = 3, 6, 5


@pytest.fixture
def office(any_app):
    return Office(people=PEOPLE, supporters=PEOPLE)


def test_nothing_begun_meanwhile_outlives_it(office, any_url, tmp_path, now):
    pairings = [office.propose(number, at=now).public_id for number in range(PEOPLE)]
    with transaction() as session:
        made = [make_workshop_session(session, office.association, seats=2) for _ in range(SESSIONS)]
        sessions = [one.public_id for one in made]
    for person in office.people:
        ask_erasure(
            root=Root.ENTREPRENEUR,
            public_id=person.public_id,
            ground=ErasureGround.IN_PERSON,
            actor=office.coordinator,
            at=now,
        )
    people = [(person.public_id, office.as_person(number)) for number, person in enumerate(office.people)]
    answers = [(pairing_id, office.as_supporter(number)) for number, pairing_id in enumerate(pairings)]
    at = now + TIME_TO_THINK
    work = [(number < 2, people, sessions, answers, at, number) for number in range(PROCESSES)]
    found = run_together(any_url, tmp_path, erasing_stampede.act, work)
    assert [answer for kind, answer in found if kind == "error"] == []
    assert sum(answer["done"] for _, answer in found) > 0
    carry_out_erasures(at=at + SETTLES)
    db.session.rollback()
    assert set(db.session.scalars(select(Erasure.state))) == {ErasureState.DONE}
    for person in db.session.scalars(select(Entrepreneur)).all():
        assert count_open(db.session(), scope_of_file(db.session(), person), at=at) == {}
    taken = select(func.sum(WorkshopSession.taken)).where(WorkshopSession.state == SessionState.SCHEDULED)
    assert (db.session.scalar(taken), db.session.scalar(select(func.sum(Supporter.taken)))) == (0, 0)
    assert broken_laws() == []
