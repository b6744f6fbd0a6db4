"""Circles as pages: the coordinator's list and one circle, a person's invitation and her answer."""

import uuid
from datetime import date, timedelta

import pytest

from models.circles import Circle, CircleMember, DepartureReason, Facilitator
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurOffer
from models.states import CircleMemberState, CircleState, SupporterState
from models.supporters import Supporter
from tests.factories import (
    make_account,
    make_circle,
    make_circle_composition,
    make_circle_left_out,
    make_circle_meeting,
    make_circle_member,
    make_circle_round,
    make_entrepreneur,
    make_facilitator,
    make_supporter,
)
from tests.webapp.desk import fresh
from tests.webapp.member_pages import make_house, make_member
from webapp.clock import utc_now

SIZES = {"minimum": "6", "target": "7", "maximum": "8", "quorum": "4"}


@pytest.fixture
def leader(desk):
    supporter = make_supporter(desk.session, desk.association, first_name="Lea")
    made = make_facilitator(desk.session, supporter)
    desk.session.commit()
    return made


def person(desk, **values):
    return make_entrepreneur(desk.session, desk.association, **{"wants_circle": True, "activity_code": None, **values})


def circle_of(desk, leader, *, people=6, **values):
    circle = make_circle(desk.session, leader, **values)
    for at in range(people):
        make_circle_member(desk.session, circle, person(desk, first_name=f"Ana{at}"))
    desk.session.commit()
    return circle


def test_without_circles_the_page_says_what_comes_first(desk):
    page = desk.client.get("/circles")
    assert page.status_code == 200
    assert "Pas de cercle pour le moment" in page.text
    assert "Dites ci-dessous qui anime" in page.text
    assert page.text.count("<h1") == 1


def test_a_supporter_is_made_a_facilitator(desk):
    supporter = make_supporter(desk.session, desk.association)
    desk.session.commit()
    form = {"supporter": str(supporter.public_id), "circles": "2"}
    assert desk.client.post("/circles/facilitators", data=form).location == "/circles"
    assert fresh().get(Facilitator, supporter.id).capacity == 2
    assert "0 cercle(s) sur 2" in desk.client.get("/circles").text
    wrong = desk.client.post("/circles/facilitators", data={**form, "circles": "99"})
    assert wrong.status_code == 422
    with transaction() as session:
        session.get(Facilitator, supporter.id).taken = 1
    desk.client.post("/circles/facilitators", data={**form, "circles": "0"})
    assert fresh().get(Facilitator, supporter.id).capacity == 2


def test_circles_are_proposed_shown_and_confirmed(desk, leader, statements):
    for _ in range(6):
        person(desk)
    desk.session.commit()
    assert desk.client.post("/circles/propose", data=SIZES).location == "/circles"
    circle = fresh().query(Circle).one()
    with statements() as counted:
        page = desk.client.get("/circles").text
    assert counted.number <= 16, counted.texts
    assert "Cercle de Lea" in page
    assert "Rien de mieux n’existe." in page
    shown = desk.client.get(f"/circles/{circle.public_id}").text
    assert "Confirmer et inviter tout le monde" in shown
    assert "Ce que les autres peuvent apporter" in shown
    for _lost_and_sent_again in range(2):
        assert desk.client.post(f"/circles/{circle.public_id}/confirm").location == f"/circles/{circle.public_id}"
    assert fresh().get(Circle, circle.id).state is CircleState.CONFIRMED
    assert "Première rencontre" in desk.client.get(f"/circles/{circle.public_id}").text


def test_nobody_to_place_and_impossible_sizes_are_said(desk, leader):
    person(desk)
    desk.session.commit()
    page = desk.client.post("/circles/propose", data=SIZES, follow_redirects=True).text
    assert "Aucun cercle n’est possible" in page
    assert "Trop peu d’autres personnes" in page
    wrong = desk.client.post("/circles/propose", data={**SIZES, "target": "9", "quorum": "7"})
    assert wrong.status_code == 422
    assert "Les nombres doivent se suivre" in wrong.text
    assert "Pas plus que le plus petit nombre" in wrong.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (None, "Aucun changement seul"),
        ({"code": "add_slot", "facts": {"slot": "tue_eve"}}, "mardi soir"),
        ({"code": "accept_remote", "facts": {}}, "en visio"),
        ({"code": "travel", "facts": {"distance_km": 4.5}}, "4,5 km"),
        ({"code": "add_language", "facts": {"language": "fr"}}, "qui parle cette langue"),
        ({"code": "one_more_facilitator", "facts": {}}, "pour animer"),
        ({"code": "more_people", "facts": {"missing": 2, "slot": "tue_eve", "language": "fr"}}, "2 personnes de plus"),
    ],
)
def test_what_would_help_who_is_left_out_is_said(desk, change, words):
    made = make_circle_round(desk.session, desk.association, is_exact=False)
    make_circle_left_out(desk.session, made, person(desk), change=change)
    desk.session.commit()
    assert words in desk.client.get("/circles").text


