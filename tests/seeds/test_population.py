"""The demo population: reproducible, in real places, coherent, scarce where it should be, blind to names and places."""

import re
from collections import Counter
from datetime import date

import numpy as np
import pytest
import shapely

from seeds import population, reference
from seeds.draws import Draws, share
from seeds.population import SIZES, build_population
from seeds.profiles import UNSERVED_LANGUAGES
from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import Kind, LocationSource, read_rows, write_rows
from webapp.spreadsheets.row_checks import check_row

TODAY = date(2026, 11, 21)
SUNDAY_EVENING = 1 << 20
EVENINGS = sum(1 << day * 3 + 2 for day in range(7))


@pytest.fixture(scope="module")
def small():
    return build_population("small", today=TODAY)


@pytest.fixture(scope="module")
def medium():
    return build_population("medium", today=TODAY)


@pytest.mark.parametrize("size", list(SIZES))
def test_sizes_are_exact(size):
    wanted, found = SIZES[size], build_population(size, today=TODAY)
    assert len(found.associations) == wanted.initiatives + wanted.rebonds
    assert len(found.entrepreneurs) == wanted.entrepreneurs
    assert len(found.supporters) == wanted.supporters
    assert len(found.sessions) == wanted.sessions
    slugs = {association.slug for association in found.associations}
    assert len(slugs) == len(found.associations)
    for rows in (found.entrepreneurs, found.supporters, found.sessions):
        assert {row.association for row in rows} == slugs
        assert len({row.reference for row in rows}) == len(rows)
    emails = [row.email for row in (*found.entrepreneurs, *found.supporters)]
    assert len(set(emails)) == len(emails)
    assert all(email.endswith("@example.org") for email in emails)


def test_the_national_size_is_that_of_the_networks():
    assert SIZES["national"].entrepreneurs == 30_000
    assert SIZES["national"].supporters == 6000
    assert SIZES["national"].initiatives + SIZES["national"].rebonds == 200


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(small):
    def files(found):
        vocabulary = reference_vocabulary()
        return [
            write_rows(Kind.ENTREPRENEURS, found.entrepreneurs, vocabulary=vocabulary),
            write_rows(Kind.SUPPORTERS, found.supporters, vocabulary=vocabulary),
            write_rows(Kind.WORKSHOPS, found.sessions, vocabulary=vocabulary),
        ]

    assert files(build_population("small", today=TODAY)) == files(small)
    other = files(build_population("small", today=TODAY, seed=7))
    assert not set(other) & set(files(small))


def test_another_day_moves_only_dates(small):
    later = build_population("small", today=date(2027, 3, 1))
    shift = date(2027, 3, 1) - TODAY
    for before, after in zip(small.entrepreneurs, later.entrepreneurs, strict=True):
        assert after.waiting_since - before.waiting_since == shift
    assert [row.text for row in later.supporters] == [row.text for row in small.supporters]


@pytest.mark.parametrize("kind", list(Kind))
def test_files_of_the_population_are_read_back(medium, kind):
    rows = {
        Kind.ENTREPRENEURS: medium.entrepreneurs,
        Kind.SUPPORTERS: medium.supporters,
        Kind.WORKSHOPS: medium.sessions,
    }
    vocabulary = reference_vocabulary()
    result = read_rows(kind, write_rows(kind, rows[kind], vocabulary=vocabulary), vocabulary=vocabulary)
    assert result.problems == ()
    assert result.rows == rows[kind]


def test_rows_hold_what_their_cells_promise(small):
    vocabulary = reference_vocabulary()
    for row in (*small.entrepreneurs, *small.supporters, *small.sessions):
        assert list(check_row(row, vocabulary)) == []


def test_associations_say_that_they_are_examples(small, medium):
    assert [(a.slug, a.network) for a in small.associations] == [
        ("initiative-exemple-seine-saint-denis", "initiative_france"),
        ("initiative-exemple-bouches-du-rhone", "initiative_france"),
        ("rebonds-exemple-toulouse", "rebonds"),
    ]
    assert all("exemple" in a.slug and "xemple" in a.name for a in medium.associations)


def test_people_live_in_real_neighbourhoods_of_their_association(medium):
    outlines = reference.qpv_outlines()
    associations = {a.slug: a for a in medium.associations}
    located = [row for row in medium.entrepreneurs if row.qpv_code]
    assert len(located) > 0.85 * len(medium.entrepreneurs)
    shapes = shapely.from_wkb([outlines[row.qpv_code] for row in located])
    metres = shapely.distance(shapes, shapely.points([(r.longitude, r.latitude) for r in located])) * 111_195
    assert (metres == 0).mean() > 0.95
    assert metres.max() < 40
    for row in medium.entrepreneurs:
        if row.qpv_code:
            assert row.qpv_code in associations[row.association].qpvs
            assert row.commune in reference.qpvs()[row.qpv_code].communes
    assert any(row.location_source is LocationSource.COMMUNE for row in medium.entrepreneurs)
    assert any(row.qpv_code is None and row.location_source is LocationSource.GIVEN for row in medium.entrepreneurs)


