"""Communes and priority neighbourhoods: found by name, checked by position. No database, no page."""
