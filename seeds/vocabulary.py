"""The reference data as the vocabulary that spreadsheets are read and written with."""

from functools import cache

from seeds import reference
from webapp.spreadsheets import Vocabulary


@cache
def reference_vocabulary() -> Vocabulary:
    """Give the vocabulary of the reference files; its indexes are built once, on first use."""
    return Vocabulary(
        topics=reference.topics(),
        themes=reference.workshop_themes(),
        languages=reference.languages(),
        activities=reference.activities(),
        communes=reference.communes(),
        qpvs=reference.qpvs(),
        former_communes=reference.former_communes(),
    )
