"""The demo of a test process, and what each visitor found in it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.crawl.crawler import Crawl, Crawler
from tests.crawl.population import Visitor, enter, list_visitors, open_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small demo."""
    with open_demo(tmp_path_factory.mktemp("demo")) as app:
        yield app


@pytest.fixture(scope="session")
def visitors(demo: Flask) -> list[Visitor]:
    """The people as whom its pages are opened."""
    return list_visitors()


@pytest.fixture(scope="session")
def crawls(demo: Flask, visitors: list[Visitor]) -> list[Crawl]:
    """Everything that each of them can reach."""
    return [Crawler(demo, enter(demo, visitor)).crawl(visitor.who) for visitor in visitors]
