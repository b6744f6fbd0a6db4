"""Passwords: argon2id, the same time for unknown people, and a rule against those that everybody uses."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.exceptions import WeakPasswordError
from webapp.identity.tokens import new_token

SHORTEST = 10
LONGEST = 200
FEWEST_DIFFERENT = 5
# Much used passwords of ten characters or more, in France and elsewhere; compared without case and spaces.
COMMON = frozenset(
    {
        "0123456789",
        "1234567890",
        "12345678910",
        "123456789a",
        "a123456789",
        "abcdefghij",
        "azertyuiop",
        "azertyuiopq",
        "azertyuiop123",
        "azerty12345",
        "azerty123456",
        "bienvenue1",
        "bonjour123",
        "changemoi1",
        "entrepreneur",
        "entrepreneur1",
        "football123",
        "iloveyou12",
        "initiativefrance",
        "jetaime123",
        "jetaimejetaime",
        "loulou1234",
        "maillage123",
        "maillage2026",
        "marseille13",
        "motdepasse",
        "motdepasse1",
        "motdepasse123",
        "password12",
        "password123",
        "password1234",
        "passwordpassword",
        "princesse1",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop",
        "qwertyuiop123",
        "soleil1234",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "welcome123",
        "administrateur",
        "administrator",
        "paris12345",
        "parisparis",
        "nicolas123",
        "doudou1234",
        "chouchou12",
        "60000rebonds",
    }
)
_cheap: list[bool] = [False]


def set_hashing(*, cheap: bool) -> None:
    """Choose the cost of hashing: cheap in tests only."""
    _cheap[:] = [cheap]


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return _hasher(_cheap[0]).hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Say whether the password is the one that was hashed; without a hash, take the same time and say no."""
    try:
        _hasher(_cheap[0]).verify(password_hash or _dummy_hash(_cheap[0]), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Say whether the hash was made with other costs than those of now."""
    return _hasher(_cheap[0]).check_needs_rehash(password_hash)


def require_strong(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, common, or made of what is known about the person.

    Raises
    ------
    WeakPasswordError
        With `why` in its facts: short, long, common or personal.
    """
    plain = "".join(password.casefold().split())
    if len(password) < SHORTEST:
        raise WeakPasswordError(why="short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise WeakPasswordError(why="long", longest=LONGEST)
    if plain in COMMON or plain.rstrip("!.?*") in COMMON or len(set(plain)) < FEWEST_DIFFERENT:
        raise WeakPasswordError(why="common")
    rest = plain
    for word in about:
        rest = rest.replace(word.casefold(), "") if len(word) > 2 else rest
    if len(rest) < SHORTEST // 2:
        raise WeakPasswordError(why="personal")


@lru_cache(maxsize=2)
def _hasher(cheap: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if cheap else PasswordHasher()


@lru_cache(maxsize=2)
def _dummy_hash(cheap: bool) -> str:
    return _hasher(cheap).hash(new_token())
