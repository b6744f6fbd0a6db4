"""What accompanies pairs in the story: contacts opened, questions to experts, papers of volunteers, first checks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.introductions import IntroductionPurpose
from models.pairings import Pairing
from models.reviews import Review, ReviewKind, SkipReason
from models.states import EntrepreneurState, IntroductionAction, PairingState, ReviewState, SupporterState
from models.supporters import Supporter, SupporterRole
from webapp.clock import day_of
from webapp.permissions import Actor
from webapp.services.expert_questions import answer_question, ask_question
from webapp.services.introductions import (
    Contact,
    introduce,
    introduce_for_association,
    tell_introduction,
    write_word,
)
from webapp.services.reviews import ReviewAnswers, note_review, skip_review
from webapp.services.supporter_papers import set_papers

Move = Callable[[datetime], object]
Plan = Callable[[int, Move], None]

PAPERS_DAYS_AGO, INTRODUCED_DAYS_AGO, ASKED_DAYS_AGO = 12, 5, 4
TOLD_AFTER_DAYS = 2
# Days that training and insurance are still good for, one pair of papers after the other; none: nothing is known.
PAPERS: tuple[tuple[int | None, int | None], ...] = ((20, 200), (400, 12), (-3, 150), (None, 320))
CONTACTS = (
    Contact(organisation="Marché de la Gare", purpose=IntroductionPurpose.CUSTOMER, function="Placier"),
    Contact(
        organisation="Atelier des Trois Ponts",
        purpose=IntroductionPurpose.SUPPLIER,
        function="Gérante",
        name="Mme Vasseur",
    ),
    Contact(organisation="Pépinière du Canal", purpose=IntroductionPurpose.PREMISES, function="Accueil"),
    Contact(organisation="Les Jardins partagés", purpose=IntroductionPurpose.CUSTOMER, name="M. Diarra"),
    Contact(organisation="Imprimerie du Centre", purpose=IntroductionPurpose.PARTNER),
)
# What becomes of one contact after the other; the first is only promised, the third made and waits for news.
MEET, SUCCEED, LAPSE = IntroductionAction.MEET, IntroductionAction.SUCCEED, IntroductionAction.LAPSE
ENDS: tuple[IntroductionAction | None, ...] = (None, SUCCEED, None, MEET, LAPSE)
WORDS = {MEET: "Une visite est prévue le mois prochain.", SUCCEED: "Une première commande, livrée vendredi."}
OWN_CONTACT = Contact(organisation="Guichet des entreprises de la mairie", purpose=IntroductionPurpose.PUBLIC_BODY)
QUESTIONS = (
    "Puis-je facturer un acompte avant d’acheter mes fournitures ?",
    "Faut-il une assurance particulière pour vendre sur un marché ?",
)
OPEN_QUESTION = "Mon bail se termine en mars : à qui demander de le relire ?"
ANSWER = "Oui. Écrivez-le sur le devis, avec le montant et la date, et déduisez-le de la facture finale."
HEARD = "Se voient tous les quinze jours, tout va bien."


class SupportStory:
    """What one association and its people do around their pairs. Nothing is drawn: other chances stay as they are."""

    def __init__(self, association: Association, coordinator: Actor) -> None:
        self._association, self._coordinator = association, coordinator

    def plan(self, on: Plan) -> None:
        """Plan the papers of some volunteers, introductions and questions, and what becomes of them."""
        on(PAPERS_DAYS_AGO, self._note_papers)
        on(INTRODUCED_DAYS_AGO, partial(self._introduce, on))
        on(ASKED_DAYS_AGO, partial(self._ask, on))

    def end(self, at: datetime) -> None:
        """Note what two pairs said of their first month a few days early, and leave a third one out."""
        first, second, third, *_ = [*self._list_checks(), None, None, None]
        for review in (first, second):
            if review is not None:
                answers = ReviewAnswers(goes_on=True, heard=HEARD)
                note_review(review_id=review, answers=answers, actor=self._coordinator, at=at)
        if third is not None:
            skip_review(review_id=third, reason=SkipReason.UNREACHABLE, actor=self._coordinator, at=at)

    def _note_papers(self, at: datetime) -> None:
        supporters = db.session.scalars(
            select(Supporter.public_id)
            .where(Supporter.association_id == self._association.id, Supporter.state == SupporterState.ACTIVE)
            .order_by(Supporter.id)
            .limit(len(PAPERS))
        ).all()
        for supporter_id, (training, insurance) in zip(supporters, PAPERS, strict=False):
            set_papers(
                supporter_id=supporter_id,
                training_until=_last_day(training, at),
                insurance_until=_last_day(insurance, at),
                actor=self._coordinator,
                at=at,
            )

    def _introduce(self, on: Plan, _at: datetime) -> None:
        mentored = self._list_together(SupporterRole.MENTOR)[: len(CONTACTS)]
        for number, pairing in enumerate(mentored):
            on(INTRODUCED_DAYS_AGO - 1, _open_contact(pairing, number, on))
        alone = self._find_alone()
        if alone is not None:
            on(INTRODUCED_DAYS_AGO - 1, lambda at: self._open_own(alone.public_id, at))

    def _open_own(self, entrepreneur_id: UUID, at: datetime) -> None:
        introduce_for_association(
            entrepreneur_id=entrepreneur_id, contact=OWN_CONTACT, is_made=True, actor=self._coordinator, at=at
        )

    def _ask(self, on: Plan, _at: datetime) -> None:
        advised = self._list_together(SupporterRole.EXPERT)[: len(QUESTIONS)]
        for number, pairing in enumerate(advised):
            on(ASKED_DAYS_AGO - 1, _put_question(pairing, number, on))
        alone = self._find_alone()
        if alone is not None:
            on(
                ASKED_DAYS_AGO - 1,
                lambda at: ask_question(
                    entrepreneur_id=alone.public_id, question=OPEN_QUESTION, actor=_herself(alone), at=at
                ),
            )

    def _list_together(self, role: SupporterRole) -> Sequence[Pairing]:
        return db.session.scalars(
            select(Pairing)
            .where(
                Pairing.association_id == self._association.id,
                Pairing.role == role,
                Pairing.state == PairingState.ACTIVE,
            )
            .order_by(Pairing.answered_at, Pairing.id)
        ).all()

    def _find_alone(self) -> Entrepreneur | None:
        """Give somebody who can sign in and whom nobody accompanies yet."""
        paired = select(Pairing.entrepreneur_id).where(Pairing.association_id == self._association.id)
        return db.session.scalars(
            select(Entrepreneur)
            .where(
                Entrepreneur.association_id == self._association.id,
                Entrepreneur.state == EntrepreneurState.READY,
                Entrepreneur.account_id.is_not(None),
                Entrepreneur.id.not_in(paired),
            )
            .order_by(Entrepreneur.id)
        ).first()

    def _list_checks(self) -> Iterator[UUID]:
        yield from db.session.scalars(
            select(Review.public_id)
            .where(
                Review.association_id == self._association.id,
                Review.kind == ReviewKind.CHECK,
                Review.state == ReviewState.DUE,
            )
            .order_by(Review.due_on, Review.id)
            .limit(3)
        )


def _open_contact(pairing: Pairing, number: int, on: Plan) -> Move:
    """Let a supporter open a contact, and the person say what became of it."""
    pairing_id, person, ends = pairing.public_id, _side_of_person(pairing), ENDS[number]

    def note(at: datetime) -> None:
        introduction_id = introduce(
            pairing_id=pairing_id, contact=CONTACTS[number], is_made=number > 0, actor=_helper(pairing), at=at
        )
        if ends is not None:
            on(INTRODUCED_DAYS_AGO - 1 - TOLD_AFTER_DAYS, lambda then: _tell(introduction_id, ends, person, then))

    return note


def _tell(introduction_id: UUID, action: IntroductionAction, person: Actor, at: datetime) -> None:
    tell_introduction(introduction_id=introduction_id, action=action, actor=person, at=at)
    if action in WORDS:
        write_word(introduction_id=introduction_id, word=WORDS[action], actor=person, at=at)


def _put_question(pairing: Pairing, number: int, on: Plan) -> Move:
    """Let a person ask her expert; the first question is answered, the next one waits."""

    def put(at: datetime) -> None:
        person = db.session.get_one(Entrepreneur, pairing.entrepreneur_id)
        question_id = ask_question(
            entrepreneur_id=person.public_id, question=QUESTIONS[number], actor=_herself(person), at=at
        )
        if number == 0:
            answer = ASKED_DAYS_AGO - 1 - TOLD_AFTER_DAYS
            on(
                answer,
                lambda then: answer_question(question_id=question_id, answer=ANSWER, actor=_helper(pairing), at=then),
            )

    return put


def _herself(person: Entrepreneur) -> Actor:
    return Actor(account_id=person.account_id, entrepreneur_ids=frozenset({person.id}))


def _side_of_person(pairing: Pairing) -> Actor:
    return _herself(db.session.get_one(Entrepreneur, pairing.entrepreneur_id))


def _helper(pairing: Pairing) -> Actor:
    supporter = db.session.get_one(Supporter, pairing.supporter_id)
    return Actor(
        account_id=supporter.account_id,
        supporter_ids=frozenset({supporter.id}),
        member_of=frozenset({supporter.association_id}),
    )


def _last_day(days: int | None, at: datetime) -> date | None:
    return None if days is None else day_of(at) + timedelta(days=days + PAPERS_DAYS_AGO)
