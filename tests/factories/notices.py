"""Notices of things past their day."""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from models.accounts import Account, Locale
from models.associations import Association
from models.notices import Notice, NoticeKind
from tests.factories.sequence import MADE_AT


def make_notice(session: Session, association: Association, account: Account, **values: Any) -> Notice:
    """Make a notice for an account that no mail has told yet."""
    notice = Notice(
        **{
            "association_id": association.id,
            "account_id": account.id,
            "recipient": account.email,
            "locale": Locale.FRENCH,
            "kind": NoticeKind.NEWS_DUE,
            "subject_id": uuid4(),
            "due_at": MADE_AT,
            "noticed_at": MADE_AT,
            **values,
        }
    )
    session.add(notice)
    session.flush()
    return notice
