"""Reads of what happened to a run's open suggestions after it: who was shown somebody else, and why."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.audit import AuditEvent
from models.entrepreneurs import Entrepreneur
from models.match_runs import MatchRun
from models.names import full_name
from models.supporters import Supporter, SupporterRole

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RematchLine:
    """One person who was shown somebody else; None where nobody was or where a person has been erased."""

    person: str | None
    role: SupporterRole
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematch:
    """One time that open suggestions were matched again."""

    at: datetime
    by: str | None
    cause: str
    lines: Sequence[RematchLine]


def list_rematches(session: Session, run: MatchRun) -> list[Rematch]:
    """Give the latest times that open suggestions of a run were matched again, the newest first."""
    events = session.execute(
        select(AuditEvent, Account)
        .outerjoin(Account, Account.id == AuditEvent.actor_id)
        .where(AuditEvent.record == "match_run", AuditEvent.record_id == run.id, AuditEvent.action == "rematch")
        .order_by(AuditEvent.id.desc())
        .limit(MOST)
    ).all()
    notes = [json.loads(event.note) for event, _account in events]
    people = _find_names(session, Entrepreneur, {line["person"] for note in notes for line in note})
    supporters = _find_names(
        session, Supporter, {line[end] for note in notes for line in note for end in ("before", "after")}
    )
    return [
        Rematch(
            at=event.at,
            by=full_name(account) if account else None,
            cause=event.reason or "",
            lines=[
                RematchLine(
                    person=people.get(line["person"]),
                    role=SupporterRole(line["role"]),
                    before=supporters.get(line["before"]),
                    after=supporters.get(line["after"]),
                )
                for line in note
            ],
        )
        for (event, account), note in zip(events, notes, strict=True)
    ]


def _find_names(session: Session, table: type[Entrepreneur | Supporter], ids: set[int | None]) -> dict[int | None, str]:
    wanted = [id for id in ids if id is not None]
    if not wanted:
        return {}
    rows = session.execute(select(table.id, table.first_name, table.last_name).where(table.id.in_(wanted)))
    return {id: f"{first} {last}" for id, first, last in rows}
