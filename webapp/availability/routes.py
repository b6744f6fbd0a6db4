"""Routes: a supporter's own places, pause and profile."""
