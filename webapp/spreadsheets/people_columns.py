"""The columns of the files of entrepreneurs and of supporters."""

from dataclasses import replace

from webapp.spreadsheets.cells import (
    EMAIL,
    SLUG,
    ActivityCell,
    CommuneCell,
    DateCell,
    NumberCell,
    PhoneCell,
    QpvCell,
    TextCell,
    YesNoCell,
)
from webapp.spreadsheets.column import Column
from webapp.spreadsheets.list_cells import SeveralCell, SlotsCell, TermCell, WeightedCell
from webapp.spreadsheets.terms import ROLES, STAGES, WIDE_STAGES, TermList

_STAGE_LIST = TermList(STAGES, name_fr="étapes", name_en="stages")
_ROLE_LIST = TermList(ROLES, name_fr="rôles", name_en="roles")
STAGE = TermCell(lambda _: _STAGE_LIST)
# A file may say a stage as the lending side is told it.
_TOLD_STAGE_LIST = TermList({**STAGES, **WIDE_STAGES}, name_fr="étapes", name_en="stages")
TOLD_STAGE = TermCell(lambda _: _TOLD_STAGE_LIST)
ROLE = TermCell(lambda _: _ROLE_LIST)
LANGUAGE = TermCell(lambda vocabulary: vocabulary.language_list)
LONGEST_TEXT = 4000

REFERENCE = Column(
    name="reference",
    french="référence",
    aliases=("ref", "id", "identifiant", "numéro", "code"),
    cell=TextCell(64),
    required=True,
    help_fr="Ce qui désigne la ligne d’un fichier à l’autre : toujours la même pour la même personne ou la même "
    "session.",
    help_en="What names the line from one file to the next: always the same for the same person or session.",
    example_fr="E-0012",
)
ASSOCIATION = Column(
    name="association",
    french="association",
    aliases=("antenne", "plateforme", "structure"),
    cell=SLUG,
    default="",
    help_fr="Identifiant de l’association, seulement dans un fichier qui en mêle plusieurs ; vide sinon.",
    help_en="Slug of the association, only in a file that mixes several; empty otherwise.",
    example_fr="initiative-exemple",
)
COMMUNE = Column(
    name="commune",
    french="commune",
    aliases=("ville", "municipality", "city", "town"),
    cell=CommuneCell(),
    required=True,
    help_fr="Code postal et nom, nom et code Insee, code Insee, ou nom seul s’il est unique. Un arrondissement de "
    "Paris, Lyon ou Marseille donne sa commune. Cinq chiffres seuls qui sont aussi le code postal d’une autre "
    "commune sont refusés, sauf dans une colonne nommée « code insee ».",
    help_en="Postal code and name, name and Insee code, Insee code, or the name alone if only one commune has it. A "
    "district of Paris, Lyon or Marseille gives its commune. Five figures alone that are also the postal code of "
    "another commune are refused, unless the column is named “code insee”.",
    example_fr="93200 Saint-Denis",
    example_en="Saint-Denis (93066)",
)
# The same column when its header says that codes are Insee codes, so that 13001 is Aix-en-Provence and not Marseille.
INSEE_CODE = replace(
    COMMUNE,
    french="code insee",
    aliases=("insee", "code commune", "code insee commune", "insee code"),
    cell=CommuneCell(insee=True),
)

