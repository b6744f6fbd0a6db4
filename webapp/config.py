"""Settings: one frozen dataclass, read from the environment once. Nobody else reads it."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(SystemExit):
    """A setting is missing or wrong; the message says which and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs between one place where Maillage runs and another."""

    data_dir: Path
    database_url: str
    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)
    production: bool = False
    public_url: str = "http://127.0.0.1:5000"
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: bool = True
    mail_from: str = "Maillage <ne-pas-repondre@example.org>"
    testing: bool = False


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Outside production what is missing gets a value kept in the data directory.

    Raises
    ------
    SettingsError
        If production lacks a setting it cannot do without.
    """
    production = environment.get("MAILLAGE_ENV", "development") == "production"
    data_dir = Path(environment.get("MAILLAGE_DATA_DIR", ROOT / "var")).resolve()
    missing = [
        name
        for name in ("MAILLAGE_DATABASE_URL", "MAILLAGE_SECRET_KEY", "MAILLAGE_ENCRYPTION_KEYS", "MAILLAGE_PUBLIC_URL")
        if production and not environment.get(name)
    ]
    if missing:
        raise SettingsError(f"Production needs these settings in the environment: {', '.join(missing)}.")
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    public_url = environment.get("MAILLAGE_PUBLIC_URL", "http://127.0.0.1:5000").rstrip("/")
    return Settings(
        data_dir=data_dir,
        database_url=environment.get("MAILLAGE_DATABASE_URL") or f"sqlite:///{data_dir / 'maillage.db'}",
        secret_key=environment.get("MAILLAGE_SECRET_KEY") or _kept(data_dir / "secret_key", secrets.token_urlsafe),
        encryption_keys=tuple(
            (
                environment.get("MAILLAGE_ENCRYPTION_KEYS")
                or _kept(data_dir / "encryption_key", lambda: Fernet.generate_key().decode())
            ).split(",")
        ),
        production=production,
        public_url=public_url,
        trusted_hosts=tuple(filter(None, environment.get("MAILLAGE_TRUSTED_HOSTS", "").split(","))),
        proxy_hops=int(environment.get("MAILLAGE_PROXY_HOPS", "0")),
        smtp_host=environment.get("MAILLAGE_SMTP_HOST", ""),
        smtp_port=int(environment.get("MAILLAGE_SMTP_PORT", "587")),
        smtp_user=environment.get("MAILLAGE_SMTP_USER", ""),
        smtp_password=environment.get("MAILLAGE_SMTP_PASSWORD", ""),
        smtp_tls=environment.get("MAILLAGE_SMTP_TLS", "1") == "1",
        mail_from=environment.get("MAILLAGE_MAIL_FROM", "Maillage <ne-pas-repondre@example.org>"),
    )


def _kept(path: Path, make: Callable[[], str]) -> str:
    """Give what the file holds; the first time, make it and let only its owner read it."""
    if not path.exists():
        value = make()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(value)
    return path.read_text().strip()
