"""Routes: workshop sessions as entrepreneurs see them: read, book, cancel, calendar file."""
