"""Routes: workshop sessions as their organiser sees them: create, resize, cancel, mark attendance."""
