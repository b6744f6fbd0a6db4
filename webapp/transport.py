"""How messages leave the house: SMTP behind one small interface, and a transport that only shows them.

Both put a message into words and headers themselves, so that the outbox knows neither mail nor language.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol, TextIO

from models.db import db
from models.messages import Message
from models.queries.senders import Sender, list_senders
from webapp.config import Settings, SettingsError
from webapp.messages.wording import render_message

TIMEOUT_SECONDS = 20.0
IMPLICIT_TLS_PORT = 465


class Transport(Protocol):
    """What the outbox asks of a transport."""

    keeps_links: bool
    """Whether one-time links must stay readable in the outbox, because nothing has left it."""

    def deliver(self, message: Message) -> None:
        """Hand a message over, or raise."""

    def close(self) -> None:
        """Let go of what was opened."""


class SmtpTransport:
    """Hands messages to a mail server, several over one connection."""

    keeps_links = False

    def __init__(self, settings: Settings, *, tls_context: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._context = tls_context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def deliver(self, message: Message) -> None:
        """Send one message; after a failure the connection is given up, so that the next one starts clean."""
        mail = build_mail(message, sender=self._settings.mail_from)
        try:
            self._connected().send_message(mail)
        except (smtplib.SMTPException, OSError):
            self.close()
            raise

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and not _is_alive(self._connection):
            self.close()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_tls and settings.smtp_port == IMPLICIT_TLS_PORT:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=self._context)
        else:
            connection = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_tls and not isinstance(connection, smtplib.SMTP_SSL):
                connection.starttls(context=self._context)
            if settings.smtp_user:
                connection.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            connection.close()
            raise
        return connection


class ConsoleTransport:
    """Shows messages instead of sending them: for development."""

    keeps_links = True

    def __init__(self, settings: Settings, stream: TextIO) -> None:
        self._settings = settings
        self._stream = stream

    def deliver(self, message: Message) -> None:
        """Write the message where the developer looks."""
        mail = build_mail(message, sender=self._settings.mail_from)
        self._stream.write(f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{mail.get_content()}\n{'-' * 72}\n")

    def close(self) -> None:
        """Nothing was opened."""


def build_transport(settings: Settings, stream: TextIO) -> Transport:
    """Give the transport that these settings ask for.

    Raises
    ------
    SettingsError
        If production has no mail server: messages must not be called sent when nobody got them.
    """
    if settings.smtp_host:
        return SmtpTransport(settings)
    if settings.production:
        raise SettingsError("Production needs MAILLAGE_SMTP_HOST in the environment to send messages.")
    return ConsoleTransport(settings, stream)


def build_mail(message: Message, *, sender: str) -> EmailMessage:
    """Build the mail. Its Message-ID follows from the message, so that a second sending is seen as the same mail."""
    rendered = render_message(message, _find_sender(message))
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = rendered.subject
    mail["Date"] = format_datetime(message.queued_at)
    mail["Message-ID"] = f"<{message.public_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.body, cte="quoted-printable")
    mail["Content-Language"] = str(message.locale)  # after the content, which brings its own Content- headers
    return mail


def _find_sender(message: Message) -> Sender | None:
    """Read who signs now, and let the read go before the mail server is waited for."""
    if message.association_id is None or message.id is None:
        return None
    try:
        return list_senders(db.session(), [message]).get(message.id)
    finally:
        db.session.rollback()


def _is_alive(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False
