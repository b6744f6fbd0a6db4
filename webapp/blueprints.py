"""The blueprints, in the order of the journey."""

from flask import Flask

from webapp import (
    accounts,
    availability,
    bookings,
    calendar_feeds,
    check_ins,
    circles,
    clocks,
    coaching,
    dashboard,
    entrepreneurs,
    events,
    expert_questions,
    fairness,
    handovers,
    home,
    imports,
    interviews,
    introductions,
    match_runs,
    messages,
    one_taps,
    pairings,
    plans,
    profile,
    registrations,
    reviews,
    series,
    steps,
    suggestions,
    supporters,
    weights,
    workshops,
)

BLUEPRINTS = (
    home,
    events,
    accounts,
    registrations,
    messages,
    calendar_feeds,
    one_taps,
    dashboard,
    entrepreneurs,
    interviews,
    supporters,
    imports,
    match_runs,
    weights,
    suggestions,
    plans,
    reviews,
    workshops,
    series,
    circles,
    introductions,
    expert_questions,
    clocks,
    fairness,
    pairings,
    availability,
    steps,
    profile,
    bookings,
    check_ins,
    coaching,
    handovers,
)


def register_blueprints(app: Flask) -> None:
    """Bind every workspace to the app."""
    for module in BLUEPRINTS:
        app.register_blueprint(module.bp)
