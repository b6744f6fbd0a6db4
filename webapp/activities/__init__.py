"""The NAF, found by the words that people use."""
