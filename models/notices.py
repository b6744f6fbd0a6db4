"""Notices: what the clocks found past its day, kept until one mail a day tells all of them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from models.accounts import Locale
from models.db import Model, RowId, UtcDateTime, enum_type

UNTOLD = text("told_at IS NULL")


class NoticeKind(StrEnum):
    """What waits for somebody."""

    QUESTION_WAITS = "question_waits"
    DATE_TO_FIND = "date_to_find"
    SILENCE = "silence"
    LONG_SILENCE = "long_silence"
    DATE_TO_CHOOSE = "date_to_choose"
    DID_YOU_MEET = "did_you_meet"
    REPORT_MISSING = "report_missing"
    CHARTER_TO_SIGN = "charter_to_sign"
    PAUSE_OVER = "pause_over"
    TERM_NEAR = "term_near"
    NEWS_DUE = "news_due"
    PROFILE_TO_FINISH = "profile_to_finish"
    ATTENDANCE_TO_MARK = "attendance_to_mark"
    INTRODUCTION_TO_MAKE = "introduction_to_make"
    INTRODUCTION_NEWS = "introduction_news"
    INTRODUCTION_LATE = "introduction_late"
    REVIEW_DUE = "review_due"
    REVIEW_LATE = "review_late"
    GO_OR_NO_GO = "go_or_no_go"
    GO_OVERDUE = "go_overdue"
    EXPERT_QUESTION_WAITS = "expert_question_waits"
    TRAINING_ENDS = "training_ends"
    INSURANCE_ENDS = "insurance_ends"
    NEVER_MATCHED = "never_matched"
    INVITATION_WAITS = "invitation_waits"
    INVITATION_UNANSWERED = "invitation_unanswered"
    ATTENDANCE_LATE = "attendance_late"
    INTERVIEW_DUE = "interview_due"
    INTERVIEW_LATE = "interview_late"
    INTERVIEW_AGAIN = "interview_again"
    INTERVIEW_NEW = "interview_new"
    CIRCLE_TO_ANSWER = "circle_to_answer"
    CIRCLE_MEETS_SOON = "circle_meets_soon"
    CIRCLE_TOO_FEW_COME = "circle_too_few_come"
    CIRCLE_TO_REPORT = "circle_to_report"
    CIRCLE_NOT_REPORTED = "circle_not_reported"
    CIRCLE_TOO_SMALL = "circle_too_small"
    CIRCLE_UNDECIDED = "circle_undecided"
    SESSION_PROPOSAL_WAITS = "session_proposal_waits"
    SESSION_PROPOSAL_LATE = "session_proposal_late"
    GATHERING_SOON = "gathering_soon"
    GATHERING_TO_NOTE = "gathering_to_note"
    GATHERING_NOT_NOTED = "gathering_not_noted"
    GATHERING_WANTED = "gathering_wanted"
    HOURS_USED = "hours_used"
    HOURS_UNDECIDED = "hours_undecided"
    SUPPORTER_RESTS = "supporter_rests"
    AVAILABLE_AGAIN = "available_again"
    STILL_AWAY = "still_away"
    CIRCLE_UNLED = "circle_unled"
    TERM_OVER = "term_over"


class Notice(Model):
    """One thing past its day, for one person. The same thing with the same day is noticed once per person.

    `subject_id` is the public number of the record, `due_at` the instant that passed; `told_at` when a mail said it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("subject_id", "kind", "due_at", "recipient"),
        Index("ix_notices_untold", "recipient", "association_id", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
        CheckConstraint("recipient <> ''", name="recipient"),
        CheckConstraint("told_at IS NULL OR told_at >= noticed_at", name="told_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[Locale] = mapped_column(enum_type(Locale, "locale"))
    kind: Mapped[NoticeKind] = mapped_column(enum_type(NoticeKind, "kind"))
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
