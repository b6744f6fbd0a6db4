"""Files in and out: all or nothing, twice the same adds nothing, and nothing confided towards the lending side."""

from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from models.associations import Network
from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, EntrepreneurNeed
from models.exceptions import NotFoundError
from models.messages import Message, MessageKind
from models.states import EntrepreneurState, SupporterState
from models.supporters import Supporter, SupporterRole
from models.territories import Commune, Qpv, QpvCheck, QpvMethod, QpvResult
from models.workshops import WorkshopSession
from seeds.vocabulary import reference_vocabulary
from tests.factories import (
    make_account,
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
)
from webapp.permissions import SYSTEM, Actor
from webapp.services.bookings import book_session
from webapp.services.exports import export_rows, export_suggestions
from webapp.services.imports import import_rows
from webapp.spreadsheets import EntrepreneurRow, Kind, LocationSource, SupporterRow, WorkshopSessionRow, read_rows

MIDDLE = reference_vocabulary().communes["93066"]
PERSON = EntrepreneurRow(
    reference="E1",
    first_name="Élodie",
    last_name="N’Guyen",
    commune="93066",
    stage="launch",
    needs=(("cash_flow", 3), ("sales", 1)),
    availability=0b100100,
    email="Elodie@example.org",
    latitude=MIDDLE.latitude,
    longitude=MIDDLE.longitude,
    location_source=LocationSource.COMMUNE,
    languages=("fr", "ar"),
    waiting_since=date(2026, 9, 1),
)
MENTOR = SupporterRow(
    reference="S1",
    first_name="Jean",
    last_name="Morel",
    role="mentor",
    commune="93066",
    expertise=(("cash_flow", 3),),
    availability=7,
    capacity=2,
    latitude=MIDDLE.latitude,
    longitude=MIDDLE.longitude,
    location_source=LocationSource.COMMUNE,
)
SESSION = WorkshopSessionRow(
    reference="W1",
    theme="financial_management",
    starts_on=date(2026, 12, 8),
    starts_at=time(18),
    ends_at=time(20),
    format="in_person",
    seats=2,
    commune="93066",
)


class House:
    """An association and its coordinator, who imports."""

    def __init__(self, **values):
        with transaction() as session:
            self.association = make_association(session, **values)
            self.account = make_coordinator(session, self.association)
        self.actor = Actor(account_id=self.account.id, coordinates=frozenset({self.association.id}))

    def take(self, kind, *rows, at, **options):
        return import_rows(
            kind=kind, association_id=self.association.public_id, rows=rows, actor=self.actor, at=at, **options
        )

    def people(self, *rows, at, **options):
        return self.take(Kind.ENTREPRENEURS, *rows, at=at, **options)

    def supporters(self, *rows, at, **options):
        return self.take(Kind.SUPPORTERS, *rows, at=at, **options)

    def sessions(self, *rows, at, **options):
        return self.take(Kind.WORKSHOPS, *rows, at=at, **options)

    def give(self, kind, at, language="fr"):
        return export_rows(
            kind=kind,
            association_id=self.association.public_id,
            actor=self.actor,
            at=at,
            vocabulary=reference_vocabulary(),
            language=language,
        )


@pytest.fixture
def house(app):
    return House()


def counts(outcome):
    assert not outcome.problems, outcome.problems
    return outcome.added, outcome.updated, outcome.unchanged


def one(table, **values):
    db.session.rollback()
    return db.session.scalars(select(table).filter_by(**values)).one()


def number_of(table):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("kind", "row", "table"),
    [
        (Kind.ENTREPRENEURS, PERSON, Entrepreneur),
        (Kind.SUPPORTERS, MENTOR, Supporter),
        (Kind.WORKSHOPS, SESSION, WorkshopSession),
    ],
)
def test_twice_the_same_file_adds_nothing(any_app, now, kind, row, table):
    house = House()
    rows = (row, replace(row, reference="X2"))
    assert counts(house.take(kind, *rows, at=now)) == (2, 0, 0)
    events = number_of(AuditEvent)
    assert counts(house.take(kind, *rows, at=now)) == (0, 0, 2)
    assert number_of(table) == 2
    assert number_of(AuditEvent) == events == 2


