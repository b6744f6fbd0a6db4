"""Routes: the private address of one's calendar, and the calendar itself for whoever holds that address."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from webapp.access import Access, access, current_actor
from webapp.calendar_feeds import bp
from webapp.clock import utc_now
from webapp.locale import current_locale
from webapp.public_address import give_public_address
from webapp.services.calendar_feeds import end_feed, find_feed, read_feed, renew_feed
from webapp.services.calendars import CalendarWords, Links
from webapp.services.interview_calendars import read_interview_calendar
from webapp.translation import gettext as _

ICS = "text/calendar; charset=utf-8"


@bp.get("")
@access(Access.MEMBER)
def show() -> ResponseReturnValue:
    """Say whether a calendar reads here, and offer an address."""
    return render_template("calendar_feeds/show.html", feed=find_feed(current_actor().account_id), address="")


@bp.post("/renew")
@access(Access.MEMBER)
def renew() -> ResponseReturnValue:
    """Make a new address and show it, this once: the secret is kept nowhere, so no page can show it again."""
    actor = current_actor()
    address = give_public_address(url_for("calendar_feeds.read", token=renew_feed(actor=actor, at=utc_now())))
    return render_template("calendar_feeds/show.html", feed=find_feed(actor.account_id), address=address)


@bp.post("/end")
@access(Access.MEMBER)
def end() -> ResponseReturnValue:
    """End the address."""
    end_feed(actor=current_actor(), at=utc_now())
    flash(_("The address has ended: nothing can be read there any more."), "success")
    return redirect(url_for("calendar_feeds.show"), code=303)


@bp.get("/<token>.ics")
@access(Access.PUBLIC)
def read(token: str) -> ResponseReturnValue:
    """Give the calendar behind a secret."""
    feed = read_feed(token=token, links=_links(), words=_words, at=utc_now())
    answer = Response(feed.content, content_type=ICS)
    answer.headers["Content-Disposition"] = 'inline; filename="maillage.ics"'
    answer.last_modified = feed.changed_at
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/interviews/<uuid:public_id>.ics")
@access(Access.MEMBER)
def interview(public_id: UUID) -> ResponseReturnValue:
    """Give the calendar file of a first interview, to the person and to who meets her."""
    actor = current_actor()
    body = read_interview_calendar(interview_id=public_id, actor=actor, links=_links(), words=_words(current_locale()))
    return Response(body, content_type=ICS, headers={"Content-Disposition": 'attachment; filename="rendez-vous.ics"'})


def _links() -> Links:
    return Links(
        booked=lambda public_id: _page("bookings.show", public_id),
        led=lambda public_id: _page("workshops.show", public_id),
        pairing=lambda public_id: _page("pairings.show", public_id),
        circles=give_public_address(url_for("circles.mine")),
        gathering=lambda public_id: _page("gatherings.show", public_id),
        interview=lambda public_id: _page("interviews.show", public_id),
        steps=give_public_address(url_for("steps.index")),
    )


def _words(locale: str) -> CalendarWords:
    def name_meeting(name: str, association: str) -> str:
        with force_locale(locale):
            return _("Meeting with %(name)s, %(association)s", name=name, association=association)

    with force_locale(locale):
        return CalendarWords(name=_("Maillage"), neutral=_("Appointment"), meeting=name_meeting)


def _page(endpoint: str, public_id: UUID) -> str:
    return give_public_address(url_for(endpoint, public_id=public_id))
