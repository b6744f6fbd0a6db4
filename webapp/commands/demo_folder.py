"""The folder of a demo: marked by who fills it, and emptied again of nothing but what the demo made."""

import shutil
from pathlib import Path

import click

MARK = "demo"
"""Lies in the folder as soon as its people are invented: a real installation has the same files, but not this one."""
MADE = frozenset(
    {
        *(f"{name}{end}" for name in ("maillage.db", "jobs.db") for end in ("", "-wal", "-shm", "-journal")),
        *("secret_key", "encryption_key", "uploads", MARK),
    }
)


def mark(folder: Path) -> None:
    """Note that the folder is a demo's, before anybody is invented."""
    (folder / MARK).touch()


def empty(folder: Path) -> None:
    """Delete what a demo made in a folder; one that is not a demo's, or holds something else, stays as it is.

    Raises
    ------
    click.ClickException
        If anything there was made by somebody else; nothing is deleted then.
    """
    if not folder.exists():
        return
    found = sorted(folder.iterdir())
    foreign = [path.name for path in found if path.name not in MADE]
    if found and not (folder / MARK).exists():
        raise click.ClickException(f"{folder} is not a demo's folder, and nothing was deleted. {WHAT_NOW}")
    if foreign:
        raise click.ClickException(f"{folder} also holds {', '.join(foreign)}, and nothing was deleted. {WHAT_NOW}")
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


WHAT_NOW = "Name another folder in MAILLAGE_DATA_DIR, or empty this one yourself."
