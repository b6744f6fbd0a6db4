"""How a database grows: numbered steps, each up and down, in plain SQLAlchemy types."""
