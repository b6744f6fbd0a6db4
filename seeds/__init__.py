"""Reference data (real, dated, licensed) and the demo population (invented, from a seed)."""
