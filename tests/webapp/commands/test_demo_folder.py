"""What `demo --fresh` deletes: what a demo made, and nothing else."""

import click
import pytest

from webapp.commands.demo_folder import MADE, MARK, empty, mark


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "demo-small-1"
    made.mkdir()
    for name in MADE - {MARK, "uploads"}:
        (made / name).write_text("made")
    (made / "uploads").mkdir()
    (made / "uploads" / "file.csv").write_text("made")
    return made


def test_what_a_demo_made_is_deleted(folder, tmp_path):
    mark(folder)
    empty(folder)
    assert list(folder.iterdir()) == []
    empty(folder)
    empty(tmp_path / "nowhere")


@pytest.mark.parametrize(("is_marked", "name"), [(True, "thesis.odt"), (False, "thesis.odt"), (False, None)])
def test_a_folder_of_somebody_else_stays_as_it_is(folder, is_marked, name):
    if is_marked:
        mark(folder)
    if name:
        (folder / name).write_text("three years of work")
    before = sorted(folder.rglob("*"))
    with pytest.raises(click.ClickException) as refused:
        empty(folder)
    assert "nothing was deleted" in refused.value.message
    assert (name if is_marked else "not a demo's folder") in refused.value.message
    assert sorted(folder.rglob("*")) == before
