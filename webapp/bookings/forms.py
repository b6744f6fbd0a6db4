"""What the list of sessions is narrowed to, read from the address."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """A theme, online only, close to home only. Empty, everything is shown, recommended sessions first."""

    theme: str = ""
    online: bool = False
    near: bool = False

    @property
    def is_narrow(self) -> bool:
        """Say whether anything was chosen."""
        return bool(self.theme or self.online or self.near)


def read_filter(values: Mapping[str, str]) -> SessionFilter:
    """Read the filter; a theme that does not exist simply shows nothing."""
    return SessionFilter(
        theme=values.get("theme", "")[:40], online=values.get("online") == "1", near=values.get("near") == "1"
    )
