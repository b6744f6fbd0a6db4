"""French and English words that carry no subject, and words of the trade that mean the same."""

from types import MappingProxyType

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
