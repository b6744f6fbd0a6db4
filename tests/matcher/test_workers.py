"""Threads, processes and a cluster's workers give the same answer, also when one of them dies in the middle."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from numpy.typing import NDArray

from matcher import Settings, match
from matcher.assignment import Assignment, assign
from matcher.encoding import IntArray
from matcher.errors import InvalidSettingsError, NoWorkersError
from matcher.workers import share, work_on
from tests.matcher.people import entrepreneur, supporter
from tests.matcher.ways import GUESSED, force

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:distributed")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Start a scheduler and two workers, each a process of its own; spare copies of tables go at once, not in 2 s."""
    import dask
    from distributed import LocalCluster

    often = {"distributed.scheduler.active-memory-manager.interval": "10ms"}
    with (
        dask.config.set(often),
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def address(scheduler: str) -> str:
    """Give the scheduler once both workers have joined it: with a single one all is done at home, and nobody dies."""
    from distributed import Client

    with Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2)
    return scheduler


def vectors(marker: Path | None) -> Any:
    """Points of 400 x 90 people; whoever is the first to work on row 200 dies, if there is a marker to leave."""

    class Table:
        """Defined here, so that it travels to workers who do not know these tests."""

        def __init__(self) -> None:
            rng = np.random.default_rng(7)
            self.left, self.right = rng.integers(0, 1000, (400, 5)), rng.integers(0, 100, (5, 90))
            self.shape, self.largest = (400, 90), 500_000
            self.at_home = os.getpid()

        def points(self, rows: slice | IntArray) -> NDArray[np.float32]:
            chosen = np.arange(400)[rows]
            if marker and 200 in chosen and os.getpid() != self.at_home and not marker.exists():
                marker.write_text(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
            return (self.left[chosen] @ self.right).astype(np.float32)

    return Table()


def solve(table: Any) -> Assignment:
    capacity = np.random.default_rng(8).integers(1, 9, 90)
    with pytest.MonkeyPatch.context() as patch:
        force(patch, GUESSED)
        return assign(table, capacity, aim="most_served", block_size=10, n_jobs=2)


def assert_same(found: Assignment, expected: Assignment) -> None:
    for name in ("supporters", "entrepreneur_prices", "supporter_prices"):
        assert np.array_equal(getattr(found, name), getattr(expected, name)), name
    assert (found.total, found.upper_bound, found.rounds) == (expected.total, expected.upper_bound, expected.rounds)


def settled(workers: str) -> Settings:
    return Settings(workers=workers, n_jobs=2)


def pool() -> tuple[list[Any], list[Any]]:
    """People of five associations who solve apart."""
    people = [entrepreneur(f"e{at}", association=f"a{at % 5}", accepts_remote=True) for at in range(40)]
    helpers = [supporter(f"s{at}", association=f"a{at % 5}", accepts_remote=True) for at in range(15)]
    return people, helpers


def test_processes_answer_as_threads_do() -> None:
    expected = solve(vectors(None))
    with work_on("processes"):
        assert_same(solve(vectors(None)), expected)
    assert match(*pool(), settings=settled("processes")) == match(*pool(), settings=settled("threads"))


def test_a_cluster_answers_as_threads_do_although_one_of_its_workers_is_killed(address: str, tmp_path: Path) -> None:
    expected, marker = solve(vectors(None)), tmp_path / "killed"
    with work_on(address):
        assert_same(solve(vectors(marker)), expected)
        assert int(marker.read_text()) != os.getpid()
        assert_same(solve(vectors(marker)), expected)


def test_a_cluster_matches_people_as_threads_do(address: str) -> None:
    assert match(*pool(), settings=settled(address)) == match(*pool(), settings=settled("threads"))


def test_a_choice_made_outside_is_left_alone() -> None:
    with joblib.parallel_config(backend="loky"), work_on("threads"), share(object()):
        assert type(joblib.parallel.get_active_backend()[0]).__name__ == "LokyBackend"


def test_without_the_package_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.workers.find_spec", lambda _name: None)
    with pytest.raises(NoWorkersError, match=r"pip install 'maillage\[dask\]'"), work_on("tcp://127.0.0.1:9"):
        pass


@pytest.mark.parametrize("nobody", ["tcp://127.0.0.1:9", "nonsense://here"])
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setattr("matcher.workers.PATIENCE_SECONDS", 0.3)
    with pytest.raises(NoWorkersError, match="a scheduler that answers") as error, work_on(nobody):
        pass
    assert error.value.facts["workers"] == nobody


def test_a_scheduler_without_workers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr("matcher.workers.PATIENCE_SECONDS", 0.5)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(NoWorkersError, match="a worker that joins"),
        work_on(cluster.scheduler_address),
    ):
        pass


def test_workers_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(InvalidSettingsError):
        Settings(workers="elves")
