"""Tables, states and reads. Knows SQLAlchemy; knows no request, no address, no translation and no engine.

One module per subject. `db` holds the one door to commit, `states` the one table of moves per record,
`queries/` what pages read, `migrations/` how a database grows.
"""
