"""What a choice would mean for the others is what forcing it leads to, told by id."""

import numpy as np
import pytest

from matcher import Expertise, Need, Role, Settings, match, prepare
from matcher.errors import InvalidSettingsError, UnknownIdError
from matcher.pool import Pool
from matcher.tables import KeptPoints, points_of_pairs
from matcher.weighing import weigh_choices
from tests.matcher.people import entrepreneur, supporter


def office() -> Pool:
    """Two people, each with one supporter who knows her topic; the second would still do for the first."""
    people = [
        entrepreneur("lea", needs=(Need(topic="sales", priority=3),)),
        entrepreneur("sam", needs=(Need(topic="cash_flow", priority=3),), languages=("en",)),
        entrepreneur("tom", wanted_roles=frozenset({Role.EXPERT})),
    ]
    helpers = [
        supporter("paul", expertise=(Expertise(topic="sales", level=3),)),
        supporter("anne", expertise=(Expertise(topic="cash_flow", level=3),), languages=("fr", "en")),
        supporter("full", capacity=0),
        supporter("mute", languages=("tr",)),
    ]
    return prepare(people, helpers, Settings())


def test_choosing_whom_somebody_else_needs_tells_who_would_wait() -> None:
    weighed = weigh_choices(office(), "lea", Role.MENTOR, ["paul", "anne", "full", "mute", "ghost"], previous={})
    assert sorted(weighed) == ["anne", "paul"]
    best, dear = weighed["paul"], weighed["anne"]
    assert (best.is_best, best.waiting, best.lost, best.others) == (True, 0, 0.0, ())
    assert (dear.is_best, dear.waiting) == (False, 1)
    (sam,) = dear.others
    assert (sam.entrepreneur_id, sam.before, sam.after, sam.score_after) == ("sam", "anne", None, 0.0)
    assert sam.score_before > 0


def test_whom_a_rule_forbids_is_not_weighed_though_others_may_have_her() -> None:
    people = [entrepreneur("lea"), entrepreneur("sam", languages=("fr", "tr"))]
    pool = prepare(people, [supporter("paul"), supporter("mute", languages=("tr",))])
    assert sorted(weigh_choices(pool, "lea", Role.MENTOR, ["paul", "mute"], previous={})) == ["paul"]
    assert sorted(weigh_choices(pool, "sam", Role.MENTOR, ["paul", "mute"], previous={})) == ["mute", "paul"]


def test_of_equal_answers_the_one_that_was_shown_is_the_best() -> None:
    pool = prepare([entrepreneur("lea")], [supporter("paul"), supporter("anne")])
    for shown in ("paul", "anne"):
        weighed = weigh_choices(pool, "lea", Role.MENTOR, ["paul", "anne"], previous={"lea": shown})
        assert {id: one.is_best for id, one in weighed.items()} == {
            "paul": shown == "paul",
            "anne": shown == "anne",
        }
        assert all((one.waiting, one.lost) == (0, 0.0) for one in weighed.values())


def test_nobody_is_weighed_for_whoever_cannot_be_matched_in_a_role() -> None:
    pool = prepare(
        [entrepreneur("lea", wanted_roles=frozenset({Role.COACH}))],
        [supporter("paul", role=Role.COACH, certified=True), supporter("anne")],
    )
    assert weigh_choices(pool, "lea", Role.COACH, ["paul"], previous={}) == {}  # she gave no consent
    with pytest.raises(UnknownIdError):
        weigh_choices(pool, "ghost", Role.MENTOR, ["anne"], previous={})


def test_a_match_keeps_earlier_pairs_where_that_costs_nothing() -> None:
    people, helpers = [entrepreneur("lea"), entrepreneur("sam")], [supporter("paul"), supporter("anne")]
    for pairs in ({"lea": "paul", "sam": "anne"}, {"lea": "anne", "sam": "paul"}, {"lea": "anne", "ghost": "paul"}):
        found = match(people, helpers, previous={Role.MENTOR: pairs})
        first = {one.entrepreneur_id: one.supporter_id for one in found.suggestions if one.rank == 1}
        assert first["lea"] == pairs["lea"]
        assert set(first.values()) == {"paul", "anne"}


