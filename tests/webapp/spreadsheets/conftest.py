"""The vocabulary of the reference data, and a short way to read a file written as text."""

import pytest

from seeds.vocabulary import reference_vocabulary
from webapp.spreadsheets import Kind, read_rows


@pytest.fixture(scope="session")
def vocabulary():
    return reference_vocabulary()


@pytest.fixture
def read(vocabulary):
    def read_text(text, kind=Kind.ENTREPRENEURS, encoding="utf-8", **options):
        return read_rows(kind, text.encode(encoding), vocabulary=vocabulary, **options)

    return read_text


HEADER = "référence;prénom;nom;commune;étape;besoins;disponibilités"
LINE = "E1;Ana;Duval;93200 Saint-Denis;Lancement;Vente et prospection;lundi soir"


@pytest.fixture
def file_of():
    """A file of one good line, with one column added or changed."""

    def build(**cells):
        values = dict(zip(HEADER.split(";"), LINE.split(";"), strict=True)) | cells
        return ";".join(values) + "\r\n" + ";".join(values.values()) + "\r\n"

    return build
