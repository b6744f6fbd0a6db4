"""The French classification of activities (NAF rev. 2) read as a tree: section, division, group, class, sub-class.

The code itself holds the tree: `10.71C` lies in class `10.71`, group `10.7`, division `10`; only the section needs a
table.
"""

import re
from functools import lru_cache

DEPTHS = ("section", "division", "group", "class", "subclass")
"""Names of the levels of the tree, from the widest to the narrowest."""

_PATTERN = re.compile(r"(\d{2})(?:\.?(\d)(?:(\d)([A-Z])?)?)?")

# First and last division of each section: Insee, NAF rev. 2, 2008.
_SECTIONS = (
    ("A", 1, 3), ("B", 5, 9), ("C", 10, 33), ("D", 35, 35), ("E", 36, 39), ("F", 41, 43), ("G", 45, 47),
    ("H", 49, 53), ("I", 55, 56), ("J", 58, 63), ("K", 64, 66), ("L", 68, 68), ("M", 69, 75), ("N", 77, 82),
    ("O", 84, 84), ("P", 85, 85), ("Q", 86, 88), ("R", 90, 93), ("S", 94, 96), ("T", 97, 98), ("U", 99, 99),
)  # fmt: skip
_SECTION_OF = {division: letter for letter, first, last in _SECTIONS for division in range(first, last + 1)}


@lru_cache(maxsize=4096)
def activity_path(code: str) -> tuple[str, ...] | None:
    """Read a code as its path in the tree.

    Parameters
    ----------
    code : str
        A division (`10`), group (`10.7`), class (`10.71`) or sub-class (`10.71C`); the dot may be missing.

    Returns
    -------
    path : tuple of str or None
        Section, division, group, class and sub-class, as deep as the code goes; None when the code is not one of the
        NAF.

    Examples
    --------
    >>> activity_path("1071C")
    ('C', '10', '10.7', '10.71', '10.71C')
    >>> activity_path("04.1") is None
    True
    """
    found = _PATTERN.fullmatch(code.strip().upper())
    if found is None or int(found[1]) not in _SECTION_OF:
        return None
    division, group, class_, letter = found.groups()
    path = [_SECTION_OF[int(division)], division]
    if group:
        path.append(f"{division}.{group}")
    if class_:
        path.append(f"{division}.{group}{class_}")
    if letter:
        path.append(f"{division}.{group}{class_}{letter}")
    return tuple(path)


def shared_depth(first: str, second: str) -> int:
    """Count the levels that two codes share: 0 for different sections, 5 for the same sub-class.

    Parameters
    ----------
    first, second : str
        Codes that `activity_path` can read; others share nothing.

    Returns
    -------
    depth : int
        Number of common levels, 0 to 5.

    Examples
    --------
    >>> shared_depth("10.71C", "10.71D")
    4
    """
    left, right = activity_path(first) or (), activity_path(second) or ()
    depth = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def same_trade(first: str, second: str) -> bool:
    """Tell whether two codes mean the same trade: the same sub-class, or the same class when one goes no deeper.

    Parameters
    ----------
    first, second : str
        Codes that `activity_path` can read; a group or a division alone is too wide to be a trade.

    Returns
    -------
    same : bool
        True when customers would see two of the same.

    Examples
    --------
    >>> same_trade("10.71C", "10.71D"), same_trade("10.71C", "10.71")
    (False, True)
    """
    left, right = activity_path(first) or (), activity_path(second) or ()
    depth = min(len(left), len(right))
    return depth >= 4 and left[:depth] == right[:depth]
