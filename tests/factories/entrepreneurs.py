"""Entrepreneurs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.entrepreneurs import (
    Entrepreneur,
    EntrepreneurConfided,
    EntrepreneurLanguage,
    EntrepreneurNeed,
    EntrepreneurOffer,
    Stage,
)
from models.search import fold
from models.states import EntrepreneurState
from tests.factories.sequence import MADE_AT, next_number

EVENINGS = sum(1 << (day * 3 + 2) for day in range(5))


def make_entrepreneur(
    session: Session,
    association: Association,
    *,
    needs: Mapping[str, int] | None = None,
    offers: Mapping[str, int] | None = None,
    languages: Sequence[str] = ("fr",),
    confided: Mapping[str, Any] | None = None,
    **values: Any,
) -> Entrepreneur:
    """Make a person whose file is ready, free on weekday evenings, who needs help with cash flow and wants a mentor."""
    number = next_number()
    first_name, last_name = values.pop("first_name", "Aïcha"), values.pop("last_name", f"Diallo {number}")
    entrepreneur = Entrepreneur(
        **{
            "association_id": association.id,
            "reference": f"E{number}",
            "first_name": first_name,
            "last_name": last_name,
            "search_name": fold(first_name, last_name),
            "email": f"entrepreneure{number}@example.org",
            "state": EntrepreneurState.READY,
            "stage": Stage.LAUNCH,
            "activity_code": "56.10A",
            "project_title": "Restaurant",
            "commune_code": "93066",
            "latitude": 48.9356,
            "longitude": 2.3539,
            "availability": EVENINGS,
            "wanted_roles": ["mentor"],
            "waiting_since": MADE_AT.date(),
            "created_at": MADE_AT,
            "updated_at": MADE_AT,
            **values,
        }
    )
    for topic, priority in (needs or {"cash_flow": 3}).items():
        entrepreneur.needs.append(EntrepreneurNeed(topic=topic, priority=priority))
    for topic, level in (offers or {}).items():
        entrepreneur.offers.append(EntrepreneurOffer(topic=topic, level=level))
    for position, language in enumerate(languages):
        entrepreneur.languages.append(EntrepreneurLanguage(language=language, position=position))
    session.add(entrepreneur)
    session.flush()
    if confided is not None:
        session.add(
            EntrepreneurConfided(association_id=association.id, entrepreneur_id=entrepreneur.id, **dict(confided))
        )
        session.flush()
    return entrepreneur
