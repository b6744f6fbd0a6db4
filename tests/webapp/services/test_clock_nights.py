"""Days and deadlines are those of a clock in France: on the nights when it changes, at month ends, on any server."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.associations import Association
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.notices import Notice
from tests.databases import copy_sqlite, lend_app
from tests.office import Office
from webapp.services.clocks import tick
from webapp.services.pairing_terms import add_months, term_of


@pytest.mark.parametrize(
    ("day", "midnight"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (date(2027, 3, 29), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2027, 10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC)),
        (date(2027, 11, 1), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_france_also_around_the_nights_when_clocks_change(app, day, midnight):
    Office(suggested=False, person={"follow_up_on": day, "waiting_since": day})
    assert tick(at=midnight - timedelta(seconds=1))["noticed_people"] == 0
    assert tick(at=midnight)["noticed_people"] == 1
    db.session.rollback()
    assert db.session.scalars(select(Notice.due_at)).one() == midnight


@pytest.mark.parametrize("hour", ["2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"])
def test_both_half_past_two_of_an_autumn_night_are_one_day_and_one_mail(app, hour):
    Office(suggested=False, person={"follow_up_on": date(2027, 10, 31)})
    first = datetime(2027, 10, 30, 23, 30, tzinfo=UTC)
    assert tick(at=first)["told"] == 1
    with transaction() as session:
        session.scalars(select(Entrepreneur)).one().follow_up_on = date(2027, 10, 30)
    assert tick(at=datetime.fromisoformat(hour)).did == {"noticed_people": 1}


@pytest.mark.parametrize(
    ("began", "months", "day"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 12, 31), 3, date(2028, 3, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 11, 30), 24, date(2029, 11, 30)),
    ],
)
def test_a_month_later_is_never_beyond_the_end_of_that_month(began, months, day):
    assert add_months(began, months) == day


def live_a_night():
    """Notice and plan around a spring night; give what does not depend on random numbers."""
    at = datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
    Office(suggested=False, person={"follow_up_on": date(2027, 3, 28)})
    Office(suggested=False)
    report = tick(at=at)
    session = db.session()
    days = session.scalars(select(Entrepreneur.follow_up_on).order_by(Entrepreneur.id)).all()
    dues = session.scalars(select(Notice.due_at).order_by(Notice.due_at)).all()
    network = session.scalars(select(Association)).first()
    return [
        sorted(report.did.items()),
        [day.isoformat() for day in days],
        [due.isoformat() for due in dues],
        term_of(network, "mentor", began=date(2027, 3, 28)).isoformat(),
    ]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_server_in_another_zone_gives_the_same_days(sqlite_template, tmp_path, zone):
    outcomes = []
    for number, name in enumerate((zone, "Europe/Paris")):
        folder = tmp_path / str(number)
        folder.mkdir()
        url = copy_sqlite(sqlite_template, folder / "maillage.db")
        ran = subprocess.run(
            [sys.executable, "-m", "tests.webapp.services.test_clock_nights", url, str(folder)],
            env={**os.environ, "TZ": name},
            capture_output=True,
            text=True,
            check=True,
        )
        outcomes.append(ran.stdout)
    assert outcomes[0] == outcomes[1]
    assert "2027-04-11" in outcomes[0]


if __name__ == "__main__":
    from pathlib import Path

    with lend_app(sys.argv[1], Path(sys.argv[2])):
        print(live_a_night())
