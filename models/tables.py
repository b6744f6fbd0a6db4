"""Every table, imported once, so that the metadata is whole for migrations and checks."""

from models import (
    accounts,
    associations,
    audit,
    clocks,
    committees,
    entrepreneurs,
    match_runs,
    messages,
    pairings,
    plans,
    supporters,
    territories,
    topics,
    weights,
    workshops,
)

__all__ = [
    "accounts",
    "associations",
    "audit",
    "clocks",
    "committees",
    "entrepreneurs",
    "match_runs",
    "messages",
    "pairings",
    "plans",
    "supporters",
    "territories",
    "topics",
    "weights",
    "workshops",
]
