"""Addresses that leave the house: of the name people type, whatever name a request came by.

They stand for years in calendars and mails, and whoever sends a request chooses what its `Host` says.
"""

from flask import current_app

from webapp.config import Settings


def give_public_address(path: str) -> str:
    """Give the whole address of a page of ours."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.public_url}{path}"
