"""Charters: their texts by network, versioned, and the document that is kept once all three have signed."""
