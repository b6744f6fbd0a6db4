"""One public function per decision: keyword-only, owning its transaction, returning a frozen dataclass or an id."""
