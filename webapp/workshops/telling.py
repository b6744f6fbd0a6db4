"""What the page says after something was done to a session."""

from flask import flash

from webapp.translation import ngettext


def flash_done(*sentences: str, told: int) -> None:
    """Flash what was done, and to how many people a message about it goes."""
    parts = list(sentences)
    if told:
        parts.append(
            ngettext("A message to %(num)d person is on its way.", "A message to %(num)d people is on its way.", told)
        )
    flash(" ".join(parts), "success")
