"""The contract of a circle, in a few sentences by network. With every change of words raise its version.

The version is `VERSION` in `webapp/services/circle_contracts.py`: each yes says to which text.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.associations import Network

COMMON = (
    _l("What is said in the circle stays in the circle: no name, no figure, no story leaves it."),
    _l("I come, or I say early that I cannot: the others count on me."),
    _l("In turn, one of us brings a question. The others listen, ask, and share what they lived; nobody judges."),
    _l("Nobody sells anything here, nor takes over another’s project."),
    _l("I may leave at any time, without saying why. I tell the others or the facilitator."),
)
OWN: Mapping[Network, LazyString] = MappingProxyType(
    {
        Network.INITIATIVE_FRANCE: _l(
            "Nothing of what is said here reaches the committee that decides on loans, nor my file."
        ),
        Network.REBONDS: _l(
            "What each of us went through is hers or his to tell: I never speak of it elsewhere, even with kind words."
        ),
    }
)


def contract_of(network: Network) -> tuple[LazyString, ...]:
    """Give the sentences of a network's contract."""
    return (*COMMON, OWN[network])
