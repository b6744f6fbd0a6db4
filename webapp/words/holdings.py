"""What rests with an account, in words."""

from collections.abc import Mapping

from models.queries.holdings import Holding
from webapp.translation import ngettext


def tell_holdings(numbers: Mapping[Holding, int]) -> list[str]:
    """Tell what rests with somebody, one line a kind."""
    return [_tell(kind, number) for kind, number in numbers.items()]


def _tell(kind: Holding, number: int) -> str:
    return {
        Holding.FILE: ngettext("%(num)d person followed", "%(num)d people followed", number),
        Holding.INTERVIEW: ngettext("%(num)d interview to hold", "%(num)d interviews to hold", number),
        Holding.SESSION: ngettext("%(num)d workshop session", "%(num)d workshop sessions", number),
        Holding.SERIES: ngettext("%(num)d series of dates", "%(num)d series of several dates", number),
        Holding.GATHERING: ngettext("%(num)d meeting of supporters", "%(num)d meetings of supporters", number),
    }[kind]
