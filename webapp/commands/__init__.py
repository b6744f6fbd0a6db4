"""The `maillage` command: thin, one module per subject; parse, call a service, print, exit code."""

from types import MappingProxyType

from webapp.commands.entry import CommandsOnDemand, main

CommandsOnDemand.modules = MappingProxyType(
    {
        "association": "webapp.commands.people",
        "db": "webapp.commands.databases",
        "demo": "webapp.commands.population",
        "export": "webapp.commands.people",
        "import": "webapp.commands.people",
        "invariants": "webapp.commands.operations",
        "match": "webapp.commands.matching",
        "messages": "webapp.commands.operations",
        "routes": "webapp.commands.serving",
        "run": "webapp.commands.operations",
        "seed": "webapp.commands.population",
        "serve": "webapp.commands.serving",
        "tick": "webapp.commands.operations",
        "user": "webapp.commands.people",
        "work": "webapp.commands.serving",
    }
)

__all__ = ["main"]
