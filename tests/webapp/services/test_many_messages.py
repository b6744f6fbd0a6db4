"""What many people are told at once costs as many statements as what two are told."""

from models.db import transaction
from models.gatherings import SupporterListing
from tests.clock import NOW
from tests.factories import make_account
from tests.office import Office
from tests.webapp.services.test_bookings import House
from tests.webapp.services.test_gatherings import VALUES
from webapp.services.gatherings import plan_gathering
from webapp.services.workshops import cancel_session


def test_a_gathering_is_told_to_all_in_the_same_statements(app, statements):
    spent = []
    for number in (2, 9):
        office = Office(people=0, supporters=number, suggested=False)
        with transaction() as session:
            association_id = office.association.id
            for supporter in office.supporters:
                session.merge(supporter).account_id = make_account(session).id
            session.add_all(
                SupporterListing(supporter_id=one.id, association_id=association_id, contact="", listed_at=NOW)
                for one in office.supporters
            )
        with statements() as counted:
            plan_gathering(association_id=office.association.public_id, values=VALUES, actor=office.coordinator, at=NOW)
        spent.append(counted.number)
    assert [kind for kind, _ in office.messages()].count("gathering_planned") == 2 + 9
    assert spent[0] == spent[1]


def test_a_cancelled_session_is_told_to_all_in_the_same_statements(app, now, statements):
    spent = []
    for number in (2, 9):
        house = House(seats=number, people=number)
        for one in range(number):
            house.book(one, now)
        with statements() as counted:
            assert cancel_session(session_id=house.id, actor=house.organiser, at=now).told == number
        spent.append(counted.number)
    assert spent[0] == spent[1]
