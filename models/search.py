"""Folding of names, so that both databases find Zoé when one types zoe."""

import unicodedata


def fold(*parts: str) -> str:
    """Give lower-case text without accents, single spaces between words."""
    decomposed = unicodedata.normalize("NFKD", " ".join(parts).casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter if letter.isalnum() else " " for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())