def test_a_person_is_taken_out_or_moved_with_a_reason(desk, leader):
    first, second = circle_of(desk, leader), circle_of(desk, leader, people=5)
    members = fresh().query(CircleMember).filter_by(circle_id=first.id).order_by(CircleMember.id).all()
    out = f"/circles/members/{members[0].public_id}/remove"
    assert desk.client.post(out, data={}).status_code == 422
    assert desk.client.post(out, data={"reason": "not_together"}).location == f"/circles/{first.public_id}"
    assert fresh().get(CircleMember, members[0].id).state is CircleMemberState.LEFT
    assert "Qui était là" in desk.client.get(f"/circles/{first.public_id}").text
    move = f"/circles/members/{members[1].public_id}/move"
    assert desk.client.post(move, data={"circle": "x"}).status_code == 422
    answer = desk.client.post(move, data={"circle": str(second.public_id)})
    assert answer.location == f"/circles/{second.public_id}"
    with transaction() as session:
        session.get(Entrepreneur, members[2].entrepreneur_id).availability = 1
    refused = desk.client.post(
        f"/circles/members/{members[2].public_id}/move", data={"circle": str(second.public_id)}, follow_redirects=True
    )
    assert "ne convient pas à cette personne" in refused.text


def test_a_circle_ends_with_a_reason(desk, leader):
    circle = circle_of(desk, leader, state=CircleState.CONFIRMED, people=2)
    decided = desk.client.get(f"/circles/{circle.public_id}").text
    assert "Moins de monde que prévu" in decided
    assert "il ne reste rien à décider" in decided
    assert "continuez" not in decided
    assert "Moins de monde que prévu" in desk.client.get("/circles").text
    fresh().get_one(Circle, circle.id).decide_by_at = utc_now() + timedelta(days=4)
    db.session.commit()
    undecided = desk.client.get(f"/circles/{circle.public_id}").text
    assert "continuez à moins nombreux" in undecided
    assert f"/circles/{circle.public_id}/go-on" in undecided
    address = f"/circles/{circle.public_id}/dissolve"
    assert desk.client.post(address, data={"reason": "replaced"}).status_code == 422
    assert desk.client.post(address, data={"reason": "too_few"}).location == "/circles"
    assert fresh().get(Circle, circle.id).state is CircleState.DISSOLVED
    assert "Trop peu de monde finalement" in desk.client.get(f"/circles/{circle.public_id}").text


def test_circles_of_others_do_not_exist(desk, stranger, leader, app):
    circle = circle_of(desk, leader)
    member = fresh().query(CircleMember).first()
    assert stranger.client.get(f"/circles/{circle.public_id}").status_code == 404
    for action in ("confirm", "dissolve"):
        form = {"reason": "other"}
        assert stranger.client.post(f"/circles/{circle.public_id}/{action}", data=form).status_code == 404
    for action in ("remove", "move"):
        assert stranger.client.post(f"/circles/members/{member.public_id}/{action}").status_code == 404
    assert stranger.client.get(f"/circles/{uuid.uuid4()}").status_code == 404
    assert app.test_client().get("/circles").status_code == 303


@pytest.fixture
def invited(app, client, sign_in):
    with transaction() as session:
        house = make_house(session)
        entrepreneur, account = make_member(session, house, wants_circle=True)
        leader = make_facilitator(session, make_supporter(session, house.association, first_name="Lea"))
        circle = make_circle(session, leader, state=CircleState.CONFIRMED)
        member = make_circle_member(session, circle, entrepreneur)
        other = make_entrepreneur(
            session, house.association, first_name="Bintou", last_name="Secret", needs={"stress_balance": 3}
        )
        session.add(EntrepreneurOffer(entrepreneur_id=other.id, topic="cash_flow", level=2))
        make_circle_member(session, circle, other)
        make_circle_meeting(session, circle, starts_at=utc_now() + timedelta(days=20))
    sign_in(client, account)
    return entrepreneur, member


