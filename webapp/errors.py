"""Where typed refusals meet HTTP: a status, what happened, what to do. Nobody else gives status codes to errors."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from matcher.errors import MatcherError
from models import exceptions
from models.exceptions import DomainError
from webapp import labels
from webapp.clock import utc_now
from webapp.error_words import CSRF_WORDS, DOMAIN_WORDS, HTTP_WORDS, MATCHER_WORDS, ErrorWords
from webapp.identity.destinations import came_from
from webapp.templating import format_instant
from webapp.translation import fill
from webapp.words.standing import tell_standing, tell_what_now

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """The words of one error, ready to be shown."""

    status: int
    what: str
    detail: str
    next_step: str

    @property
    def sentence(self) -> str:
        """Give all of it in one paragraph, for a flash message or a line of a list."""
        return " ".join(filter(None, (self.what, self.detail, self.next_step)))


# A person may have written for long: what is shown again is text of the form, never secrets or machine values.
NOT_SHOWN_AGAIN = re.compile(
    r"csrf|password|token|form_key|secret|^(workspace|username|next|here|page)$", re.IGNORECASE
)
# Of what no person types: a public id, an instant.
MACHINE_VALUE = re.compile(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?")
# An answer sent again leads to what came of it: to the page of its record, unless one's own page shows it.
OWN_PAGES = {
    "availability.pause": "availability.index",
    "circles.decline": "circles.mine",
    "circles.join": "circles.mine",
}
SHORTEST_SHOWN_AGAIN = 12


def register_errors(app: Flask) -> None:
    """Answer every refusal with words."""
    app.register_error_handler(DomainError, answer_domain_error)
    app.register_error_handler(exceptions.OtherAssociationError, answer_other_association)
    app.register_error_handler(exceptions.RepeatedAnswerError, answer_repeated)
    app.register_error_handler(MatcherError, answer_matcher_error)
    app.register_error_handler(CSRFError, answer_csrf_error)
    app.register_error_handler(HTTPException, answer_http_error)
    if not app.config["TESTING"]:
        app.register_error_handler(Exception, answer_failure)


def describe(error: DomainError | MatcherError) -> ErrorPage:
    """Put a refusal into words, for a page, a flash message or one line of a list of outcomes."""
    if isinstance(error, MatcherError):
        return _fill(MATCHER_WORDS, error.facts)
    words = next(DOMAIN_WORDS[kind] for kind in type(error).__mro__ if kind in DOMAIN_WORDS)
    page = _fill(words, error.facts)
    return _tell_standing(page, error.facts) if type(error) is exceptions.InvalidTransitionError else page


def answer_domain_error(error: DomainError) -> ResponseReturnValue:
    """Answer a refusal of the domain."""
    page = describe(error)
    logger.info("refused", extra={"code": error.code, "endpoint": request.endpoint})
    return _answer(page, _retry_after(error))


def answer_other_association(error: exceptions.OtherAssociationError) -> ResponseReturnValue:
    """Answer a form of another association: one button sends it there, with all that was filled in."""
    logger.info("refused", extra={"code": error.code, "endpoint": request.endpoint})
    made_anew = ("csrf_token", "workspace")
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in made_anew]
    meant = error.facts.get("association")
    if not meant or request.files:  # a browser gives a file once: it has to be chosen again
        return _answer(describe(error))
    return _answer(describe(error), meant=meant, kept=kept)


def answer_repeated(error: exceptions.RepeatedAnswerError) -> ResponseReturnValue:
    """Lead who gave the same answer again, because the first page was lost, to what came of it."""
    outcome = _find_outcome()
    if outcome is None:
        return answer_domain_error(error)
    flash(describe(error).what, "info")
    return redirect(outcome, code=303)


def _find_outcome() -> str | None:
    own = OWN_PAGES.get(request.endpoint or "")
    if own is not None:
        return url_for(own)
    asked, page = request.url_rule, f"{request.blueprint}.show"
    shows = next(current_app.url_map.iter_rules(page), None) if page in current_app.view_functions else None
    # The same number may be that of a line or a member: only what stands below the page of a record is about it.
    if asked is None or shows is None or not asked.rule.startswith(shows.rule):
        return came_from()
    return url_for(page, **{name: (request.view_args or {})[name] for name in shows.arguments})


def answer_matcher_error(error: MatcherError) -> ResponseReturnValue:
    """Answer a refusal of the engine."""
    logger.warning("engine refused", extra={"kind": type(error).__name__, "endpoint": request.endpoint})
    return _answer(describe(error))


def answer_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or too old."""
    logger.info("form token refused", extra={"endpoint": request.endpoint})
    return _answer(_fill(CSRF_WORDS, {}))


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask refused by itself; redirects pass through."""
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    words = HTTP_WORDS.get(code) or HTTP_WORDS[400 if code < 500 else 500]
    headers = {"Allow": ", ".join(error.valid_methods or ())} if code == 405 else {}  # type: ignore[attr-defined]
    page = _fill(words, {})
    return _answer(ErrorPage(status=code, what=page.what, detail=page.detail, next_step=page.next_step), headers)


def answer_failure(error: Exception) -> ResponseReturnValue:
    """Answer a defect of ours: it is logged whole, and shown without its insides."""
    logger.error("unexpected failure", exc_info=error, extra={"endpoint": request.endpoint})
    return _answer(_fill(HTTP_WORDS[500], {}))


def _answer(page: ErrorPage, headers: Mapping[str, str] | None = None, **more: object) -> ResponseReturnValue:
    template = "errors/_fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    facts = {"back": came_from(), "written": _written(), "meant": None, **more}
    body = render_template(template, error=page, **facts)
    return body, page.status, dict(headers or {})


def _fill(words: ErrorWords, facts: Mapping[str, object]) -> ErrorPage:
    known = {name: _fact(name, value) for name, value in facts.items() if value is not None}
    detail = str(words.detail) if words.detail is not None else ""
    needed = set(re.findall(r"%\((\w+)\)s", detail))
    return ErrorPage(
        status=words.status,
        what=str(words.what),
        detail=fill(detail, known) if needed <= known.keys() else "",
        next_step=str(words.next_step),
    )


def _tell_standing(page: ErrorPage, facts: Mapping[str, object]) -> ErrorPage:
    """Say where things stand now, and what can be done from there, as far as it is known."""
    record, state = facts.get("record"), facts.get("state")
    what_now = tell_what_now(record, state) or page.next_step
    return replace(page, detail=tell_standing(record, state), next_step=what_now)


def _fact(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    if name == "rule":
        return labels.rule_label(str(value))
    return str(value)


def _retry_after(error: DomainError) -> dict[str, str]:
    if isinstance(error, exceptions.BusyError):
        return {"Retry-After": "5"}
    retry_at = error.facts.get("retry_at")
    if isinstance(retry_at, datetime):
        return {"Retry-After": str(max(1, round((retry_at - utc_now()).total_seconds())))}
    return {}


def _written() -> tuple[str, ...]:
    """Give the longer texts of the form, so that they can be copied and nothing is lost."""
    try:
        form = request.form
    except HTTPException:  # what was sent is the very thing that could not be read
        return ()
    return tuple(
        value
        for name, value in form.items(multi=True)
        if len(value) >= SHORTEST_SHOWN_AGAIN and not (NOT_SHOWN_AGAIN.search(name) or MACHINE_VALUE.fullmatch(value))
    )
