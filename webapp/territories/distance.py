"""Kilometres between two places, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def measure_km(
    latitude: float | None, longitude: float | None, other_latitude: float | None, other_longitude: float | None
) -> float | None:
    """Give the distance, or None when one of the two places is not known."""
    if latitude is None or longitude is None or other_latitude is None or other_longitude is None:
        return None
    south, north = radians(latitude), radians(other_latitude)
    half = (
        sin((north - south) / 2) ** 2
        + cos(south) * cos(north) * sin((radians(other_longitude) - radians(longitude)) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
