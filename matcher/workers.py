"""Who does the work: threads or processes of this machine, or the workers of a Dask cluster; all through joblib.

What comes out does not depend on it: every part is worked out from whole numbers and put together in order.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from typing import Any

import joblib
from joblib.parallel import get_active_backend

from matcher.errors import NoWorkersError

THREADS, PROCESSES = "threads", "processes"

PATIENCE_SECONDS = 10
"""Time that a scheduler has to answer, and its first worker to appear."""

INSTALL = "pip install 'maillage[dask]'"


def work_on(name: str) -> AbstractContextManager[object]:
    """Choose who does the parts of the work that can be spread, for a while.

    Parameters
    ----------
    name : str
        `"threads"`, `"processes"`, or the address of a Dask scheduler, such as `"tcp://10.0.0.5:8786"`. Threads leave a
        choice alone that was made outside by `joblib.parallel_config`.

    Returns
    -------
    choice : context manager
        The choice; on a cluster, all its threads work, whatever number is asked for here.

    Raises
    ------
    NoWorkersError
        If Dask is not installed, or no scheduler or no worker answers at the address within `PATIENCE_SECONDS`.

    Notes
    -----
    The workers of a cluster need this package too, in the same version. Large tables are sent to each of them once per
    problem. A worker that dies costs the time of its unfinished parts, which others do again, and of sending a table
    again that only it held.

    Examples
    --------
    >>> with work_on("threads"):
    ...     pass
    """
    if name == THREADS:
        return nullcontext()
    if name == PROCESSES:
        config: AbstractContextManager[object] = joblib.parallel_config(backend="loky")
        return config
    return _cluster(name)


@contextmanager
def _cluster(address: str) -> Iterator[None]:
    if find_spec("distributed") is None:
        raise NoWorkersError(workers=address, expected=f"the package distributed here: {INSTALL}")
    from distributed import Client

    connect: Any = Client  # its types are not complete
    try:
        client = connect(address, timeout=PATIENCE_SECONDS, set_as_default=True)
    except (OSError, ValueError) as error:
        expected = f"a scheduler that answers within {PATIENCE_SECONDS} seconds: dask scheduler"
        raise NoWorkersError(workers=address, expected=expected) from error
    with client:
        if not client.scheduler_info()["workers"]:
            _await_worker(client, address)
        with joblib.parallel_config(backend="dask"):
            yield


def _await_worker(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError as error:
        expected = f"a worker that joins within {PATIENCE_SECONDS} seconds: dask worker {address}"
        raise NoWorkersError(workers=address, expected=expected) from error


def share(*tables: object) -> AbstractContextManager[object]:
    """Send large tables that many parts read to each worker once, where workers are other machines.

    Parameters
    ----------
    *tables : object
        What will be an argument of many parts.

    Returns
    -------
    shared : context manager
        Parts given out while it is open find the tables where they run.
    """
    backend, _n_jobs = get_active_backend()
    if type(backend).__name__ != "DaskDistributedBackend":
        return nullcontext()
    return _given_out(backend, tables)


@contextmanager
def _given_out(backend: Any, tables: tuple[object, ...]) -> Iterator[None]:
    """Let parts find the tables as what tasks gave: it can be made again when the only worker that holds it dies.

    What joblib scatters cannot, and a scheduler drops all copies of it but one after two seconds.
    """
    given = {id(table): backend.client.submit(_give, table, pure=False) for table in tables}
    backend.data_futures.update(given)
    try:
        yield
    finally:
        for key in given:
            del backend.data_futures[key]


def _give(table: object) -> object:
    """Stand for a table where it is needed."""
    return table