def test_a_whole_line_is_ready_and_a_thin_one_is_to_be_completed(any_app, now):
    house = House()
    thin = replace(PERSON, reference="E2", needs=(), waiting_since=None)
    house.people(PERSON, thin, replace(PERSON, reference="E3", availability=0), at=now)
    person = one(Entrepreneur, reference="E1")
    assert (person.state, person.search_name, person.email) == (
        EntrepreneurState.READY,
        "elodie n guyen",
        "elodie@example.org",
    )
    assert person.referent_id == house.account.id
    assert one(Entrepreneur, reference="E2").state is EntrepreneurState.INCOMPLETE
    assert one(Entrepreneur, reference="E3").state is EntrepreneurState.INCOMPLETE


def test_a_changed_line_updates_the_profile_and_neither_state_nor_counters(any_app, now):
    house = House()
    house.people(PERSON, at=now)
    changed = replace(PERSON, stage="growth", needs=(("hiring", 2),), languages=("ar",), availability=1)
    assert counts(house.people(changed, at=now)) == (0, 1, 0)
    person = one(Entrepreneur, reference="E1")
    assert (person.stage, person.availability, person.state) == ("growth", 1, EntrepreneurState.READY)
    assert {need.topic: need.priority for need in db.session.scalars(select(EntrepreneurNeed))} == {"hiring": 2}
    house.supporters(MENTOR, at=now)
    with transaction() as session:
        session.execute(update(Supporter).values(taken=1, state=SupporterState.PAUSED, back_on=date(2027, 1, 4)))
    assert counts(house.supporters(replace(MENTOR, capacity=3, text="Bonjour"), at=now)) == (0, 1, 0)
    supporter = one(Supporter, reference="S1")
    assert (supporter.capacity, supporter.taken, supporter.state) == (3, 1, SupporterState.PAUSED)


def test_an_empty_cell_never_empties_what_is_known(house, now):
    house.people(PERSON, at=now)
    assert counts(house.people(replace(PERSON, email="", needs=(), availability=0), at=now)) == (0, 0, 1)
    assert one(Entrepreneur, reference="E1").email == "elodie@example.org"


def test_a_dry_run_counts_and_writes_nothing(house, now):
    outcome = house.people(PERSON, at=now, dry_run=True)
    assert (outcome.added, outcome.is_dry_run) == (1, True)
    assert number_of(Entrepreneur) == 0


def test_one_problem_and_nothing_is_written_and_the_line_is_named(any_app, now):
    house = House()
    lost = replace(PERSON, reference="E2", commune="99999")
    outcome = house.people(PERSON, lost, at=now, lines=(2, 7))
    assert [(problem.line, problem.column, problem.code) for problem in outcome.problems] == [
        (7, "commune", "unknown_commune")
    ]
    assert number_of(Entrepreneur) == 0


def test_capacity_below_the_places_in_use_is_a_problem(any_app, now):
    house = House()
    house.supporters(MENTOR, at=now)
    with transaction() as session:
        person = make_entrepreneur(session, session.merge(house.association))
        supporter = session.scalars(select(Supporter)).one()
        make_pairing(session, person, supporter)
        make_pairing(session, make_entrepreneur(session, session.merge(house.association)), supporter)
    other_role = replace(MENTOR, capacity=1, role="expert")
    outcome = house.supporters(other_role, replace(MENTOR, reference="S2"), at=now)
    assert [problem.code for problem in outcome.problems] == ["capacity_in_use", "role_in_use"]
    assert one(Supporter).capacity == 2


def test_an_ambassador_has_bounced_back(house, now):
    outcome = house.supporters(replace(MENTOR, role=SupporterRole.AMBASSADOR.value), at=now)
    assert [problem.code for problem in outcome.problems] == ["ambassador_not_bounced_back"]