def test_an_invitation_says_why_and_names_nobody_wholly(client, invited):
    page = client.get("/circles/mine").text
    assert page.count("<h1") == 1
    for words in ("Lea", "Bintou", "Vous pouvez apporter", "Vous pouvez recevoir", "mardi soir"):
        assert words in page
    for hidden in ("Secret", "stress", "Stress"):
        assert hidden not in page
    assert "Un cercle d’entrepreneurs vous attend" in client.get("/my-steps").text
    assert "Lea anime le cercle" in client.get("/my-steps/team").text


def test_what_nobody_there_brings_is_no_reason(client, invited):
    with transaction() as session:
        other = session.query(CircleMember).order_by(CircleMember.id.desc()).first()
        other.state, other.departed_at, other.departure_reason = "declined", utc_now(), DepartureReason.DECLINED
    page = client.get("/circles/mine").text
    assert "Vous pouvez apporter" in page
    assert "Vous pouvez recevoir" not in page


def test_she_joins_and_later_leaves(client, invited):
    _, member = invited
    for _lost_and_sent_again in range(2):
        assert client.post(f"/circles/mine/{member.public_id}/join").location == "/circles/mine"
    assert fresh().get(CircleMember, member.id).state is CircleMemberState.JOINED
    assert "Vous faites partie de ce cercle" in client.get("/circles/mine").text
    assert "Prochaine rencontre" in client.get("/my-steps/team").text
    for leads_to in ("/my-steps", "/circles/mine"):
        answer = client.post(f"/circles/mine/{member.public_id}/decline", data={"note": "Trop loin"})
        assert answer.location == leads_to
    left = fresh().get(CircleMember, member.id)
    assert (left.state, left.departure_note) == (CircleMemberState.LEFT, "Trop loin")
    assert "Pas encore de cercle" in client.get("/circles/mine").text
    assert client.post(f"/circles/mine/{member.public_id}/decline", data={"note": "Autre"}).status_code == 409


def test_she_declines(client, invited):
    _, member = invited
    assert client.post(f"/circles/mine/{member.public_id}/decline").location == "/my-steps"
    assert fresh().get(CircleMember, member.id).state is CircleMemberState.DECLINED


def test_the_answer_of_somebody_else_does_not_exist(client, invited):
    other = db.session.query(CircleMember).order_by(CircleMember.id.desc()).first()
    assert client.post(f"/circles/mine/{other.public_id}/join").status_code == 404
    assert client.post(f"/circles/mine/{other.public_id}/decline").status_code == 404
    assert client.post(f"/circles/mine/{uuid.uuid4()}/join").status_code == 404


def test_a_circle_is_asked_for_in_the_profile(app, client, sign_in):
    with transaction() as session:
        entrepreneur, account = make_member(session, make_house(session))
    sign_in(client, account)
    assert "Vous n’avez pas demandé de cercle" in client.get("/circles/mine").text
    page = client.get("/my-profile/circle").text
    assert "stress_balance" not in page
    form = {"wants_circle": "y", "offers": ["sales", "marketing"]}
    assert client.post("/my-profile/circle", data=form).status_code == 303
    kept = fresh().get(Entrepreneur, entrepreneur.id)
    assert kept.wants_circle
    assert "Vous aimeriez un cercle" in client.get("/my-steps/team").text
    with transaction() as session:
        session.get_one(Entrepreneur, entrepreneur.id).follow_up_on = date(2030, 5, 6)
    assert "Des nouvelles avant le lundi 6 mai" in client.get("/circles/mine").text
    many = ["sales", "marketing", "hiring", "premises", "bookkeeping", "cash_flow", "networking", "purchasing"]
    many.append("market_study")
    assert client.post("/my-profile/circle", data={"offers": many}).status_code == 422


def test_many_wishes_are_composed_behind_the_page(desk, leader, monkeypatch):
    monkeypatch.setattr("webapp.services.circle_compositions.MOST_AT_ONCE", 6)
    monkeypatch.setattr("webapp.circles.routes.enqueue_composition", lambda _: None)
    for _ in range(7):
        person(desk)
    desk.session.commit()
    page = desk.client.post("/circles/propose", data=SIZES, follow_redirects=True)
    assert "Les cercles sont en cours de composition" in page.text
    assert 'action="/circles/propose"' not in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text


