"""The app factory: settings in, app out."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from models import tables
from models.db import configure_engine, db
from models.encryption import set_encryption_keys
from webapp.access import register_access
from webapp.blueprints import register_blueprints
from webapp.config import Settings, load_settings
from webapp.errors import register_errors
from webapp.extensions import babel, csrf, login_manager, migrate
from webapp.identity.sessions import register_sessions
from webapp.locale import choose_locale
from webapp.log_config import configure_logs, register_logs
from webapp.packing import register_packing
from webapp.request_text import TextRequest
from webapp.security import register_security
from webapp.sqlite_engine import sqlite_module
from webapp.templating import register_templating
from webapp.workspace import register_workspace

MIGRATIONS = Path(tables.__file__).parent / "migrations"
LOCK_TIMEOUT_MS = 8000
# A day of the service asks about a thousand different statements. The driver keeps 128 of them prepared: the others
# would be read and planned again each time. A thousand take 8 MB of a connection.
PREPARED_STATEMENTS = 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app for these settings, or for those of the environment."""
    settings = settings or load_settings()
    app = Flask(__name__)
    app.request_class = TextRequest
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=20 * 1024 * 1024,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",
    )
    configure_logs(settings)
    set_encryption_keys(settings.encryption_keys)
    _bind_extensions(app)
    register_logs(app)
    register_security(app)
    register_packing(app)
    register_sessions(app)
    register_access(app)
    register_workspace(app)
    register_blueprints(app)
    register_templating(app)
    register_errors(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    csrf.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=choose_locale)
    with app.app_context():
        configure_engine(db.engine)


def _engine_options(url: str) -> dict[str, object]:
    # An error of the database is logged whole: without this it would carry names, addresses and what people wrote.
    quiet = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        return {**quiet, "module": sqlite_module(), "connect_args": {"cached_statements": PREPARED_STATEMENTS}}
    return {
        **quiet,
        "pool_pre_ping": True,
        "connect_args": {"options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"},
    }
