"""Routes: every mail as the association's people get it, with invented facts."""

from datetime import UTC, datetime, time

from flask import render_template, request
from flask.typing import ResponseReturnValue

from models.accounts import Locale
from webapp.access import Access, access, current_actor
from webapp.clock import PARIS, day_of, utc_now
from webapp.mail_samples import bp
from webapp.mail_samples.samples import list_samples
from webapp.workspace import current_workspace


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show each kind of mail in the language asked for, else in one's own."""
    asked = request.args.get("mails", "")
    locale = Locale(asked) if asked in set(Locale) else Locale(current_actor().locale)
    seat = current_workspace().seat
    groups = list_samples(locale=locale, network=seat.network, association=seat.name, at=_this_morning())
    return render_template("mail_samples/index.html", groups=groups, mail_locale=locale, locales=list(Locale))


def _this_morning() -> datetime:
    """Invented facts begin at a round hour, and the page is the same all day."""
    return datetime.combine(day_of(utc_now()), time(9), PARIS).astimezone(UTC)
