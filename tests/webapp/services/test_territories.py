"""Checks of a home or a head office against the priority neighbourhoods, kept with their circumstances."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError
from models.states import EntrepreneurState
from models.territories import Commune, Qpv, QpvCheck, QpvGround, QpvMethod, QpvResult
from tests.clock import NOW
from tests.factories import make_account, make_association, make_entrepreneur
from webapp.permissions import Actor
from webapp.services import territories
from webapp.services.territories import ChosenNeighbourhood, Position

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("app")


def make_file(**values):
    """A stored person, and the actor that is this person."""
    with transaction() as session:
        entrepreneur = make_entrepreneur(
            session, make_association(session), commune_code=None, latitude=None, longitude=None, **values
        )
        account = make_account(session)
    return entrepreneur.public_id, Actor(account_id=account.id, entrepreneur_ids=frozenset({entrepreneur.id}))


def reread(public_id):
    """The row as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(select(Entrepreneur).where(Entrepreneur.public_id == public_id))


def a_neighbourhood():
    """A neighbourhood of Saint-Denis (93066)."""
    return next(one for one in territories.list_neighbourhoods("93066"))


def without_neighbourhood():
    """A commune of the test data that has none."""
    taken = {code for codes in db.session.scalars(select(Qpv.communes)) for code in codes}
    return next(code for code in db.session.scalars(select(Commune.code)) if code not in taken)


def check(public_id, actor, place, ground=QpvGround.RESIDENCE):
    return territories.check_qpv(entrepreneur_id=public_id, ground=ground, place=place, actor=actor, at=NOW)


def test_a_position_inside_is_kept_with_its_circumstances_and_written_on_the_file():
    public_id, actor = make_file()
    qpv = db.session.get(Qpv, a_neighbourhood().code)
    place = Position(latitude=qpv.latitude, longitude=qpv.longitude, commune_code="93066")
    outcome = check(public_id, actor, place)
    assert (outcome.result, outcome.qpv_code, outcome.zoning_version) == (QpvResult.INSIDE, qpv.code, "2024")
    kept = db.session.scalar(select(QpvCheck))
    assert (kept.ground, kept.method, kept.checked_at) == (QpvGround.RESIDENCE, QpvMethod.POINT_IN_POLYGON, NOW)
    assert (kept.checked_by_id, kept.public_id) == (actor.account_id, outcome.check_id)
    after = reread(public_id)
    assert (after.commune_code, after.qpv_code, after.latitude) == ("93066", qpv.code, qpv.latitude)


def test_a_check_that_is_sent_again_counts_once_and_another_place_or_day_does_not():
    public_id, actor = make_file()
    qpv = db.session.get(Qpv, a_neighbourhood().code)
    place = Position(latitude=qpv.latitude, longitude=qpv.longitude, commune_code="93066")
    first = check(public_id, actor, place)
    assert check(public_id, actor, place) == first
    asked = {"entrepreneur_id": public_id, "ground": QpvGround.RESIDENCE, "actor": actor}
    assert territories.check_qpv(**asked, place=place, at=NOW + timedelta(minutes=1)) == first
    for other, at in ((Position(latitude=48.0, longitude=2.0), NOW + timedelta(minutes=2)), (place, NOW + DAY)):
        assert territories.check_qpv(**asked, place=other, at=at).check_id != first.check_id
    assert db.session.scalar(select(func.count()).select_from(QpvCheck)) == 3
    events = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "check_qpv")
    assert db.session.scalar(events) == 3


def test_a_position_far_from_everything_is_outside():
    public_id, actor = make_file()
    outcome = check(public_id, actor, Position(latitude=46.5, longitude=2.0))
    assert (outcome.result, reread(public_id).qpv_code) == (QpvResult.OUTSIDE, None)


def test_a_neighbourhood_chosen_in_the_list_is_declared_and_gives_a_point_to_measure_from():
    public_id, actor = make_file()
    code = a_neighbourhood().code
    outcome = check(public_id, actor, ChosenNeighbourhood(commune_code="93066", qpv_code=code))
    assert outcome.result == QpvResult.DECLARED
    after = reread(public_id)
    assert (after.qpv_code, after.latitude) == (code, db.session.get(Qpv, code).latitude)


@pytest.mark.parametrize(("is_known", "result"), [(True, QpvResult.OUTSIDE), (False, QpvResult.UNKNOWN)])
def test_none_of_them_is_outside_and_no_idea_is_unknown(is_known, result):
    public_id, actor = make_file()
    place = ChosenNeighbourhood(commune_code="93066", qpv_code=None, is_known=is_known)
    assert check(public_id, actor, place).result == result
    after = reread(public_id)
    assert (after.qpv_code, after.latitude) == (None, db.session.get(Commune, "93066").latitude)


def test_a_commune_without_neighbourhoods_leaves_no_doubt():
    public_id, actor = make_file()
    place = ChosenNeighbourhood(commune_code=without_neighbourhood(), qpv_code=None, is_known=False)
    assert check(public_id, actor, place).result == QpvResult.OUTSIDE


def test_the_head_office_opens_the_same_right_and_does_not_move_the_home():
    public_id, actor = make_file()
    check(public_id, actor, ChosenNeighbourhood(commune_code=without_neighbourhood(), qpv_code=None))
    home = reread(public_id)
    place_of_home = (home.commune_code, home.latitude)
    code = a_neighbourhood().code
    check(public_id, actor, ChosenNeighbourhood(commune_code="93066", qpv_code=code), QpvGround.HEAD_OFFICE)
    after = reread(public_id)
    assert (after.commune_code, after.latitude) == place_of_home
    assert after.qpv_code == code


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (ChosenNeighbourhood(commune_code="93066", qpv_code="QN00101M"), "qpv_code"),
        (ChosenNeighbourhood(commune_code="00000", qpv_code=None), "commune_code"),
        (Position(latitude=91, longitude=2), "latitude"),
        (Position(latitude=48.9, longitude=2.3, commune_code="00000"), "commune_code"),
    ],
)
def test_an_impossible_place_is_refused_and_nothing_is_kept(place, field):
    public_id, actor = make_file()
    with pytest.raises(InvalidInputError) as refused:
        check(public_id, actor, place)
    assert refused.value.facts["field"] == field
    assert db.session.scalar(select(func.count()).select_from(QpvCheck)) == 0
    assert reread(public_id).commune_code is None


def test_only_the_person_and_her_association_may_check():
    public_id, _ = make_file()
    _, stranger = make_file()
    place = ChosenNeighbourhood(commune_code="93066", qpv_code=None)
    for target in (public_id, uuid4()):
        with pytest.raises(NotFoundError):
            check(target, stranger, place)


def test_a_closed_file_is_not_checked():
    public_id, actor = make_file(state=EntrepreneurState.CLOSED, closed_at=NOW)
    with pytest.raises(InvalidTransitionError):
        check(public_id, actor, ChosenNeighbourhood(commune_code="93066", qpv_code=None))


def test_the_index_is_built_once(app, statements):
    territories.list_neighbourhoods("93066")
    with statements() as counted:
        assert territories.list_neighbourhoods("93066")
    assert counted.number == 0
