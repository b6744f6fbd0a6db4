"""Everything the engine may refuse to do: one class per cause, each with the facts that a screen or a report needs."""

import reprlib
from collections.abc import Mapping
from types import MappingProxyType

from sklearn.exceptions import NotFittedError as LearnedNothingError


class MatcherError(ValueError):
    """A request that the engine cannot serve.

    Parameters
    ----------
    message : str
        What is wrong, in English, for logs; screens make their own words from `facts`.
    **facts : object
        The values that explain the refusal, by name.

    Attributes
    ----------
    facts : Mapping[str, object]
        The same values, for whoever turns them into words.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts: Mapping[str, object] = dict(facts)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the facts when the error travels between processes."""
        return _rebuild, (type(self), str(self), dict(self.facts))


def _rebuild(kind: type[MatcherError], message: str, facts: dict[str, object]) -> MatcherError:
    error = kind.__new__(kind)
    MatcherError.__init__(error, message, **facts)
    return error


class InvalidRecordError(MatcherError):
    """A record holds an impossible value; facts: kind, id, field, value, expected."""

    def __init__(self, *, kind: str, id: str, field: str, value: object, expected: str) -> None:
        super().__init__(
            f"{kind} {id!r}: {field} is {value!r}, expected {expected}",
            kind=kind,
            id=id,
            field=field,
            value=value,
            expected=expected,
        )


class DuplicateIdError(MatcherError):
    """Two records of one kind carry the same id; facts: kind, id."""

    def __init__(self, *, kind: str, id: str) -> None:
        super().__init__(f"two records of kind {kind} have the id {id!r}", kind=kind, id=id)


class UnknownIdError(MatcherError):
    """An id that is not in the pool; facts: kind, id."""

    def __init__(self, *, kind: str, id: str) -> None:
        super().__init__(f"no {kind} has the id {id!r}", kind=kind, id=id)


class InvalidSettingsError(MatcherError):
    """A setting that no match run can use; facts: field, value, expected."""

    def __init__(self, *, field: str, value: object, expected: str) -> None:
        super().__init__(
            f"setting {field} is {value!r}, expected {expected}", field=field, value=value, expected=expected
        )


