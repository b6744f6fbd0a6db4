"""A file between its check and its confirmation: kept encrypted, for who sent it, for an hour."""

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app

from webapp.config import Settings
from webapp.spreadsheets import Kind

FOLDER = "uploads"
KEPT_SECONDS = 3600
TOKEN_BYTES = 24
LONGEST_TOKEN = 2 * TOKEN_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent, for one association, by one account."""

    kind: Kind
    name: str
    data: bytes
    account_id: int | None
    association_id: UUID


def keep_upload(upload: Upload) -> str:
    """Keep a file and give the token to find it again. Old ones are swept away."""
    folder = _folder()
    _sweep(folder)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    head = {
        "kind": upload.kind.value,
        "name": upload.name,
        "account": upload.account_id,
        "association": str(upload.association_id),
    }
    content = json.dumps(head).encode() + b"\n" + upload.data
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(_cipher().encrypt(content))
    return token


def find_upload(token: str, *, account_id: int | None, association_id: UUID) -> Upload | None:
    """Find a file that this account sent for this association within the hour."""
    if not _is_token(token):
        return None
    path = _folder() / token
    if not path.is_file() or path.stat().st_mtime < time.time() - KEPT_SECONDS:
        return None
    try:
        head, data = _cipher().decrypt(path.read_bytes()).split(b"\n", 1)
    except InvalidToken:
        return None
    told = json.loads(head)
    if told["account"] != account_id or told["association"] != str(association_id):
        return None
    return Upload(
        kind=Kind(told["kind"]), name=told["name"], data=data, account_id=account_id, association_id=association_id
    )


def drop_upload(token: str) -> None:
    """Forget a file."""
    if _is_token(token):
        (_folder() / token).unlink(missing_ok=True)


def _is_token(token: str) -> bool:
    # A name that is too long for a file is an error of the system, not a file that is not there.
    if not 0 < len(token) <= LONGEST_TOKEN:
        return False
    return all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in token)


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _cipher() -> MultiFernet:
    settings: Settings = current_app.config["SETTINGS"]
    return MultiFernet([Fernet(key) for key in settings.encryption_keys])


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
