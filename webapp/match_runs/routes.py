"""Routes: match runs: start, progress, result, who found nobody and why."""
