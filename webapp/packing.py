"""Style and scripts leave packed: on an old telephone far from a mast they are most of the first page.

Pages themselves stay as they are: they hold what only one person may read, and the size of a packed page tells of it.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

PACKED = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/json"})


def register_packing(app: Flask) -> None:
    """Pack what every browser is sent alike."""
    app.after_request(pack_static)


def pack_static(response: Response) -> Response:
    """Pack a whole static file for a browser that can unpack it; the two forms have two tags."""
    if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(_pack(response.get_data()))
    response.content_encoding = "gzip"
    tag, _is_weak = response.get_etag()
    response.set_etag(f"{tag}-gzip")
    return response


@lru_cache(maxsize=64)
def _pack(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
