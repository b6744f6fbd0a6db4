"""One comparable component per function: each looks at a frame of pairs and answers in [0, 1], 1 best.

What an entrepreneur did not tell (no activity, no place, no text) does not count against her: the component is then not
applicable to her, and its weight goes to the others.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from matcher.encoding import EASE, BoolArray, EntrepreneurTable, FloatArray
from matcher.frames import Frame
from matcher.text import TEXT_SCALE

ENOUGH_SLOTS = 4
"""Common weekly slots from which finding a date is easy."""

REMOTE_VALUE = 0.5
"""Value of meeting only by telephone or screen, between next door (1) and the far end of the reach (0)."""

LANGUAGE_VALUES = (1.0, 0.75, 0.5)
"""Value of speaking together the entrepreneur's first, second or a later language."""


def needs(frame: Frame) -> FloatArray:
    """Share of the needs covered: priority times level over what an expert in everything asked would reach."""
    most = np.maximum(frame.rows(frame.entrepreneurs.needs_total), np.float32(1))
    return np.asarray(frame.inner(frame.entrepreneurs.needs, frame.supporters.expertise) / most)


def activity(frame: Frame) -> FloatArray:
    """Depth of the activity tree that both share, out of its five levels."""
    if frame.supporters.activities.shape[1] == 0:
        return np.zeros(frame.shape, dtype=np.float32)
    return frame.lookup(frame.supporters.activities, np.maximum(frame.entrepreneurs.activity, 0))


def stage(frame: Frame) -> FloatArray:
    """Compare the project's stage with those that the supporter prefers: 1 for one of them."""
    return frame.lookup(frame.supporters.stages, frame.entrepreneurs.stage)


def languages(frame: Frame) -> FloatArray:
    """How easy the easiest common language is for the entrepreneur."""
    first, second, later = (np.float32(value) for value in LANGUAGE_VALUES)
    marks = frame.common_languages
    value = (marks >= EASE[2]) * later
    value += (marks >= EASE[1]) * (second - later)
    value += (marks >= EASE[0]) * (first - second)
    return np.asarray(value)


def availability(frame: Frame) -> FloatArray:
    """Count common weekly slots, out of as many as make finding a date easy."""
    return np.asarray(np.minimum(frame.common_slots, np.uint8(ENOUGH_SLOTS)) * np.float32(1 / ENOUGH_SLOTS))


def place(frame: Frame) -> FloatArray:
    """Nearness: 1 minus the squared share of the distance that both accept, or the value of meeting remotely."""
    near = np.maximum(np.float32(1) - frame.distance_ratio, np.float32(0))
    return np.asarray(np.maximum(near, frame.both_remote * np.float32(REMOTE_VALUE)))


def text(frame: Frame) -> FloatArray:
    """Compare the two free texts: a cosine cut to [0, 1]."""
    products = frame.inner(frame.entrepreneurs.text, frame.supporters.text)
    return np.asarray(np.clip(products * np.float32(1 / TEXT_SCALE**2), 0, 1))


def bridging(frame: Frame) -> FloatArray:
    """1 when the supporter belongs to another catchment, for those who ask for a network beyond the neighbourhood."""
    theirs = frame.supporters.catchment
    return np.asarray((theirs >= 0) & (frame.rows(frame.entrepreneurs.catchment) != theirs)).astype(np.float32)


CRITERIA: Mapping[str, Callable[[Frame], FloatArray]] = MappingProxyType(
    {
        "needs": needs,
        "activity": activity,
        "stage": stage,
        "languages": languages,
        "availability": availability,
        "place": place,
        "text": text,
        "bridging": bridging,
    }
)
"""Each component's function, by name, in the order of `settings.COMPONENTS`."""


def applicable(entrepreneurs: EntrepreneurTable) -> BoolArray:
    """Tell which components apply to whom.

    Parameters
    ----------
    entrepreneurs : EntrepreneurTable
        The people, n rows.

    Returns
    -------
    applies : ndarray of bool of shape (n, n_components)
        False where she told nothing about the subject, or did not ask for it.
    """
    always = np.ones(len(entrepreneurs), dtype=bool)
    columns = {
        "needs": entrepreneurs.needs_total > 0,
        "activity": entrepreneurs.activity >= 0,
        "place": entrepreneurs.located,
        "text": entrepreneurs.has_text,
        "bridging": entrepreneurs.bridging,
    }
    return np.stack([columns.get(name, always) for name in CRITERIA], axis=1)
