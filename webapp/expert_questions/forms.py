"""Forms of expert questions: a question, an answer, a word."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.members import clean_text
from webapp.services.expert_questions import MAX_QUESTION
from webapp.services.question_moves import MAX_WORD

NEEDED = InputRequired(_l("Please fill this in."))
TOO_LONG = _l("That is too long: %(max)d characters at most.")


class QuestionForm(FlaskForm):
    """One question, or its answer."""

    words = TextAreaField(
        _l("Your question"), validators=[NEEDED, Length(max=MAX_QUESTION, message=TOO_LONG)], filters=[clean_text]
    )


class DeclineForm(FlaskForm):
    """A word to the person when nobody here can answer."""

    word = TextAreaField(
        _l("A word to the person: where else could she ask?"),
        validators=[NEEDED, Length(max=MAX_WORD, message=TOO_LONG)],
        filters=[clean_text],
    )


class PassBackForm(FlaskForm):
    """A word to the association, if one likes."""

    word = TextAreaField(
        _l("A word for the association"), validators=[Length(max=MAX_WORD, message=TOO_LONG)], filters=[clean_text]
    )


def build_question_form() -> QuestionForm:
    """Ask."""
    form = QuestionForm(prefix="question-")
    form.words.description = _l("One question, as precise as you can. Who answers it reads it, and your association.")
    return form


def build_answer_form() -> QuestionForm:
    """Answer."""
    form = QuestionForm(prefix="answer-")
    form.words.label.text = _l("Your answer")
    form.words.description = _l("A few plain lines. A link or a name is often worth a page.")
    return form