_NAMES = (
    Column(
        name="first_name",
        french="prénom",
        aliases=("given name", "firstname"),
        cell=TextCell(80),
        required=True,
        help_fr="Prénom. Il ne sert jamais à apparier.",
        help_en="First name. It never serves to match.",
        example_fr="Nadia",
    ),
    Column(
        name="last_name",
        french="nom",
        aliases=("nom de famille", "surname", "family name", "lastname"),
        cell=TextCell(80),
        required=True,
        help_fr="Nom de famille. Il ne sert jamais à apparier.",
        help_en="Family name. It never serves to match.",
        example_fr="Ferrand",
    ),
    Column(
        name="email",
        french="courriel",
        aliases=("mail", "e-mail", "adresse mail", "adresse e-mail", "adresse électronique"),
        cell=EMAIL,
        default="",
        help_fr="Adresse électronique ; vide si la personne n’en a pas.",
        help_en="E-mail address; empty if the person has none.",
        example_fr="nadia.ferrand@example.org",
    ),
    Column(
        name="phone",
        french="téléphone",
        aliases=("tel", "tél.", "portable", "mobile", "numéro de téléphone"),
        cell=PhoneCell(),
        default="",
        help_fr="Numéro de téléphone.",
        help_en="Telephone number.",
        example_fr="06 39 98 12 34",
    ),
)
_POSITION = (
    Column(
        name="latitude",
        french="latitude",
        aliases=("lat",),
        cell=NumberCell(-90, 90),
        default=None,
        help_fr="Latitude de l’adresse en degrés. Sans elle, le point du quartier puis le centre de la commune "
        "servent aux distances.",
        help_en="Latitude of the address in degrees. Without it, the point of the QPV, then the centre of the "
        "commune serve for distances.",
        example_fr="48,93561",
        example_en="48.93561",
    ),
    Column(
        name="longitude",
        french="longitude",
        aliases=("lon", "lng", "long"),
        cell=NumberCell(-180, 180),
        default=None,
        help_fr="Longitude de l’adresse en degrés.",
        help_en="Longitude of the address in degrees.",
        example_fr="2,35387",
        example_en="2.35387",
    ),
)
_REACH = (
    Column(
        name="languages",
        french="langues",
        aliases=("langues parlées", "langue", "language"),
        cell=SeveralCell(LANGUAGE),
        default=("fr",),
        help_fr="Langues parlées, séparées par | ; vide = français.",
        help_en="Languages spoken, separated by |; empty = French.",
        example_fr="Français|Arabe",
        example_en="fr|ar",
    ),
    Column(
        name="availability",
        french="disponibilités",
        aliases=("disponibilité", "créneaux", "horaires", "slots"),
        cell=SlotsCell(),
        required=True,
        default=0,
        help_fr="Créneaux habituels de la semaine, séparés par | : « lundi soir », un jour entier « samedi », « "
        "soirs » (lundi à vendredi), "
        "« week-end », « toujours ». Vide = pas encore connues : personne ne peut être proposé.",
        help_en="Usual slots of the week, separated by |: “mon_eve”, a whole day “saturday”, “evenings” (Monday to "
        "Friday), “weekend”, "
        "“always”. Empty = not yet known: nobody can be proposed.",
        example_fr="lundi soir|samedi",
        example_en="mon_eve|sat_am|sat_pm|sat_eve",
    ),
    Column(
        name="max_km",
        french="distance maximale (km)",
        aliases=("distance maximale", "distance", "rayon", "max km", "km"),
        cell=NumberCell(0, 1000),
        default=30.0,
        help_fr="Distance que la personne accepte de parcourir, en kilomètres ; vide = 30.",
        help_en="Distance the person accepts to travel, in kilometres; empty = 30.",
        example_fr="15",
    ),
    Column(
        name="accepts_remote",
        french="accepte à distance",
        aliases=("à distance", "distanciel", "visio", "remote"),
        cell=YesNoCell(),
        default=True,
        help_fr="Accepte de se parler par téléphone ou en visio : oui ou non ; vide = oui.",
        help_en="Accepts to talk by telephone or video: yes or no; empty = yes.",
        example_fr="oui",
        example_en="yes",
    ),
)
_HOUSEHOLD = Column(
    name="household",
    french="foyer",
    aliases=("ménage", "famille"),
    cell=TextCell(64),
    default="",
    help_fr="Un même code pour les personnes d’un même foyer, qui ne sont jamais proposées l’une à l’autre.",
    help_en="The same code for people of one household, who are never proposed to each other.",
    example_fr="F12",
)
_TEXT = Column(
    name="text",
    french="présentation",
    aliases=("texte", "description", "à propos", "about"),
    cell=TextCell(LONGEST_TEXT, lines=True),
    default="",
    help_fr=f"Quelques phrases libres, au plus {LONGEST_TEXT} caractères.",
    help_en=f"A few sentences, at most {LONGEST_TEXT} characters.",
    example_fr="Je prépare l’ouverture d’un atelier de couture.",
)


