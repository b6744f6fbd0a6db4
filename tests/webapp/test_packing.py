"""Style and scripts leave packed, pages do not."""

import gzip

from flask.testing import FlaskClient

PACKED = {"Accept-Encoding": "gzip, br"}


def test_style_leaves_packed_for_who_can_unpack_it(client: FlaskClient) -> None:
    plain = client.get("/static/vendor/bootstrap.min.css")
    packed = client.get("/static/vendor/bootstrap.min.css", headers=PACKED)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 5
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary


def test_pages_of_people_are_not_packed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/sign-in", headers=PACKED).headers


def test_who_refuses_the_packed_form_is_not_sent_it(client: FlaskClient) -> None:
    answer = client.get("/static/theme.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers
