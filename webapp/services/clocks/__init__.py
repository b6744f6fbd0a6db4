"""What time does by itself: one module per family of clocks, and the registry that a tick goes through."""

from webapp.services.clocks.registry import FAMILIES, ClockFamily, TickReport, tick

__all__ = ["FAMILIES", "ClockFamily", "TickReport", "tick"]
