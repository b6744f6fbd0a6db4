"""The invented workshop sessions of the demo, around a given day."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from seeds import reference
from seeds.associations import InventedAssociation
from seeds.draws import Draws, Weighted, weights
from seeds.profiles import INITIATIVE, REBONDS
from webapp.services.working_days import is_public_holiday
from webapp.spreadsheets import WorkshopSessionRow

_THEMES: Mapping[str, Weighted[str]] = {
    INITIATIVE: weights(
        "discovery 4 financial_forecast 7 financing 6 financial_management 7 digital_marketing 7 first_customers 6 "
        "legal_status 4 ecological_transition 2 stress_management 3 risk_prevention 3 failure_talk 1 committee_pitch 4 "
        "networking 4 project_management 3"
    ),
    REBONDS: weights(
        "bounce_back 7 stress_management 6 failure_talk 5 risk_prevention 3 networking 4 project_management 2 "
        "digital_marketing 1 financial_management 2"
    ),
}
_STAGES: Mapping[str, tuple[str, ...]] = {
    "discovery": ("idea", "emergence"),
    "financial_forecast": ("emergence", "planning", "funding"),
    "financing": ("planning", "funding", "takeover"),
    "committee_pitch": ("planning", "funding", "takeover"),
    "legal_status": ("emergence", "planning", "registration"),
    "financial_management": ("launch", "consolidation", "growth", "difficulty"),
    "bounce_back": ("rebound",),
}
_PLACES = (
    *("Maison de quartier", "Centre social", "Médiathèque", "Pépinière d’entreprises", "Salle polyvalente"),
    *("Fabrique à entreprendre", "Espace de travail partagé", "Maison de l’emploi", "Mairie annexe"),
)
_ACCESS = ("", "", "Plain-pied.", "Plain-pied, boucle magnétique.", "Accès en fauteuil, garde d’enfants sur demande.")
_DAYS = Weighted({0: 2, 1: 5, 2: 4, 3: 5, 4: 2, 5: 4})  # Monday is 0; none on Sunday
_SUNDAY = 6
_STARTS = Weighted({time(9, 30): 5, time(14, 0): 4, time(17, 30): 2, time(18, 30): 7})
_MINUTES = Weighted({90: 3, 120: 6, 150: 2, 180: 2})
_FORMATS = Weighted({"in_person": 65, "online": 24, "hybrid": 11})
_LANGUAGES = Weighted({"fr": 92, "en": 4, "ar": 4})


def build_sessions(
    associations: Sequence[InventedAssociation], *, today: date, draws: Draws
) -> tuple[WorkshopSessionRow, ...]:
    """Invent one session for each association given: one in eight in the last four weeks, the others to come."""
    return tuple(
        _session(f"W{number:05d}", association, today, draws)
        for number, association in enumerate(associations, start=1)
    )


def _session(reference_code: str, association: InventedAssociation, today: date, draws: Draws) -> WorkshopSessionRow:
    theme = reference.workshop_themes()[_THEMES[association.network].draw(draws)]
    past = draws.chance(0.125)
    day = _day(today + timedelta(days=draws.between(-21, -7) if past else draws.between(8, 75)), draws)
    start = time(10, 0) if day.weekday() == 5 else _STARTS.draw(draws)
    format_ = "in_person" if theme.sensitive else _FORMATS.draw(draws)
    online = format_ == "online"
    return WorkshopSessionRow(
        reference=reference_code,
        association=association.slug,
        theme=theme.slug,
        description=theme.description_fr,
        starts_on=day,
        starts_at=start,
        ends_at=_later(start, _MINUTES.draw(draws)),
        format=format_,
        commune=None if online else _commune(association, draws),
        place="" if online else draws.pick(_PLACES),
        address="" if online else f"{draws.between(1, 60)} rue de l’Exemple",
        language=_LANGUAGES.draw(draws),
        seats=draws.between(6, 8) if theme.sensitive else draws.between(15, 30) if online else draws.between(8, 16),
        stages=_STAGES.get(theme.slug, ()),
        accessibility="" if online else draws.pick(_ACCESS),
        online_url="" if format_ == "in_person" else f"https://visio.example.org/{reference_code.lower()}",
    )


def _day(near: date, draws: Draws) -> date:
    """Move to a likely day of the same week, at most six days away; of a public holiday, to the day before it."""
    day = near + timedelta(days=_DAYS.draw(draws) - near.weekday())
    while is_public_holiday(day) or day.weekday() == _SUNDAY:
        day -= timedelta(days=1)
    return day


def _commune(association: InventedAssociation, draws: Draws) -> str:
    if draws.chance(0.5):
        return association.seat
    return reference.qpvs()[draws.pick(association.qpvs)].communes[0]


def _later(start: time, minutes: int) -> time:
    total = start.hour * 60 + start.minute + minutes
    return time(total // 60, total % 60)
