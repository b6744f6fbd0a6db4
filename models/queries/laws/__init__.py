"""The laws of `invariants.py`, by subject: each counts the rows that break it."""
