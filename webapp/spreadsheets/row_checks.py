"""What must hold between the cells of one line, and the position of a person who gave none."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from webapp.spreadsheets.problems import CellError
from webapp.spreadsheets.rows import EntrepreneurRow, LocationSource, Row, SupporterRow, WorkshopSessionRow
from webapp.spreadsheets.vocabulary import Vocabulary

PARIS = ZoneInfo("Europe/Paris")
FARTHEST_KM = 250.0  # from the centre of the commune; the widest communes of Guyane and Polynesia stay below
_KM_PER_DEGREE = 111.2

Wrong = tuple[str, str, CellError]
AnyRow = TypeVar("AnyRow", bound=Row)


def complete_row(row: AnyRow, vocabulary: Vocabulary) -> AnyRow:
    """Give a person without a position that of the QPV, then of the commune, and say so in `location_source`."""
    if isinstance(row, WorkshopSessionRow) or row.latitude is not None or row.longitude is not None:
        return row
    qpv = vocabulary.qpvs.get(row.qpv_code or "") if isinstance(row, EntrepreneurRow) else None
    if qpv is not None:
        return replace(row, latitude=qpv.latitude, longitude=qpv.longitude, location_source=LocationSource.QPV)
    commune = vocabulary.communes[row.commune]
    if commune.latitude is None or commune.longitude is None:
        return replace(row, location_source=LocationSource.UNKNOWN)
    return replace(row, latitude=commune.latitude, longitude=commune.longitude, location_source=LocationSource.COMMUNE)


def check_row(row: Row, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """Give (column, value, what was expected) for each thing that does not hold between the cells of a line."""
    if isinstance(row, WorkshopSessionRow):
        yield from _check_session(row)
    else:
        yield from _check_position(row, vocabulary)
    if isinstance(row, EntrepreneurRow):
        yield from _check_qpv(row, vocabulary)


def _check_position(row: EntrepreneurRow | SupporterRow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    if row.latitude is None or row.longitude is None:
        if row.latitude is not row.longitude:
            empty = "latitude" if row.latitude is None else "longitude"
            yield (
                empty,
                "",
                CellError(
                    code="half_a_position",
                    expected_fr="la latitude et la longitude, ou aucune des deux",
                    expected_en="both latitude and longitude, or neither",
                ),
            )
        return
    commune = vocabulary.communes[row.commune]
    if row.location_source is not LocationSource.GIVEN or commune.latitude is None or commune.longitude is None:
        return
    north = row.latitude - commune.latitude
    east = (row.longitude - commune.longitude) * math.cos(math.radians(commune.latitude))
    if math.hypot(north, east) * _KM_PER_DEGREE > FARTHEST_KM:
        yield (
            "latitude",
            f"{row.latitude} {row.longitude}",
            CellError(
                code="position_far_from_commune",
                expected_fr=f"une position près de {commune.name} (latitude et longitude inversées ?)",
                expected_en=f"a position near {commune.name} (latitude and longitude swapped?)",
            ),
        )


def _check_qpv(row: EntrepreneurRow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    if row.qpv_code is None or row.commune in vocabulary.qpvs[row.qpv_code].communes:
        return
    qpv = vocabulary.qpvs[row.qpv_code]
    names = ", ".join(vocabulary.communes[code].name for code in qpv.communes)
    yield (
        "qpv_code",
        row.qpv_code,
        CellError(
            code="qpv_elsewhere",
            expected_fr=f"un quartier de {vocabulary.communes[row.commune].name} ; {row.qpv_code} ({qpv.name}) est à "
            f"{names}",
            expected_en=f"a neighbourhood of {vocabulary.communes[row.commune].name}; {row.qpv_code} ({qpv.name}) is "
            f"in {names}",
        ),
    )


def _check_session(row: WorkshopSessionRow) -> Iterator[Wrong]:
    if row.ends_at <= row.starts_at:
        yield (
            "ends_at",
            row.ends_at.strftime("%H:%M"),
            CellError(
                code="ends_before_start",
                expected_fr="une heure de fin après l’heure de début, le même jour",
                expected_en="an end after the start, the same day",
            ),
        )
    for name, moment in (("starts_at", row.starts_at), ("ends_at", row.ends_at)):
        wall = datetime.combine(row.starts_on, moment)
        if wall.replace(tzinfo=PARIS).astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) != wall:
            yield (
                name,
                wall.strftime("%d/%m/%Y %H:%M"),
                CellError(
                    code="no_such_time",
                    expected_fr="une heure qui existe : celle-ci est sautée au passage à l’heure d’été",
                    expected_en="a time that exists: this one is skipped when summer time begins",
                ),
            )
    if row.format != "online" and row.commune is None:
        yield (
            "commune",
            "",
            CellError(
                code="missing_place",
                expected_fr="une commune, puisque la session n’est pas seulement à distance",
                expected_en="a commune, since the session is not online only",
            ),
        )
