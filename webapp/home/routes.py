"""Routes: the front door: sends everyone to her own workspace, and tells a visitor what this is."""