def test_phone_numbers_are_of_the_ranges_kept_for_fiction(small):
    for row in (*small.entrepreneurs, *small.supporters):
        assert re.fullmatch(r"(06 39 98|01 99 00) \d\d \d\d", row.phone)


def needs_of(rows, *stages):
    return Counter(topic for row in rows if row.stage in stages for topic, _ in row.needs)


def test_needs_follow_the_stage(medium):
    rows = medium.entrepreneurs
    early, running = needs_of(rows, "idea", "emergence"), needs_of(rows, "consolidation", "growth")
    assert early.most_common(1)[0][0] == "project_idea"
    assert running["project_idea"] == 0
    assert running["cash_flow"] > 5 * early["cash_flow"]
    assert needs_of(rows, "rebound").most_common(1)[0][0] == "bounce_back"
    assert needs_of(rows, "takeover").most_common(1)[0][0] == "takeover_transfer"
    assert all(row.after_liquidation for row in rows if row.stage == "rebound")


def test_topics_are_unequally_popular(medium):
    count = needs_of(medium.entrepreneurs, *{row.stage for row in medium.entrepreneurs})
    assert len(count) == 26
    assert {"cash_flow", "marketing", "fundraising"} <= {topic for topic, _ in count.most_common(4)}
    assert max(count.values()) > 8 * min(count.values())


def test_what_a_supporter_writes_follows_from_the_expertise(medium):
    from seeds.invented import sentences

    offers = {text: key for (use, key, _), texts in sentences().items() if use == "offer" for text in texts}
    said = checked = 0
    for row in medium.supporters:
        topics = {topic for topic, _ in row.expertise} | ({"bounce_back"} if row.has_bounced_back else set())
        for text, topic in offers.items():
            if text in row.text:
                checked += 1
                said += topic in topics
    assert checked > len(medium.supporters)
    assert said == checked


def test_coaches_belong_to_rebonds_and_coaching_follows_a_wish(medium):
    networks = {a.slug: a.network for a in medium.associations}
    assert {networks[row.association] for row in medium.supporters if row.role == "coach"} == {"rebonds"}
    assert all("coach" in row.wanted_roles for row in medium.entrepreneurs if row.coaching_consent)
    wishing = [row for row in medium.entrepreneurs if "coach" in row.wanted_roles]
    assert any(not row.coaching_consent for row in wishing)


def test_mentors_and_evenings_are_scarce(medium):
    wanted = sum("mentor" in row.wanted_roles for row in medium.entrepreneurs)
    places = sum(row.capacity for row in medium.supporters if row.role == "mentor")
    assert places < 0.6 * wanted
    asking = np.mean([bool(row.availability & EVENINGS) for row in medium.entrepreneurs])
    offering = np.mean([bool(row.availability & EVENINGS) for row in medium.supporters])
    assert asking > 0.8
    assert offering < 0.65


def test_some_people_have_no_possible_match(small, medium):
    for found in (small, medium):
        spoken = {language for row in found.supporters for language in row.languages}
        assert not spoken & set(UNSERVED_LANGUAGES)
        assert not any(row.availability & SUNDAY_EVENING for row in found.supporters)
        assert any(set(row.languages) <= set(UNSERVED_LANGUAGES) for row in found.entrepreneurs)
        assert any(row.availability == SUNDAY_EVENING for row in found.entrepreneurs)


def test_texts_vary(medium):
    texts = [row.text for row in medium.entrepreneurs if row.text]
    assert len(set(texts)) > 0.97 * len(texts)
    said = Counter(sentence for text in texts for sentence in set(re.split(r"(?<=[.?!]) ", text)))
    assert said.most_common(1)[0][1] < 0.04 * len(texts)
    assert not [text for text in texts if "{" in text or " à les " in text or "  " in text]
    english = sum("customers" in text or " my " in text for text in texts)
    assert 0.01 < english / len(texts) < 0.12
    bare = sum(text.isascii() for text in texts)
    assert bare > 0.05 * len(texts)
    assert len({row.text for row in medium.supporters}) > 0.95 * len(medium.supporters)


def test_households_join_people_of_one_association(medium):
    helped = {row.household: row.association for row in medium.entrepreneurs if row.household}
    helpers = {row.household: row.association for row in medium.supporters if row.household}
    assert helped
    assert helped.items() <= helpers.items()


