"""A message on its way."""

from enum import StrEnum
from types import MappingProxyType

from models.states.shape import Moves


class MessageState(StrEnum):
    """A message from the transaction that wrote it to the mail server; or held for a summary, or kept on the page."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    KEPT = "kept"


class MessageAction(StrEnum):
    """What the sender does with a message."""

    TAKE = "take"
    DELIVER = "deliver"
    RELEASE = "release"
    GIVE_UP = "give_up"
    GATHER = "gather"


MESSAGE_MOVES: Moves = MappingProxyType(
    {
        (MessageState.QUEUED, MessageAction.TAKE): MessageState.SENDING,
        (MessageState.SENDING, MessageAction.DELIVER): MessageState.SENT,
        (MessageState.SENDING, MessageAction.RELEASE): MessageState.QUEUED,
        (MessageState.SENDING, MessageAction.GIVE_UP): MessageState.FAILED,
        # A summary told it; the message itself stays on the person's page.
        (MessageState.HELD, MessageAction.GATHER): MessageState.KEPT,
        # The account was closed before it left: no mail, the page alone.
        (MessageState.QUEUED, MessageAction.GATHER): MessageState.KEPT,
    }
)
