"""Columns that only this app can read: what people confided stays unreadable in a stolen file or backup."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

_keys: list[MultiFernet] = []


class UnreadableSecretError(RuntimeError):
    """A stored secret cannot be read with the keys that are set."""


def set_encryption_keys(keys: tuple[str, ...]) -> None:
    """Set the keys, the newest first; older ones still read what they wrote."""
    _keys[:] = [MultiFernet([Fernet(key) for key in keys])]


class EncryptedText(TypeDecorator[str]):
    """Text encrypted with the first key before it is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else _keys[0].encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt with whichever key fits."""
        if value is None:
            return None
        try:
            return _keys[0].decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecretError("stored with another key: add the old key to the settings") from error