def test_sessions_lie_around_today(medium):
    days = [(row.starts_on - TODAY).days for row in medium.sessions]
    assert not [day for day in days if -2 < day < 2]
    assert -30 < min(days) < 0 < max(days) < 90
    assert 0.05 < np.mean([day < 0 for day in days]) < 0.25
    assert len({row.theme for row in medium.sessions}) == 15
    holidays = {date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 29)}
    assert not holidays & {row.starts_on for row in medium.sessions}
    assert not [row for row in medium.sessions if row.starts_on.weekday() == 6]


# Blindness to names and places


OUTCOMES = {
    "stage": lambda row: row.stage,
    "first need": lambda row: row.needs[0][0],
    "many slots": lambda row: row.availability.bit_count() > 5,
    "kilometres": lambda row: row.max_km,
    "remote": lambda row: row.accepts_remote,
    "French": lambda row: "fr" in row.languages,
    "wishes": lambda row: row.wanted_roles,
    "text": lambda row: len(row.text) // 60,
    "wait": lambda row: row.waiting_since.month,
}
PARIS_NAMES = {line["prenom"] for line in population.invented.read_list("prenoms_paris_2004_2021.csv")}
FEATURES = {
    "initial": lambda row: row.first_name[0],
    "length": lambda row: len(row.first_name),
    "young name": lambda row: row.first_name in PARIS_NAMES,
    "surname": lambda row: row.last_name[0],
}


def codes(values):
    return np.unique([str(value) for value in values], return_inverse=True)[1]


def dependence(left, right):
    """Pearson's chi-square of a table of counts."""
    table = np.zeros((left.max() + 1, right.max() + 1))
    np.add.at(table, (left, right), 1)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    return ((table - expected) ** 2 / expected).sum()


def p_value(left, right, groups, rounds=199):
    """Share of random orders, within each group, that look at least as dependent."""
    rng = np.random.default_rng(5)
    seen = dependence(left, right)
    times = 0
    for _ in range(rounds):
        order = np.lexsort((rng.random(len(left)), groups))
        shuffled = np.empty_like(right)
        shuffled[np.argsort(groups, kind="stable")] = right[order]
        times += dependence(left, shuffled) >= seen
    return (times + 1) / (rounds + 1)


def assert_independent(values):
    """Chance alone makes one value in twenty small; their mean is near a half."""
    assert sum(value <= 0.05 for value in values.values()) <= 3, values
    assert np.mean(list(values.values())) > 0.25, values


@pytest.mark.parametrize("feature", FEATURES)
def test_a_first_name_says_nothing_of_needs_time_or_place(medium, feature):
    rows = medium.entrepreneurs
    left, one = codes(map(FEATURES[feature], rows)), np.zeros(len(rows))
    outcomes = OUTCOMES | {"association": lambda row: row.association, "in a QPV": lambda row: row.qpv_code is None}
    values = {name: p_value(left, codes(map(outcome, rows)), one) for name, outcome in outcomes.items()}
    assert_independent(values)


def test_a_neighbourhood_says_nothing_of_needs_or_time(medium):
    """Within an association: the two networks help people at different stages, and this is meant."""
    rows = [row for row in medium.entrepreneurs if row.qpv_code]
    left, groups = codes(row.qpv_code for row in rows), codes(row.association for row in rows)
    values = {name: p_value(left, codes(map(outcome, rows)), groups) for name, outcome in OUTCOMES.items()}
    assert_independent(values)


def test_the_permutation_test_sees_a_dependence_when_there_is_one(medium):
    rows = medium.entrepreneurs
    slots = codes(row.availability.bit_count() > 5 for row in rows)
    initial = codes(row.first_name[0] for row in rows)
    bent = np.where((initial < 4) & (np.arange(len(rows)) % 4 == 0), 1, slots)
    assert p_value(initial, bent, np.zeros(len(rows))) <= 0.01


@pytest.mark.parametrize(
    ("subject", "free"),
    [
        ("names", {"first_name", "last_name", "email"}),
        ("contacts", {"phone"}),
        ("places", {"commune", "latitude", "longitude", "qpv_code", "location_source"}),
    ],
)
def test_other_names_or_places_change_nothing_else(small, monkeypatch, subject, free):
    usual = population._Streams.__post_init__

    def other(self):
        usual(self)
        setattr(self, subject, Draws(np.random.SeedSequence(99)))

    monkeypatch.setattr(population._Streams, "__post_init__", other)
    changed = build_population("small", today=TODAY)
    for before, after in zip(small.entrepreneurs, changed.entrepreneurs, strict=True):
        different = {name for name in before.__slots__ if getattr(before, name) != getattr(after, name)}
        assert different <= free
    assert changed.entrepreneurs != small.entrepreneurs


def test_shares_add_up_and_keep_their_least():
    assert share(10, [1.0, 1.0, 1.0], least=1) == [4, 3, 3]
    parts = share(1000, [0.1, 5.0, 2.5], least=3)
    assert sum(parts) == 1000
    assert min(parts) >= 3
