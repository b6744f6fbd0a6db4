"""The reference files are whole, agree with one another, and say what their source says."""

from pathlib import Path

import pytest
import shapely

from seeds import reference
from webapp.services.next_steps.situation import CITESLAB, QUARTER_LOAN

CONTRACT_TOPICS = [
    *("project_idea", "market_study", "business_model", "financial_forecast", "fundraising", "bank_relations"),
    *("legal_status", "tax_social", "bookkeeping", "cash_flow", "sales", "marketing", "digital_tools", "premises"),
    *("hiring", "purchasing", "public_tenders", "ecological_transition", "takeover_transfer", "networking"),
    *("confidence", "stress_balance", "risk_prevention", "insolvency_debt", "bounce_back", "business_french"),
]
CONTRACT_THEMES = [
    *("discovery", "financial_forecast", "financing", "financial_management", "digital_marketing", "first_customers"),
    *("legal_status", "ecological_transition", "stress_management", "risk_prevention", "failure_talk", "bounce_back"),
    *("committee_pitch", "networking", "project_management"),
]


def test_topics_are_those_of_the_contract_in_its_order() -> None:
    assert list(reference.topics()) == CONTRACT_TOPICS
    assert all(topic.label_fr and topic.label_en for topic in reference.topics().values())
    assert len({topic.label_fr for topic in reference.topics().values()}) == 26


def test_themes_are_those_of_the_contract_and_together_serve_every_topic() -> None:
    themes = reference.workshop_themes()
    assert list(themes) == CONTRACT_THEMES
    assert {theme.slug for theme in themes.values() if theme.sensitive} == {
        "stress_management",
        "failure_talk",
        "bounce_back",
    }
    assert {topic for theme in themes.values() for topic in theme.topics} == set(CONTRACT_TOPICS)


@pytest.mark.parametrize(
    ("reader", "lines"),
    [
        (reference.qpvs, 1609),
        (reference.qpv_outlines, 1609),
        (reference.communes, 35014),
        (reference.departments, 109),
        (reference.regions, 26),
        (reference.naf, 1728),
        (reference.activities, 732),
        (reference.offers, 15),
    ],
)
def test_every_line_of_the_source_is_there(reader, lines) -> None:
    assert len(reader()) == lines


def test_population_of_the_communes_is_that_of_the_source() -> None:
    assert sum(c.population for c in reference.communes().values() if c.parent is None) == 68_952_941


@pytest.mark.parametrize(
    ("code", "commune"),
    [("75118", "75056"), ("69387", "69123"), ("13214", "13055"), ("93066", "93066"), ("93059", "93066")],
)
def test_districts_and_merged_communes_resolve_to_the_commune(code, commune) -> None:
    assert reference.resolve_commune(code) == commune


def test_an_unknown_commune_is_not_resolved() -> None:
    with pytest.raises(KeyError):
        reference.resolve_commune("99999")


def test_points_of_the_neighbourhoods_lie_in_valid_outlines() -> None:
    outlines = shapely.from_wkb(list(reference.qpv_outlines().values()))
    quarters = list(reference.qpvs().values())
    assert shapely.is_valid(outlines).all()
    inside = shapely.contains_xy(outlines, [q.longitude for q in quarters], [q.latitude for q in quarters])
    assert inside.all()


def test_activities_are_leaves_of_one_tree() -> None:
    items = reference.naf()
    assert all(item.parent in items for item in items.values() if item.level != "section")
    assert reference.activities()["56.10C"] == "Restauration de type rapide"


def test_no_page_shows_an_offer_in_doubt() -> None:
    assert not any(reference.offers()[slug].needs_review for slug in (CITESLAB, QUARTER_LOAN))


def test_offers_that_nobody_confirmed_ask_for_a_review() -> None:
    doubtful = {offer.slug for offer in reference.offers().values() if offer.needs_review}
    assert doubtful == {
        "pret_honneur_creation_reprise",
        "microcredit_adie",
        "exo_cfe_qpv",
        "exo_tfpb_qpv",
        "exo_benefices_zfu",
    }
    loan = reference.offers()["pret_honneur_quartier"]
    assert (loan.amount_min_eur, loan.amount_max_eur, loan.months_max) == (1000, 15000, 60)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("code,label_fr,label_en\nfr,Français,French\nfr,Français,French\n", "appears twice"),
        ("code,label_fr,label_en\n,Français,French\n", "is empty"),
        ("code,label_fr\nfr,Français\n", "label_en"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path, monkeypatch, content, reason) -> None:
    (tmp_path / "languages.csv").write_text(content, encoding="utf-8")
    monkeypatch.setattr(reference, "DATA", tmp_path)
    with pytest.raises(reference.ReferenceDataError, match=reason) as caught:
        reference.languages.__wrapped__()
    assert caught.value.file == "languages.csv"
    assert caught.value.line >= 2
