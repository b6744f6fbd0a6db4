"""The mails that an association's people get, shown to its coordinators with invented facts."""

from flask import Blueprint

bp = Blueprint("mail_samples", __name__, url_prefix="/messages/preview")

from webapp.mail_samples import routes  # noqa: E402, F401 - binds the routes to the blueprint
