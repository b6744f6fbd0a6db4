"""Routes: an entrepreneur's next steps, and her team."""