def test_a_file_of_another_association_and_a_repeated_reference_are_problems(house, now):
    rows = (PERSON, replace(PERSON, association="somebody-else", reference="E2"), PERSON)
    assert [problem.code for problem in house.people(*rows, at=now).problems] == [
        "other_association",
        "repeated_reference",
    ]


def test_the_same_reference_in_two_associations_is_two_people(house, now):
    other = House()
    for each in (house, other):
        assert counts(each.people(PERSON, at=now)) == (1, 0, 0)


def test_who_does_not_run_the_association_imports_nothing(house, now):
    stranger = House()
    stranger.association = house.association
    with pytest.raises(NotFoundError):
        stranger.people(PERSON, at=now)
    with pytest.raises(NotFoundError):
        import_rows(kind=Kind.SUPPORTERS, association_id=uuid4(), rows=(), actor=house.actor, at=now)


@pytest.mark.parametrize("is_known_here", [False, True])
def test_an_address_that_is_known_here_is_the_same_persons_account(house, now, is_known_here):
    """That of another association's is not: linking it would tell who lends that somebody else helps her."""
    with transaction() as session:
        account = make_account(session, email="elodie@example.org")
        where = house.association if is_known_here else make_association(session)
        make_supporter(session, where, account_id=account.id)
    house.people(PERSON, at=now)
    assert one(Entrepreneur).account_id == (account.id if is_known_here else None)


def test_a_position_inside_a_neighbourhood_is_checked_and_kept(any_app, now):
    house = House()
    qpv = db.session.scalars(select(Qpv).where(Qpv.department == "93").order_by(Qpv.code)).first()
    inside = replace(
        PERSON,
        commune=qpv.communes[0],
        latitude=qpv.latitude,
        longitude=qpv.longitude,
        location_source=LocationSource.GIVEN,
    )
    declared = replace(PERSON, reference="E2", commune=qpv.communes[0], qpv_code=qpv.code)
    denied = replace(inside, reference="E3", latitude=48.2, longitude=3.2, qpv_code=qpv.code)
    for _ in range(2):
        house.people(inside, declared, denied, PERSON_WITHOUT_PLACE, at=now)
    checks = {
        reference: (check.result, check.method, check.qpv_code)
        for reference, check in db.session.execute(
            select(Entrepreneur.reference, QpvCheck).join(QpvCheck, QpvCheck.entrepreneur_id == Entrepreneur.id)
        )
    }
    assert checks == {
        "E1": (QpvResult.INSIDE, QpvMethod.POINT_IN_POLYGON, qpv.code),
        "E2": (QpvResult.DECLARED, QpvMethod.IMPORTED, qpv.code),
        "E3": (QpvResult.DECLARED, QpvMethod.IMPORTED, qpv.code),
    }
    assert number_of(QpvCheck) == 3
    assert one(Entrepreneur, reference="E1").qpv_code == qpv.code
    assert one(Entrepreneur, reference="E4").qpv_code is None


PERSON_WITHOUT_PLACE = replace(
    PERSON, reference="E4", latitude=None, longitude=None, location_source=LocationSource.UNKNOWN
)


def test_the_middle_of_a_commune_does_not_replace_an_address(house, now):
    house.people(replace(PERSON, latitude=48.941, location_source=LocationSource.GIVEN), at=now)
    assert counts(house.people(PERSON, at=now)) == (0, 0, 1)
    assert one(Entrepreneur).latitude == 48.941


def test_what_was_confided_is_taken_once_and_never_brought_back(any_app, now):
    house = House(network=Network.REBONDS)
    told = replace(PERSON, coaching_consent=True, after_liquidation=True)
    house.people(PERSON, at=now)
    assert counts(house.people(told, at=now)) == (0, 1, 0)
    confided = one(EntrepreneurConfided)
    assert (confided.after_liquidation, confided.coaching_consent_at) == ("yes", now)
    with transaction() as session:
        session.execute(update(EntrepreneurConfided).values(coaching_consent_at=None))
    assert counts(house.people(told, at=now)) == (0, 0, 1)
    assert one(EntrepreneurConfided).coaching_consent_at is None


