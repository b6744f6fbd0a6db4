"""One ordinary entrepreneur, one supporter who fits her, one session: tests change what they are about."""

from dataclasses import replace

from matcher import Entrepreneur, Expertise, Format, Need, Role, Stage, Supporter, WorkshopSession

ALWAYS = (1 << 21) - 1


def entrepreneur(id: str = "e0", **changes: object) -> Entrepreneur:
    basis = Entrepreneur(
        id=id,
        needs=(Need(topic="sales", priority=3),),
        stage=Stage.LAUNCH,
        languages=("fr",),
        availability=ALWAYS,
        wanted_roles=frozenset({Role.MENTOR}),
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def supporter(id: str = "s0", **changes: object) -> Supporter:
    basis = Supporter(
        id=id,
        role=Role.MENTOR,
        expertise=(Expertise(topic="sales", level=3),),
        languages=("fr",),
        availability=ALWAYS,
        capacity=1,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]


def session(id: str = "w0", **changes: object) -> WorkshopSession:
    basis = WorkshopSession(
        id=id,
        theme="first_customers",
        topics=("sales",),
        slot=0,
        format=Format.ONLINE,
        seats_left=5,
        starts_in_days=6,
    )
    return replace(basis, **changes)  # type: ignore[arg-type]