class InvalidShapeError(MatcherError):
    """Arrays that do not fit together; facts: name, shape, expected, -1 where any size will do."""

    def __init__(self, *, name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
        sizes = ", ".join("any" if size < 0 else str(size) for size in expected)
        super().__init__(f"{name} has the shape {shape}, expected ({sizes})", name=name, shape=shape, expected=expected)


class InvalidCapacityError(MatcherError):
    """A capacity that cannot be counted in people; facts: name, value, expected."""

    def __init__(self, *, name: str, value: object, expected: str) -> None:
        super().__init__(f"{name} is {value!r}, expected {expected}", name=name, value=value, expected=expected)


class InvalidScoreError(MatcherError):
    """A score that the solver cannot compare; facts: value, expected."""

    def __init__(self, *, value: object, expected: str) -> None:
        super().__init__(f"a score is {value!r}, expected {expected}", value=value, expected=expected)


class InvalidOutcomeError(MatcherError):
    """What became of somebody holds an impossible value; facts: field, value, expected."""

    def __init__(self, *, field: str, value: object, expected: str) -> None:
        super().__init__(
            f"an outcome's {field} is {value!r}, expected {expected}", field=field, value=value, expected=expected
        )


class InvalidTextsError(MatcherError):
    """Texts were given as something else than a list of texts; facts: value, expected."""

    def __init__(self, *, value: object, expected: str) -> None:
        super().__init__(f"texts cannot be {str(value)[:40]!r}: expected {expected}", value=value, expected=expected)


class InvalidVectorsError(MatcherError):
    """A text model gave something else than one row of finite numbers per text; facts: shape, dtype, expected."""

    def __init__(self, *, shape: tuple[int, ...], dtype: str, expected: int) -> None:
        super().__init__(
            f"a text model gave shape {shape} of {dtype}: expected {expected} rows of finite numbers",
            shape=shape,
            dtype=dtype,
            expected=expected,
        )


class NotFittedError(MatcherError, LearnedNothingError):
    """Something that learns was asked before it had learned, for scikit-learn too; facts: name."""

    def __init__(self, *, name: str) -> None:
        super().__init__(f"{name} has not learned yet: call fit first", name=name)


class BrokenRuleError(MatcherError):
    """The answer was checked again and breaks a hard rule: a defect of the engine, never shown as a suggestion."""

    def __init__(self, *, entrepreneur_id: str, supporter_id: str, rule: str) -> None:
        super().__init__(
            f"the answer pairs {entrepreneur_id!r} with {supporter_id!r} although the rule {rule} forbids it",
            entrepreneur_id=entrepreneur_id,
            supporter_id=supporter_id,
            rule=rule,
        )


class NoWorkersError(MatcherError):
    """Nobody is there to do the work; facts: workers, expected."""

    def __init__(self, *, workers: str, expected: str) -> None:
        message = f"no work can be given to {workers!r}: expected {expected}"
        super().__init__(message, workers=workers, expected=expected)


REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "minimum": "supporters {supporters} lack {missing} entrepreneurs, since they can have {entrepreneurs} only: "
        "ask less of them, or allow more pairs",
        "not_allowed": "entrepreneur {entrepreneurs} with supporter {supporters} is fixed: allow the pair, or free it",
        "capacity": "{missing} pairs too many are fixed with supporter {supporters}, by entrepreneurs {entrepreneurs}: "
        "give more places, or free some",
        "demand": "{missing} pairs too many are fixed for entrepreneur {entrepreneurs}, with supporters {supporters}: "
        "raise the demand, or free some",
    }
)
"""What is impossible and what to do about it, by cause, in rows and columns."""


class InfeasibleError(MatcherError):
    """What was demanded cannot all be met.

    Parameters
    ----------
    cause : str
        `"minimum"`: some supporters' least loads; `"not_allowed"`: fixed pairs that are not allowed; `"capacity"`,
        `"demand"`: more fixed pairs than a supporter has places, or an entrepreneur demands.
    entrepreneurs, supporters : tuple of int
        The group that shows it: rows and columns. For a minimum, supporters who need more places filled than these
        entrepreneurs, all whom they can have, can fill: one alone where there is such a one, else several of whom none
        can be left out. Other such groups may be smaller: to find the smallest is NP-hard.
    missing : int
        Places that the group lacks.
    partial : object
        The best answer that leaves out as little as can be; an `Assignment`.

    """

    def __init__(
        self, *, cause: str, entrepreneurs: tuple[int, ...], supporters: tuple[int, ...], missing: int, partial: object
    ) -> None:
        remedy = REMEDIES[cause].format(
            missing=missing, entrepreneurs=reprlib.repr(list(entrepreneurs)), supporters=reprlib.repr(list(supporters))
        )
        super().__init__(
            f"impossible because of the {cause}: {remedy}",
            cause=cause,
            entrepreneurs=entrepreneurs,
            supporters=supporters,
            missing=missing,
            partial=partial,
        )

    @property
    def partial(self) -> object:
        """The best answer that leaves out as little as can be."""
        return self.facts["partial"]


class SolveAnewError(MatcherError):
    """What was asked cannot be had by changing the standing answer: call `assign`; facts: why."""

    def __init__(self, *, why: str) -> None:
        super().__init__(f"solve anew: {why}", why=why)


class ImpossibleChangeError(MatcherError):
    """A change of what is not so: somebody arrives who is there, a forbidden pair; facts: why, row, column."""

    def __init__(self, *, why: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(f"{why} (row {row}, column {column})", why=why, row=row, column=column)


class NoRoomError(MatcherError):
    """Everybody at this supporter is held, so nobody can make room; facts: column."""

    def __init__(self, *, column: int) -> None:
        super().__init__(f"every place of supporter {column} is held", column=column)
