"""Routes: suggestions: read, approve, reject, choose somebody else."""
