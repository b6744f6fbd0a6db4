"""Every page of the demo, as each kind of person: what it answers, how much it asks of the database, what it shows."""
