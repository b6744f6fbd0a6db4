"""A history says who did what, and names nobody twice."""

import pytest

from models.queries.sheets import EventLine
from tests.factories.sequence import MADE_AT
from webapp.words.history import tell_events


@pytest.mark.parametrize(
    ("actor", "action", "told"),
    [
        ("Lili Msa", "accept", "Lili Msa a accepté le binôme."),
        ("Awa Diop", "accept", "Awa Diop a accepté le binôme avec Lili Msa."),
        ("Lili Msa", "end", "Lili Msa a mis fin au binôme."),
    ],
)
def test_who_did_it_is_not_named_again_as_the_other(app, actor, action, told):
    line = EventLine(
        record="pairing", action=action, to_state=None, at=MADE_AT, actor=actor, reason=None, note="", about="Lili Msa"
    )
    with app.test_request_context():
        assert [one.sentence for one in tell_events([line])] == [told]
