"""What invented people write about themselves: many sentences with slots, and mistakes as people make them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from seeds.draws import Draws, weights
from seeds.invented import Career, Trade, sentences

_ARTICLE = re.compile(r"^((une|un|des|du|de la|la|le|les)\s+|de l'|l')", re.IGNORECASE)
_AMOUNTS = ("1 500", "3 000", "4 500", "6 000", "8 000", "12 000", "15 000", "20 000", "35 000")
_NUMBERS = ("deux", "trois", "quatre", "cinq", "six")
_SHAPES = weights("psnc 6 psn 7 pn 4 npc 3 nps 2 pnnc 4 psnn 4 nn 2 spn 2 n 1")
_CONTRACTIONS = (
    (" à les ", " aux "),
    (" à le ", " au "),
    (" de les ", " des "),
    (" de le ", " du "),
    (" de des ", " de "),
)
_BEFORE = frozenset({"idea", "emergence", "planning", "funding", "registration"})
# Spellings as one meets them in real forms.
_MISSPELLINGS = (
    *(("parce que", "parceque"), ("beaucoup", "bcp"), ("Je ne sais", "Je sais"), ("combien", "combient")),
    *(("professionnel", "profesionel"), ("financement", "finencement"), ("entreprise", "entreprize")),
    *(("trésorerie", "tresorrerie"), ("développe", "dévelope"), ("quelqu'un", "quelqun"), ("c'est", "cest")),
    *(("aujourd'hui", "aujourdhui"), ("Ça", "Sa"), ("marché", "marcher"), ("rendez-vous", "rdv")),
    *(("je n'arrive pas", "j'arrive pas"), ("clients", "client"), ("je n'ose pas", "j'ose pas"), ("s'il", "si il")),
    *(("vraiment", "vraiement"), ("difficile", "dificile"), ("connaît", "connait"), ("fournisseurs", "fourniseurs")),
)


def project_title(project: str) -> str:
    """Turn a project as one says it into a title."""
    bare = _ARTICLE.sub("", project)
    return bare[:1].upper() + bare[1:]


def entrepreneur_text(
    *, trade: Trade, project: str, stage: str, needs: Sequence[tuple[str, int]], languages: Sequence[str], draws: Draws
) -> str:
    """Write what a person says of project, situation and needs, in a language that the person speaks."""
    if draws.chance(0.05):
        return ""
    language = _written_language(languages, draws)
    slots = {
        "project": project,
        "Project": project[:1].upper() + project[1:],
        "project_en": trade.project_en,
        "clients": draws.pick(trade.clients),
        "worry": draws.pick(trade.worries),
        "amount": draws.pick(_AMOUNTS),
        "weeks": str(draws.between(2, 9)),
        "months": str(draws.between(2, 11)),
        "years_short": draws.pick(_NUMBERS[:2]) if language == "fr" else str(draws.between(2, 3)),
        "years_long": str(draws.between(4, 14)),
        "team": draws.pick(_NUMBERS),
    }
    keys = {"p": ("project", _project_key(stage, draws)), "s": ("situation", stage), "c": ("closing", "")}
    topics = iter(topic for topic, _ in sorted(needs, key=lambda need: -need[1]))
    said: list[str] = []
    for letter in _SHAPES.draw(draws):
        use, key = ("need", next(topics, "")) if letter == "n" else keys[letter]
        said.extend(_sentence(use, key, language, slots, draws))
    text = " ".join(said)
    for apart, together in _CONTRACTIONS:
        text = text.replace(apart, together)
    return _misspell(text, draws) if language == "fr" and draws.chance(0.16) else text


def supporter_text(
    *,
    career: Career,
    role: str,
    expertise: Sequence[tuple[str, int]],
    retired: bool,
    bounced_back: bool,
    draws: Draws,
) -> str:
    """Write what a supporter brings: the past activity, the strongest topics, the way of helping."""
    years = str(draws.between(22, 41) if retired else draws.between(8, 28))
    slots = {"past": draws.pick(career.past), "past_en": career.past_en, "years": years, "Years": years}
    language = "en" if draws.chance(0.02) else "fr"
    now = ("retired" if retired else "active") if language == "fr" and draws.chance(0.35) else ""
    said = _sentence("background", now, language, slots, draws)
    strongest = sorted(expertise, key=lambda item: -item[1])
    for topic, _ in strongest[: draws.between(1, 3)]:
        said.extend(_sentence("offer", topic, "fr", slots, draws))
    if bounced_back and draws.chance(0.7):
        said.extend(_sentence("offer", "bounce_back", "fr", slots, draws))
    if draws.chance(0.7):
        said.extend(_sentence("wish", role, "fr", slots, draws))
    text = " ".join(dict.fromkeys(said))
    return _misspell(text, draws) if draws.chance(0.04) else text


def _written_language(languages: Sequence[str], draws: Draws) -> str:
    """Choose French nearly always; people without French write English or Spanish, or somebody writes for them."""
    for language, share in (("en", 0.2), ("es", 0.3)):
        if language in languages and draws.chance(1.0 if "fr" not in languages else share):
            return language
    return "en" if "fr" not in languages and draws.chance(0.3) else "fr"


def _project_key(stage: str, draws: Draws) -> str:
    """Tell a project to come, a business that runs, a takeover or a business that was; or any of them."""
    if stage in {"rebound", "takeover"}:
        return stage
    if draws.chance(0.3):
        return ""
    return "before" if stage in _BEFORE else "running"


def _sentence(use: str, key: str, language: str, slots: Mapping[str, str], draws: Draws) -> list[str]:
    known = sentences()
    found = known.get((use, key, language)) or (known.get((use, "", language)) if use == "project" else None)
    return [draws.pick(found).format_map(slots)] if found else []


def _misspell(text: str, draws: Draws) -> str:
    """Write as in a hurry: some words misspelt, and often no accents, capitals or apostrophes."""
    for right, wrong in _MISSPELLINGS:
        if draws.chance(0.6):
            text = text.replace(right, wrong)
    manner = draws.unit()
    if manner < 0.5:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if manner > 0.3 and draws.chance(0.5):
        text = text.lower()
    if draws.chance(0.25):
        text = text.replace("'", " ")
    return text.rstrip(".") if draws.chance(0.4) else text
