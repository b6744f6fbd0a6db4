"""Routes: messages a person received; in development, the whole outbox."""