def test_on_the_lending_side_a_file_does_not_find_out_who_confided_what(any_app, now):
    house = House(network=Network.INITIATIVE_FRANCE)
    told = {"coaching_consent": True, "after_liquidation": True}
    silent, open_hearted = PERSON, replace(PERSON, reference="E2", email="e2@example.org")
    house.people(silent, replace(open_hearted, **told), at=now)
    assert db.session.scalar(select(func.count(EntrepreneurConfided.id))) == 1
    for person in (silent, open_hearted):
        for is_trial in (True, False):
            assert counts(house.people(replace(person, **told), at=now, dry_run=is_trial)) == (0, 0, 1)
    house.people(replace(silent, project_title="Couture", **told), at=now)
    assert db.session.scalar(select(func.count(EntrepreneurConfided.id))) == 1


def test_a_session_without_title_or_place_takes_those_of_theme_and_commune(house, now):
    house.sessions(SESSION, at=now)
    workshop = one(WorkshopSession)
    assert workshop.title == "Gérer au quotidien : devis, factures, trésorerie"
    assert workshop.place == db.session.get(Commune, "93066").name
    assert workshop.organiser_id == house.account.id


def test_a_file_does_not_open_a_sensitive_session_that_people_booked(app, now):
    house = House()
    house.sessions(replace(SESSION, theme="bounce_back"), at=now)
    with transaction() as session:
        person = make_entrepreneur(session, session.merge(house.association))
    book_session(session_id=one(WorkshopSession).public_id, entrepreneur_id=person.public_id, actor=house.actor, at=now)
    outcome = house.sessions(SESSION, at=now)
    assert [problem.column for problem in outcome.problems] == ["thème"]
    assert one(WorkshopSession).theme_slug == "bounce_back"


def test_a_changed_session_tells_its_people_and_offers_new_seats(any_app, now):
    house = House()
    house.sessions(replace(SESSION, seats=1), at=now)
    with transaction() as session:
        people = [make_entrepreneur(session, session.merge(house.association)) for _ in range(2)]
    for person in people:
        book_session(
            session_id=one(WorkshopSession).public_id, entrepreneur_id=person.public_id, actor=house.actor, at=now
        )
    assert counts(house.sessions(replace(SESSION, starts_at=time(17)), at=now)) == (0, 1, 0)
    workshop = one(WorkshopSession)
    assert (workshop.seats, workshop.taken, workshop.sequence) == (2, 2, 1)
    kinds = set(db.session.scalars(select(Message.kind)))
    assert {MessageKind.SESSION_CHANGED, MessageKind.SEAT_OFFERED} <= kinds
    outcome = house.sessions(replace(SESSION, seats=1), at=now)
    assert [problem.code for problem in outcome.problems] == ["seats_taken"]
    assert one(WorkshopSession).seats == 2


def test_a_session_that_has_begun_is_not_changed_by_a_file(house, now):
    house.sessions(SESSION, at=now)
    later = one(WorkshopSession).starts_at
    assert counts(house.sessions(SESSION, at=later)) == (0, 0, 1)
    outcome = house.sessions(replace(SESSION, title="Autre"), at=later)
    assert [problem.code for problem in outcome.problems] == ["session_closed"]


