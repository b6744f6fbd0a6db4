"""Invented profiles for measurements: unequal popularity of topics, scarce evenings, people all over the country."""

import numpy as np

from matcher import Entrepreneur, Expertise, Need, Role, Stage, Supporter

N_TOPICS = 26
LANGUAGES = ("fr", "en", "ar", "tr", "pt", "es", "ro", "ta", "bm", "zh")
ACTIVITIES = tuple(f"{division}.{rest}Z" for division in (10, 43, 47, 56, 96) for rest in (11, 20, 71, 99))
SUBJECTS = (
    "boulangerie pain pâtisserie",
    "coiffure salon beauté",
    "chantier maçonnerie peinture",
    "restaurant cuisine traiteur",
    "site internet vente en ligne",
    "trésorerie comptabilité banque",
    "livraison vélo quartier",
    "couture mode bijoux",
)


class Population:
    """Draws entrepreneurs and supporters from a fixed seed."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.popularity = 1 / np.arange(1, N_TOPICS + 1)
        self.popularity /= self.popularity.sum()
        self.towns = self.rng.uniform((43.0, -1.0), (50.5, 7.0), (400, 2))

    def entrepreneur(self, number: int, roles: frozenset[Role]) -> Entrepreneur:
        town = self.rng.integers(len(self.towns))
        return Entrepreneur(
            id=f"e{number}",
            needs=tuple(Need(topic=topic, priority=int(self.rng.integers(1, 4))) for topic in self.topics(1, 6)),
            stage=tuple(Stage)[self.rng.integers(len(Stage))],
            languages=self.languages(),
            availability=self.slots(0.2),
            wanted_roles=roles,
            activity=ACTIVITIES[self.rng.integers(len(ACTIVITIES))],
            latitude=float(self.towns[town, 0] + self.rng.normal(0, 0.02)),
            longitude=float(self.towns[town, 1] + self.rng.normal(0, 0.02)),
            max_km=float(self.rng.choice((5, 10, 20, 30, 50))),
            accepts_remote=bool(self.rng.random() < 0.8),
            text=self.text(),
            coaching_consent=bool(self.rng.random() < 0.7),
            waiting_days=int(self.rng.integers(0, 200)),
            catchment=f"town {town}",
            wants_bridging=bool(self.rng.random() < 0.2),
        )

    def supporter(self, number: int, role: Role, places: tuple[int, int]) -> Supporter:
        town = self.rng.integers(len(self.towns))
        return Supporter(
            id=f"s{number}",
            role=role,
            expertise=tuple(Expertise(topic=topic, level=int(self.rng.integers(1, 4))) for topic in self.topics(2, 7)),
            languages=self.languages(),
            availability=self.slots(0.3),
            capacity=int(self.rng.integers(places[0], places[1] + 1)),
            activities=(ACTIVITIES[self.rng.integers(len(ACTIVITIES))],),
            stages=tuple(
                tuple(Stage)[at] for at in self.rng.choice(len(Stage), self.rng.integers(0, 4), replace=False)
            ),
            latitude=float(self.towns[town, 0]),
            longitude=float(self.towns[town, 1]),
            max_km=float(self.rng.choice((10, 30, 50))),
            accepts_remote=bool(self.rng.random() < 0.8),
            text=self.text(),
            catchment=f"town {town}",
            active_business=bool(self.rng.random() < 0.3),
            has_bounced_back=True,
        )

    def topics(self, least: int, most: int) -> tuple[str, ...]:
        count = self.rng.integers(least, most)
        return tuple(f"topic {at}" for at in self.rng.choice(N_TOPICS, count, replace=False, p=self.popularity))

    def languages(self) -> tuple[str, ...]:
        other = LANGUAGES[self.rng.integers(1, len(LANGUAGES))]
        chance = self.rng.random()
        if chance < 0.1:
            return (other,)
        return ("fr", other) if chance < 0.4 else ("fr",)

    def slots(self, share: float) -> int:
        chosen = self.rng.random(21) < share * np.tile((1.0, 1.0, 0.5), 7)
        return int((chosen << np.arange(21)).sum()) or 1 << int(self.rng.integers(21))

    def text(self) -> str:
        return " ".join(SUBJECTS[at] for at in self.rng.choice(len(SUBJECTS), 2))


def invent(
    n: int,
    m: int,
    *,
    roles: frozenset[Role] = frozenset({Role.MENTOR}),
    places: tuple[int, int] = (1, 3),
    seed: int = 0,
) -> tuple[list[Entrepreneur], list[Supporter]]:
    """Draw n entrepreneurs who want these roles and m supporters who share them."""
    population = Population(seed)
    offered = sorted(roles)
    people = [population.entrepreneur(at, roles) for at in range(n)]
    return people, [population.supporter(at, offered[at % len(offered)], places) for at in range(m)]
