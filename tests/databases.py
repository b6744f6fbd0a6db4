"""Databases for tests: made once with their tables and some reference data, then copied for each test."""

import os
import shutil
import sqlite3
from pathlib import Path

from cryptography.fernet import Fernet

from models.db import Model, db, transaction
from seeds.loader import load_reference
from webapp.app import create_app
from webapp.config import Settings

DEPARTMENTS = ("13", "31", "75", "93")
ENCRYPTION_KEY = Fernet.generate_key().decode()


def build_settings(url: str, data_dir: Path, **values: object) -> Settings:
    """Settings of a test app; child processes get the key from the environment, to read the same rows."""
    return Settings(
        data_dir=data_dir,
        database_url=url,
        secret_key="only for tests",
        encryption_keys=(os.environ.get("MAILLAGE_TEST_KEY", ENCRYPTION_KEY),),
        testing=True,
        **values,
    )


def fill_template(url: str, data_dir: Path) -> None:
    """Create the tables and load the closed lists, and the places of four departments."""
    app = create_app(build_settings(url, data_dir))
    with app.app_context():
        Model.metadata.create_all(db.engine)
        with transaction() as session:
            load_reference(session, departments=DEPARTMENTS)
        db.session.remove()
        db.engine.dispose()


def copy_sqlite(template: Path, target: Path) -> str:
    """Copy a closed database file."""
    with sqlite3.connect(template) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(template, target)
    return f"sqlite:///{target}"
