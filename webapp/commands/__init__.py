"""The `maillage` command: thin, one module per subject; parse, call a service, print, exit code."""

from webapp.commands import databases, matching, operations, people, population, serving
from webapp.commands.entry import main

__all__ = ["databases", "main", "matching", "operations", "people", "population", "serving"]
