"""Communes, priority neighbourhoods (QPV), and the checks of an address against them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model, PublicRecord, UtcDateTime, enum_type


class QpvResult(StrEnum):
    """Answer of a check."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    BORDERLINE = "borderline"
    UNKNOWN = "unknown"
    DECLARED = "declared"


class QpvGround(StrEnum):
    """What was checked: where the person lives, or where the company sits. Either opens the right."""

    RESIDENCE = "residence"
    HEAD_OFFICE = "head_office"


class QpvMethod(StrEnum):
    """How the answer was found."""

    POINT_IN_POLYGON = "point_in_polygon"
    CHOSEN_IN_LIST = "chosen_in_list"
    IMPORTED = "imported"
    CONFIRMED_BY_STAFF = "confirmed_by_staff"


class Commune(Model):
    """A commune, or a district of Paris, Lyon or Marseille (which names its commune as parent)."""

    __tablename__ = "communes"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    search_name: Mapped[str] = mapped_column(String(80), index=True)
    parent_code: Mapped[str | None] = mapped_column(String(5))
    department: Mapped[str] = mapped_column(String(3), index=True)
    postal_codes: Mapped[list[str]] = mapped_column(JSON)
    population: Mapped[int | None] = mapped_column(Integer)
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)


class Qpv(Model):
    """A priority neighbourhood with its contour (WKB, WGS84) in one zoning version."""

    __tablename__ = "qpvs"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    zoning_version: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(160))
    communes: Mapped[list[str]] = mapped_column(JSON)
    department: Mapped[str] = mapped_column(String(3), index=True)
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)
    contour: Mapped[bytes] = mapped_column(LargeBinary)


class QpvCheck(PublicRecord, Model):
    """One check of one address of one entrepreneur: what was asked, what was found, how and when. Never changed."""

    __tablename__ = "qpv_checks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        UniqueConstraint("entrepreneur_id", "ground", "checked_at"),
        CheckConstraint(
            "result NOT IN ('inside', 'borderline', 'declared') OR qpv_code IS NOT NULL", name="code_when_found"
        ),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
    )

    association_id: Mapped[int] = mapped_column()
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    ground: Mapped[QpvGround] = mapped_column(enum_type(QpvGround, "ground"))
    result: Mapped[QpvResult] = mapped_column(enum_type(QpvResult, "result"))
    method: Mapped[QpvMethod] = mapped_column(enum_type(QpvMethod, "method"))
    qpv_code: Mapped[str | None] = mapped_column(ForeignKey("qpvs.code"))
    zoning_version: Mapped[str] = mapped_column(String(8))
    distance_m: Mapped[float | None] = mapped_column(Double)
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