def test_a_session_at_a_time_that_does_not_exist_is_a_problem(house, now):
    lost = replace(SESSION, starts_on=date(2027, 3, 28), starts_at=time(2, 30), ends_at=time(4))
    assert [problem.code for problem in house.sessions(lost, at=now).problems] == ["invalid_wall_time"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (Kind.ENTREPRENEURS, (PERSON, replace(PERSON, reference="E2", text="=1+1\nligne", wants_bridging=True))),
        (Kind.SUPPORTERS, (MENTOR, replace(MENTOR, reference="S2", activities=("56.10A",), stages=("idea",)))),
        (Kind.WORKSHOPS, (SESSION, replace(SESSION, reference="W2", format="online", online_url="https://a.example"))),
    ],
)
def test_what_goes_out_comes_back_unchanged(any_app, now, kind, rows, language):
    house = House()
    house.take(kind, *rows, at=now)
    file = house.give(kind, now, language)
    read = read_rows(kind, file.content, vocabulary=reference_vocabulary())
    assert not read.problems, read.problems
    assert file.lines == 2
    assert counts(house.take(kind, *read.rows, at=now)) == (0, 0, 2)


def test_a_file_into_another_association_makes_the_same_people(house, now):
    house.people(PERSON, at=now)
    other = House()
    read = read_rows(Kind.ENTREPRENEURS, house.give(Kind.ENTREPRENEURS, now).content, vocabulary=reference_vocabulary())
    rows = [replace(row, association="") for row in read.rows]
    assert counts(other.people(*rows, at=now)) == (1, 0, 0)
    first, second = db.session.scalars(select(Entrepreneur).order_by(Entrepreneur.id))
    for name in ("stage", "availability", "waiting_since", "commune_code", "wanted_roles", "max_km"):
        assert getattr(first, name) == getattr(second, name)


@pytest.mark.parametrize("network", list(Network))
def test_what_was_confided_leaves_only_towards_those_who_rebuild(app, now, network):
    house = House(network=network)
    house.people(replace(PERSON, coaching_consent=True, after_liquidation=True), at=now)
    content = house.give(Kind.ENTREPRENEURS, now).content.decode("utf-8-sig")
    header, line = (row.split(";") for row in content.splitlines()[:2])
    told = {name: line[header.index(name)] for name in ("accord pour le coaching", "après liquidation")}
    assert set(told.values()) == ({"oui"} if network is Network.REBONDS else {""})


def test_every_export_leaves_an_event(house, now):
    house.give(Kind.SUPPORTERS, now)
    assert one(AuditEvent).action == "export_supporters"
    assert one(AuditEvent).actor_id == house.account.id


def test_the_middle_of_a_commune_does_not_leave_as_an_address(house, now):
    commune = db.session.get(Commune, "93066")
    house.people(
        replace(PERSON, latitude=commune.latitude, longitude=commune.longitude),
        replace(PERSON, reference="E2", latitude=48.941, location_source=LocationSource.GIVEN),
        at=now,
    )
    content = house.give(Kind.ENTREPRENEURS, now).content.decode("utf-8-sig").splitlines()
    place = content[0].split(";").index("latitude")
    assert [line.split(";")[place] for line in content[1:]] == ["", "48,941"]


def describe_dangerously(_suggestion, /, *, lends):
    assert lends, "the association of these tests lends"
    return (("Besoins", 0.8),), ("=HYPERLINK()",)


def test_the_suggestions_of_the_last_run_become_a_file(any_app, now):
    house = House()
    with transaction() as session:
        association = session.merge(house.association)
        person, supporter = make_entrepreneur(session, association), make_supporter(session, association)
        make_suggestion(session, make_match_run(session, association), person, supporter)
    file = export_suggestions(
        association_id=house.association.public_id,
        actor=house.actor,
        at=now,
        describe=describe_dangerously,
    )
    header, line = file.content.decode("utf-8-sig").splitlines()
    assert header.split(";")[-2:] == ["Besoins", "raisons"]
    assert person.reference in line
    assert "'=HYPERLINK" in line
    with pytest.raises(NotFoundError):
        export_suggestions(
            association_id=house.association.public_id, actor=House().actor, at=now, describe=describe_dangerously
        )


def test_a_command_imports_in_the_name_of_nobody_but_somebody_answers_for_the_people(house, now):
    import_rows(
        kind=Kind.ENTREPRENEURS, association_id=house.association.public_id, rows=[PERSON], actor=SYSTEM, at=now
    )
    assert one(Entrepreneur).referent_id == house.account.id
