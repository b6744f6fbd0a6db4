"""Routes: entrepreneurs of an association, for its coordinators."""
