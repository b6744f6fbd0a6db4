"""The invented local associations of the demo, each with a real territory. Their names say that they are examples."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from seeds import reference
from webapp.spreadsheets.terms import fold

# The first ones, which the small demo has; the others follow by their number of neighbourhoods.
_FIRST_INITIATIVES = ("93", "13")
_FIRST_REBONDS = ("31",)
# Beginnings of numbers that the regulator (ARCEP) keeps for fiction, by region; elsewhere that of mobiles.
_NUMBERS = {
    **dict.fromkeys(("11",), "01 99 00"),
    **dict.fromkeys(("24", "28", "52", "53"), "02 61 91"),
    **dict.fromkeys(("27", "32", "44"), "03 53 01"),
    **dict.fromkeys(("84", "93", "94"), "04 65 71"),
    **dict.fromkeys(("75", "76"), "05 36 49"),
}
_MOBILES = "06 39 98"
_WIDE_TERRITORIES = {"31": ("31", "81", "82", "09")}  # an antenna of 60 000 rebonds often serves several départements


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedAssociation:
    """A local association: its network, its seat and the neighbourhoods it serves."""

    slug: str
    name: str
    network: str
    departments: tuple[str, ...]
    seat: str
    qpvs: tuple[str, ...]
    email: str
    phone: str
    address: str

    @property
    def department(self) -> str:
        """Give the département of its seat."""
        return self.departments[0]


def build_associations(initiatives: int, rebonds: int) -> tuple[InventedAssociation, ...]:
    """Invent so many associations of each network, largest territories first, `initiative_france` before `rebonds`."""
    names = _Names()
    found: list[InventedAssociation] = []
    for department, count in _spread(_departments(_FIRST_INITIATIVES), initiatives):
        found.extend(_initiatives(department, count, names))
    found.extend(
        _antenna(department, names) for department in _departments(_FIRST_REBONDS, last=("drom", "com"))[:rebonds]
    )
    return tuple(found)


def _departments(first: Sequence[str], *, last: Sequence[str] = ("com",)) -> list[str]:
    """Order départements: those asked for, then by number of neighbourhoods, the zones named last at the end."""
    count = Counter(qpv.department for qpv in reference.qpvs().values())
    zones = {code: department.zone in last for code, department in reference.departments().items()}
    rest = sorted(count.keys() - set(first), key=lambda code: (zones[code], -count[code], code))
    return [*first, *rest]


def _spread(departments: list[str], total: int) -> list[tuple[str, int]]:
    """Give one association to each département in order, the others where neighbourhoods are most for each."""
    size = Counter(qpv.department for qpv in reference.qpvs().values())
    count = dict.fromkeys(departments[:total], 1)
    for _ in range(total - len(count)):
        busiest = max(count, key=lambda code: (size[code] / (count[code] + 1), code))
        count[busiest] += 1
    return list(count.items())


def _initiatives(department: str, count: int, names: "_Names") -> list[InventedAssociation]:
    """Share a département between its associations: each neighbourhood goes to the nearest seat."""
    qpvs = [qpv for qpv in reference.qpvs().values() if qpv.department == department]
    towns = Counter(qpv.communes[0] for qpv in qpvs).most_common()
    seats = [code for code, _ in sorted(towns, key=lambda item: (-item[1], item[0]))[:count]]
    if count == 1:
        seats = [reference.departments()[department].seat]
    served: dict[str, list[str]] = {seat: [] for seat in seats}
    for qpv in qpvs:
        served[min(seats, key=lambda seat: _distance(qpv, seat))].append(qpv.code)
    return [
        names.name(
            network="initiative_france",
            place=reference.departments()[department].name if count == 1 else reference.communes()[seat].name,
            departments=(department,),
            seat=seat,
            qpvs=tuple(codes),
        )
        for seat, codes in served.items()
        if codes
    ]


def _antenna(department: str, names: "_Names") -> InventedAssociation:
    departments = _WIDE_TERRITORIES.get(department, (department,))
    seat = reference.departments()[department].seat
    return names.name(
        network="rebonds",
        place=reference.communes()[seat].name,
        departments=departments,
        seat=seat,
        qpvs=tuple(qpv.code for qpv in reference.qpvs().values() if qpv.department in departments),
    )


def _distance(qpv: reference.Qpv, commune: str) -> float:
    """Compare distances inside one département; the scale does not matter."""
    town = reference.communes()[commune]
    if town.latitude is None or town.longitude is None:
        return 0.0
    return (qpv.latitude - town.latitude) ** 2 + ((qpv.longitude - town.longitude) * 0.7) ** 2


class _Names:
    """Give each association a name and a slug that no other has."""

    def __init__(self) -> None:
        self._slugs: set[str] = set()

    def name(
        self, *, network: str, place: str, departments: tuple[str, ...], seat: str, qpvs: tuple[str, ...]
    ) -> InventedAssociation:
        if network == "rebonds":
            name, slug = f"60 000 rebonds, antenne exemple {place}", f"rebonds-exemple-{_slug(place)}"
        else:
            name, slug = f"Initiative Exemple {place}", f"initiative-exemple-{_slug(place)}"
        if slug in self._slugs:
            name, slug = f"{name} ({departments[0]})", f"{slug}-{departments[0].lower()}"
        self._slugs.add(slug)
        return InventedAssociation(
            slug=slug,
            name=name,
            network=network,
            departments=departments,
            seat=seat,
            qpvs=qpvs,
            email=f"{slug}@example.org",
            phone=_invent_number(seat, len(self._slugs)),
            address=_invent_address(seat),
        )


def _invent_number(seat: str, number: int) -> str:
    return f"{_NUMBERS.get(reference.communes()[seat].region, _MOBILES)} {number // 100:02d} {number % 100:02d}"


def _invent_address(seat: str) -> str:
    town = reference.communes()[seat]
    return f"Maison des projets, 1 place de l’Exemple, {' '.join((*town.postal_codes[:1], town.name))}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text))
