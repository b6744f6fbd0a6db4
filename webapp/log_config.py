"""Logs: one JSON object a line in production, readable lines elsewhere; each bears the id of its request.

Messages are constant and facts are ids: never a name, an address or what somebody wrote.
"""

import logging
import sys
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from webapp.config import Settings

REQUEST_ID_HEADER = "X-Request-ID"
QUIET = {"huey": logging.WARNING, "alembic": logging.WARNING, "werkzeug": logging.WARNING}


def configure_logs(settings: Settings) -> None:
    """Set how the process logs. Tests keep their own handlers."""
    if settings.testing:
        return
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = (
        structlog.processors.JSONRenderer() if settings.production else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if settings.production else logging.WARNING)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def register_logs(app: Flask) -> None:
    """Give each request an id, which its log lines and its answer bear."""

    @app.before_request
    def bind_request() -> None:
        g.request_id = uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint)

    @app.after_request
    def tell_request_id(response: Response) -> Response:
        if (request_id := g.get("request_id")) is not None:
            response.headers[REQUEST_ID_HEADER] = request_id
        return response
