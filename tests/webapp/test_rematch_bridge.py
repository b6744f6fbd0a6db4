"""Open suggestions seen together by the engine: scores are those that a run gives, whoever takes part."""

import matcher
from models.db import db, transaction
from models.queries.match_runs import read_pool
from models.supporters import SupporterRole
from tests.factories import make_association, make_entrepreneur, make_pairing, make_supporter
from webapp import matcher_bridge, rematch_bridge
from webapp.matcher_bridge import Measure, default_weights

TEXTS = ("Boulangerie au levain", "Salon de coiffure", "Pain et brioches", "Livraison de pain", "Coiffure à domicile")


def test_who_is_matched_again_scores_as_if_everybody_took_part(app, now):
    """Who has no place and who asks for another role say which words are rare as well; who is served does not."""
    with transaction() as session:
        association = make_association(session)
        people = [make_entrepreneur(session, association, project_title=text) for text in TEXTS]
        other = make_entrepreneur(session, association, project_title="Vente de pain", wanted_roles=["expert"])
        first, second, full = (
            make_supporter(session, association, presentation=text, capacity=1)
            for text in ("Trente ans de pain", "Coiffeuse", "Levain")
        )
        make_supporter(session, association, role=SupporterRole.EXPERT, presentation="Pain, farine et fournil")
        make_pairing(session, people[2], full)
    pool, measure = read_pool(db.session(), association.id), Measure(weights=default_weights())
    ids = [people[0].id, people[3].id]
    needs = {(id, SupporterRole.MENTOR) for id in ids}
    found = rematch_bridge.find_best_again(pool, needs, rejected={}, measure=measure, at=now)
    records = matcher_bridge.build_records(pool, weights=measure.weights, at=now)
    assert {int(one.id) for one in records.entrepreneurs} == {one.id for one in (*people, other)} - {people[2].id}
    only_open = rematch_bridge.keep_open(records, {SupporterRole.MENTOR: ids})
    everybody = matcher.match(only_open.entrepreneurs, only_open.supporters, settings=only_open.settings)
    assert {one.supporter_id for one in found.suggestions} == {str(first.id), str(second.id)}
    assert found.suggestions == tuple(one for one in everybody.suggestions if one.rank == 1)
