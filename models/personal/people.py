"""The tables about an account, a person's file, and a supporter's."""

from models.circles import NOWHERE
from models.personal.reasons import (
    ACCOUNT,
    ENTREPRENEUR,
    HASHED,
    MACHINE,
    SUPPORTER,
    TEAM_NOTE,
    for_all,
    list_words,
)
from models.personal.ways import Personal, Root
from models.states import CircleState

ABOUT_THE_ACCOUNT = (
    Personal(
        table="accounts",
        keys={},
        told=list_words("email first_name last_name phone locale is_active created_at"),
        kept_back={"password_hash": HASHED, "erased_at": MACHINE},
    ),
    Personal(table="coordinators", keys={"account_id": ACCOUNT}, named=("association_id",), is_deleted=True),
    Personal(
        table="sentinels",
        keys={"account_id": ACCOUNT},
        told=list_words("trained_on certified_at ended_at"),
        named=("association_id",),
    ),
    Personal(
        table="login_sessions",
        keys={"account_id": ACCOUNT},
        told=list_words("created_at seen_at expires_at ended_at"),
        kept_back={"token_hash": HASHED},
        is_deleted=True,
    ),
    Personal(
        table="one_time_links",
        keys={"account_id": ACCOUNT},
        told=list_words("purpose created_at expires_at used_at"),
        kept_back={"token_hash": HASHED},
        is_deleted=True,
    ),
    Personal(
        table="form_keys",
        keys={"account_id": ACCOUNT},
        untold={ACCOUNT: MACHINE},
        kept_back={"key": MACHINE, "outcome": MACHINE, "created_at": MACHINE},
        is_deleted=True,
    ),
    Personal(
        table="calendar_feeds",
        keys={"account_id": ACCOUNT},
        told=list_words("created_at ended_at"),
        kept_back={"token_hash": HASHED},
        is_deleted=True,
    ),
    Personal(
        table="mail_preferences",
        keys={"account_id": ACCOUNT},
        told=list_words("asks_way pairs_way workshops_way circles_way desk_way quiet_from quiet_until updated_at"),
        is_deleted=True,
    ),
    Personal(
        table="messages",
        keys={"account_id": ACCOUNT, "recipient": Root.ADDRESS},
        told=list_words("recipient kind state queued_at sent_at"),
        kept_back={
            "facts": "the page of messages says them in sentences",
            "event_key": MACHINE,
            "failure": MACHINE,
            "attempts": MACHINE,
            "next_try_at": MACHINE,
            "locale": MACHINE,
        },
        is_deleted=True,
    ),
    Personal(
        table="notices",
        keys={"account_id": ACCOUNT, "recipient": Root.ADDRESS},
        told=list_words("recipient kind due_at noticed_at told_at"),
        kept_back={"subject_id": MACHINE, "locale": MACHINE},
        is_deleted=True,
    ),
    Personal(
        table="registrations",
        keys={"email": Root.ADDRESS},
        told=list_words("first_name last_name email phone words made_at expires_at"),
        kept_back={"token_hash": HASHED, "locale": MACHINE},
        is_deleted=True,
    ),
    Personal(
        table="visitors",
        keys={"email": Root.ADDRESS},
        told=list_words("name email state asked_at expires_at erase_at"),
        named=("session_id",),
        kept_back={"locale": MACHINE, "erased_at": MACHINE},
        emptied=for_all(name=None, email=None),
    ),
    Personal(
        table="erasures",
        keys={"account_id": ACCOUNT, "entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("state ground asked_at due_at ended_at"),
        kept_back={"mail_ids": MACHINE, "mails_until": MACHINE, "mails_erased_at": MACHINE},
    ),
    Personal(
        table="audit_events",
        keys={"actor_id": ACCOUNT},
        untold={ACCOUNT: "who did what, in codes and numbers; what she did stands in the rows of each record"},
        kept_back=dict.fromkeys(("record", "record_id", "action", "from_state", "to_state", "at"), MACHINE)
        | {"note": TEAM_NOTE, "reason": TEAM_NOTE},
    ),
)

ABOUT_THE_PERSON = (
    Personal(
        table="entrepreneurs",
        keys={"account_id": ACCOUNT},
        told=list_words(
            "reference first_name last_name email phone state stage activity_code project_title project_text"
            " latitude longitude max_km accepts_remote availability wanted_roles wants_bridging"
            " wants_circle household waiting_since follow_up_on created_at updated_at closed_at"
        ),
        named=("association_id", "referent_id", "commune_code", "qpv_code"),
        untold={ACCOUNT: "told with the file itself"},
        kept_back={"search_name": MACHINE, "erased_at": MACHINE},
    ),
    Personal(
        table="entrepreneur_needs", keys={"entrepreneur_id": ENTREPRENEUR}, told=("topic", "priority"), is_deleted=True
    ),
    Personal(
        table="entrepreneur_offers", keys={"entrepreneur_id": ENTREPRENEUR}, told=("topic", "level"), is_deleted=True
    ),
    Personal(
        table="entrepreneur_languages",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=("language", "position"),
        is_deleted=True,
    ),
    Personal(
        table="entrepreneur_confided",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("after_liquidation coaching_consent_at gender"),
        is_deleted=True,
    ),
    Personal(
        table="qpv_checks",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("ground result method zoning_version distance_m latitude longitude checked_at"),
        named=("qpv_code", "commune_code"),
        emptied=for_all(latitude=None, longitude=None),
    ),
    Personal(
        table="interviews",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words(
            "state channel place person_calls opens_on due_at starts_at outcome again_on orientation held_at planned_at"
            " updated_at"
        ),
        named=("coordinator_id",),
        kept_back={"team_note": TEAM_NOTE, "sequence": MACHINE},
        emptied=for_all(orientation="", team_note=None, place=""),
    ),
    Personal(
        table="assisted_calls",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("agreed began_at deadline_at ended_at"),
        named=("coordinator_id",),
    ),
    Personal(
        table="reviews",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words(
            "kind month due_on due_at deadline_at state skip_reason done_at goes_on jobs_created jobs_kept"
            " in_neighbourhood"
        ),
        kept_back={"heard": TEAM_NOTE},
        emptied=for_all(heard=None),
    ),
    Personal(
        table="handovers",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words("state reach tells_name tells_reach asked_at due_at taken_at closed_at"),
        kept_back={"asked_ids": MACHINE, "round": MACHINE, "reminded_at": MACHINE, "told_at": MACHINE},
        emptied=for_all(reach=None, asked_ids=[]),
    ),
    Personal(
        table="coaching_files",
        keys={"entrepreneur_id": ENTREPRENEUR},
        told=list_words(
            "state door text_version consent_at withdrawn_at opened_at ends_on closed_at erase_at erased_at"
        ),
        emptied=for_all(door=None),
    ),
    Personal(
        table="coaching_assessments",
        keys={"file_id": "coaching_files"},
        told=list_words("moment content noted_at"),
        is_deleted=True,
    ),
    Personal(
        table="committee_files",
        keys={"entrepreneur_id": ENTREPRENEUR, "supporter_id": SUPPORTER},
        told=list_words("since until noted_at"),
    ),
)

ABOUT_THE_SUPPORTER = (
    Personal(
        table="supporters",
        keys={"account_id": ACCOUNT},
        told=list_words(
            "reference first_name last_name email phone role state capacity taken presentation activity_codes stages"
            " latitude longitude max_km accepts_remote availability household in_business"
            " has_bounced_back is_certified training_until insurance_until unanswered back_on created_at updated_at"
        ),
        named=("association_id", "commune_code"),
        untold={ACCOUNT: "told with the file itself"},
        kept_back={"search_name": MACHINE, "erased_at": MACHINE},
    ),
    Personal(table="supporter_expertise", keys={"supporter_id": SUPPORTER}, told=("topic", "level"), is_deleted=True),
    Personal(
        table="supporter_languages", keys={"supporter_id": SUPPORTER}, told=("language", "position"), is_deleted=True
    ),
    Personal(
        table="supporter_listings", keys={"supporter_id": SUPPORTER}, told=("contact", "listed_at"), is_deleted=True
    ),
    Personal(table="facilitators", keys={"supporter_id": SUPPORTER}, told=("capacity", "taken")),
    Personal(
        table="circles",
        keys={"facilitator_id": "facilitators"},
        told=list_words("state slot language format place first_meeting_on confirmed_at ended_at"),
        kept_back=dict.fromkeys(
            ("quorum", "minimum", "maximum", "taken", "score", "decide_by_at", "dissolve_reason", "passed_over"),
            "of the circle, not of her",
        )
        | {"leader_note": TEAM_NOTE},
        # What she has written as the place may be her home; a circle that goes on is given another.
        emptied=for_all(leader_note="", place=NOWHERE),
        known_in=frozenset({CircleState.CONFIRMED, CircleState.DISSOLVED}),
    ),
    Personal(
        table="gathering_attendances",
        keys={"supporter_id": SUPPORTER},
        told=list_words("answer answered_at was_there"),
        named=("gathering_id",),
    ),
)
