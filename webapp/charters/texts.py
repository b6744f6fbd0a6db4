"""What a charter says, by network. French is what is signed; English helps to read it.

A text that somebody signed is kept with the charter, so that a new version here changes nothing for them. Raise
`VERSION` with every change of words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.associations import Network

VERSION = "2026-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One promise, with its heading."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterText:
    """A title and its clauses."""

    title: str
    clauses: tuple[Clause, ...]


def clause(heading: str, words: str) -> Clause:
    """Make a clause."""
    return Clause(heading=heading, words=words)


FREE = clause(
    "Gratuit et désintéressé",
    "L’accompagnement est personnel, gratuit et désintéressé. Le ou la bénévole ne vend rien, n’investit pas et ne "
    "prend aucune part dans l’entreprise.",
)
MASTER = clause(
    "Une seule personne décide",
    "L’entrepreneur ou l’entrepreneure reste seul maître de ses choix. Le ou la bénévole écoute, questionne, partage "
    "son expérience ; il ou elle ne dirige pas l’entreprise et ne signe rien à sa place.",
)
NOT_LIABLE = clause(
    "Des avis, pas une garantie",
    "Les avis sont donnés de bonne foi, sans obligation de résultat. Le ou la bénévole n’est pas responsable des "
    "décisions prises ni de leurs suites.",
)
RHYTHM = clause(
    "Un rythme tenu",
    "Les deux se parlent au moins une fois par mois et se retrouvent une demi-journée par trimestre. Qui ne peut pas "
    "venir prévient et propose une autre date.",
)
DISCREET = clause(
    "Confidentiel",
    "Ce qui se dit entre les deux reste entre les deux. L’association connaît les dates et les durées des rencontres, "
    "jamais leur contenu.",
)
FREE_TO_STOP = clause(
    "Libre de s’arrêter",
    "Chacun peut faire une pause ou s’arrêter à tout moment, sans faute et sans justification devant l’autre. "
    "L’association est prévenue et aide à trouver la suite.",
)
REFERENT = clause(
    "Un référent à l’écoute",
    "L’association désigne une personne référente. Elle veille au bon déroulement, répond aux questions et peut être "
    "appelée à tout moment par l’un ou l’autre.",
)
MENTOR_TERM = clause(
    "Une durée prévue",
    "L’accompagnement porte sur les premières années de l’entreprise, deux ans en principe. Il se termine par un "
    "échange avec la personne référente.",
)
REBOUND_TERM = clause(
    "Une durée prévue",
    "Le parcours dure vingt-quatre mois au plus. Lorsqu’un ou une coach en fait partie, sept heures lui sont "
    "consacrées, réparties comme les deux le souhaitent.",
)
REBOUND_AIM = clause(
    "Rebondir à son rythme",
    "Le parcours aide une personne à se reconstruire puis à choisir la suite, entreprise ou emploi. Rien de ce qui "
    "s’est passé avant n’est jugé.",
)
FREE_EN = clause(
    "Free and disinterested",
    "The support is personal, free and disinterested. The volunteer sells nothing, does not invest and takes no part "
    "in the business.",
)
MASTER_EN = clause(
    "One person decides",
    "The entrepreneur alone decides. The volunteer listens, asks, shares experience; he or she does not run the "
    "business and signs nothing in its name.",
)
NOT_LIABLE_EN = clause(
    "Opinions, not a guarantee",
    "Opinions are given in good faith, without a promise of results. The volunteer is not liable for decisions or "
    "what follows from them.",
)
RHYTHM_EN = clause(
    "A rhythm that is kept",
    "The two talk at least once a month and spend half a day a quarter together. Who cannot come says so and proposes "
    "another date.",
)
DISCREET_EN = clause(
    "Confidential",
    "What is said between the two stays between the two. The association knows when they met and for how long, never "
    "what about.",
)
FREE_TO_STOP_EN = clause(
    "Free to stop",
    "Each may pause or stop at any time, without fault and without having to explain. The association is told and "
    "helps to find what comes next.",
)
REFERENT_EN = clause(
    "Somebody to turn to",
    "The association names a referent, who watches over the path, answers questions and may be called by either at "
    "any time.",
)
MENTOR_TERM_EN = clause(
    "A planned length",
    "The support is for the first years of the business, two years as a rule. It ends with a talk with the referent.",
)
REBOUND_TERM_EN = clause(
    "A planned length",
    "The path lasts twenty-four months at most. Where a coach is part of it, seven hours are given to it, spread as "
    "the two wish.",
)
REBOUND_AIM_EN = clause(
    "Starting again at one’s own pace",
    "The path helps a person to find new ground and then to choose what comes next, business or job. Nothing that "
    "happened before is judged.",
)
TEXTS: Mapping[tuple[Network, str], CharterText] = MappingProxyType(
    {
        (Network.INITIATIVE_FRANCE, "fr"): CharterText(
            title="Charte d’accompagnement",
            clauses=(FREE, MASTER, NOT_LIABLE, RHYTHM, DISCREET, REFERENT, MENTOR_TERM, FREE_TO_STOP),
        ),
        (Network.INITIATIVE_FRANCE, "en"): CharterText(
            title="Charter of support",
            clauses=(
                FREE_EN,
                MASTER_EN,
                NOT_LIABLE_EN,
                RHYTHM_EN,
                DISCREET_EN,
                REFERENT_EN,
                MENTOR_TERM_EN,
                FREE_TO_STOP_EN,
            ),
        ),
        (Network.REBONDS, "fr"): CharterText(
            title="Charte du parcours de rebond",
            clauses=(REBOUND_AIM, FREE, MASTER, NOT_LIABLE, RHYTHM, DISCREET, REFERENT, REBOUND_TERM, FREE_TO_STOP),
        ),
        (Network.REBONDS, "en"): CharterText(
            title="Charter of the rebound path",
            clauses=(
                REBOUND_AIM_EN,
                FREE_EN,
                MASTER_EN,
                NOT_LIABLE_EN,
                RHYTHM_EN,
                DISCREET_EN,
                REFERENT_EN,
                REBOUND_TERM_EN,
                FREE_TO_STOP_EN,
            ),
        ),
    }
)


def text_to_sign(network: Network) -> str:
    """Give the French text as it is kept: a title, then each clause with its heading on a line of its own."""
    chosen = TEXTS[network, "fr"]
    return "\n\n".join([chosen.title, *(f"{one.heading}\n{one.words}" for one in chosen.clauses)])


def read_text(kept: str) -> CharterText:
    """Give a kept text back in its parts."""
    title, *blocks = kept.split("\n\n")
    parts = (block.partition("\n") for block in blocks)
    return CharterText(title=title, clauses=tuple(clause(heading, words) for heading, _, words in parts))
