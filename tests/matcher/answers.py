"""Invented answers whose reasons are known: people, supporters shown to them, and what was said, fairly or not."""

import numpy as np
from scipy.special import expit

from matcher import COMPONENTS, Decision, Outcome, Role

TRUTH = {"needs": 20, "stage": 30, "languages": 10, "availability": 20, "place": 5, "text": 10, "bridging": 5}
SLOPE = 8.0
"""Logits that the whole range of a score is worth."""


def invent_decisions(
    rng: np.random.Generator,
    people: int,
    *,
    truth: dict[str, int] = TRUTH,
    slope: float = SLOPE,
    refused_territory: bool = False,
    popularity_effect: float = 0.0,
) -> list[Decision]:
    """Up to three supporters shown to each person, each answered by the true weights.

    With `refused_territory` three people in ten live far away and are refused nine times in ten, whoever is proposed.
    With `popularity_effect` who has been proposed often says yes more easily, and knows more.
    """
    case = np.repeat(np.arange(people), rng.choice(3, people, p=(0.4, 0.3, 0.3)) + 1)
    n = len(case)
    values = rng.beta(2, 2, (n, len(COMPONENTS)))
    refused = (rng.random(people) < 0.3)[case] & refused_territory
    values[refused, COMPONENTS.index("place")] *= 0.4
    popularity, shown = rng.poisson(3, n), rng.integers(1, 4, n)
    if popularity_effect:
        values[:, 0] = np.clip(values[:, 0] * 0.5 + 0.08 * popularity, 0, 1)
    shares = np.array([truth.get(name, 0) for name in COMPONENTS]) / sum(truth.values())
    logits = slope * (values @ shares - 0.5) + popularity_effect * (popularity - 3)
    fits = rng.random(n) < np.where(refused, 0.1, expit(logits))
    return [
        Decision(
            role=Role.MENTOR,
            components=dict(zip(COMPONENTS, values[at].tolist(), strict=True)),
            outcome=Outcome.APPROVED if fits[at] else Outcome.REJECTED_NEEDS_DIFFER,
            case=int(case[at]),
            list_length=int(shown[at]),
            popularity=int(popularity[at]),
            weight_version=1,
        )
        for at in range(n)
    ]
