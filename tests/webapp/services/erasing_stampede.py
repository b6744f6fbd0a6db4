"""What each process does around people who are being forgotten: module-level functions, since they travel by name."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import product
from uuid import UUID

from models.exceptions import DomainError
from webapp.permissions import SYSTEM, Actor
from webapp.services.bookings import book_session
from webapp.services.entrepreneurs import reopen_entrepreneur
from webapp.services.erasing import SETTLES, carry_out_erasures
from webapp.services.pairings import accept_pairing


def act(
    erases: bool,
    people: list[tuple[UUID, Actor]],
    sessions: list[UUID],
    pairings: list[tuple[UUID, Actor]],
    at: datetime,
    seed: int,
) -> Counter[str]:
    """Book, answer and open files again, in an order of one's own; half way, some carry out the wishes."""
    chance = random.Random(seed)
    deeds: list[Callable[[], object]] = [
        lambda one=one, session_id=session_id: book_session(
            session_id=session_id, entrepreneur_id=one[0], actor=one[1], at=at
        )
        for one, session_id in product(people, sessions)
    ]
    deeds += [lambda one=one: accept_pairing(pairing_id=one[0], actor=one[1], at=at) for one in pairings]
    deeds += [lambda one=one: reopen_entrepreneur(entrepreneur_id=one[0], actor=SYSTEM, at=at) for one in people]
    chance.shuffle(deeds)
    half = len(deeds) // 2
    done = Counter(_try(deed) for deed in deeds[:half])
    for number in range(4 if erases else 0):
        carry_out_erasures(at=at + SETTLES * (number // 2))
    return done + Counter(_try(deed) for deed in deeds[half:])


def _try(deed: Callable[[], object]) -> str:
    try:
        deed()
    except DomainError as error:
        return error.code
    return "done"
