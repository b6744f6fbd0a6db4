"""The words of the pages that answer in one tap: the question, its buttons, and where things stand afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from models.correspondence import TapPurpose
from webapp.services.one_taps import TapSituation


@dataclass(frozen=True, slots=True, kw_only=True)
class TapWords:
    """What one question says; `when` names the moment, if there is one, `after` where things stand by situation.

    Of every link that was not used in time the same is said: `TIME_HAS_PASSED`.
    """

    title: LazyString
    text: LazyString
    when: LazyString | None
    with_hour: bool
    yes: LazyString
    no: LazyString | None
    after: Mapping[TapSituation, LazyString]
    then: Mapping[TapSituation, LazyString] = field(default_factory=dict)
    """What the button to the record's page says, by situation, where there is something to do there."""


TIME_HAS_PASSED = _l("This link no longer works: the time to answer with it has passed.")
TAP_WORDS: Mapping[TapPurpose, TapWords] = MappingProxyType(
    {
        TapPurpose.ANSWER_PAIRING: TapWords(
            title=_l("Your answer to a proposal"),
            text=_l("Somebody would like to count on you. A yes or a no, both help."),
            when=_l("Please answer by"),
            with_hour=False,
            yes=_l("Yes, I accept"),
            no=_l("No, I decline"),
            after={
                TapSituation.YES: _l("You have said yes: thank you! What comes next is the date of a first talk."),
                TapSituation.NO: _l("You have said no, and that helps too: we ask somebody else. Thank you."),
                TapSituation.OVER: _l("This proposal is over, so there is nothing to answer any more."),
            },
            then={TapSituation.YES: _l("Propose dates")},
        ),
        TapPurpose.TELL_MEETING: TapWords(
            title=_l("Did you meet?"),
            text=_l("A meeting was planned. One tap is enough; how long it was can be corrected after signing in."),
            when=_l("Planned for"),
            with_hour=True,
            yes=_l("Yes, we met"),
            no=_l("Not yet"),
            after={
                TapSituation.YES: _l("It is noted: you met. Thank you!"),
                TapSituation.NO: _l("It is noted: not yet. Nobody is at fault; sign in to propose another date."),
                TapSituation.OVER: _l("This meeting was moved or called off, so there is nothing to note."),
            },
        ),
        TapPurpose.LEAVE_SESSION: TapWords(
            title=_l("Give my place back"),
            text=_l("You cannot come to your workshop? Somebody else can then have your place."),
            when=None,
            with_hour=True,
            yes=_l("Give my place back"),
            no=None,
            after={
                TapSituation.YES: _l("Your place is given back. Thank you for telling us."),
                TapSituation.OVER: _l(
                    "There is no place to give back: the workshop has begun, or your booking has ended."
                ),
            },
        ),
        TapPurpose.ANSWER_SEAT: TapWords(
            title=_l("A place is free for you"),
            text=_l("Would you like it? If not, it passes on to the next person, and that helps too."),
            when=_l("Please answer before"),
            with_hour=True,
            yes=_l("Yes, I take the place"),
            no=_l("No, it may pass on"),
            after={
                TapSituation.YES: _l("The place is yours. We look forward to seeing you."),
                TapSituation.NO: _l("The place passes on to the next person. Thank you for telling us."),
                TapSituation.OVER: _l("The workshop has begun, or the place went to somebody else in the meantime."),
            },
        ),
        TapPurpose.ANSWER_GATHERING: TapWords(
            title=_l("The supporters’ circle"),
            text=_l("The supporters meet. Do you come? You can change your answer after signing in."),
            when=_l("It begins on"),
            with_hour=True,
            yes=_l("I am coming"),
            no=_l("I cannot come"),
            after={
                TapSituation.YES: _l("It is noted: you come. Sign in to see where it is."),
                TapSituation.NO: _l("It is noted: you cannot come this time. Thank you for telling us."),
                TapSituation.OVER: _l(
                    "This meeting was moved or called off, or has begun: there is nothing to answer."
                ),
            },
        ),
    }
)
