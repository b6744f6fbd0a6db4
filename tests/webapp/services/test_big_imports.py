"""A national file goes in within seconds, in few statements."""

import time
from dataclasses import replace

from models.entrepreneurs import Entrepreneur
from tests.webapp.services.test_imports import MENTOR, PERSON, House, counts, number_of

PEOPLE = 30_000
SECONDS = 60  # measured: 5 on SQLite, 6 on PostgreSQL, two cores; the rest is for machines with other things to do


def test_thirty_thousand_people_go_in_within_seconds(any_app, now):
    house = House()
    rows = [
        replace(PERSON, reference=f"E{number}", email=f"p{number}@example.org", after_liquidation=number % 20 == 0)
        for number in range(PEOPLE)
    ]
    started = time.perf_counter()
    assert counts(house.people(*rows, at=now)) == (PEOPLE, 0, 0)
    first = time.perf_counter() - started
    assert counts(house.people(*rows, at=now)) == (0, 0, PEOPLE)
    both = time.perf_counter() - started
    print(f"\n{PEOPLE} people in {first:.1f} s, the same again in {both - first:.1f} s")
    assert number_of(Entrepreneur) == PEOPLE
    assert both < SECONDS


def test_a_file_costs_a_bounded_number_of_statements(app, now, statements):
    house = House()
    rows = [replace(MENTOR, reference=f"S{number}") for number in range(300)]
    with statements() as counted:
        house.supporters(*rows, at=now)
    assert counted.number <= 20
    with statements() as counted:
        house.supporters(*[replace(row, text="Bonjour") for row in rows], at=now)
    assert counted.number <= 20
