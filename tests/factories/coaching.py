"""Coaching files and what people note in them."""

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.coaching import CoachingAssessment, CoachingDoor, CoachingFile, CoachingMoment, Statement
from models.pairings import Pairing
from tests.factories.sequence import MADE_AT


def make_coaching_file(session: Session, pairing: Pairing, **values: Any) -> CoachingFile:
    """Make an open file of a pairing with a coach."""
    file = CoachingFile(
        **{
            "association_id": pairing.association_id,
            "entrepreneur_id": pairing.entrepreneur_id,
            "pairing_id": pairing.id,
            "door": CoachingDoor.PREVENTION.value,
            "text_version": "2026-1",
            "consent_at": MADE_AT + timedelta(days=2),
            "opened_at": MADE_AT + timedelta(days=2),
            "ends_on": date(2028, 11, 4),
            **values,
        }
    )
    session.add(file)
    session.flush()
    return file


def make_coaching_assessment(
    session: Session,
    file: CoachingFile,
    moment: CoachingMoment = CoachingMoment.BEFORE,
    *,
    answer: int = 3,
    strengths: str = "",
    gaps: str = "",
) -> CoachingAssessment:
    """Make what somebody said of herself, the same answer everywhere."""
    content = {"answers": {one.value: answer for one in Statement}, "strengths": strengths, "gaps": gaps}
    assessment = CoachingAssessment(
        file_id=file.id, moment=moment, content=json.dumps(content), noted_at=MADE_AT + timedelta(days=3)
    )
    session.add(assessment)
    session.flush()
    return assessment
