"""Routes: spreadsheets in and out. A file is checked first; nothing is written before it is confirmed."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.names import full_name
from seeds.vocabulary import reference_vocabulary
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.imports import bp
from webapp.imports.examples import example_file
from webapp.imports.forms import KIND_WORDS, ImportForm
from webapp.imports.uploads import Upload, drop_upload, find_upload, keep_upload
from webapp.locale import current_locale
from webapp.services.exports import export_rows
from webapp.services.imports import ImportOutcome, import_rows
from webapp.spreadsheets import Kind, ReadResult, WorkshopSessionRow, describe_columns, read_rows
from webapp.translation import gettext as _
from webapp.twice import is_twice
from webapp.workspace import current_workspace

LISTS = {
    Kind.ENTREPRENEURS: "entrepreneurs.index",
    Kind.SUPPORTERS: "supporters.index",
    Kind.WORKSHOPS: "workshops.index",
}
PROBLEMS_SHOWN = 100
LINES_SHOWN = 5
CSV = "text/csv; charset=utf-8"


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Choose a kind and a file; find the columns, the examples and the exports."""
    return render_template("imports/index.html", form=ImportForm(data={"kind": "entrepreneurs"}), kinds=KIND_WORDS)


@bp.post("")
@access(Access.COORDINATOR)
def check() -> ResponseReturnValue:
    """Read a file and say what it would change, or what is wrong with it. Nothing is written."""
    form = ImportForm()
    if not form.validate_on_submit():
        return render_template("imports/index.html", form=form, kinds=KIND_WORDS), 422
    upload = Upload(
        kind=Kind(form.kind.data),
        name=(form.file.data.filename or "")[:120],
        data=form.file.data.read(),
        account_id=current_actor().account_id,
        association_id=current_workspace().seat.public_id,
    )
    result, outcome = _try(upload, dry_run=True)
    token = "" if outcome.problems else keep_upload(upload)
    page = _render_check(upload, result, outcome, token)
    return page, 422 if outcome.problems else 200


@bp.post("/confirm")
@access(Access.COORDINATOR)
def confirm() -> ResponseReturnValue:
    """Write a file that was checked."""
    token = request.form.get("token", "")
    upload = find_upload(
        token, account_id=current_actor().account_id, association_id=current_workspace().seat.public_id
    )
    if upload is None:
        flash(_("This file was already imported, or waited for too long. Choose it again."), "warning")
        return redirect(url_for("imports.index"), code=303)
    result, outcome = _try(upload, dry_run=False)
    drop_upload(token)
    if outcome.problems:
        return _render_check(upload, result, outcome, ""), 422
    flash(
        _(
            "Imported: %(added)s added, %(updated)s changed, %(unchanged)s unchanged.",
            added=outcome.added,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
        ),
        "success",
    )
    return redirect(url_for(LISTS[upload.kind]), code=303)


@bp.get("/columns/<kind>")
@access(Access.COORDINATOR)
def columns(kind: str) -> ResponseReturnValue:
    """Describe every column of a kind of file."""
    chosen = _kind(kind)
    return render_template(
        "imports/columns.html",
        kind=chosen,
        title=KIND_WORDS[chosen],
        columns=describe_columns(chosen),
        is_french=current_locale() != "en",
    )


@bp.get("/example/<kind>.csv")
@access(Access.COORDINATOR)
def example(kind: str) -> ResponseReturnValue:
    """Give an example file."""
    chosen = _kind(kind)
    words = {Kind.ENTREPRENEURS: "entrepreneurs", Kind.SUPPORTERS: "accompagnants", Kind.WORKSHOPS: "ateliers"}
    data = example_file(
        chosen,
        language="en" if current_locale() == "en" else "fr",
        today=day_of(utc_now()),
        lends=current_workspace().seat.lends,
    )
    return _download(data, f"exemple-{words[chosen]}.csv")


@bp.post("/export/<kind>")
@access(Access.COORDINATOR)
def export(kind: str) -> ResponseReturnValue:
    """Give everybody, or every session, in the columns that imports read; a POST because exporting leaves a trace."""
    file = export_rows(
        kind=_kind(kind),
        association_id=current_workspace().seat.public_id,
        actor=current_actor(),
        at=utc_now(),
        vocabulary=reference_vocabulary(),
        language="en" if current_locale() == "en" else "fr",
    )
    return _download(file.content, file.name)


def _try(upload: Upload, *, dry_run: bool) -> tuple[ReadResult, ImportOutcome]:
    result = read_rows(upload.kind, upload.data, vocabulary=reference_vocabulary())
    if not result.is_clean:
        return result, ImportOutcome(problems=result.problems, is_dry_run=dry_run)
    outcome = import_rows(
        kind=upload.kind,
        association_id=upload.association_id,
        rows=result.rows,
        lines=result.lines,
        actor=current_actor(),
        at=utc_now(),
        dry_run=dry_run,
    )
    return result, outcome


def _render_check(upload: Upload, result: ReadResult, outcome: ImportOutcome, token: str) -> str:
    return render_template(
        "imports/check.html",
        upload=upload,
        kind_words=KIND_WORDS[upload.kind],
        outcome=outcome,
        token=token,
        problems=outcome.problems[:PROBLEMS_SHOWN],
        lines=[_tell_row(row) for row in result.rows[:LINES_SHOWN]],
        twice=() if outcome.problems else _list_twice(result),
        read=len(result.rows),
        is_french=current_locale() != "en",
    )


def _list_twice(result: ReadResult) -> list[int]:
    """Give the lines of sessions with an hour that clocks show twice."""
    return [
        number
        for number, row in zip(result.lines, result.rows, strict=True)
        if isinstance(row, WorkshopSessionRow)
        and (is_twice(row.starts_on, row.starts_at) or is_twice(row.starts_on, row.ends_at))
    ]


def _tell_row(row: Any) -> tuple[str, str]:
    """Name a line as it was read, so that a wrong encoding or a shifted column is seen at once."""
    if hasattr(row, "last_name"):
        return row.reference, full_name(row)
    return row.reference, f"{row.title or row.theme}, {row.starts_on:%d/%m/%Y}"


def _download(data: bytes, name: str) -> Response:
    return Response(data, content_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _kind(value: str) -> Kind:
    if value not in {kind.value for kind in Kind}:
        abort(404)
    return Kind(value)