def _yes_no(name: str, french: str, help_fr: str, help_en: str, *aliases: str) -> Column:
    return Column(
        name=name,
        french=french,
        aliases=aliases,
        cell=YesNoCell(),
        default=False,
        help_fr=f"{help_fr} : oui ou non ; vide = non.",
        help_en=f"{help_en}: yes or no; empty = no.",
        example_fr="non",
        example_en="no",
    )


ENTREPRENEUR_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    ASSOCIATION,
    *_NAMES,
    COMMUNE,
    *_POSITION,
    Column(
        name="qpv_code",
        french="code QPV",
        aliases=("qpv", "quartier", "code quartier", "quartier prioritaire"),
        cell=QpvCell(),
        default=None,
        help_fr="Code du quartier prioritaire (zonage 2024) s’il est connu ; il doit toucher la commune.",
        help_en="Code of the priority neighbourhood (2024 zoning) if known; it must touch the commune.",
        example_fr="QN09336I",
    ),
    Column(
        name="stage",
        french="étape",
        aliases=("étape du projet", "stade", "avancement"),
        cell=TOLD_STAGE,
        required=True,
        help_fr="Étape du projet : " + " · ".join(term.label_fr for term in STAGES.values()) + ".",
        help_en="Stage of the project: " + ", ".join(STAGES) + ".",
        example_fr="Lancement",
        example_en="launch",
    ),
    Column(
        name="activity",
        french="activité",
        aliases=("naf", "code naf", "ape", "code ape", "secteur", "sector"),
        cell=ActivityCell(),
        default=None,
        help_fr="Code NAF rév. 2 de l’activité, ou son libellé exact.",
        help_en="NAF rev. 2 code of the activity, or its exact label.",
        example_fr="56.10C",
    ),
    Column(
        name="project_title",
        french="projet",
        aliases=("titre du projet", "intitulé", "intitulé du projet", "project"),
        cell=TextCell(160),
        default="",
        help_fr="Le projet en une ligne.",
        help_en="The project in one line.",
        example_fr="Traiteur de quartier",
    ),
    _TEXT,
    Column(
        name="needs",
        french="besoins",
        aliases=("besoin", "need", "topics"),
        cell=WeightedCell("une priorité", "a priority"),
        required=True,
        default=(),
        help_fr="Besoins séparés par |, chacun suivi de sa priorité : 1 utile, 2 important (si rien n’est dit), 3 "
        "urgent.",
        help_en="Needs separated by |, each followed by its priority: 1 useful, 2 important (if nothing is said), 3 "
        "urgent.",
        example_fr="Trésorerie et impayés:3|Vente et prospection",
        example_en="cash_flow:3|sales",
    ),
    *_REACH,
    Column(
        name="wanted_roles",
        french="accompagnants souhaités",
        aliases=("accompagnant souhaité", "rôles souhaités", "roles"),
        cell=SeveralCell(ROLE),
        default=("mentor",),
        help_fr="Qui la personne souhaite rencontrer, séparés par | : "
        + " · ".join(term.label_fr for term in ROLES.values())
        + " ; vide = un parrain ou une marraine ; « aucun » = personne.",
        help_en="Whom the person wishes to meet, separated by |: "
        + ", ".join(ROLES)
        + "; empty = a mentor; “none” = nobody.",
        example_fr="Parrain ou marraine|Expert",
        example_en="mentor|expert",
    ),
    _yes_no(
        "coaching_consent",
        "accord pour le coaching",
        "La personne a donné son accord pour un coaching de rebond",
        "The person has agreed to resilience coaching",
        "accord coaching",
        "coaching",
    ),
    _yes_no(
        "after_liquidation",
        "après liquidation",
        "L’entreprise précédente a été liquidée",
        "The previous company was liquidated",
        "liquidation",
    ),
    Column(
        name="waiting_since",
        french="en attente depuis",
        aliases=("date d’inscription", "inscrit le", "attente depuis"),
        cell=DateCell(),
        default=None,
        help_fr="Date à laquelle la personne a demandé un accompagnement.",
        help_en="Date on which the person asked for support.",
        example_fr="02/09/2026",
        example_en="2026-09-02",
    ),
    _HOUSEHOLD,
    _yes_no(
        "wants_bridging",
        "souhaite élargir son réseau",
        "La personne souhaite des contacts au-delà de son quartier",
        "The person wishes for contacts beyond the neighbourhood",
        "élargir son réseau",
        "réseau",
    ),
)

