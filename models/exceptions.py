"""Refusals of the domain: typed, carrying facts, put into words and status codes by the web app only."""

from collections.abc import Mapping
from types import MappingProxyType


class DomainError(Exception):
    """A refusal with the facts that explain it. `code` names the sentence to show."""

    code = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts: Mapping[str, object] = MappingProxyType(dict(facts))

    def __str__(self) -> str:
        """Give the code and the facts, for logs and tests."""
        return f"{self.code} {dict(self.facts)}" if self.facts else self.code


class NotFoundError(DomainError):
    """The record does not exist, or the actor may not know that it does."""

    code = "not_found"


class PermissionDeniedError(DomainError):
    """The actor may see the record but not do this with it."""

    code = "permission_denied"


class InvalidTransitionError(DomainError):
    """The record is not (or no longer) in a state from which this move exists."""

    code = "invalid_transition"


class RepeatedAnswerError(InvalidTransitionError):
    """The same person gave the same answer before, and it stands: she sent again what she thought was lost."""

    code = "repeated_answer"


class MeetingPastError(InvalidTransitionError):
    """The hour of a meeting has passed: whether it took place is said before anything else."""

    code = "meeting_past"


class CapacityReachedError(DomainError):
    """The supporter has no place left."""

    code = "capacity_reached"


class AlreadyServedError(DomainError):
    """This person already has a live pairing of this role, or a live booking of this session."""

    code = "already_served"


class InterviewPlannedError(AlreadyServedError):
    """An interview with this person is to come already."""

    code = "interview_planned"


class AlreadyTogetherError(DomainError):
    """The two work together: whoever supports a person cannot examine her file."""

    code = "already_together"


class NotEligibleError(DomainError):
    """A hard rule forbids it; `rule` in the facts says which."""

    code = "not_eligible"


class RoleNotAskedError(NotEligibleError):
    """A person is paired in the roles for which she asks; this is none of them."""

    code = "role_not_asked"


class NotOnThePhoneError(DomainError):
    """What is a person's own answer is given for her only while she is on the telephone."""

    code = "not_on_the_phone"


class OwnDatesError(DomainError):
    """Whoever proposed dates cannot agree to them: the other side chooses."""

    code = "own_dates"


class HoursUsedError(DomainError):
    """The hours of this path with a coach are used; the coordinator may grant more."""

    code = "hours_used"


class TermOverError(DomainError):
    """The path has come to its last day, or would go beyond it: it has one end."""

    code = "term_over"


class SessionClosedError(DomainError):
    """The workshop session is cancelled, held, or has begun."""

    code = "session_closed"


class SessionAheadError(SessionClosedError):
    """The workshop session has not begun: nobody can have come yet."""

    code = "session_ahead"


class CorrectionOverError(SessionClosedError):
    """A person's own word about her attendance was given too late, or a second time."""

    code = "correction_over"


class SessionFullError(DomainError):
    """Every seat of the workshop session is taken: nobody is invited to a waiting list."""

    code = "session_full"


class SeatGoneError(DomainError):
    """The seat that was free went to somebody else, or was passed on after its offer had no answer in time."""

    code = "seat_gone"


class SeatsTakenError(DomainError):
    """Seats cannot be reduced below those that people hold."""

    code = "seats_taken"


class CapacityInUseError(DomainError):
    """Capacity cannot be reduced below the places in use; pausing stops new proposals."""

    code = "capacity_in_use"


class InvalidInputError(DomainError):
    """A value breaks a rule; `field` in the facts says which."""

    code = "invalid_input"


class InvalidWallTimeError(InvalidInputError):
    """A wall time that does not exist on that day, because clocks go forward."""

    code = "invalid_wall_time"


class FarDateError(InvalidInputError):
    """A date to meet that is so far away that two people would lose sight of each other."""

    code = "far_date"


class InvalidCredentialsError(DomainError):
    """Address or password are wrong; it is not said which."""

    code = "invalid_credentials"


class TooManyAttemptsError(DomainError):
    """Somebody has tried too often; `retry_at` says until when it waits."""

    code = "too_many_attempts"


class TooManySignInsError(TooManyAttemptsError):
    """Signing in is paused for this address or place."""

    code = "too_many_sign_ins"


class TooManyRegistrationsError(TooManyAttemptsError):
    """One place has registered many people."""

    code = "too_many_registrations"


class TooManyVisitorsError(TooManyAttemptsError):
    """One place has asked for many seats of a public session."""

    code = "too_many_visitors"


class SessionAskedForError(TooManyAttemptsError):
    """As many people as may have asked for a seat of a public session and not confirmed it yet."""

    code = "session_asked_for"


class TooManyTapsError(TooManyAttemptsError):
    """One place has opened many links of mails."""

    code = "too_many_taps"


class InvalidLinkError(DomainError):
    """The one-time link is unknown, used or too old."""

    code = "invalid_link"


class RegistrationLinkError(InvalidLinkError):
    """The link of a registration is unknown, used or too old: who follows it may have no contact yet."""

    code = "invalid_registration_link"


class LinkOverError(DomainError):
    """A link to answer from a mail is unknown, or its time has passed."""

    code = "link_over"


class WeakPasswordError(DomainError):
    """The password is shorter than the rule, or is one that everybody uses."""

    code = "weak_password"


class EmailTakenError(DomainError):
    """An account with this address exists already."""

    code = "email_taken"


class FeedbackClosedError(DomainError):
    """The session is not over yet, was too long ago, or the person did not come."""

    code = "feedback_closed"


class QuestionOpenError(DomainError):
    """This person has a question that is not closed yet; one at a time."""

    code = "question_open"


class ProposalOpenError(DomainError):
    """This member has proposed a session that waits for its answer; one at a time."""

    code = "proposal_open"


class RunUnderWayError(DomainError):
    """This association has a match run that is not finished."""

    code = "run_under_way"


class WeightsChangedError(DomainError):
    """Other weights were published since this draft was replayed."""

    code = "weights_changed"


class RunLostError(DomainError):
    """A match run was declared failed while its worker was still at it; the worker's answer is not wanted any more."""

    code = "run_lost"


class RepeatedRequestError(DomainError):
    """This form was sent before; its effect stands once. `outcome` in the facts is what it made, if anything."""

    code = "repeated_request"


class OtherAssociationError(DomainError):
    """A form was opened for another association than the one at hand; `association` in the facts names it, if known."""

    code = "other_association"


class InvalidFileError(DomainError):
    """A spreadsheet has problems; `problems` in the facts lists them. Nothing was written."""

    code = "invalid_file"


class NobodyTrainedError(DomainError):
    """The association has named nobody trained who could call."""

    code = "nobody_trained"


class AccountClosedError(DomainError):
    """The account was closed: nothing is sent to it, nobody signs in with it, and nothing is handed to it."""

    code = "account_closed"


class LastCoordinatorError(DomainError):
    """Nobody else who can sign in runs this association."""

    code = "last_coordinator"


class BusyError(DomainError):
    """The database could not give the lock in time; trying again is safe."""

    code = "busy"


class NestedTransactionError(RuntimeError):
    """A programming error: `transaction()` was opened inside another."""
