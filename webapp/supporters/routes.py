"""Routes: supporters of an association, for its coordinators."""