SUPPORTER_COLUMNS: tuple[Column, ...] = (
    replace(REFERENCE, example_fr="A-0003"),
    ASSOCIATION,
    *_NAMES,
    Column(
        name="role",
        french="rôle",
        aliases=("type", "type d’accompagnant"),
        cell=ROLE,
        required=True,
        help_fr="Un seul : " + " · ".join(term.label_fr for term in ROLES.values()) + ".",
        help_en="One of: " + ", ".join(ROLES) + ".",
        example_fr="Parrain ou marraine",
        example_en="mentor",
    ),
    COMMUNE,
    *_POSITION,
    Column(
        name="expertise",
        french="expertises",
        aliases=("expertise", "compétences", "compétence", "skills"),
        cell=WeightedCell("un niveau", "a level"),
        required=True,
        default=(),
        help_fr="Ce que la personne peut apporter, séparé par |, chacun avec son niveau : 1 notions, 2 bon (si rien "
        "n’est dit), 3 expert.",
        help_en="What the person can bring, separated by |, each with its level: 1 some, 2 good (if nothing is "
        "said), 3 expert.",
        example_fr="Vente et prospection:3|Réseau et mise en relation",
        example_en="sales:3|networking",
    ),
    Column(
        name="activities",
        french="activités",
        aliases=("activité", "activity", "naf", "codes naf", "secteurs", "secteur"),
        cell=SeveralCell(ActivityCell()),
        default=(),
        help_fr="Codes NAF rév. 2 des activités connues, séparés par |.",
        help_en="NAF rev. 2 codes of the activities known, separated by |.",
        example_fr="47.71Z|46.42Z",
    ),
    Column(
        name="stages",
        french="étapes",
        aliases=("étape", "stage", "étapes préférées"),
        cell=SeveralCell(STAGE),
        default=(),
        help_fr="Étapes où la personne se sent utile, séparées par | ; vide = toutes.",
        help_en="Stages at which the person feels useful, separated by |; empty = all.",
        example_fr="Lancement|Consolidation",
        example_en="launch|consolidation",
    ),
    *_REACH,
    Column(
        name="capacity",
        french="capacité",
        aliases=("places", "nombre de filleuls", "heures"),
        cell=NumberCell(0, 500, whole=True),
        required=True,
        help_fr="Ce que la personne peut prendre : un nombre de personnes accompagnées en même temps ; pour un coach, "
        "un nombre d’heures (7 heures par parcours).",
        help_en="What the person can take on: a number of people at the same time; for a coach, a number of hours (7 "
        "hours for each path).",
        example_fr="2",
    ),
    replace(_TEXT, example_fr="Vingt ans de commerce, j’aime transmettre."),
    _HOUSEHOLD,
    _yes_no(
        "active_business",
        "dirige une entreprise",
        "La personne dirige aujourd’hui une entreprise : elle n’est pas proposée à un concurrent proche",
        "The person runs a business today: never proposed to a competitor nearby",
        "entreprise en activité",
    ),
    _yes_no(
        "has_bounced_back",
        "a rebondi",
        "La personne a elle-même rebondi après un échec",
        "The person bounced back after a failure",
        "rebond",
    ),
    _yes_no("certified", "certifié", "Coach certifié", "Certified coach", "certifiée", "certification"),
)
