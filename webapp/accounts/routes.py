"""Routes: signing in and out, invitations, resets, one's own account."""
