"""Routes: pairings as their supporter, entrepreneur and coordinator see them."""
