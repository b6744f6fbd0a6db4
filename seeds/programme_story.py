"""What surrounds workshop sessions in the story: a series, a public session, and what people thought of past ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
from sqlalchemy import select

from models.accounts import Locale
from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.feedback import FeedbackFace
from models.queries.feedback import list_sessions_to_tell
from models.series import WorkshopSeries
from models.states import SessionState
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession
from webapp.clock import PARIS
from webapp.permissions import Actor
from webapp.services.feedback import give_feedback
from webapp.services.series import SeriesValues, create_series
from webapp.services.session_values import SessionValues
from webapp.services.visitors import ask_for_seat
from webapp.services.workshops import update_session

TELLING = 0.7
FACES = (FeedbackFace.GOOD, FeedbackFace.GOOD, FeedbackFace.GOOD, FeedbackFace.FAIR, FeedbackFace.POOR)
WORDS = ("Très concret, merci.", "Un peu rapide pour moi.", "J’ai rencontré des gens de mon quartier.")
DATES = 2
VISITORS = ("Lina Ferreira", "Oumar Keita")


class ProgrammeStory:
    """What one association makes of its programme.

    Parameters
    ----------
    association : Association
        Whose.
    coordinator : Actor
        Who decides.
    rng : Generator
        Its own chance, so that the rest of the story stays as it is.
    """

    def __init__(self, association: Association, coordinator: Actor, rng: np.random.Generator) -> None:
        self._association, self._coordinator, self._rng = association, coordinator, rng

    def end(self, at: datetime) -> None:
        """Make a series of two sessions to come, open another to everybody, and let people say how past ones were."""
        ahead = self._list_ahead(at)
        self._make_series(ahead, at)
        self._open_to_everybody(ahead, at)
        self._tell(at)

    def _list_ahead(self, at: datetime) -> Sequence[WorkshopSession]:
        return db.session.scalars(
            select(WorkshopSession)
            .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
            .where(
                WorkshopSession.association_id == self._association.id,
                WorkshopSession.state == SessionState.SCHEDULED,
                WorkshopSession.starts_at > at,
                WorkshopSession.minimum.is_(None),
                WorkshopTheme.is_sensitive.is_(False),
            )
            .order_by(WorkshopSession.starts_at, WorkshopSession.id)
        ).all()

    def _make_series(self, ahead: Sequence[WorkshopSession], at: datetime) -> None:
        theme = next((one.theme_slug for one in ahead), None)
        dates = [one for one in ahead if one.theme_slug == theme][:DATES]
        if not dates:
            return
        series_id = create_series(
            association_id=self._association.public_id,
            values=SeriesValues(theme=dates[0].theme_slug, title=dates[0].title, description=dates[0].description),
            actor=self._coordinator,
            at=at,
        )
        series = db.session.scalar(select(WorkshopSeries).where(WorkshopSeries.public_id == series_id))
        assert series is not None
        for workshop in dates:
            values = replace(_read_values(workshop), series_id=series.public_id)
            update_session(session_id=workshop.public_id, values=values, actor=self._coordinator, at=at)

    def _open_to_everybody(self, ahead: Sequence[WorkshopSession], at: datetime) -> None:
        free = [one for one in ahead if one.series_id is None and one.taken < one.seats]
        for workshop in free[:1]:
            values = replace(_read_values(workshop), is_public=True)
            update_session(session_id=workshop.public_id, values=values, actor=self._coordinator, at=at)
            for name in VISITORS:
                ask_for_seat(
                    session_id=workshop.public_id,
                    name=name,
                    email=f"{name.split()[0].lower()}@example.org",
                    locale=Locale.FRENCH,
                    place="192.0.2.1",
                    at=at,
                )

    def _tell(self, at: datetime) -> None:
        booked = select(Booking.entrepreneur_id).where(Booking.association_id == self._association.id)
        people = select(Entrepreneur).where(Entrepreneur.id.in_(booked), Entrepreneur.account_id.is_not(None))
        for person in db.session.scalars(people.order_by(Entrepreneur.id)).all():
            for workshop in list_sessions_to_tell(db.session(), person.id, at=at):
                if self._rng.random() < TELLING:
                    self._say(person, workshop, at)

    def _say(self, person: Entrepreneur, workshop: WorkshopSession, at: datetime) -> None:
        face, word = FACES[int(self._rng.integers(len(FACES)))], int(self._rng.integers(len(WORDS) + 3))
        give_feedback(
            session_id=workshop.public_id,
            entrepreneur_id=person.public_id,
            face=face,
            word=WORDS[word] if word < len(WORDS) else None,
            actor=Actor(account_id=person.account_id, entrepreneur_ids=frozenset({person.id})),
            at=at,
        )


def _read_values(workshop: WorkshopSession) -> SessionValues:
    starts, ends = workshop.starts_at.astimezone(PARIS), workshop.ends_at.astimezone(PARIS)
    return SessionValues(
        theme=workshop.theme_slug,
        title=workshop.title,
        day=starts.date(),
        starts_at=starts.time(),
        ends_at=ends.time(),
        format=SessionFormat(workshop.format),
        seats=workshop.seats,
        description=workshop.description,
        place=workshop.place,
        address=workshop.address,
        online_url=workshop.online_url,
        commune_code=workshop.commune_code,
        language=workshop.language,
        stages=tuple(workshop.stages),
        accessibility=workshop.accessibility,
    )
