"""A person about whom every table knows something: a file in one association, a supporter's sheet in another.

In every column with text that is hers stands a canary, a word found nowhere else: what is told, kept back or
forgotten is looked for by it.
"""

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import Enum, String, Table, select, update
from sqlalchemy.orm import Session

from models.accounts import Account, FormKey, LoginSession, OneTimeLink
from models.associations import Association, Network
from models.audit import AuditEvent
from models.charters import Charter, CharterParty, CharterSignature
from models.coaching import CoachingMoment, Statement
from models.correspondence import OneTap
from models.db import Model, db
from models.encryption import EncryptedText
from models.entrepreneurs import Entrepreneur
from models.personal.register import REGISTER
from models.personal.ways import Root, Subject, find_table, whose
from models.registrations import Registration
from models.states import CharterState, CircleMemberState, CircleState, ExpertQuestionState, PairingState
from models.supporters import Supporter
from models.territories import QpvCheck
from tests import factories as make
from tests.factories.sequence import MADE_AT
from webapp.charters.document import SignedBy, build_document
from webapp.charters.texts import text_to_sign

# Text that the service writes for itself, or that must be one of some codes.
NOT_FREE = frozenset(
    (
        *(
            "token_hash",
            "password_hash",
            "key",
            "event_key",
            "outcome",
            "failure",
            "wall_start",
            "zone",
            "slot",
            "rule",
        ),
        *("zoning_version", "text_version", "version", "pdf_sha256", "after_liquidation", "gender", "door"),
        *("record", "action", "from_state", "to_state", "reason"),
    )
)
ADDRESSES = frozenset({"email", "recipient"})
# What an association wrote for everybody.
FOR_ALL = frozenset({("circles", "place"), ("charters", "text"), ("charter_signatures", "name")})
# What is in a row about two, and the other one's: a supporter who is forgotten takes none of it away.
OF_THE_OTHER = frozenset(
    {("expert_questions", "question"), *(("introductions", name) for name in ("organisation", "function", "name"))}
)
REFERENCE = frozenset({"activities", "communes", "languages", "offers", "qpvs", "topics", "workshop_themes"})
CANARY = "canari"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """She, her two files, who stands beside her, and the canary in each of her columns."""

    account: Account
    person: Entrepreneur
    supporter: Supporter
    mentor: Supporter
    mentee: Entrepreneur
    coordinator: Account
    elsewhere: Account
    canaries: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Whose rows hers are: the account's, and those of each file."""
        return (
            Subject(root=Root.ACCOUNT, row_id=self.account.id, addresses=frozenset({self.account.email})),
            Subject(root=Root.ENTREPRENEUR, row_id=self.person.id, association_id=self.person.association_id),
            Subject(root=Root.SUPPORTER, row_id=self.supporter.id, association_id=self.supporter.association_id),
        )


def live_a_whole_life(session: Session) -> Life:
    """Make her, with a row in every table that is about people, and a canary in every text of hers."""
    rebuilds, lends = (
        make.make_association(session, network=one) for one in (Network.REBONDS, Network.INITIATIVE_FRANCE)
    )
    coordinator, elsewhere = (make.make_coordinator(session, one) for one in (rebuilds, lends))
    account = make.make_account(session, email="canari-0@example.org", phone="0600000000")
    person = make.make_entrepreneur(
        session,
        rebuilds,
        account_id=account.id,
        referent_id=coordinator.id,
        email=account.email,
        phone="0600000000",
        household="x",
        offers={"sales": 2},
        confided={"after_liquidation": "yes", "coaching_consent_at": MADE_AT, "gender": "woman"},
    )
    supporter = make.make_supporter(
        session, lends, account_id=account.id, email=account.email, phone="06", household="x"
    )
    mentor = make.make_supporter(session, rebuilds)
    mentee = make.make_entrepreneur(session, lends)
    people = SimpleNamespace(
        account=account, person=person, supporter=supporter, mentor=mentor, mentee=mentee, coordinator=coordinator
    )
    _open_the_account(session, people, lends)
    _follow_the_person(session, people, rebuilds)
    _let_her_help(session, people, lends, elsewhere)
    life = Life(**vars(people), elsewhere=elsewhere)
    return Life(**vars(people), elsewhere=elsewhere, canaries=sing(session, life))


