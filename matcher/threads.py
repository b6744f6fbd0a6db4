"""Threads: blocks are spread over them, so that each product of matrices keeps to one."""

from contextlib import AbstractContextManager
from functools import lru_cache

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """Look once for the libraries that multiply; looking takes longer than a small match."""
    return ThreadpoolController()


def one_thread_per_product() -> AbstractContextManager[object]:
    """Keep products of matrices to one thread for a while.

    A second team of threads inside each product would wait for the threads that work on blocks, and on a busy machine
    for everybody else.

    Returns
    -------
    limit : context manager
        Gives the threads back when left.
    """
    limit: AbstractContextManager[object] = _controller().limit(limits=1, user_api="blas")
    return limit
