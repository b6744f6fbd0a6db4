"""The app under load: served by real processes, used by crowds over HTTP."""
