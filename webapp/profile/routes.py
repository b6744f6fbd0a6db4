"""Routes: an entrepreneur's profile, in short steps that save as she goes."""
