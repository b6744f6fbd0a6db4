"""Invented people for property tests: small pools in which every rule strikes now and then."""

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from matcher import Entrepreneur, Expertise, Format, Need, Role, Stage, Supporter, WorkshopSession

RELAXED = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no reason for a property to fail."""

TOPICS = ("fundraising", "sales", "cash_flow", "confidence", "digital_tools")
ACTIVITIES = ("10.71C", "10.71D", "10.71", "10.7", "47.11B", "96.02A")
PLACES = ((48.8566, 2.3522), (48.90, 2.36), (45.7640, 4.8357), (-20.8789, 55.4481))
WORDS = ("boulangerie", "vente", "trésorerie", "coiffure", "projet", "banque", "site internet", "clients", "stress")
LANGUAGES = ("fr", "en", "ar")

masks = st.sampled_from((0, 0b1, 0b11, 0b111000, 0b101010101, (1 << 21) - 1))
texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
names = st.sampled_from((None, "first", "second"))
places = st.sampled_from((None, *PLACES))
spoken = st.lists(st.sampled_from(LANGUAGES), unique=True, max_size=3).map(tuple)


@st.composite
def entrepreneurs(draw: st.DrawFn, id: str = "e0") -> Entrepreneur:
    place = draw(places)
    topics = draw(st.lists(st.sampled_from(TOPICS), max_size=4))
    return Entrepreneur(
        id=id,
        needs=tuple(Need(topic=topic, priority=draw(st.integers(1, 3))) for topic in topics),
        stage=draw(st.sampled_from(Stage)),
        languages=draw(spoken),
        availability=draw(masks),
        wanted_roles=draw(st.frozensets(st.sampled_from(Role))),
        activity=draw(st.sampled_from((None, *ACTIVITIES))),
        latitude=place and place[0],
        longitude=place and place[1],
        max_km=draw(st.sampled_from((0.0, 10.0, 500.0))),
        accepts_remote=draw(st.booleans()),
        text=draw(texts),
        coaching_consent=draw(st.booleans()),
        after_liquidation=draw(st.booleans()),
        waiting_days=draw(st.integers(0, 400)),
        association=draw(names),
        catchment=draw(names),
        household=draw(names),
        wants_bridging=draw(st.booleans()),
        excluded=draw(st.frozensets(st.sampled_from(("s0", "s1", "s2")), max_size=1)),
    )


@st.composite
def supporters(draw: st.DrawFn, id: str = "s0") -> Supporter:
    place = draw(places)
    topics = draw(st.lists(st.sampled_from(TOPICS), max_size=4))
    return Supporter(
        id=id,
        role=draw(st.sampled_from(Role)),
        expertise=tuple(Expertise(topic=topic, level=draw(st.integers(1, 3))) for topic in topics),
        languages=draw(spoken),
        availability=draw(masks),
        capacity=draw(st.integers(0, 3)),
        activities=tuple(draw(st.lists(st.sampled_from(ACTIVITIES), max_size=2))),
        stages=tuple(draw(st.lists(st.sampled_from(Stage), max_size=2))),
        latitude=place and place[0],
        longitude=place and place[1],
        max_km=draw(st.sampled_from((0.0, 10.0, 500.0))),
        accepts_remote=draw(st.booleans()),
        text=draw(texts),
        association=draw(names),
        catchment=draw(names),
        household=draw(names),
        judges=draw(st.frozensets(st.sampled_from(("e0", "e1", "e2")), max_size=1)),
        active_business=draw(st.booleans()),
        has_bounced_back=draw(st.booleans()),
        certified=draw(st.booleans()),
    )


@st.composite
def pools(
    draw: st.DrawFn, *, most_entrepreneurs: int = 8, most_supporters: int = 6
) -> tuple[list[Entrepreneur], list[Supporter]]:
    n = draw(st.integers(0, most_entrepreneurs))
    m = draw(st.integers(0, most_supporters))
    return [draw(entrepreneurs(f"e{at}")) for at in range(n)], [draw(supporters(f"s{at}")) for at in range(m)]


@st.composite
def sessions(draw: st.DrawFn, id: str = "w0") -> WorkshopSession:
    place = draw(places)
    return WorkshopSession(
        id=id,
        theme=draw(st.sampled_from(("financing", "bounce_back", "discovery"))),
        topics=tuple(draw(st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3, unique=True))),
        stages=tuple(draw(st.lists(st.sampled_from(Stage), max_size=2))),
        language=draw(st.sampled_from(LANGUAGES)),
        slot=draw(st.integers(0, 20)),
        format=draw(st.sampled_from(Format)),
        latitude=place and place[0],
        longitude=place and place[1],
        seats_left=draw(st.integers(0, 2)),
        starts_in_days=draw(st.integers(-1, 90)),
    )
