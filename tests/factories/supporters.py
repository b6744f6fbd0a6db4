"""Supporters."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.associations import Association
from models.search import fold
from models.states import SupporterState
from models.supporters import Supporter, SupporterExpertise, SupporterLanguage, SupporterRole
from tests.factories.entrepreneurs import EVENINGS
from tests.factories.sequence import MADE_AT, next_number


def make_supporter(
    session: Session,
    association: Association,
    *,
    expertise: Mapping[str, int] | None = None,
    languages: Sequence[str] = ("fr",),
    **values: Any,
) -> Supporter:
    """Make a mentor with two places, free on weekday evenings, who knows cash flow."""
    number = next_number()
    first_name, last_name = values.pop("first_name", "Jean"), values.pop("last_name", f"Morel {number}")
    if values.get("state") == SupporterState.PAUSED:
        values.setdefault("back_on", (MADE_AT + timedelta(days=60)).date())
    supporter = Supporter(
        **{
            "association_id": association.id,
            "reference": f"S{number}",
            "first_name": first_name,
            "last_name": last_name,
            "search_name": fold(first_name, last_name),
            "email": f"benevole{number}@example.org",
            "role": SupporterRole.MENTOR,
            "capacity": 2,
            "activity_codes": ["69.20Z"],
            "commune_code": "93066",
            "latitude": 48.9300,
            "longitude": 2.3600,
            "availability": EVENINGS,
            "created_at": MADE_AT,
            "updated_at": MADE_AT,
            **values,
        }
    )
    for topic, level in (expertise or {"cash_flow": 3}).items():
        supporter.expertise.append(SupporterExpertise(topic=topic, level=level))
    for position, language in enumerate(languages):
        supporter.languages.append(SupporterLanguage(language=language, position=position))
    session.add(supporter)
    session.flush()
    return supporter
