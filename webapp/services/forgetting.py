"""Erasing what is somebody's: rows go or stay without a name and a word, so that every number stays what it was.

What each table loses stands in `models/personal/`. Messages to others that name her stay for some days, because what
ended is told by them; then they go too.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete, inspect, select, update
from sqlalchemy.orm import Session

from models.accounts import Account
from models.audit import AuditEvent
from models.charters import Charter, CharterParty, CharterSignature
from models.entrepreneurs import Entrepreneur
from models.erasures import ERASED_FIRST_NAME, ERASED_LAST_NAME, Erasure
from models.expert_questions import ExpertQuestion
from models.meetings import Meeting, MeetingSide
from models.messages import Message, MessageKind
from models.moves import RECORD_NAMES
from models.names import full_name
from models.pairings import Pairing
from models.personal.register import REGISTER
from models.personal.ways import Root, Subject, find_table, whose
from models.queries.erasures import Scope
from models.search import fold
from models.states import MessageState
from models.supporters import Supporter
from webapp.services.charters import forget_signer
from webapp.services.circle_leaders import forget_places

File = Entrepreneur | Supporter
READ_AT_ONCE = 500
# Of these she is only a part: what is written about them to others is theirs.
NOT_NAMING = frozenset({"circles", "circle_meetings"})
RECORDS: Mapping[str, str] = {inspect(table).local_table.name: name for table, name in RECORD_NAMES.items()}


def lock_scope(session: Session, scope: Scope) -> Scope:
    """Lock account, supporters and files, in the order that every decision keeps, and read them as they are now."""
    account = () if scope.account is None else (scope.account,)
    for row in (*account, *scope.supporters, *scope.people):
        session.refresh(row, with_for_update={"key_share": True})
    return scope


def forget(session: Session, scope: Scope, *, at: datetime) -> list[int]:
    """Erase what is hers in the caller's transaction, which holds the scope; gives the messages that go later.

    Her last name is known until the end of it only: whatever is looked for by name is looked for here.
    """
    subjects = list_subjects(scope)
    ids = _list_public_ids(session, subjects)
    mail_ids = _find_naming(session, scope, {*map(str, ids), *_names(scope)})
    _drop_held(session, mail_ids, ids)
    _clear_notes(session, subjects, scope)
    forget_places(session, scope.supporters, at=at)
    for subject in subjects:
        _empty_tables(session, subject)
        _empty_own_words(session, subject)
    for row in scope.rows:
        _anonymise(row, at)
    session.flush()
    _forget_signatures(session, scope)
    session.flush()
    return mail_ids


def forget_mails(session: Session, erasure: Erasure, scope: Scope) -> None:
    """Erase the messages to others that named her, with those that gathered them since, and the last one to her."""
    ids = {erasure.public_id, *_list_public_ids(session, list_subjects(scope))}
    found = {*erasure.mail_ids, *_find_naming(session, scope, set(map(str, ids)))}
    session.execute(delete(Message).where(Message.id.in_(found)))


def list_subjects(scope: Scope) -> tuple[Subject, ...]:
    """Give whose rows hers are. The addresses of an account are hers everywhere, those of a file in its association."""
    found = [_subject(one) for one in files_of(scope)]
    if scope.account is None:
        return tuple(found)
    return (Subject(root=Root.ACCOUNT, row_id=scope.account.id, addresses=scope.addresses), *found)


def files_of(scope: Scope) -> tuple[File, ...]:
    """Give the files alone."""
    return (*scope.people, *scope.supporters)


def _subject(file: File) -> Subject:
    root = Root.ENTREPRENEUR if isinstance(file, Entrepreneur) else Root.SUPPORTER
    addresses = frozenset({file.email.strip().lower()} if file.email else ())
    return Subject(root=root, row_id=file.id, association_id=file.association_id, addresses=addresses)


def _names(scope: Scope) -> set[str]:
    return {full_name(row) for row in scope.rows if len(full_name(row).strip()) > 1}


def _list_public_ids(session: Session, subjects: Iterable[Subject]) -> set[UUID]:
    """Give the public numbers of all records of hers: messages about them carry one."""
    found: set[UUID] = set()
    for subject in subjects:
        for personal in REGISTER.values():
            table, condition = find_table(personal.table), whose(personal, subject, REGISTER)
            if condition is not None and "public_id" in table.c and personal.table not in NOT_NAMING:
                found |= set(session.scalars(select(table.c.public_id).where(condition)))
    return found


def _find_naming(session: Session, scope: Scope, needles: Collection[str]) -> list[int]:
    """Find the messages in which one of these stands, among those of her associations and those of none."""
    where = {one.association_id for one in files_of(scope)}
    about = Message.association_id.in_(where) | Message.association_id.is_(None)
    rows = session.execute(
        select(Message.id, Message.event_key, Message.kind, Message.facts).where(about).order_by(Message.id),
        execution_options={"yield_per": READ_AT_ONCE},
    )
    leaders = {one.first_name for one in scope.supporters} if scope.supporters else set()
    return [
        row.id
        for row in rows
        if _names_one(f"{row.event_key} {json.dumps(row.facts, ensure_ascii=False)}", needles)
        or (row.kind is MessageKind.CIRCLE_INVITED and row.facts.get("facilitator") in leaders)
    ]


def _names_one(text: str, needles: Collection[str]) -> bool:
    return any(needle in text for needle in needles)


def _drop_held(session: Session, mail_ids: Collection[int], ids: Collection[UUID]) -> None:
    """Let go of what waits for a summary and names her without a number by which the summary could be found."""
    held = session.scalars(select(Message).where(Message.id.in_(mail_ids), Message.state == MessageState.HELD)).all()
    numbers = set(map(str, ids))
    lost = [one.id for one in held if not _names_one(json.dumps(one.facts), numbers)]
    session.execute(delete(Message).where(Message.id.in_(lost)))


def _clear_notes(session: Session, subjects: Iterable[Subject], scope: Scope) -> None:
    """Empty what was noted with each event of hers, and whatever note names her; the event itself stays."""
    for subject in subjects:
        for personal in REGISTER.values():
            table, condition = find_table(personal.table), whose(personal, subject, REGISTER)
            if condition is None or personal.table not in RECORDS:
                continue
            of_hers = AuditEvent.record_id.in_(select(table.c.id).where(condition))
            _clear(session, AuditEvent.record == RECORDS[personal.table], of_hers)
        if subject.root is Root.ACCOUNT:
            _clear(session, AuditEvent.record == "account", AuditEvent.record_id == subject.row_id)
    where = {one.association_id for one in files_of(scope)}
    for name in _names(scope):
        _clear(session, AuditEvent.association_id.in_(where), AuditEvent.note.contains(name, autoescape=True))


def _clear(session: Session, *conditions: Any) -> None:
    session.execute(
        update(AuditEvent)
        .where(*conditions, AuditEvent.note != "")
        .values(note="")
        .execution_options(synchronize_session=False)
    )


def _empty_tables(session: Session, subject: Subject) -> None:
    for personal in REGISTER.values():
        table, condition = find_table(personal.table), whose(personal, subject, REGISTER)
        if condition is None or personal.table == subject.root:
            continue
        if personal.is_deleted:
            session.execute(delete(table).where(condition))
        elif values := personal.emptied_for(subject.root):
            session.execute(update(table).where(condition).values(dict(values)))


def _empty_own_words(session: Session, subject: Subject) -> None:
    """Empty what depends on who wrote it: a supporter's own words go, those of the person beside her stay."""
    if subject.root is Root.SUPPORTER:
        hers = select(Pairing.id).where(Pairing.supporter_id == subject.row_id)
        _write(
            session,
            update(Meeting)
            .where(Meeting.pairing_id.in_(hers), Meeting.logged_by.is_distinct_from(MeetingSide.ENTREPRENEUR))
            .values(word=None, next_step=None),
        )
        answered = ExpertQuestion.supporter_id == subject.row_id
    elif subject.root is Root.ENTREPRENEUR:
        answered = ExpertQuestion.entrepreneur_id == subject.row_id
        over = Pairing.entrepreneur_id == subject.row_id, Pairing.closing_done_at.is_(None)
        _write(session, update(Pairing).where(*over).values(closing_due_at=None))
    else:
        return
    _write(session, update(ExpertQuestion).where(answered, ExpertQuestion.answer.is_not(None)).values(answer=""))