def _open_the_account(session: Session, people: SimpleNamespace, lends: Association) -> None:
    account, later = people.account, MADE_AT + timedelta(days=400)
    made: dict[str, Any] = {"account_id": account.id, "created_at": MADE_AT}
    session.add(LoginSession(token_hash="a" * 64, seen_at=MADE_AT, expires_at=later, **made))
    session.add(OneTimeLink(token_hash="b" * 64, purpose="invitation", expires_at=later, **made))
    session.add(FormKey(key="a-form", **made))
    session.add(
        Registration(
            public_id=uuid4(),
            association_id=lends.id,
            first_name="Awa",
            last_name="Traoré",
            email=account.email,
            phone="06",
            words="x",
            locale="fr",
            token_hash="c" * 64,
            made_at=MADE_AT,
            expires_at=later,
        )
    )
    make.make_calendar_feed(session, account)
    make.make_mail_preference(session, account)
    make.make_message(session, account_id=account.id, recipient=account.email)
    make.make_notice(session, lends, account)
    make.make_sentinel(session, lends, account)
    workshop = make.make_workshop_session(session, lends, is_public=True)
    make.make_visitor(session, workshop, email=account.email)
    session.add(AuditEvent(record="account", record_id=account.id, action="test", actor_id=account.id, at=MADE_AT))


def _follow_the_person(session: Session, people: SimpleNamespace, house: Association) -> None:
    person, mentor = people.person, people.mentor
    session.add(
        QpvCheck(
            association_id=house.id,
            entrepreneur_id=person.id,
            ground="residence",
            result="outside",
            method="point_in_polygon",
            zoning_version="2024",
            latitude=48.9,
            longitude=2.3,
            checked_at=MADE_AT,
        )
    )
    make.make_interview(
        session,
        person,
        state="held",
        outcome="elsewhere",
        again_on=MADE_AT.date(),
        held_at=MADE_AT,
        orientation="x",
        team_note="x",
        place="x",
    )
    make.make_assisted_call(session, person, people.coordinator)
    make.make_review(session, person, heard="x")
    make.make_handover(session, person, None)
    run = make.make_match_run(session, house)
    suggestion = make.make_suggestion(session, run, person, mentor, state="superseded", deadline_at=None)
    plan = make.make_support_plan(session, run, person)
    make.make_plan_line(session, plan, suggestion)
    make.make_unmatched_need(session, run, person)
    pairing = make.make_pairing(session, person, mentor, state=PairingState.ACTIVE)
    make.make_meeting(session, pairing, state="held", word="x", next_step="x")
    _sign(session, make.make_charter(session, pairing), CharterParty.ENTREPRENEUR)
    make.make_introduction(session, pairing)
    make.make_committee_file(session, person, mentor)
    make.make_expert_question(session, person)
    coach = make.make_supporter(session, house, role="coach", capacity=7)
    coaching = make.make_coaching_file(
        session,
        make.make_pairing(session, person, coach, state=PairingState.ACTIVE, budget_minutes=420),
        door="prevention",
    )
    make.make_coaching_assessment(session, coaching, CoachingMoment.BEFORE)
    _come_to_workshops(session, people, house)


def _come_to_workshops(session: Session, people: SimpleNamespace, house: Association) -> None:
    person = people.person
    workshop = make.make_workshop_session(session, house)
    make.make_session_feedback(session, make.make_booking(session, workshop, person), word="x")
    make.make_session_proposal(session, person)
    facilitator = make.make_facilitator(session, people.mentor)
    circle = make.make_circle(session, facilitator, state=CircleState.CONFIRMED, minimum=2, quorum=2)
    member = make.make_circle_member(session, circle, person, state=CircleMemberState.JOINED)
    make.make_circle_agreement(session, member)
    meeting = make.make_circle_meeting(session, circle, client_member_id=member.id)
    make.make_circle_attendance(session, meeting, member)
    make.make_circle_left_out(session, make.make_circle_round(session, house), person)
    session.add(
        OneTap(
            association_id=house.id,
            token_hash="d" * 64,
            purpose="leave_session",
            target_id=workshop.public_id,
            entrepreneur_id=person.id,
            created_at=MADE_AT,
            expires_at=MADE_AT + timedelta(days=400),
        )
    )


