"""The tree of activities is read from the code itself."""

import csv
from pathlib import Path

import pytest

from matcher.activities import activity_path, same_trade, shared_depth

NAF = Path(__file__).parents[2] / "seeds" / "data" / "naf_rev2.csv"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("10.71C", ("C", "10", "10.7", "10.71", "10.71C")),
        ("1071c", ("C", "10", "10.7", "10.71", "10.71C")),
        (" 10.71 ", ("C", "10", "10.7", "10.71")),
        ("10.7", ("C", "10", "10.7")),
        ("99", ("U", "99")),
        ("04.1", None),
        ("C", None),
        ("10.71CC", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_its_path(code: str, path: tuple[str, ...] | None) -> None:
    assert activity_path(code) == path


@pytest.mark.parametrize(
    ("first", "second", "depth"),
    [
        ("10.71C", "10.71C", 5),
        ("10.71C", "10.71D", 4),
        ("10.71C", "10.72Z", 3),
        ("10.71C", "10.11Z", 2),
        ("10.71C", "33.11Z", 1),
        ("10.71C", "47.11B", 0),
        ("10.71C", "10.7", 3),
        ("10.71C", "nonsense", 0),
    ],
)
def test_depth_counts_the_common_levels(first: str, second: str, depth: int) -> None:
    assert shared_depth(first, second) == shared_depth(second, first) == depth


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("10.71C", "10.71C", True),
        ("10.71C", "10.71D", False),
        ("10.71C", "10.71", True),
        ("10.71", "10.71", True),
        ("10.7", "10.7", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_a_trade_is_a_subclass_or_else_a_class(first: str, second: str, same: bool) -> None:
    assert same_trade(first, second) is same_trade(second, first) is same


def test_every_code_of_the_national_file_is_read_with_its_parents() -> None:
    with NAF.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["niveau"] != "section"]
    assert len(rows) > 1700
    parents = {row["code"]: row["parent"] for row in rows}
    for code, parent in parents.items():
        path = activity_path(code)
        assert path is not None
        assert path[-1] == code
        assert path[-2] == parent