def _write(session: Session, statement: Any) -> CursorResult[Any]:
    written: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        statement.execution_options(synchronize_session=False)
    )
    return written


def _anonymise(row: Account | File, at: datetime) -> None:
    """Leave of a row what is counted: which association, which neighbourhood, which stage, from when to when."""
    row.first_name, row.last_name, row.phone, row.erased_at = ERASED_FIRST_NAME, ERASED_LAST_NAME, None, at
    if isinstance(row, Account):
        row.email, row.password_hash = f"erased-{row.id}@erased.invalid", None
        return
    row.reference, row.email, row.household = f"erased-{row.id}", None, None
    row.search_name = fold(row.first_name, row.last_name)
    row.latitude, row.longitude, row.availability, row.updated_at = None, None, 0, at
    if isinstance(row, Entrepreneur):
        row.project_title, row.project_text, row.wanted_roles, row.follow_up_on = "", "", [], None
        row.activity_code = None
        row.wants_bridging, row.wants_circle = False, False
    else:
        row.presentation, row.activity_codes, row.stages = "", [], []
        row.training_until, row.insurance_until = None, None


def _forget_signatures(session: Session, scope: Scope) -> None:
    """Take her name off every charter; a signed document is written anew, with the other names as they were."""
    people, supporters = ([one.id for one in files] for files in (scope.people, scope.supporters))
    _take_off(session, Pairing.entrepreneur_id.in_(people), lambda one: one.party is CharterParty.ENTREPRENEUR)
    _take_off(session, Pairing.supporter_id.in_(supporters), lambda one: one.party is CharterParty.SUPPORTER)
    if scope.account is not None:
        account_id = scope.account.id
        by_her = Charter.signatures.any(party=CharterParty.REFERENT, signed_by_id=account_id)
        _take_off(session, by_her, lambda one: one.party is CharterParty.REFERENT and one.signed_by_id == account_id)


def _take_off(session: Session, condition: ColumnElement[bool], is_hers: Callable[[CharterSignature], bool]) -> None:
    signed = select(Charter).join(Pairing, Pairing.id == Charter.pairing_id).where(condition)
    for charter in session.scalars(signed.order_by(Charter.id)).all():
        forget_signer(session, charter, is_hers)
