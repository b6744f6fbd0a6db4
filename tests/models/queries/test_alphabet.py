"""Names stand in the order of a reader of French, the same on both databases."""

from models.db import db, transaction
from models.gatherings import SupporterListing
from models.queries.associations import list_associations
from models.queries.gatherings import list_listed
from models.queries.holdings import list_team
from tests.clock import NOW
from tests.factories import make_association, make_coordinator, make_supporter

NAMES = ("Zoé", "anne", "Élodie")
SORTED = ["anne", "Élodie", "Zoé"]


def test_names_stand_in_the_same_alphabet_everywhere(any_app):
    with transaction() as session:
        house, *_ = [make_association(session, name=name) for name in NAMES]
        for name in NAMES:
            make_coordinator(session, house, last_name=name, is_active=name != "anne")
            one = make_supporter(session, house, first_name=name)
            session.add(SupporterListing(supporter_id=one.id, association_id=house.id, contact="", listed_at=NOW))
    assert [one.supporter.first_name for one in list_listed(db.session(), house.id)] == SORTED
    assert [one.name for one in list_associations(db.session())] == SORTED
    assert [one.last_name for one in list_team(db.session(), house.id)] == ["Élodie", "Zoé", "anne"]
