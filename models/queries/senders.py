"""In whose name messages are signed: the association, and the coordinator who answers for a person it follows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association, Network
from models.entrepreneurs import Entrepreneur
from models.messages import Message
from models.names import full_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who signs. Without a name it is the whole team, which is reached as the association is."""

    network: Network
    association: str
    name: str = ""
    phone: str = ""
    email: str = ""
    house_phone: str = ""
    house_email: str = ""


def list_senders(session: Session, messages: Collection[Message]) -> dict[int, Sender]:
    """Give by message number who signs, in one statement; a message of no association has nobody.

    Read when a message is put into words: whoever answers for a person now is whom she should turn to.
    """
    hers = and_(
        Entrepreneur.association_id == Message.association_id,
        or_(
            Entrepreneur.account_id == Message.account_id,
            and_(Message.account_id.is_(None), Entrepreneur.email == Message.recipient),
        ),
    )
    rows = session.execute(
        select(Message.id, Association, Account)
        .join(Association, Association.id == Message.association_id)
        .outerjoin(Entrepreneur, hers)
        .outerjoin(Account, and_(Account.id == Entrepreneur.referent_id, Account.is_active.is_(True)))
        .where(Message.id.in_([message.id for message in messages]))
        .order_by(Message.id, Account.id.is_not(None), Entrepreneur.id)
    )
    return {number: _build_sender(association, account) for number, association, account in rows}


def _build_sender(association: Association, account: Account | None) -> Sender:
    return Sender(
        network=association.network,
        association=association.name,
        name=full_name(account) if account is not None else "",
        phone=(account.phone or "") if account is not None else "",
        email=account.email if account is not None else "",
        house_phone=association.phone,
        house_email=association.email,
    )
