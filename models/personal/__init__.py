"""What is about somebody in the database: told to her when she asks, and gone when she wishes."""
