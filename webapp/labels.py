"""Machine values become words here, and nowhere else.

`label(member)` gives the word of any enum member (`words.enums`). Rows of a closed list (topics, languages, themes,
activities) are worded by `words.lists`, what the engine says in codes by `words.engine`, the week by `words.week`.
"""

from webapp.words.changes import change_words, own_change_words
from webapp.words.engine import (
    RULES,
    component_label,
    reason_sentence,
    reason_words,
    rule_cause,
    rule_label,
    rule_remedy,
    session_reason_words,
)
from webapp.words.enums import (
    label,
    level_label,
    list_choices,
    priority_label,
    role_label,
    stage_label,
    tone,
)
from webapp.words.lists import (
    activity_label,
    language_label,
    list_languages,
    list_themes,
    list_topics,
    theme_label,
    topic_label,
)
from webapp.words.tongues import french
from webapp.words.week import availability_words, join_words, slot_label

__all__ = [
    "RULES",
    "activity_label",
    "availability_words",
    "change_words",
    "component_label",
    "french",
    "join_words",
    "label",
    "language_label",
    "level_label",
    "list_choices",
    "list_languages",
    "list_themes",
    "list_topics",
    "own_change_words",
    "priority_label",
    "reason_sentence",
    "reason_words",
    "role_label",
    "rule_cause",
    "rule_label",
    "rule_remedy",
    "session_reason_words",
    "slot_label",
    "stage_label",
    "theme_label",
    "tone",
    "topic_label",
]
