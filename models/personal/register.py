"""Every table that is about people, and those that are not, each with its reason.

A test holds this against the database: a new table, or a new column with text, must be entered here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from models.personal.people import ABOUT_THE_ACCOUNT, ABOUT_THE_PERSON, ABOUT_THE_SUPPORTER
from models.personal.records import ABOUT_MATCHING, ABOUT_THE_PROGRAMME
from models.personal.ways import Personal

REGISTER: Mapping[str, Personal] = MappingProxyType(
    {
        one.table: one
        for one in (
            *ABOUT_THE_ACCOUNT,
            *ABOUT_THE_PERSON,
            *ABOUT_THE_SUPPORTER,
            *ABOUT_MATCHING,
            *ABOUT_THE_PROGRAMME,
        )
    }
)

NOT_ABOUT_SOMEBODY: Mapping[str, str] = MappingProxyType(
    {
        "association_clocks": "the delays of an association; who set them did so for it",
        "weight_versions": "what counts in an association's matching; who published did so for it",
        "weight_drafts": "the same, before it is published",
        "match_runs": "one search for everybody; what it said of each person stands in rows of her own",
        "circle_rounds": "one composition for everybody",
        "circle_compositions": "the asking for one",
        "workshop_sessions": "an offer to all; who organises it does so for the association",
        "workshop_series": "the same, several dates together",
        "gatherings": "a meeting of supporters; its host invites for the association",
    }
)
"""Tables whose rows name an account only because somebody of a team did something for her association."""
