"""A file goes in in few statements, however long it is."""

from dataclasses import replace

from models.entrepreneurs import Entrepreneur
from tests.webapp.services.test_imports import MENTOR, PERSON, House, counts, number_of

PEOPLE = 6_000


def test_thousands_go_in_once(any_app, now):
    house = House()
    rows = [
        replace(PERSON, reference=f"E{number}", email=f"p{number}@example.org", after_liquidation=number % 20 == 0)
        for number in range(PEOPLE)
    ]
    assert counts(house.people(*rows, at=now)) == (PEOPLE, 0, 0)
    assert counts(house.people(*rows, at=now)) == (0, 0, PEOPLE)
    assert number_of(Entrepreneur) == PEOPLE


def test_a_file_costs_a_bounded_number_of_statements(app, now, statements):
    house = House()
    rows = [replace(MENTOR, reference=f"S{number}") for number in range(300)]
    with statements() as counted:
        house.supporters(*rows, at=now)
    assert counted.number <= 20
    with statements() as counted:
        house.supporters(*[replace(row, text="Bonjour") for row in rows], at=now)
    assert counted.number <= 20
