"""One module per table module: valid, minimal, flushed rows, with traits. Commit before using a client."""

from tests.factories.accounts import make_account, make_coordinator
from tests.factories.assisted import make_assisted_call
from tests.factories.associations import make_association, make_weight_version
from tests.factories.charters import make_charter
from tests.factories.circle_meetings import make_circle_agreement, make_circle_attendance, make_circle_meeting
from tests.factories.circles import (
    make_circle,
    make_circle_composition,
    make_circle_left_out,
    make_circle_member,
    make_circle_round,
    make_facilitator,
)
from tests.factories.coaching import make_coaching_assessment, make_coaching_file
from tests.factories.committees import make_committee_file
from tests.factories.correspondence import make_calendar_feed, make_mail_preference
from tests.factories.entrepreneurs import make_entrepreneur
from tests.factories.erasures import make_erasure
from tests.factories.expert_questions import make_expert_question
from tests.factories.feedback import make_session_feedback
from tests.factories.gatherings import make_gathering, make_gathering_attendance, make_supporter_listing
from tests.factories.handovers import make_handover, make_sentinel
from tests.factories.interviews import make_interview
from tests.factories.introductions import make_introduction
from tests.factories.match_runs import make_match_run, make_suggestion, make_unmatched_need
from tests.factories.meetings import make_meeting
from tests.factories.messages import make_message
from tests.factories.notices import make_notice
from tests.factories.pairings import make_pairing
from tests.factories.plans import make_plan_line, make_support_plan
from tests.factories.reviews import make_review
from tests.factories.series import make_workshop_series
from tests.factories.session_proposals import make_session_proposal
from tests.factories.supporters import make_supporter
from tests.factories.visitors import make_visitor
from tests.factories.weights import make_weight_draft
from tests.factories.workshops import make_booking, make_workshop_session

__all__ = [
    "make_account",
    "make_assisted_call",
    "make_association",
    "make_booking",
    "make_calendar_feed",
    "make_charter",
    "make_circle",
    "make_circle_agreement",
    "make_circle_attendance",
    "make_circle_composition",
    "make_circle_left_out",
    "make_circle_meeting",
    "make_circle_member",
    "make_circle_round",
    "make_coaching_assessment",
    "make_coaching_file",
    "make_committee_file",
    "make_coordinator",
    "make_entrepreneur",
    "make_erasure",
    "make_expert_question",
    "make_facilitator",
    "make_gathering",
    "make_gathering_attendance",
    "make_handover",
    "make_interview",
    "make_introduction",
    "make_mail_preference",
    "make_match_run",
    "make_meeting",
    "make_message",
    "make_notice",
    "make_pairing",
    "make_plan_line",
    "make_review",
    "make_sentinel",
    "make_session_feedback",
    "make_session_proposal",
    "make_suggestion",
    "make_support_plan",
    "make_supporter",
    "make_supporter_listing",
    "make_unmatched_need",
    "make_visitor",
    "make_weight_draft",
    "make_weight_version",
    "make_workshop_series",
    "make_workshop_session",
]
