"""What each network calls the people who help: the same role has the name that its people know."""

from models.associations import Network
from webapp.translation import pgettext


def mentor_word(network: str) -> str:
    """Give the word for a mentor in a network; the plain one where none is known."""
    if network == Network.INITIATIVE_FRANCE:
        return pgettext("initiative_france", "mentor")
    return pgettext("rebonds", "mentor")
