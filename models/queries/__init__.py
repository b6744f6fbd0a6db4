"""Reads: each says what it loads, and none writes."""