def test_a_failed_composition_is_told_and_can_be_asked_for_again(desk, leader):
    make_circle_composition(desk.session, desk.association, failure="unexpected")
    person(desk)
    desk.session.commit()
    page = desk.client.get("/circles").text
    assert "pas pu être composés" in page
    assert 'action="/circles/propose"' in page
    assert "refresh" not in page


def test_a_circle_names_who_is_there_and_not_who_declined(desk, leader):
    circle = circle_of(desk, leader, people=0, state=CircleState.CONFIRMED)
    here = person(desk, first_name="Fatim", last_name="Joly")
    gone = person(desk, first_name="Emma", last_name="Partie")
    desk.session.add(EntrepreneurOffer(entrepreneur_id=here.id, topic="cash_flow", level=2))
    desk.session.add(EntrepreneurOffer(entrepreneur_id=gone.id, topic="hiring", level=2))
    make_circle_member(desk.session, circle, here, state=CircleMemberState.JOINED, reasons=[])
    make_circle_member(desk.session, circle, gone, state=CircleMemberState.DECLINED)
    reasons = [
        {"code": "receives", "facts": {"topics": ["cash_flow", "hiring"], "others": [str(here.id), str(gone.id)]}},
        {"code": "gives", "facts": {"topics": ["sales"], "others": [str(gone.id)]}},
    ]
    make_circle_member(desk.session, circle, person(desk), state=CircleMemberState.JOINED, reasons=reasons)
    desk.session.commit()
    page = desk.client.get(f"/circles/{circle.public_id}").text
    assert "(Fatim Joly)" in page
    assert "Recrutement" not in page
    assert "Apporte" not in page
    assert page.count("Emma Partie") == 1


def test_somebody_else_takes_over_the_circle_of_who_left(desk, leader, client, sign_in):
    circle = circle_of(desk, leader, people=0, state=CircleState.CONFIRMED)
    account = make_account(desk.session)
    member = person(desk, account_id=account.id)
    make_circle_member(desk.session, circle, member, state=CircleMemberState.JOINED)
    supporter = desk.session.get_one(Supporter, leader.supporter_id)
    supporter.state = SupporterState.LEFT
    desk.session.commit()
    page = f"/circles/{circle.public_id}"
    shown = desk.client.get(page).text
    assert "Lea n’est plus là. Choisissez qui reprend le cercle" in shown
    assert "Personne ne l’anime" in desk.client.get("/circles/waiting").text
    assert "Personne ne l’anime" in desk.client.get(f"/supporters/{supporter.public_id}").text
    assert "Votre association cherche qui va animer le cercle" in sign_in(client, account).get("/circles/mine").text
    assert "Personne ne peut animer ce cercle pour le moment" in desk.client.get(f"{page}/leader").text
    new = make_supporter(desk.session, desk.association, first_name="Zoe")
    make_facilitator(desk.session, new)
    desk.session.commit()
    assert desk.client.post(f"{page}/leader", data={"supporter": "x"}).status_code == 422
    assert desk.client.post(f"{page}/leader", data={"supporter": str(new.public_id)}).location == page
    assert "Zoe" in desk.client.get(page).text
    assert sign_in(client, account).get(f"{page}/leader").status_code == 404


def test_somebody_is_named_by_hand_with_a_word_where_her_profile_says_something_else(desk, leader):
    circle = circle_of(desk, leader, people=0, state=CircleState.CONFIRMED)
    make_circle_member(desk.session, circle, person(desk), state=CircleMemberState.JOINED)
    new = make_supporter(desk.session, desk.association, first_name="Zoe", availability=0)
    make_facilitator(desk.session, new)
    desk.session.commit()
    page, chosen = f"/circles/{circle.public_id}", {"supporter": str(new.public_id)}
    shown = desk.client.get(f"{page}/leader").text
    assert "personne de disponible pour un cercle de plus ne convient à tous" in shown
    assert "si vous en convenez ensemble : tout le monde n’est pas libre à ce moment-là" in shown
    assert "(facultatif)" not in shown  # nobody suits, so that a word is always asked for
    refused = desk.client.post(f"{page}/leader", data=chosen)
    assert (refused.status_code, "Dites en quelques mots ce dont vous avez convenu" in refused.text) == (422, True)
    assert desk.client.post(f"{page}/leader", data={**chosen, "note": "Elle se libère."}).location == page
    shown = desk.client.get(page).text
    assert "Choix fait à la main" in shown
    assert "tout le monde n’est pas libre à ce moment-là : « Elle se libère. »" in shown
