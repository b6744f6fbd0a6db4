"""Words of texts: cut out and stemmed; those that carry no subject, and those of the trade that mean the same."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import snowballstemmer

_FRENCH = """
a afin ai aie aient aies ainsi ait alors après as au aucun aucune aujourd aussi autant autre autres aux auquel avais
avait avant avec avez aviez avions avoir avons ayant beaucoup bien bon car ce ceci cela celle celles celui cependant
ces cet cette ceux chaque chez ci combien comme comment contre dans de déjà depuis des désormais dès deux devant doit
dois donc dont du durant elle elles en encore enfin ensuite entre envers es est et étaient étais était étant été êtes
être eu eux fait faire fais faut font grâce hors hui ici il ils j je jusque la laquelle là le lequel les lesquelles
lesquels leur leurs lors lui ma mais malgré me même mêmes mes mien mienne mieux moi moins mon ne ni non nos notre nous
on ont or ou où par parce parfois parmi pas pendant peu peut peuvent peux plus plusieurs plutôt pour pourquoi pourrait
pouvoir près presque puis puisque qu quand que quel quelle quelles quels quelque quelques qui quoi rien sa sans se
sera serai seraient serait ses si sien soi soient sois soit sommes son sont sous suis sur ta tandis tant te tel telle
telles tels tes toi ton toujours tous tout toute toutes très trop tu un une vais va vers veut veux via voici voilà
vont vos votre vous vu y
"""

_ENGLISH = """
a about above after again all also am an and any are as at be because been before being below between both but by can
could did do does doing down during each few for from further had has have having he her here hers him his how i if in
into is it its itself just like me more most my need no nor not now of off on once only or other our ours out over own
same she should so some such than that the their them then there these they this those through to too under until up
very want was we were what when where which while who whom why will with would you your yours
"""

STOP_WORDS = MappingProxyType({"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())})
"""Words without a subject, per language, in lower case with their accents."""

SYNONYMS = MappingProxyType(
    {
        "fr": {
            "appli": "application",
            "asso": "association",
            "autoentrepreneur": "microentreprise",
            "banquier": "banque",
            "boutique": "magasin",
            "boulanger": "boulangerie",
            "boulangère": "boulangerie",
            "business": "entreprise",
            "candidature": "recrutement",
            "coiffeur": "coiffure",
            "coiffeuse": "coiffure",
            "com": "communication",
            "compta": "comptabilité",
            "comptable": "comptabilité",
            "crédit": "prêt",
            "cuisinier": "cuisine",
            "cuisinière": "cuisine",
            "couturier": "couture",
            "couturière": "couture",
            "démarchage": "prospection",
            "échoppe": "magasin",
            "électricien": "électricité",
            "embauche": "recrutement",
            "embaucher": "recrutement",
            "emprunt": "prêt",
            "esthéticienne": "esthétique",
            "impayé": "trésorerie",
            "impayés": "trésorerie",
            "internet": "numérique",
            "livreur": "livraison",
            "local": "locaux",
            "logiciel": "numérique",
            "magasins": "magasin",
            "marché": "commerce",
            "mécanicien": "mécanique",
            "microentrepreneur": "microentreprise",
            "pâtissier": "pâtisserie",
            "pâtissière": "pâtisserie",
            "peintre": "peinture",
            "plombier": "plomberie",
            "pub": "publicité",
            "recruter": "recrutement",
            "resto": "restaurant",
            "restaurateur": "restaurant",
            "restauration": "restaurant",
            "salarié": "recrutement",
            "société": "entreprise",
            "startup": "entreprise",
            "traiteur": "cuisine",
            "tréso": "trésorerie",
            "vendre": "vente",
            "web": "numérique",
        },
        "en": {
            "bookkeeping": "accounting",
            "company": "business",
            "firm": "business",
            "hire": "recruitment",
            "shop": "store",
        },
    }
)
"""Words of the trade brought to one form before stemming; a short list is worth more here than a heavier method."""

ELISIONS = frozenset(
    ["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu"]
)
"""French words that lose their vowel before an apostrophe."""

STEMMERS = MappingProxyType({"fr": "french", "en": "english"})
"""Name of the stemmer of each language."""

_TRADE = MappingProxyType({one: frozenset(SYNONYMS[one]) | frozenset(SYNONYMS[one].values()) for one in STEMMERS})
"""Words of the trade that a text in each language may hold; some, such as business, are in both."""

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS"})
"""Letters that many keyboards lack, as people write them then."""

_WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """Take the accents off a text and its ligatures apart.

    Examples
    --------
    >>> fold("trésorerie"), fold("œuvre")
    ('tresorerie', 'oeuvre')
    """
    bare = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Bring a word in lower case to the form that stands for its family; stop words give an empty text.

    Parameters
    ----------
    word : str
        One word in lower case.
    language : str
        `fr` or `en`.

    Returns
    -------
    stem : str
        The folded stem.

    Examples
    --------
    >>> stem("comptable", "fr") == stem("comptabilité", "fr")
    True
    """
    if len(word) < 2 or word in STOP_WORDS[language] or (language == "fr" and word in ELISIONS):
        return ""
    word = SYNONYMS[language].get(word, word)
    # Ligatures come apart first: the stemmer takes them for consonants. Accents stay, since it reads them.
    return fold(str(snowballstemmer.stemmer(STEMMERS[language]).stemWord(word.translate(_LIGATURES))))


