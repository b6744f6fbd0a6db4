"""Who may import whom: the contracts in pyproject.toml, checked on the code as it is."""

import ast
import re
from pathlib import Path

from importlinter import api

ROOT = Path(__file__).resolve().parents[2]
# The bridges alone see both tables and engine: one for runs and pairs, one for workshops and plans, one that looks back
# on an answer, one for past decisions and weights, one for circles, one for what is learned of texts, so that none
# grows too long to read; commands that need no database may speak to the engine directly, and words and errors name
# the engine's codes without calling it.
MAY_IMPORT_THE_ENGINE = {
    "matcher_bridge.py",
    "circle_bridge.py",
    "session_bridge.py",
    "insight_bridge.py",
    "decision_bridge.py",
    "rematch_bridge.py",
    "text_bridge.py",
    "labels.py",
    "errors.py",
    "match_files.py",
    "commands/entry.py",
    "commands/matching.py",
}
# The tests put a day of their own in the place of one clock: whoever asks another one lives on another day.
READS_THE_CLOCK = re.compile(r"\b(datetime\.(now|today|utcnow)|date\.today|time\.time)\(")
MAY_READ_THE_CLOCK = {
    "webapp/clock.py",
    "webapp/imports/uploads.py",  # the age of a file
    "tests/clock.py",
    "tests/webapp/test_transport.py",  # the days of a certificate
}


def test_the_rooms_import_each_other_as_drawn(capsys):
    passed = api.read_configuration(str(ROOT / "pyproject.toml"))
    assert len(passed["contracts_options"]) >= 4
    from importlinter.cli import lint_imports

    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_only_the_bridge_and_named_modules_import_the_engine():
    found = {
        str(path.relative_to(ROOT / "webapp"))
        for path in (ROOT / "webapp").rglob("*.py")
        if any(name.split(".")[0] == "matcher" for name in imported_names(path))
    }
    assert found <= MAY_IMPORT_THE_ENGINE


def test_one_clock_is_read():
    found = {
        str(path.relative_to(ROOT))
        for room in ("matcher", "models", "seeds", "webapp", "tests")
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and READS_THE_CLOCK.search(path.read_text(encoding="utf-8"))
    }
    assert found == MAY_READ_THE_CLOCK


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
