"""Words that only the members' pages use: roles inside a sentence, steps of the profile, why nobody was found."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.supporters import SupporterRole
from webapp.services.next_steps import Turn
from webapp.services.profile_steps import ProfileStep
from webapp.services.teams import ContactMatter, ContactStep
from webapp.templating import format_day
from webapp.translation import gettext as _
from webapp.words.lists import language_inside, topic_label
from webapp.words.week import join_words

A_ROLE: Mapping[SupporterRole, LazyString] = MappingProxyType(
    {
        SupporterRole.MENTOR: _l("a mentor"),
        SupporterRole.COACH: _l("a coach"),
        SupporterRole.EXPERT: _l("an expert"),
        SupporterRole.AMBASSADOR: _l("an ambassador"),
    }
)
ROLE_PURPOSE: Mapping[SupporterRole, LazyString] = MappingProxyType(
    {
        SupporterRole.MENTOR: _l(
            "Somebody who has run a business. You meet about once a month, to step back and decide. "
            "You alone decide for your business."
        ),
        SupporterRole.COACH: _l(
            "A certified coach, for you as a person: confidence, stress, a new start. "
            "Seven hours in all, in confidence."
        ),
        SupporterRole.EXPERT: _l("Somebody who knows one subject well. One question, one meeting, one answer."),
        SupporterRole.AMBASSADOR: _l(
            "Somebody who has been through hard times with a business and has come back. You talk, in all simplicity."
        ),
    }
)
ROLE_FOR_SUPPORTER: Mapping[SupporterRole, LazyString] = MappingProxyType(
    {
        SupporterRole.MENTOR: _l(
            "You would be there as a mentor: about one meeting a month, to help see clearly. "
            "The decisions stay with the person you support."
        ),
        SupporterRole.COACH: _l("You would be there as a coach: up to seven hours, in confidence."),
        SupporterRole.EXPERT: _l("You would be there as an expert: one question, one meeting."),
        SupporterRole.AMBASSADOR: _l("You would be there as an ambassador: sharing what you have lived through."),
    }
)
TURNS: Mapping[Turn, LazyString] = MappingProxyType(
    {
        Turn.HERS: _l("For you to do"),
        Turn.AGREED: _l("It is planned"),
        Turn.UNDER_WAY: _l("Under way"),
        Turn.FREE: _l("If you like"),
    }
)
STEP_TITLES: Mapping[ProfileStep, LazyString] = MappingProxyType(
    {
        ProfileStep.PROJECT: _l("My project"),
        ProfileStep.ACTIVITY: _l("My activity"),
        ProfileStep.PLACE: _l("Where I live"),
        ProfileStep.NEEDS: _l("What I need help with"),
        ProfileStep.LANGUAGES: _l("My languages"),
        ProfileStep.AVAILABILITY: _l("When and where I am free"),
        ProfileStep.WISHES: _l("Whom I would like to meet"),
        ProfileStep.CIRCLE: _l("A circle of entrepreneurs"),
        ProfileStep.WORDS: _l("In my own words"),
    }
)
NOBODY_YET: Mapping[str, LazyString] = MappingProxyType(
    {
        "taken": _l("For now, the people who would suit you already support somebody else."),
        "language": _l("For now, nobody who is free speaks one of your languages."),
        "distance": _l("For now, nobody is close enough. Accepting telephone or video calls would open more doors."),
        "time": _l("For now, nobody is free at the same moments as you. Adding moments would open more doors."),
        "capacity": _l("For now, all places are taken."),
        "consent": _l("We look for a coach only with your agreement."),
        "competitor": _l("For now, the people who would suit you work in the same trade close to you."),
        "role": _l("For now, nobody of our volunteers does this."),
    }
)
TOPIC_GROUPS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (
        _l("My project"),
        ("project_idea", "market_study", "business_model", "legal_status", "premises", "takeover_transfer"),
    ),
    (
        _l("Money"),
        ("financial_forecast", "fundraising", "bank_relations", "tax_social", "bookkeeping", "cash_flow"),
    ),
    (
        _l("Selling and being known"),
        ("sales", "marketing", "digital_tools", "public_tenders", "networking"),
    ),
    (
        _l("Running the business"),
        ("hiring", "purchasing", "ecological_transition", "risk_prevention", "insolvency_debt"),
    ),
    (
        _l("Myself"),
        ("confidence", "stress_balance", "bounce_back", "business_french"),
    ),
)
# What is confided is not offered in a circle.
OFFER_GROUPS = TOPIC_GROUPS[:-1]
# Each language under its own name, so that who reads little French finds hers.
OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ar": "العربية",
        "ber": "Tamaziɣt",
        "tr": "Türkçe",
        "pt": "Português",
        "es": "Español",
        "en": "English",
        "it": "Italiano",
        "de": "Deutsch",
        "pl": "Polski",
        "ro": "Română",
        "rom": "Romani čhib",
        "bg": "Български",
        "sq": "Shqip",
        "sr": "Српски",
        "hy": "Հայերեն",
        "ka": "ქართული",
        "ru": "Русский",
        "uk": "Українська",
        "wo": "Wolof",
        "ff": "Pulaar",
        "bm": "Bamanankan",
        "snk": "Sooninkanxanne",
        "ln": "Lingála",
        "mg": "Malagasy",
        "ti": "ትግርኛ",
        "so": "Soomaali",
        "am": "አማርኛ",
        "ur": "اردو",
        "bn": "বাংলা",
        "ta": "தமிழ்",
        "zh": "中文",
        "vi": "Tiếng Việt",
        "km": "ខ្មែរ",
        "fa": "فارسی",
        "ps": "پښتو",
        "ht": "Kreyòl ayisyen",
        "gcf": "Kréyòl",
        "gcr": "Kriyòl",
        "rcf": "Kréol rényoné",
        "swb": "Shimaore",
        "ty": "Reo Tahiti",
    }
)


def a_role(role: SupporterRole) -> str:
    """Say « un mentor »."""
    return str(A_ROLE[role])


def join_roles(roles: Iterable[SupporterRole]) -> str:
    """Say « un parrain ou une marraine et un ou une coach »."""
    return join_words([a_role(role) for role in roles])


def step_title(step: ProfileStep) -> str:
    """Give the title of a step of the profile."""
    return str(STEP_TITLES[step])


def nobody_yet(refusal: str | None) -> str:
    """Say why nobody was found yet; an unknown reason says nothing rather than something wrong."""
    return str(NOBODY_YET[refusal]) if refusal is not None and refusal in NOBODY_YET else ""


def tell_contact(step: ContactStep) -> str:
    """Say when one hears of the contact, and why."""
    day = format_day(step.day, "EEEE d MMMM")
    if step.matter is ContactMatter.NEWS:
        return _("News was due on %(day)s", day=day) if step.is_late else _("Next news before %(day)s", day=day)
    if step.matter is ContactMatter.REVIEW:
        return _("Calls for news from %(day)s on", day=format_day(step.day, "EEEE d MMMM y"))
    if step.is_late:
        return _("Takes it up: nothing has been noted since %(day)s", day=day)
    return _("Steps in if nothing happens by %(day)s", day=day)


def own_name(code: str) -> str:
    """Give a language's own name, when we know it."""
    return OWN_NAMES.get(code, "")


def join_topics(slugs: Iterable[str]) -> str:
    """Name topics inside a sentence: « trésorerie, vente et prospection »."""
    return join_words([_lower(topic_label(slug)) for slug in slugs])


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def join_languages(codes: Iterable[str]) -> str:
    """Name languages inside a sentence: « français et arabe »."""
    return join_words([language_inside(code) for code in codes])
