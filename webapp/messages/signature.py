"""Who signs a message, and what of that may stand in a mailbox that is read over the shoulder.

The name of an association that rebuilds says what somebody went through, as do the mail addresses under it: it signs
with the name and telephone of its coordinator, or its own telephone, alone.
"""

from collections.abc import Mapping
from typing import Any

from models.queries.senders import Sender
from models.wall import lends
from webapp.messages.facts import Facts
from webapp.translation import gettext


def tell_facts(facts: Mapping[str, Any], sender: Sender | None) -> Facts:
    """Give the facts of a message as its network words them, without a name that must not be there."""
    if sender is None:
        return Facts(facts)
    if lends(sender.network):
        return Facts({**facts, "network": sender.network.value})
    told = {name: value for name, value in facts.items() if name != "association" and not _names(value, sender)}
    return Facts({**told, "network": sender.network.value})


def _names(value: object, sender: Sender) -> bool:
    return isinstance(value, str) and sender.association.casefold() in value.casefold()


def sign(facts: Facts, sender: Sender | None) -> str:
    """Give the last lines of a message: who answers, how to reach her, and whose service this is."""
    association = facts.text("association")
    if sender is not None:
        association = _one_line(sender.association) if lends(sender.network) else ""
    house = " · ".join(part for part in (association, "Maillage") if part)
    if sender is None:
        return "\n".join((gettext("With kind regards,"), house))
    who = gettext("%(name)s, your contact", name=_one_line(sender.name)) if sender.name else _team(association)
    return "\n".join(part for part in (gettext("With kind regards,"), who, _reach(sender), house) if part)


def _team(association: str) -> str:
    return gettext("The team of %(association)s", association=association) if association else gettext("The team")


def _reach(sender: Sender) -> str:
    """Say how to reach who signs: at her number, else at that of the house and by mail."""
    if sender.phone:
        return _tell_phone(sender.phone)
    phone, mail = _tell_phone(sender.house_phone), _one_line(sender.email or sender.house_email)
    return "\n".join(part for part in (phone, mail if lends(sender.network) else "") if part)


def _tell_phone(phone: str) -> str:
    return gettext("Telephone: %(phone)s", phone=_one_line(phone)) if phone else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
