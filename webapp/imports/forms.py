"""Forms of imports: which kind of list, and the file."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.validators import InputRequired

from webapp.spreadsheets import Kind

KIND_WORDS = {
    Kind.ENTREPRENEURS: _l("Entrepreneurs"),
    Kind.SUPPORTERS: _l("Supporters"),
    Kind.WORKSHOPS: _l("Workshop sessions"),
}


class ImportForm(FlaskForm):
    """A file to check. Nothing is written by sending it."""

    kind = RadioField(_l("What the file lists"), validators=[InputRequired(_l("Choose one."))])
    file = FileField(
        _l("CSV file"),
        description=_l("As Excel or LibreOffice saves it: semicolons or commas, either will do. 20 MB at most."),
        validators=[FileRequired(_l("Choose a file."))],
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, words) for kind, words in KIND_WORDS.items()]
