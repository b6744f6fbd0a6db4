"""Every page that each kind of person can reach in the demo."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.session_proposals import SessionProposal
from models.supporters import Supporter
from models.workshops import WorkshopSession
from seeds import population as invented
from tests.crawl.crawler import BEGINS, Crawl, Crawler, Visit, count_statements
from tests.crawl.html_reading import find_faults, read_page
from tests.crawl.population import Visitor, enter, list_visitors, open_demo
from tests.crawl.words import find_wrong_words
from webapp.commands.serving import list_routes
from webapp.spreadsheets import Kind
from webapp.spreadsheets.columns import list_columns

MOST_STATEMENTS = 26
# A list that was empty for one filter is filled for another: one statement, whatever the number of people.
MORE_WITH_TWICE_THE_PEOPLE = 1
# Reached with a secret that only a mail, or a person's calendar, holds; the tests of each open them.
WITH_A_SECRET = {
    "accounts.accept_invitation",
    "accounts.reset_password",
    "calendar_feeds.read",
    "events.mine",
    "one_taps.show",
    "registrations.confirm",
}
# Nobody in the demo has left a team; `tests/webapp/erasures` opens it.
OF_A_CLOSED_ACCOUNT = {"erasures.colleague"}
FOR_MACHINES = {"static", "events.sitemap"}


def is_over(visit: Visit) -> bool:
    """Say whether a link to answer from a mail has ended: an old mail keeps it, and its page says so."""
    return visit.asked == "one_taps.show" and visit.status == 404 and visit.page is not None


def visits(crawls: list[Crawl]) -> list[tuple[str, Visit]]:
    return [(crawl.who, visit) for crawl in crawls for visit in crawl.visits]


def own_words() -> frozenset[str]:
    """What people wrote about themselves, and the headers of files, which coordinators copy as they are."""
    columns = (
        Entrepreneur.project_text,
        Entrepreneur.project_title,
        Supporter.presentation,
        WorkshopSession.description,
        SessionProposal.words,
    )
    texts = {text for column in columns for text in db.session.scalars(select(column)) if text}
    headers = {column.name for kind in Kind for column in list_columns(kind) if "_" in column.name}
    return frozenset(" ".join(text.split()) for text in texts | headers)


def test_every_page_is_reached_by_somebody(demo: Flask, crawls: list[Crawl]) -> None:
    reached = {visit.asked for _who, visit in visits(crawls)}
    routes = {route["endpoint"] for route in list_routes(demo) if "GET" in route["methods"]}
    assert routes - reached - WITH_A_SECRET - OF_A_CLOSED_ACCOUNT - FOR_MACHINES == set()
    for role in ("coordinator", "supporter", "entrepreneur"):
        assert sum(len(crawl.pages) for crawl in crawls if crawl.who.startswith(role)) > 50


def test_no_page_fails(crawls: list[Crawl]) -> None:
    assert [(who, visit.path, visit.status) for who, visit in visits(crawls) if visit.status >= 500] == []


def test_every_link_that_a_page_shows_leads_somewhere(crawls: list[Crawl]) -> None:
    broken = [
        (who, visit.linked_from, visit.path, visit.status)
        for who, visit in visits(crawls)
        if visit.linked_from and visit.status != 200 and not is_over(visit)
    ]
    assert broken == []


def test_every_page_asks_little_of_the_database(crawls: list[Crawl]) -> None:
    greedy = {
        visit.endpoint: len(visit.statements) for _, visit in visits(crawls) if len(visit.statements) > MOST_STATEMENTS
    }
    assert greedy == {}


def test_twice_the_people_cost_no_more_statements(
    demo: Flask, visitors: list[Visitor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = count_for_lists(demo, visitors)
    small = invented.SIZES["small"]
    twice = replace(
        small, entrepreneurs=small.entrepreneurs * 2, supporters=small.supporters * 2, sessions=small.sessions * 2
    )
    monkeypatch.setitem(invented.SIZES, "twice", twice)
    with open_demo(tmp_path, size="twice") as app:
        after = count_for_lists(app, list_visitors())
    assert {name: number for name, number in after.items() if number > MOST_STATEMENTS} == {}
    grown = [name for name in after if after[name] > before[name] + MORE_WITH_TWICE_THE_PEOPLE]
    assert {name: (before[name], after[name]) for name in grown} == {}
    assert len(after) >= 8


def count_for_lists(app: Flask, visitors: list[Visitor]) -> dict[str, int]:
    """Give the most statements that each of a coordinator's lists sends, once what is kept in memory is there."""
    most: dict[str, int] = {}
    for visitor in visitors:
        if visitor.role != "coordinator":
            continue
        client = enter(app, visitor)
        for visit in Crawler(app, client, most_alike=2).crawl(visitor.who).visits:
            if visit.endpoint.endswith((".index", ".unmatched", ".returned", ".unanswered")):
                with count_statements() as statements:
                    client.get(visit.path)
                number = sum(not BEGINS.match(text) for text in statements)
                most[visit.endpoint] = max(most.get(visit.endpoint, 0), number)
    return most


def test_every_page_is_built_as_it_should(crawls: list[Crawl]) -> None:
    faults = {(visit.endpoint, fault) for crawl in crawls for visit in crawl.pages for fault in find_faults(visit.page)}
    assert faults == set()


def test_no_french_page_says_what_it_should_not(crawls: list[Crawl]) -> None:
    theirs = own_words()
    wrong = {
        (visit.endpoint, words)
        for crawl in crawls
        for visit in crawl.pages
        for words in find_wrong_words(visit.page.texts, own_words=theirs)
    }
    assert wrong == set()
    assert {visit.page.language for crawl in crawls for visit in crawl.pages} == {"fr"}


def test_the_checks_see_what_is_wrong() -> None:
    page = read_page(
        '<html lang="fr"><head><title> · Maillage</title></head><body><h1>Une</h1><h3 id="a">Trop bas</h3>'
        '<p id="a">Saved.<ul><li>Prix : 30 €</li></ul></p><input name="q"><a href="#b"></a><b>in_person</b>'
    )
    faults = find_faults(page)
    for fault in (
        "<ul> inside <p>",
        "id a twice",
        "nothing has the id b",
        "field q has no label",
        "<a> says nothing",
        "no title",
    ):
        assert fault in faults
    assert "h3 after h1" in faults
    assert [words.split(":")[0] for words in find_wrong_words(page.texts)] == [
        "English",
        "a price",
        "a name of the machine",
    ]
    assert find_wrong_words(["3 places left", "faillite", "None", "Bonjour Awa"]) == [
        "English: 3 places left",
        "a word that hurts: faillite",
        "a value of the machine: None",
    ]
