"""The same thing has the same number on every screen."""

import re

from flask import Flask

from tests.crawl.population import Visitor, enter

WAITING = re.compile(r'<a href="([^"]+)">\s*<span class="waiting-number">([^<]+)</span>')
COUNTED = re.compile(r'<p class="counted" role="status">[^<]*sur ([^<]+)</p>')
TAB = re.compile(r'<li><a href="([^"]+)"[^>]*>[^<]+\((\d+)\)</a></li>')


def read_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def count_lines(client: object, path: str) -> int:
    """Give the total that a list says it has."""
    page = client.get(path.replace("&amp;", "&")).text
    found = COUNTED.search(page)
    assert found is not None, f"{path} does not say how many lines it has"
    return read_number(found[1])


def test_each_number_of_the_dashboard_is_the_number_of_lines_of_its_list(demo: Flask, visitors: list[Visitor]) -> None:
    compared = 0
    for visitor in visitors:
        if visitor.role != "coordinator":
            continue
        client = enter(demo, visitor)
        for path, number in WAITING.findall(client.get("/dashboard").text):
            assert (path, read_number(number)) == (path, count_lines(client, path))
            compared += 1
    assert compared >= 6


def test_the_tabs_of_suggestions_count_what_they_show(demo: Flask, visitors: list[Visitor]) -> None:
    visitor = next(visitor for visitor in visitors if visitor.role == "coordinator")
    client = enter(demo, visitor)
    tabs = TAB.findall(client.get("/suggestions").text)
    assert len(tabs) >= 3
    for path, number in tabs:
        assert (path, int(number)) == (path, count_lines(client, path))
