"""The words of refusals: what happened, more when the facts are known, and what to do now, with the status of HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models import exceptions
from models.exceptions import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorWords:
    """What a person reads: what happened, more when the facts are known, and what to do now."""

    status: int
    what: LazyString
    next_step: LazyString
    detail: LazyString | None = None


RETRY = _l("You can try again after %(retry_at)s.")
LOOK_AGAIN = _l("Go back to the page and look at where things stand now.")
TRY_LATER = _l("Please try again in a moment. If it goes on, write to your contact at the association.")
DOMAIN_WORDS: Mapping[type[DomainError], ErrorWords] = MappingProxyType(
    {
        exceptions.NotFoundError: ErrorWords(
            status=404,
            what=_l("We cannot find this page."),
            next_step=_l("The address may be incomplete, or what it showed may no longer be yours to see."),
        ),
        exceptions.PermissionDeniedError: ErrorWords(
            status=403,
            what=_l("You can see this, but changing it is for somebody else."),
            next_step=_l("Ask your contact at the association if something should change."),
        ),
        exceptions.InvalidTransitionError: ErrorWords(
            status=409,
            what=_l("This is no longer possible: things have moved on in the meantime."),
            next_step=LOOK_AGAIN,
        ),
        exceptions.RepeatedAnswerError: ErrorWords(
            status=409,
            what=_l("You had already sent this answer. It counted once."),
            next_step=LOOK_AGAIN,
        ),
        exceptions.MeetingPastError: ErrorWords(
            status=409,
            what=_l("The hour of this meeting has passed."),
            next_step=_l("Say first whether it took place; then another date can be proposed."),
        ),
        exceptions.CapacityReachedError: ErrorWords(
            status=409,
            what=_l("This supporter has no free place left."),
            next_step=_l("Choose another supporter, or ask this one whether a place can be added."),
        ),
        exceptions.AlreadyServedError: ErrorWords(
            status=409,
            what=_l("This person already has this: such a pairing, a place in this session, or in a circle."),
            next_step=LOOK_AGAIN,
        ),
        exceptions.InterviewPlannedError: ErrorWords(
            status=409,
            what=_l("An interview with this person is planned already."),
            next_step=_l("It is on the person’s sheet: open it there to change who meets her, and when."),
        ),
        exceptions.AlreadyTogetherError: ErrorWords(
            status=409,
            what=_l("This supporter already works with this person, and cannot examine the file."),
            next_step=_l("Name somebody else, or end the pairing first."),
        ),
        exceptions.NotEligibleError: ErrorWords(
            status=409,
            what=_l("These two people cannot be paired."),
            detail=_l("The rule that forbids it: %(rule)s."),
            next_step=_l("Choose another supporter."),
        ),
        exceptions.RoleNotAskedError: ErrorWords(
            status=409,
            what=_l("This person has not asked for this role."),
            next_step=_l("Speak about it together: her wishes are in the profile, and can change at any time."),
        ),
        exceptions.NotOnThePhoneError: ErrorWords(
            status=409,
            what=_l("This answer is the person’s own."),
            next_step=_l("You can give it together: call, and begin the call in the person’s file."),
        ),
        exceptions.OwnDatesError: ErrorWords(
            status=409,
            what=_l("These dates are yours: the other person chooses among them."),
            next_step=_l("You can propose other dates at any time."),
        ),
        exceptions.HoursUsedError: ErrorWords(
            status=409,
            what=_l("The hours planned for this path are used."),
            next_step=_l("The coordinator decides with you whether some more would help: get in touch."),
        ),
        exceptions.TermOverError: ErrorWords(
            status=409,
            what=_l("This path has come to its last day: it lasts 24 months at most."),
            next_step=_l("The coordinator sees with you what comes next: get in touch."),
        ),
        exceptions.SessionClosedError: ErrorWords(
            status=409,
            what=_l("This session no longer takes bookings: it has begun, is over, or was cancelled."),
            next_step=_l("Look at the next sessions: another date may suit you."),
        ),
        exceptions.CorrectionOverError: ErrorWords(
            status=409,
            what=_l("You can put your attendance right yourself once, within two weeks of the workshop."),
            next_step=_l("If it is still not right, tell your contact at the association, who can note it for you."),
        ),
        exceptions.SessionAheadError: ErrorWords(
            status=409,
            what=_l("This session has not begun yet: who came is noted from its beginning on."),
            detail=_l("It begins on %(starts_at)s."),
            next_step=LOOK_AGAIN,
        ),
        exceptions.FeedbackClosedError: ErrorWords(
            status=409,
            what=_l("You can say how a workshop was once it is over, for thirty days, when you came to it."),
            next_step=_l("You came and the page says otherwise? Tell your contact, who puts it right."),
        ),
        exceptions.SessionFullError: ErrorWords(
            status=409,
            what=_l("Every place of this workshop is taken."),
            next_step=_l("Set it aside, or invite to another date. Anybody may still join the waiting list."),
        ),
        exceptions.SeatGoneError: ErrorWords(
            status=409,
            what=_l("This place has gone to somebody else meanwhile. We are sorry."),
            next_step=_l("You can join the waiting list again, or choose another date."),
        ),
        exceptions.SeatsTakenError: ErrorWords(
            status=409,
            what=_l("There are already more people with a place than the seats you entered."),
            next_step=_l("Enter at least as many seats as there are people, or cancel places first."),
        ),
        exceptions.CapacityInUseError: ErrorWords(
            status=409,
            what=_l("You already support more people than the number you entered."),
            next_step=_l("Enter at least the number of places in use. To stop new proposals, choose a pause."),
        ),
        exceptions.InvalidInputError: ErrorWords(
            status=422,
            what=_l("Something in the form cannot be read."),
            next_step=_l("Go back, check what you entered, and send it again."),
        ),
        exceptions.InvalidWallTimeError: ErrorWords(
            status=422,
            what=_l("This hour does not exist on that day: clocks go forward that night."),
            next_step=_l("Choose another hour."),
        ),
        exceptions.FarDateError: ErrorWords(
            status=422,
            what=_l("That is far away: two people easily lose sight of each other."),
            detail=_l("A date to meet is %(days)s days away at most; it can still be moved later."),
            next_step=_l("Choose a nearer day, or find a date together by telephone."),
        ),
        exceptions.InvalidCredentialsError: ErrorWords(
            status=422,
            what=_l("The address or the password is not right."),
            next_step=_l("Check both and try again, or ask for a new password."),
        ),
        exceptions.TooManyAttemptsError: ErrorWords(
            status=429, what=_l("There were too many attempts."), detail=RETRY, next_step=TRY_LATER
        ),
        exceptions.TooManySignInsError: ErrorWords(
            status=429,
            what=_l("There were too many attempts."),
            detail=RETRY,
            next_step=_l("If you have forgotten your password, ask for a new one."),
        ),
        exceptions.TooManyRegistrationsError: ErrorWords(
            status=429,
            what=_l("Many people have just registered from where you are, so nothing was sent."),
            detail=RETRY,
            next_step=_l("In a hurry? Call the association: it can write you down."),
        ),
        exceptions.TooManyVisitorsError: ErrorWords(
            status=429,
            what=_l("Many places of this workshop were asked for from where you are today, so nothing was sent."),
            detail=RETRY,
            next_step=_l("Several people come together? The association is glad to write you down."),
        ),
        exceptions.SessionAskedForError: ErrorWords(
            status=429,
            what=_l("Many people have asked for a place of this workshop and have not confirmed it yet."),
            detail=RETRY,
            next_step=_l("What they do not confirm is free again then."),
        ),
        exceptions.TooManyTapsError: ErrorWords(
            status=429,
            what=_l("Many answers were sent from where you are, so this one was not taken."),
            detail=RETRY,
            next_step=_l("Open your link again then, or sign in and answer there."),
        ),
        exceptions.InvalidLinkError: ErrorWords(
            status=404,
            what=_l("This link no longer works: it was already used, or it is too old."),
            next_step=_l(
                "Ask for a new password with your address: it opens your account too. "
                "You registered and have no account yet? Register once more."
            ),
        ),
        exceptions.RegistrationLinkError: ErrorWords(
            status=404,
            what=_l("This link no longer works: it was already used, or it is too old."),
            next_step=_l("Already confirmed? Sign in with your address. If not, register again: it takes two minutes."),
        ),
        exceptions.LinkOverError: ErrorWords(
            status=404,
            what=_l("This link no longer works: the time to answer with it has passed."),
            next_step=_l("Sign in to see where things stand, or ask your contact at the association."),
        ),
        exceptions.WeakPasswordError: ErrorWords(
            status=422,
            what=_l("This password is too easy to guess."),
            next_step=_l(
                "Choose at least 10 characters. A short sentence that only you would write is a good password."
            ),
        ),
        exceptions.EmailTakenError: ErrorWords(
            status=409,
            what=_l("An account with this address already exists."),
            next_step=_l("Sign in with it, or ask for a new password."),
        ),
        exceptions.QuestionOpenError: ErrorWords(
            status=409,
            what=_l("A question is already on its way."),
            next_step=_l("Close it first, then ask the next one: one question, one answer."),
        ),
        exceptions.ProposalOpenError: ErrorWords(
            status=409,
            what=_l("A session that you proposed still waits for its answer."),
            next_step=_l("Wait for the answer or withdraw it, then propose the next one."),
        ),
        exceptions.RunUnderWayError: ErrorWords(
            status=409,
            what=_l("A match run of your association is already under way."),
            next_step=_l("Wait until it has finished, then start the next one."),
        ),
        exceptions.WeightsChangedError: ErrorWords(
            status=409,
            what=_l("Other weights were published since this draft was replayed."),
            next_step=_l("Draft the change again: its replay will compare with the weights that hold now."),
        ),
        exceptions.RunLostError: ErrorWords(
            status=409,
            what=_l("This match run was stopped in the meantime."),
            next_step=_l("Start a new one."),
        ),
        exceptions.RepeatedRequestError: ErrorWords(
            status=409,
            what=_l("This form was already sent. It counted once: nothing was done twice."),
            next_step=LOOK_AGAIN,
        ),
        exceptions.OtherAssociationError: ErrorWords(
            status=409,
            what=_l("Another association was open when you sent this form. Nothing was done."),
            detail=_l("It was opened for: %(association)s."),
            next_step=_l("See which association it is for, then send it again."),
        ),
        exceptions.InvalidFileError: ErrorWords(
            status=422,
            what=_l("This file has problems. Nothing was written."),
            next_step=_l("Mend the lines that are named, then send the file again."),
        ),
        exceptions.NobodyTrainedError: ErrorWords(
            status=409,
            what=_l("Your association has nobody trained who can call you for now."),
            next_step=_l("You can call 3114 at any time, day and night: somebody answers, in confidence."),
        ),
        exceptions.AccountClosedError: ErrorWords(
            status=409,
            what=_l("The account of this address is closed."),
            next_step=_l("Open it again first, on the page of your team, or correct the address."),
        ),
        exceptions.LastCoordinatorError: ErrorWords(
            status=409,
            what=_l("Nobody else runs this association."),
            next_step=_l("Name another coordinator first: then this account can be closed."),
        ),
        exceptions.BusyError: ErrorWords(
            status=503,
            what=_l("Many people are writing at this moment, and your request could not be taken."),
            next_step=_l("Nothing was changed. Please send it again in a moment."),
        ),
        DomainError: ErrorWords(
            status=409, what=_l("This could not be done."), next_step=_l("Go back to the page and try again.")
        ),
    }
)
MATCHER_WORDS = ErrorWords(
    status=422,
    what=_l("The matching could not use what it was given."),
    next_step=_l("Check the profile or the setting that is named, then start again."),
    detail=_l("What is wrong: %(field)s."),
)
HTTP_WORDS: Mapping[int, ErrorWords] = MappingProxyType(
    {
        400: ErrorWords(
            status=400,
            what=_l("We could not read your request."),
            next_step=_l("Go back to the page, open it again and try once more."),
        ),
        403: DOMAIN_WORDS[exceptions.PermissionDeniedError],
        404: DOMAIN_WORDS[exceptions.NotFoundError],
        405: ErrorWords(
            status=405,
            what=_l("This address cannot be opened in this way."),
            next_step=_l("Go back to the page and use its buttons."),
        ),
        413: ErrorWords(
            status=413,
            what=_l("This file is too large."),
            next_step=_l("Files may have up to 20 MB. Send it in several parts."),
        ),
        429: DOMAIN_WORDS[exceptions.TooManyAttemptsError],
        500: ErrorWords(
            status=500,
            what=_l("Something went wrong on our side. It is not your doing."),
            next_step=TRY_LATER,
        ),
    }
)
CSRF_WORDS = ErrorWords(
    status=400,
    what=_l("This page had been open for too long, so nothing was sent, to keep you safe."),
    next_step=_l("Open the page again, then send the form once more."),
)
