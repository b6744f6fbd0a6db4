"""Ways out of the house: a mail server with and without TLS, the console, and none in production."""

import io
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.accounts import Locale
from models.messages import Message, MessageKind
from tests.factories.sequence import MADE_AT
from tests.mail_sink import mail_sink
from webapp.config import SettingsError
from webapp.transport import ConsoleTransport, SmtpTransport, build_mail, build_transport

FACTS = {"starts_at": "2026-12-08T17:00:00+00:00", "title": "Trésorerie"}


@pytest.fixture
def message():
    return Message(
        kind=MessageKind.BOOKING_CONFIRMED,
        facts=FACTS,
        locale=Locale.FRENCH,
        recipient="camille@example.org",
        queued_at=MADE_AT,
        public_id="11111111-1111-1111-1111-111111111111",
    )


@pytest.fixture
def certificate(tmp_path):
    """A certificate of its own authority for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def settings_for(app, port, **values):
    return replace(app.config["SETTINGS"], smtp_host="127.0.0.1", smtp_port=port, **values)


def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_with_tls_nothing_leaves_before_the_channel_is_closed_and_the_name_checked(app, message, certificate):
    def accept(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=(data.login, data.password) == (b"robot", b"secret"))

    options = {
        "tls_context": server_context(certificate),
        "require_starttls": True,
        "auth_required": True,
        "authenticator": accept,
    }
    trusting = ssl.create_default_context(cafile=str(certificate))
    with mail_sink(**options) as (sink, port):
        settings = settings_for(app, port, smtp_user="robot", smtp_password="secret")
        transport = SmtpTransport(settings, tls_context=trusting)
        transport.deliver(message)
        transport.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            SmtpTransport(settings).deliver(message)
    assert len(sink.mails) == 1


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(app, message):
    with mail_sink() as (sink, port), pytest.raises(Exception, match="STARTTLS"):
        SmtpTransport(settings_for(app, port)).deliver(message)
    assert sink.mails == []


def test_a_server_that_hung_up_is_called_again(app, message):
    with mail_sink() as (sink, port):
        transport = SmtpTransport(settings_for(app, port, smtp_tls=False))
        transport.deliver(message)
        transport._connection.sock.close()
        transport.deliver(message)
        transport.close()
    assert len(sink.mails) == 2


def test_a_mail_says_what_it_is(app, message):
    mail = build_mail(message, sender="Maillage <nobody@maillage.example>")
    assert mail["Message-ID"] == "<11111111-1111-1111-1111-111111111111@maillage.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["Date"].datetime == MADE_AT
    assert mail.get_content_type() == "text/plain"
    assert all(len(line) <= 998 for line in mail.as_bytes().splitlines())


def test_in_development_messages_are_shown(app, message):
    shown = io.StringIO()
    transport = build_transport(app.config["SETTINGS"], shown)
    assert isinstance(transport, ConsoleTransport)
    transport.deliver(message)
    assert "To: camille@example.org" in shown.getvalue()
    assert "Trésorerie" in shown.getvalue()


def test_production_does_not_call_messages_sent_that_nobody_gets(app):
    with pytest.raises(SettingsError, match="MAILLAGE_SMTP_HOST"):
        build_transport(replace(app.config["SETTINGS"], production=True), io.StringIO())


def test_a_server_that_is_named_is_used(app):
    assert isinstance(build_transport(settings_for(app, 25), io.StringIO()), SmtpTransport)