def test_a_market_scores_by_columns_as_by_rows() -> None:
    market = office().market(Role.MENTOR, np.array([0, 1]), np.array([0, 1, 3]))
    whole = market.points(slice(None))
    for columns in ([0], [2, 1], [0, 1, 2]):
        assert (market.points_of_columns(np.array(columns)) == whole[:, columns]).all()


def test_a_market_scores_a_list_of_pairs_as_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.pool.PAIRS_AT_ONCE", 4)
    people = [entrepreneur("lea"), entrepreneur("sam", excluded=frozenset({"anne"}), languages=("en",))]
    helpers = [supporter("paul"), supporter("anne", languages=("fr", "en")), supporter("rose", languages=("en",))]
    market = prepare(people, helpers).market(Role.MENTOR, np.arange(2), np.arange(3))
    kept = KeptPoints(market, np.array([1, -1]), 7)
    rows, columns = np.divmod(np.arange(6), 3)
    for table in (market, kept):
        whole = table.points(slice(None))
        assert np.isneginf(whole).tolist() == [[False, False, True], [True, True, False]]
        assert (points_of_pairs(table, rows, columns) == whole[rows, columns]).all()


def test_everybody_along_a_chain_is_told() -> None:
    topics = ("sales", "cash_flow", "confidence")
    people = [entrepreneur(id, needs=(Need(topic=topic, priority=3),)) for id, topic in zip("abc", topics, strict=True)]
    helpers = [
        supporter("for-a", expertise=(Expertise(topic="sales", level=3),)),
        supporter("for-b", expertise=(Expertise(topic="cash_flow", level=3), Expertise(topic="sales", level=1))),
        supporter("for-c", expertise=(Expertise(topic="confidence", level=3), Expertise(topic="cash_flow", level=2))),
        supporter("spare", expertise=(Expertise(topic="confidence", level=2),)),
    ]
    weighed = weigh_choices(prepare(people, helpers), "a", Role.MENTOR, ["for-b"], previous={})
    assert list(weighed) == ["for-b"]
    moved = [(one.entrepreneur_id, one.before, one.after) for one in weighed["for-b"].others]
    assert moved == [("b", "for-b", "for-c"), ("c", "for-c", "spare")]
    assert weighed["for-b"].waiting == 0
    assert weighed["for-b"].lost > 0


def test_people_of_another_association_are_no_others() -> None:
    people = [entrepreneur("far", association="b"), entrepreneur("lea", association="c")]
    helpers = [supporter("hers", association="c"), supporter("theirs", association="b")]
    assert list(weigh_choices(prepare(people, helpers), "lea", Role.MENTOR, ["hers", "theirs"], previous={})) == [
        "hers"
    ]


def test_a_pair_that_was_seen_gives_way_only_for_more_than_keeping_is_worth() -> None:
    person = entrepreneur("lea", needs=(Need(topic="sales", priority=3),))
    helpers = [supporter("paul", expertise=(Expertise(topic="sales", level=2),)), supporter("anne")]
    plain = match([person], helpers)
    scores = {one.supporter_id: one.score for one in plain.suggestions}
    assert plain.suggestions[0].supporter_id == "anne"
    gain = scores["anne"] - scores["paul"]
    for keeping, chosen in ((gain / 2, "anne"), (gain * 2, "paul")):
        held = Settings(keeping=round(keeping, 6))
        found = match([person], helpers, settings=held, previous={Role.MENTOR: {"lea": "paul"}})
        assert found.suggestions[0].supporter_id == chosen
        (report,) = found.reports
        assert report.gap == 0
        assert report.objective == pytest.approx(scores[chosen])  # keeping is no part of what is told
        weighed = weigh_choices(
            prepare([person], helpers, held), "lea", Role.MENTOR, ["paul", "anne"], previous={"lea": "paul"}
        )
        assert {id: one.is_best for id, one in weighed.items()} == {"paul": chosen == "paul", "anne": chosen == "anne"}
        assert {id: one.score for id, one in weighed.items()} == pytest.approx(scores)


def test_keeping_is_worth_something_from_nothing_to_a_whole_score() -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        Settings(keeping=-0.1)
    assert refused.value.facts["field"] == "keeping"