def split_words(text: str) -> list[str]:
    """Cut a text into words, in lower case with plain, composed letters; an apostrophe ends a word.

    Examples
    --------
    >>> split_words("L’atelier d'Aïcha")
    ['l', 'atelier', 'd', 'aïcha']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def word_pieces(word: str) -> list[str]:
    """Cut one folded word into its pieces of 3 to 5 letters, its borders marked by spaces."""
    padded = f" {word} "
    return [padded[at : at + size] for size in (3, 4, 5) for at in range(len(padded) - size + 1)]


@lru_cache(maxsize=8192)
def guess_language(text: str) -> str:
    """Tell French from English by the stop words that only one of the two has, else by the words of the trade.

    French where neither decides: people write to French associations, and a list of subjects in French is full of
    English words (*marketing, coaching, packaging*), so that letters and endings would mislead. A text misread so is
    stemmed by the wrong rules, which its pieces forgive; `TextSimilarity(language="en")` reads all texts in English.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    language : str
        `fr` or `en`.

    Examples
    --------
    >>> guess_language("I would like help with my accounts"), guess_language("Bookkeeping, pricing")
    ('en', 'en')
    >>> guess_language("Comptes, TVA"), guess_language("Coaching, marketing")
    ('fr', 'fr')
    """
    words = split_words(text)
    ahead = sum((word in STOP_WORDS["en"]) - (word in STOP_WORDS["fr"] or word in ELISIONS) for word in words)
    if ahead == 0:
        ahead = sum((word in _TRADE["en"]) - (word in _TRADE["fr"]) for word in words)
    return "en" if ahead > 0 else "fr"


@lru_cache(maxsize=8192)
def keywords(text: str, language: str = "auto") -> Mapping[str, str]:
    """List the subject words of a text: stem to the word as it was first written, in the order of the text.

    Parameters
    ----------
    text : str
        Any text.
    language : str
        `fr`, `en`, or `auto` for the language of the text.

    Returns
    -------
    words : Mapping of str to str
        Read only.

    Examples
    --------
    >>> dict(keywords("Les gâteaux de la boulangère"))
    {'gateau': 'gâteaux', 'boulanger': 'boulangère'}
    """
    language = guess_language(text) if language == "auto" else language
    found: dict[str, str] = {}
    for word in split_words(text):
        if root := stem(word, language):
            found.setdefault(root, word)
    return MappingProxyType(found)
