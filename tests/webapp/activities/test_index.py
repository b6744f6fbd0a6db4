"""Activities found by everyday words."""

import pytest

from seeds.reference import activities
from webapp.activities.everyday import EVERYDAY
from webapp.activities.index import MOST_FOUND, ActivityIndex


@pytest.fixture(scope="module")
def index():
    return ActivityIndex(activities().items())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("coiffeuse", "96.02A"),
        ("Je vends des gâteaux", "10.71D"),
        ("réparation de téléphones", "95.12Z"),
        ("VTC", "49.32Z"),
        ("food-truck", "56.10C"),
        ("beaute", "96.02B"),
        ("electricien", "43.21A"),
        ("aide aux personnes âgées", "88.10A"),
        ("10.71c", "10.71C"),
        ("élevage de volailles", "01.47Z"),
    ],
)
def test_everyday_words_lead_to_the_heading(index, words, code):
    assert index.find(words)[0].code == code


@pytest.mark.parametrize("words", ["", "  ", "zzzz", "de la", "\x00", "?!", "x" * 500])
def test_words_that_mean_nothing_find_nothing(index, words):
    assert index.find(words) == ()


def test_an_everyday_word_inside_another_is_not_found(index):
    assert "56.30Z" not in [found.code for found in index.find("barbier")]


def test_a_vague_word_gives_a_short_list_without_repetition(index):
    codes = [found.code for found in index.find("commerce de détail")]
    assert len(codes) == len(set(codes)) == MOST_FOUND


def test_every_everyday_word_leads_to_headings_that_exist(index):
    known = activities()
    assert [code for codes in EVERYDAY.values() for code in codes if code not in known] == []
    assert all(index.find(words)[0].code == codes[0] for words, codes in EVERYDAY.items() if " " not in words)
