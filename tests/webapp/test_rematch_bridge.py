"""Open suggestions seen together by the engine: scores are those that a run gives, whoever takes part."""

import matcher
from models.supporters import SupporterRole
from tests.matcher.people import entrepreneur, supporter
from webapp import rematch_bridge
from webapp.matcher_bridge import RunRecords

TEXTS = ("Boulangerie au levain", "Salon de coiffure", "Pain et brioches", "Livraison de pain", "Coiffure à domicile")


def test_who_is_matched_again_scores_as_if_everybody_took_part():
    people = tuple(entrepreneur(str(at), text=text) for at, text in enumerate(TEXTS))
    helpers = (
        *(supporter(str(at), text=text) for at, text in enumerate(("Trente ans de pain", "Coiffeuse", "Levain"))),
        supporter("8", role=matcher.Role.EXPERT, text="Pain, farine et fournil"),
    )
    records = RunRecords(
        entrepreneurs=people, everybody=people, engaged={}, supporters=helpers, settings=matcher.Settings()
    )
    found = rematch_bridge.find_best_again(records, {SupporterRole.MENTOR: [0, 3]}, shown={}, excluded={})
    only_open = rematch_bridge.keep_open(records, {SupporterRole.MENTOR: [0, 3]})
    everybody = matcher.match(only_open.entrepreneurs, only_open.supporters, settings=only_open.settings)
    assert {one.entrepreneur_id for one in found.suggestions} == {"0", "3"}
    assert found.suggestions == everybody.suggestions
