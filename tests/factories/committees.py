"""Lines of approval committees."""

from typing import Any

from sqlalchemy.orm import Session

from models.committees import CommitteeFile
from models.entrepreneurs import Entrepreneur
from models.supporters import Supporter
from tests.factories.sequence import MADE_AT


def make_committee_file(
    session: Session, entrepreneur: Entrepreneur, supporter: Supporter, **values: Any
) -> CommitteeFile:
    """Make a supporter examine a file, since the day everything was made."""
    line = CommitteeFile(
        **{
            "association_id": entrepreneur.association_id,
            "entrepreneur_id": entrepreneur.id,
            "supporter_id": supporter.id,
            "since": MADE_AT.date(),
            "noted_at": MADE_AT,
            **values,
        }
    )
    session.add(line)
    session.flush()
    return line
