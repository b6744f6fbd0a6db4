"""Links for one tap, written with the message that carries them; only the hash of each secret stays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from models.correspondence import OneTap, TapPurpose
from models.entrepreneurs import Entrepreneur
from models.meetings import Meeting
from models.notices import Notice, NoticeKind
from models.pairings import Pairing
from models.states import MeetingState
from models.supporters import Supporter
from webapp.identity.tokens import hash_token, new_token

PATH = "/tap/{token}"
"""The address of the page; a test compares it with the routes."""
DAYS_TO_TELL = timedelta(days=14)
MOST_MEETINGS = 5
# Most mails that ask something carry one: the statement is written once.
_LINKS = insert(cast(Table, OneTap.__table__))


def add_link(
    session: Session,
    *,
    purpose: TapPurpose,
    target_id: UUID,
    person: Entrepreneur | Supporter,
    expires_at: datetime | None,
    at: datetime,
) -> str | None:
    """Write a link into the caller's transaction and give its path; none for what has no day left to be answered."""
    return add_links(session, [(target_id, person)], purpose=purpose, expires_at=expires_at, at=at)[0]


def add_links(
    session: Session,
    asked: Sequence[tuple[UUID, Entrepreneur | Supporter]],
    *,
    purpose: TapPurpose,
    expires_at: datetime | None,
    at: datetime,
) -> list[str | None]:
    """Write a link for each of these people in one statement, and give their paths in this order."""
    if not asked or expires_at is None or expires_at <= at:
        return [None] * len(asked)
    tokens = [new_token() for _one in asked]
    rows = [
        {
            "association_id": person.association_id,
            "token_hash": hash_token(token),
            "purpose": purpose,
            "target_id": target_id,
            "supporter_id": person.id if isinstance(person, Supporter) else None,
            "entrepreneur_id": None if isinstance(person, Supporter) else person.id,
            "created_at": at,
            "expires_at": expires_at,
        }
        for (target_id, person), token in zip(asked, tokens, strict=True)
    ]
    session.execute(_LINKS, rows)
    return [PATH.format(token=token) for token in tokens]


def add_meeting_links(session: Session, notices: Sequence[Notice], *, at: datetime) -> list[dict[str, object]]:
    """Ask "did you meet?" of each planned meeting that these notices of one person tell of: a link and its day each."""
    asked = {one.subject_id for one in notices if one.kind is NoticeKind.DID_YOU_MEET}
    if not asked:
        return []
    rows = session.execute(
        select(Meeting, Supporter, Entrepreneur)
        .join(Pairing, Pairing.id == Meeting.pairing_id)
        .join(Supporter, Supporter.id == Pairing.supporter_id)
        .join(Entrepreneur, Entrepreneur.id == Pairing.entrepreneur_id)
        .where(Meeting.public_id.in_(asked), Meeting.state == MeetingState.CONFIRMED)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_MEETINGS)
    ).all()
    links: list[dict[str, object]] = []
    for meeting, supporter, entrepreneur in rows:
        person = next((one for one in (supporter, entrepreneur) if _is_told(one, notices[0])), None)
        if person is not None and meeting.starts_at is not None:
            path = add_link(
                session,
                purpose=TapPurpose.TELL_MEETING,
                target_id=meeting.public_id,
                person=person,
                expires_at=at + DAYS_TO_TELL,
                at=at,
            )
            links.append({"path": path, "starts_at": meeting.starts_at})
    return links


def _is_told(person: Entrepreneur | Supporter, notice: Notice) -> bool:
    """Say whether it is she whom a notice tells; coordinators are told in the place of who cannot be reached."""
    if person.account_id is not None:
        return person.account_id == notice.account_id
    return (person.email or "").strip().lower() == notice.recipient
