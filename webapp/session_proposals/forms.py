"""Forms of a session that a member proposes: the proposal, its confirmation, a kind no."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from models.db import db
from models.queries.sessions import list_themes
from models.session_proposals import SessionProposal
from models.workshops import SessionFormat
from webapp.labels import theme_label
from webapp.members import clean_text
from webapp.people_fields import WholeNumberField
from webapp.services.session_proposals import MOST_WORD, MOST_WORDS, Proposal
from webapp.workshops.forms import A_TITLE, NEEDED, SEATS, SessionForm

TOO_LONG = _l("That is too long: %(max)d characters at most.")


class ProposalForm(FlaskForm):
    """What a member proposes to lead."""

    title = StringField(_l("Title"), validators=[NEEDED, A_TITLE], filters=[clean_text])
    theme = SelectField(_l("Theme"), validators=[NEEDED])
    words = TextAreaField(
        _l("What people will do and take home"),
        validators=[Optional(), Length(max=MOST_WORDS, message=TOO_LONG)],
        filters=[clean_text],
    )
    wished_on = DateField(
        _l("Day"), description=_l("Leave empty when the date is to be agreed."), validators=[Optional()]
    )
    seats = WholeNumberField(_l("Seats"), validators=[NEEDED, SEATS])
    place = StringField(
        _l("Place"),
        description=_l("An address, “online”, or nothing if you have none."),
        validators=[Optional(), A_TITLE],
        filters=[clean_text],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        open_themes = [theme.slug for theme in list_themes(db.session()) if not theme.is_sensitive]
        self.theme.choices = [(slug, theme_label(slug)) for slug in open_themes]

    def build_proposal(self) -> Proposal:
        """Give what was typed."""
        return Proposal(
            title=self.title.data or "",
            theme=self.theme.data or "",
            seats=self.seats.data,
            words=self.words.data or "",
            place=self.place.data or "",
            wished_on=self.wished_on.data,
        )


class ConfirmForm(SessionForm):
    """The session as it opens for booking, and a word to who proposed it."""

    word = TextAreaField(
        _l("A word for who leads it"),
        validators=[Optional(), Length(max=MOST_WORD, message=TOO_LONG)],
        filters=[clean_text],
    )


class DeclineForm(FlaskForm):
    """A kind word with the no."""

    word = TextAreaField(
        _l("A word for the person: why not this time, and what could come instead?"),
        validators=[InputRequired(_l("Please write a word: somebody offered you time.")), Length(max=MOST_WORD)],
        filters=[clean_text],
    )


def confirm_data(proposal: SessionProposal) -> dict[str, Any]:
    """Give a proposal as the form of a session shows it: the hours are the coordinator's to set."""
    return {
        "theme": proposal.theme_slug,
        "title": proposal.title,
        "description": proposal.words,
        "day": proposal.wished_on,
        "seats": proposal.seats,
        "place": proposal.place,
        "language": "fr",
        "format": SessionFormat.IN_PERSON.value,
    }
