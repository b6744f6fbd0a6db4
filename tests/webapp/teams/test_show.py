"""The team as its members see it: first names, roles, dates; and on the lending side nothing of a coach."""

from datetime import date, timedelta

import pytest

from models.associations import Network
from models.db import db
from models.pairings import Pairing
from models.states import CircleMemberState, CircleState, PairingState
from models.supporters import SupporterRole
from tests.factories import (
    make_account,
    make_association,
    make_circle,
    make_circle_member,
    make_coordinator,
    make_entrepreneur,
    make_facilitator,
    make_pairing,
    make_supporter,
)
from tests.webapp.desk import fresh
from webapp.clock import day_of, utc_now
from webapp.templating import format_day

ROLES = {"Odile": SupporterRole.MENTOR, "Bruno": SupporterRole.COACH, "Chloé": SupporterRole.EXPERT}


class Branch:
    """A person with a mentor, a coach and an expert, each with an account."""

    def __init__(self, network):
        session = db.session()
        self.association = make_association(session, network=network)
        self.coordinator = make_coordinator(session, self.association)
        self.person = make_entrepreneur(session, self.association, first_name="Awa")
        self.accounts = {}
        for name, role in ROLES.items():
            account = make_account(session, first_name=name)
            helper = make_supporter(
                session,
                self.association,
                role=role,
                capacity=7,
                account_id=account.id,
                first_name=name,
                last_name=f"Secret{name}",
            )
            make_pairing(session, self.person, helper, state=PairingState.ACTIVE)
            self.accounts[name] = account
        session.commit()
        self.address = f"/teams/{self.person.public_id}"


@pytest.fixture
def read(app, sign_in):
    def open_as(account, address):
        answer = sign_in(app.test_client(), account).get(address)
        return answer.status_code, answer.get_data(as_text=True)

    return open_as


@pytest.mark.parametrize("network", list(Network))
@pytest.mark.parametrize("reader", ["Odile", "Bruno", "Chloé", "coordinator"])
def test_first_names_and_dates_and_a_coach_only_where_nobody_lends(app, read, network, reader):
    branch = Branch(network)
    account = branch.coordinator if reader == "coordinator" else branch.accounts[reader]
    status, page = read(account, branch.address)
    assert status == 200
    assert page.count("<h1") == 1
    hidden = {"Bruno"} if network is Network.INITIATIVE_FRANCE and reader != "Bruno" else set()
    main = page.split("<main")[1]
    for name in set(ROLES) - {reader} - hidden:
        assert name in main
    for name in hidden:
        assert name not in main
        assert "Coach" not in main
    assert "Secret" not in page


FOLLOW_UP = {
    "planned": (date(2030, 5, 6), {}, "Prochaines nouvelles avant le lundi 6 mai"),
    "looked for": (None, {"wanted_roles": ["ambassador"], "waiting_since": day_of(utc_now())}, "Prochaines nouvelles"),
    "nothing of his own": (None, {"wanted_roles": []}, "Prend le relais si rien ne se passe d’ici au"),
}


@pytest.mark.parametrize("case", list(FOLLOW_UP))
def test_the_contact_too_has_a_step_and_a_day(app, read, case):
    branch = Branch(Network.REBONDS)
    follow_up_on, values, sentence = FOLLOW_UP[case]
    branch.person.follow_up_on = follow_up_on
    for name, value in values.items():
        setattr(branch.person, name, value)
    db.session.query(Pairing).update({Pairing.next_meeting_due_at: utc_now() + timedelta(days=5)})
    db.session.commit()
    assert sentence in read(branch.accounts["Odile"], branch.address)[1]


def test_what_the_others_let_pass_is_taken_up_and_a_hidden_coach_gives_no_day(app, read):
    branch = Branch(Network.INITIATIVE_FRANCE)
    session = db.session()
    branch.person.follow_up_on, branch.person.wanted_roles = None, []
    for pairing in session.query(Pairing):
        is_coach = pairing.role is SupporterRole.COACH
        pairing.next_meeting_due_at = utc_now() - timedelta(days=9 if is_coach else 3)
    session.commit()
    page, own = (read(branch.accounts[name], branch.address)[1] for name in ("Odile", "Bruno"))
    days = [format_day(utc_now() - timedelta(days=days), "d MMMM") for days in (3, 9)]
    assert "Prend le relais : rien n’est noté depuis" in page
    assert [day in page for day in days] == [True, False]
    assert days[1] in own


def test_who_leads_the_circle_is_of_the_team(app, read):
    branch = Branch(Network.REBONDS)
    session = db.session()
    account = make_account(session)
    leader = make_supporter(session, branch.association, account_id=account.id, first_name="Paul")
    circle = make_circle(session, make_facilitator(session, leader), state=CircleState.CONFIRMED)
    member = make_circle_member(session, circle, branch.person, state=CircleMemberState.JOINED)
    session.commit()
    assert read(account, branch.address)[0] == 200
    assert "Paul" in read(branch.accounts["Odile"], branch.address)[1]
    session.delete(fresh().get(type(member), member.id))
    session.commit()
    assert read(account, branch.address)[0] == 404


def test_nobody_else_knows_of_it(app, read):
    branch = Branch(Network.REBONDS)
    session = db.session()
    proposed = make_account(session)
    helper = make_supporter(
        session, branch.association, account_id=proposed.id, role=SupporterRole.AMBASSADOR, has_bounced_back=True
    )
    make_pairing(session, branch.person, helper, state=PairingState.PROPOSED)
    stranger = make_coordinator(session, make_association(session))
    own = make_account(session)
    branch.person.account_id = own.id
    session.commit()
    for account in (proposed, stranger, own):
        assert read(account, branch.address)[0] == 404
    assert app.test_client().get(branch.address).status_code == 303


def test_it_costs_little(app, read, statements):
    branch = Branch(Network.REBONDS)
    with statements() as counted:
        read(branch.accounts["Odile"], branch.address)
    assert counted.number <= 14
