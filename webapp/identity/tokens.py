"""Random secrets of cookies and links: they leave the house once, and only their hash stays."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """Make a secret nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Hash a random secret; it is long enough to need no salt."""
    return sha256(token.encode()).hexdigest()
