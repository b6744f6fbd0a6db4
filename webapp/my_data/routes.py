"""Routes: what is kept of somebody, and the file she takes with her."""

import io
import zipfile
from datetime import datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.my_data import bp
from webapp.my_data.telling import tell_parts, write_json
from webapp.services.own_data import OwnData, take_own_data


@bp.get("")
@access(Access.MEMBER)
def show() -> ResponseReturnValue:
    """Say what one may do about what is kept."""
    return render_template("my_data/show.html")


@bp.post("/file")
@access(Access.MEMBER)
def take() -> ResponseReturnValue:
    """Give the file with all that is kept; a POST because taking it leaves a trace."""
    at = utc_now()
    content = _pack(take_own_data(actor=current_actor(), at=at), at)
    headers = {
        "Content-Disposition": f'attachment; filename="maillage-{day_of(at):%Y-%m-%d}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(content, content_type="application/zip", headers=headers)


def _pack(data: OwnData, at: datetime) -> bytes:
    parts = tell_parts(data)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("maillage.html", render_template("my_data/file.html", parts=parts, at=at))
        archive.writestr("maillage.json", write_json(parts))
        for number, charter in enumerate(data.charters, start=1):
            archive.writestr(f"charte-{number}.pdf", charter)
    return packed.getvalue()
