"""Routes: spreadsheets in and out, for coordinators."""
