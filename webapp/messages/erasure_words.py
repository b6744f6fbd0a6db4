"""The words of the two mails about being forgotten: that it was asked, and that it is done."""

from webapp.messages.facts import Content, Facts, if_any
from webapp.translation import gettext


def erasure_asked(facts: Facts) -> Content:
    """Tell her what was asked in her name, and until when it can be taken back."""
    association, moment = facts.text("association"), facts.day_and_time("due_at")
    return Content(
        subject=gettext("Your data will be erased"),
        sentences=(
            gettext("We noted that %(association)s is to erase all that it keeps about you.", association=association)
            if association
            else gettext("You asked us to erase all that we keep about you."),
            gettext("It is done on %(moment)s. Until then one click is enough to keep everything.", moment=moment),
            gettext("You did not ask for this? Keep everything, and tell us."),
        ),
        path="/my-data",
        call=gettext("See or take it back:"),
    )


def erasure_done(facts: Facts) -> Content:
    """Say goodbye: it is the last mail."""
    day = facts.day("mails_until")
    return Content(
        subject=gettext("Your data is erased"),
        sentences=(
            gettext("As you asked, your name, your addresses and your words are erased."),
            if_any(day, gettext("This address and the mails that named you go on %(day)s.", day=day)),
            gettext("This is the last mail we write to you. We wish you all the best."),
        ),
        path="/",
        call=gettext("You can come back whenever you like:"),
    )