def _let_her_help(session: Session, people: SimpleNamespace, house: Association, host: Account) -> None:
    supporter = people.supporter
    pairing = make.make_pairing(session, people.mentee, supporter, state=PairingState.ACTIVE)
    make.make_meeting(session, pairing, state="held", word="x", next_step="x")
    _sign(session, make.make_charter(session, pairing), CharterParty.SUPPORTER)
    make.make_introduction(session, pairing)
    make.make_expert_question(session, people.mentee, pairing, state=ExpertQuestionState.ANSWERED)
    make.make_supporter_listing(session, supporter)
    make.make_circle(session, make.make_facilitator(session, supporter))
    make.make_gathering_attendance(session, make.make_gathering(session, house.id, host), supporter)
    make.make_session_proposal(session, supporter)


def _sign(session: Session, charter: Charter, own: CharterParty) -> None:
    """Let three sign, she as one of them; the document has her canary too."""
    for party in CharterParty:
        name = f"{CANARY}-0" if party is own else "Nadia Lopez"
        session.add(CharterSignature(charter_id=charter.id, party=party, name=name, signed_at=MADE_AT))
    signed = SignedBy(party="elle", name=f"{CANARY}-0", signed_at=MADE_AT, is_on_paper=False)
    charter.pdf = build_document(
        text=text_to_sign(charter.network), association="A", version="1", signatures=[signed], signed_at=MADE_AT
    )
    charter.pdf_sha256, charter.signed_at, charter.state = "e" * 64, MADE_AT, CharterState.SIGNED
    session.flush()


def sing(session: Session, life: Life) -> dict[tuple[str, str], str]:
    """Write a canary into every free text of every row of hers, and say which sings where."""
    session.flush()
    canaries: dict[tuple[str, str], str] = {}
    for subject in life.subjects:
        for personal in REGISTER.values():
            condition = whose(personal, subject, REGISTER)
            table = find_table(personal.table)
            if condition is None or (personal.table == "accounts" and subject.root is not Root.ACCOUNT):
                continue
            others = {name for place, name in OF_THE_OTHER if place == table.name and subject.root is Root.SUPPORTER}
            for name in sorted(set(list_free_texts(table)) - ADDRESSES - others):
                for key in session.execute(
                    select(*table.primary_key.columns).where(condition, table.c[name].is_not(None))
                ):
                    one = [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]
                    session.execute(update(table).where(*one).values({name: _song(table, name, canaries)}))
    session.expire_all()
    return canaries


def list_free_texts(table: Table) -> Iterator[str]:
    """Name the columns of a table in which somebody may have written words of her own."""
    for column in table.columns:
        is_text = isinstance(column.type, String | EncryptedText) and not isinstance(column.type, Enum)
        if (
            is_text
            and not column.foreign_keys
            and not column.primary_key
            and (table.name, column.name) not in FOR_ALL
            and column.name not in NOT_FREE
        ):
            yield column.name


def _song(table: Table, name: str, canaries: dict[tuple[str, str], str]) -> str:
    song = canaries.setdefault((table.name, name), f"{CANARY}-{len(canaries) + 1}-")
    if (table.name, name) == ("coaching_assessments", "content"):
        return json.dumps({"answers": dict.fromkeys(map(str, Statement), 3), "strengths": song, "gaps": ""})
    return song


def find_songs() -> set[str]:
    """Read the whole database as the service reads it, and name the columns in which a canary still sings."""
    db.session.rollback()
    return {
        f"{table.name}.{column}"
        for table in Model.metadata.sorted_tables
        if table.name not in REFERENCE
        for row in db.session.execute(select(table)).mappings()
        for column, value in row.items()
        if CANARY in _read(value)
    }


def _read(value: Any) -> str:
    """Give a value as text; of a document, what stands in it plainly and in its packed streams."""
    if not isinstance(value, bytes):
        return json.dumps(value, ensure_ascii=False, default=str)
    packed = re.findall(rb"stream\r?\n(.*?)\nendstream", value, re.DOTALL)
    return b" ".join([value, *map(zlib.decompress, packed)]).decode("latin-1")
