"""Rows become records and answers become rows: nothing lost, nothing confided let through."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

import matcher
from matcher import Component, MatchResult, Reason, RoleReport, Rule, Unmatched
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun
from models.queries.match_runs import read_pool
from models.queries.suggestions import load_profile
from models.queries.supporters import list_active_supporters
from models.states import SuggestionState
from models.supporters import Supporter, SupporterRole
from models.topics import Activity
from tests.factories import make_association, make_entrepreneur, make_match_run, make_pairing, make_supporter
from webapp import matcher_bridge, text_bridge

WEIGHTS = matcher_bridge.default_weights()


@pytest.fixture
def association(app):
    with transaction() as session:
        return make_association(session)


def records_of(association, at):
    return matcher_bridge.build_records(read_pool(db.session(), association.id), weights=WEIGHTS, at=at)


def test_a_person_becomes_a_record_with_all_that_counts(association, now):
    with transaction() as session:
        person = make_entrepreneur(
            session,
            association,
            needs={"cash_flow": 3, "sales": 1},
            languages=("ar", "fr"),
            project_text="Cuisine du Sahel",
            wanted_roles=["mentor", "coach"],
            household="h1",
            max_km=12.5,
            accepts_remote=False,
            wants_bridging=True,
            waiting_since=now.date() - timedelta(days=40),
            confided={"coaching_consent_at": now, "after_liquidation": "yes"},
        )
    (record,) = records_of(association, now).entrepreneurs
    assert record == matcher.Entrepreneur(
        id=str(person.id),
        needs=(matcher.Need(topic="cash_flow", priority=3), matcher.Need(topic="sales", priority=1)),
        stage=matcher.Stage.LAUNCH,
        languages=("ar", "fr"),
        availability=person.availability,
        wanted_roles=frozenset({matcher.Role.MENTOR, matcher.Role.COACH}),
        activity="56.10A",
        latitude=48.9356,
        longitude=2.3539,
        max_km=12.5,
        accepts_remote=False,
        text="Restaurant\nCuisine du Sahel",
        coaching_consent=True,
        after_liquidation=False,
        waiting_days=40,
        association=str(association.id),
        catchment="93066",
        household="h1",
        wants_bridging=True,
    )


def test_a_supporter_becomes_a_record_with_all_that_counts(association, now):
    with transaction() as session:
        supporter = make_supporter(
            session,
            association,
            expertise={"cash_flow": 2},
            languages=("fr", "tr"),
            capacity=5,
            taken=2,
            presentation="Comptable",
            stages=["launch"],
            in_business=True,
            has_bounced_back=True,
            is_certified=True,
            household="h2",
        )
    (record,) = records_of(association, now).supporters
    assert record == matcher.Supporter(
        id=str(supporter.id),
        role=matcher.Role.MENTOR,
        expertise=(matcher.Expertise(topic="cash_flow", level=2),),
        languages=("fr", "tr"),
        availability=supporter.availability,
        capacity=3,
        activities=("69.20Z",),
        stages=(matcher.Stage.LAUNCH,),
        latitude=48.9300,
        longitude=2.3600,
        text="Comptable",
        association=str(association.id),
        catchment="93066",
        household="h2",
        active_business=True,
        has_bounced_back=True,
        certified=True,
    )


@pytest.mark.parametrize(
    ("role", "capacity", "taken", "free"), [("coach", 20, 7, 1), ("coach", 6, 0, 0), ("expert", 4, 4, 0)]
)
def test_free_places_are_counted_in_people(association, now, role, capacity, taken, free):
    with transaction() as session:
        make_supporter(session, association, role=SupporterRole(role), capacity=capacity, taken=taken)
    (record,) = records_of(association, now).supporters
    assert record.capacity == free


def test_only_roles_that_nobody_fills_are_looked_for(association, now):
    with transaction() as session:
        half = make_entrepreneur(session, association, wanted_roles=["mentor", "expert"])
        whole = make_entrepreneur(session, association)
        mentor = make_supporter(session, association, capacity=5)
        for person in (half, whole):
            make_pairing(session, person, mentor)
    (record,) = records_of(association, now).entrepreneurs
    assert (record.id, record.wanted_roles) == (str(half.id), frozenset({matcher.Role.EXPERT}))


def test_waiting_never_counts_backwards(association, now):
    with transaction() as session:
        make_entrepreneur(session, association, waiting_since=now.date() + timedelta(days=3))
    (record,) = records_of(association, now).entrepreneurs
    assert record.waiting_days == 0


def test_an_activity_that_the_engine_does_not_know_stops_nobodys_run(association, now):
    with transaction() as session:
        if session.get(Activity, "A") is None:
            session.add(Activity(code="A", level="section", parent=None, label_fr="Agriculture"))
            session.flush()
        make_entrepreneur(session, association, activity_code="A")
        make_supporter(session, association, activity_codes=["A", "69.20Z"])
    records = records_of(association, now)
    assert records.entrepreneurs[0].activity is None
    assert records.supporters[0].activities == ("69.20Z",)


def test_what_was_confided_is_neither_read_nor_passed_on(association, now):
    with transaction() as session:
        make_entrepreneur(session, association, confided={"after_liquidation": "SECRET", "coaching_consent_at": now})
    db.session.expire_all()
    pool = read_pool(db.session(), association.id)
    records = matcher_bridge.build_records(pool, weights=WEIGHTS, at=now)
    assert "SECRET" not in str(pool) + str(records)
    assert records.entrepreneurs[0].coaching_consent is True


def test_what_is_read_for_a_match_is_what_the_tables_hold(association, now):
    """Plain rows and whole records of the same two people become the same records of the engine."""
    with transaction() as session:
        person = make_entrepreneur(
            session,
            association,
            needs={"hiring": 1, "cash_flow": 3, "sales": 2},
            languages=("tr", "ar", "fr"),
            confided={"coaching_consent_at": now},
        )
        make_entrepreneur(session, association, state="incomplete")
        make_supporter(session, association, role=SupporterRole.COACH, capacity=15, languages=("fr", "ar"))
        make_supporter(session, association, state="left")
    pool, nobody = read_pool(db.session(), association.id), frozenset()
    read, whole = (
        matcher_bridge.entrepreneur_record(one, wanted=nobody, excluded=nobody, at=now)
        for one in (*pool.entrepreneurs, load_profile(db.session(), person.id))
    )
    assert read == whole
    assert (read.languages, read.coaching_consent, len(read.needs)) == (("tr", "ar", "fr"), True, 3)
    supporters = (*pool.supporters, *list_active_supporters(db.session(), association.id))
    read, whole = (matcher_bridge.supporter_record(one) for one in supporters)
    assert read == whole
    assert (read.languages, read.capacity, bool(read.expertise)) == (("fr", "ar"), 2, True)


def test_an_answer_becomes_rows_in_plain_values(association, now):
    with transaction() as session:
        run = make_match_run(session, association)
        person, supporter = make_entrepreneur(session, association), make_supporter(session, association)
        result = MatchResult(
            suggestions=(
                matcher.Suggestion(
                    entrepreneur_id=str(person.id),
                    supporter_id=str(supporter.id),
                    role=matcher.Role.MENTOR,
                    rank=1,
                    score=0.75,
                    components=(Component(name="needs", value=0.75, weight=1.0, contribution=0.75),),
                    reasons=(Reason(code="common_slots", facts={"slots": ("mon_am",), "count": 1}),),
                    gaps=(Reason(code="other_stage", facts={"stage": matcher.Stage.LAUNCH}),),
                ),
            ),
            unmatched=(
                Unmatched(
                    entrepreneur_id=str(person.id),
                    role=matcher.Role.COACH,
                    refusals={Rule.CONSENT: 3, Rule.TIME: 0},
                    possible=0,
                ),
                Unmatched(entrepreneur_id=str(person.id), role=None, refusals={}, possible=0),
            ),
            reports=(
                RoleReport(
                    role=matcher.Role.MENTOR,
                    entrepreneurs=2,
                    supporters=1,
                    places=1,
                    objective=0.75,
                    upper_bound=0.75,
                    gap=0.0,
                    matched=1,
                    unmatched=1,
                    unmatched_by_rule={Rule.TIME: 1},
                    rounds=1,
                ),
            ),
        )
        (row,) = matcher_bridge.build_suggestions(result, run=run)
        (nobody,) = matcher_bridge.build_unmatched(result, run=run)
        row.state = SuggestionState.ALTERNATIVE
        session.add_all([row, nobody])
    assert (row.association_id, row.run_id) == (association.id, run.id)
    assert (row.entrepreneur_id, row.supporter_id, row.role) == (person.id, supporter.id, SupporterRole.MENTOR)
    assert row.components == [{"name": "needs", "value": 0.75, "weight": 1.0, "contribution": 0.75}]
    assert row.reasons == [{"code": "common_slots", "facts": {"slots": ["mon_am"], "count": 1}}]
    assert row.gaps == [{"code": "other_stage", "facts": {"stage": "launch"}}]
    assert type(row.gaps[0]["facts"]["stage"]) is str
    assert (nobody.role, nobody.refusals) == (SupporterRole.COACH, {"consent": 3})
    (figures,) = matcher_bridge.list_figures(result)
    assert dataclasses.asdict(figures)["unmatched_by_rule"] == {"time": 1}
    assert db.session.scalars(select(MatchRun)).one().id == run.id


def test_a_fact_that_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="plain value"):
        matcher_bridge.plain_reasons([Reason(code="odd", facts={"when": object()})])
    (told,) = matcher_bridge.plain_reasons(
        [Reason(code="odd", facts={"set": frozenset({"b", "a"}), "map": {"x": (1, None)}})]
    )
    assert told["facts"] == {"set": ["a", "b"], "map": {"x": [1, None]}}


def test_the_first_broken_rule_is_named_and_places_are_the_counters_business(association, now):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        fits = make_supporter(session, association)
        full = make_supporter(session, association, capacity=1, taken=1)
        mute = make_supporter(session, association, languages=("tr",), availability=1)
        excluded = make_supporter(session, association)
    person = load_profile(db.session(), person.id)
    by_id = {supporter.id: supporter for supporter in list_active_supporters(db.session(), association.id)}

    def rule(supporter):
        return matcher_bridge.find_broken_rule(person, by_id[supporter.id], excluded=frozenset({excluded.id}), at=now)

    assert [rule(one) for one in (fits, full, mute, excluded)] == [None, None, "language", "conflict"]


def test_comparing_gives_each_supporter_in_order_with_parts_that_add_up(association, now):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        make_supporter(session, association)
        make_supporter(session, association, capacity=1, taken=1, languages=("tr",))
    person = load_profile(db.session(), person.id)
    supporters = list_active_supporters(db.session(), association.id)
    compared = matcher_bridge.compare(person, supporters, excluded=frozenset(), weights=WEIGHTS, at=now)
    assert [one.supporter_id for one in compared] == [supporter.id for supporter in supporters]
    assert [(one.allowed, one.rule) for one in compared] == [(True, None), (False, "capacity")]
    assert set(compared[1].rules) == {"capacity", "language"}
    for one in compared:
        assert sum(part["contribution"] for part in one.components) == pytest.approx(one.score, abs=1e-9)


def test_comparing_agrees_with_the_run_when_texts_are_learned_from_the_same_people(association, now):
    texts = ["Vendre des gâteaux au marché", "Ouvrir un restaurant", "Tenir la comptabilité", "Vente et marché"]
    with transaction() as session:
        for text in texts[:2]:
            make_entrepreneur(session, association, project_title=text)
        for text in texts[2:]:
            make_supporter(session, association, presentation=text)
    result = matcher_bridge.find_matches(records_of(association, now))
    person = load_profile(db.session(), int(result.suggestions[0].entrepreneur_id))
    supporters = list_active_supporters(db.session(), association.id)
    model = text_bridge.learn_run(None, lambda: texts)
    compared = matcher_bridge.compare(person, supporters, excluded=frozenset(), weights=WEIGHTS, at=now, texts=model)
    scores = {one.supporter_id: one.score for one in compared}
    for suggestion in result.suggestions:
        if suggestion.entrepreneur_id == str(person.id):
            assert scores[int(suggestion.supporter_id)] == suggestion.score


def test_the_weights_kept_are_those_that_are_used(association, now):
    only_needs = {str(role): {"needs": 1.0} for role in matcher.Role}
    with transaction() as session:
        make_entrepreneur(session, association)
        make_supporter(session, association)
    records = matcher_bridge.build_records(read_pool(db.session(), association.id), weights=only_needs, at=now)
    (suggestion,) = matcher_bridge.find_matches(records).suggestions
    assert [part.name for part in suggestion.components] == ["needs"]


def test_every_enum_of_the_tables_has_its_twin_in_the_engine():
    from models.entrepreneurs import Stage
    from models.pairings import Pairing
    from models.workshops import SessionFormat

    assert [str(stage) for stage in Stage] == [str(stage) for stage in matcher.Stage]
    assert [str(role) for role in SupporterRole] == [str(role) for role in matcher.Role]
    assert [str(one) for one in SessionFormat] == [str(one) for one in matcher.Format]
    assert {Entrepreneur, Supporter, Pairing}
