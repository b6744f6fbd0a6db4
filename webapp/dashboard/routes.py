"""Routes: what waits for a coordinator."""
