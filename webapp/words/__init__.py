"""What machine values are called on screen; `webapp.labels` is the one door to most of it."""
