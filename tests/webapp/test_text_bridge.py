"""What a process keeps of texts: learned once, not for ever, and gone once somebody was forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest

from matcher.words import stem
from models.db import transaction
from models.erasures import TIME_TO_THINK, ErasureGround
from models.personal.ways import Root
from models.supporters import SupporterRole
from tests.factories import make_association, make_coordinator, make_entrepreneur, make_match_run, make_supporter
from webapp import text_bridge
from webapp.permissions import Actor
from webapp.services.erasing import SETTLES, carry_out_erasures
from webapp.services.erasures import ask_erasure
from webapp.services.rematch import rematch_person

HERS = "Torréfaction artisanale de zédoaire"


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    found = text_bridge.Memory()
    monkeypatch.setattr(text_bridge, "_memory", found)
    return found


def test_texts_are_learned_once_per_run_and_not_kept_for_ever(monkeypatch, memory):
    monkeypatch.setattr(text_bridge, "MODELS_KEPT", 2)
    learned = []

    def read():
        learned.append(1)
        return ["un texte", "un autre texte"]

    run_id = uuid4()
    first = text_bridge.learn_run(run_id, read)
    text_bridge.learn_texts(frozenset(read()))
    assert text_bridge.learn_run(run_id, read) is first
    assert len(learned) == 2
    text_bridge.learn_run(uuid4(), read)
    assert text_bridge.learn_run(run_id, read) is first  # the one used last is the last to go
    assert len(memory.models) == 2
    assert text_bridge.learn_run(None, read) is not text_bridge.learn_run(None, read)


def kept_words():
    """Say where the process holds words of hers: in what was learned from, in what was learned, in what was read."""
    keys, models = list(text_bridge._memory.models), list(text_bridge._memory.models.values())
    hits = stem.cache_info().hits
    stem("zédoaire", "fr")
    return (
        any(HERS in text for key in keys for text in key),
        any("=zedoair" in model.terms_ for model in models),
        stem.cache_info().hits > hits,
    )


def test_after_the_next_search_nothing_is_left_of_the_words_of_somebody_who_is_forgotten(any_app, now):
    with transaction() as session:
        association = make_association(session)
        coordinator = make_coordinator(session, association)
        hers, other = (
            make_entrepreneur(session, association, project_title=title, wanted_roles=[SupporterRole.MENTOR.value])
            for title in (HERS, "Un salon de coiffure")
        )
        make_supporter(session, association, presentation="Vingt ans de commerce", capacity=3)
        make_match_run(session, association)
    rematch_person(entrepreneur_id=other.public_id, at=now)
    assert kept_words() == (True, True, True)
    runs = Actor(account_id=coordinator.id, coordinates=frozenset({association.id}))
    ground = ErasureGround.BY_TELEPHONE
    ask_erasure(root=Root.ENTREPRENEUR, public_id=hers.public_id, ground=ground, actor=runs, at=now)
    later = now + TIME_TO_THINK + timedelta(hours=1)
    assert [carry_out_erasures(at=at) for at in (later, later + SETTLES)] == [0, 1]
    with transaction() as session:
        third = make_entrepreneur(session, session.merge(association), wanted_roles=[SupporterRole.MENTOR.value])
    rematch_person(entrepreneur_id=third.public_id, at=later)
    assert kept_words() == (False, False, False)
    assert text_bridge._memory.models  # the search has learned anew
