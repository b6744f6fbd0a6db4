"""Who arrives during the year: a file is opened, an interview held or not, a profile filled in step by step."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from models.entrepreneurs import Entrepreneur, Stage
from models.interviews import Interview, InterviewOutcome
from models.states import EntrepreneurState, InterviewState
from models.supporters import SupporterRole
from tests.simulation.world import TODAY, as_person, ids_of, instant, rows_of
from webapp.services.entrepreneurs import (
    NewEntrepreneur,
    complete_entrepreneur,
    create_entrepreneur,
    save_profile_step,
)
from webapp.services.interviews import InterviewReport, hold_interview, miss_interview, plan_interview
from webapp.services.invitations import invite_entrepreneur
from webapp.services.profile_steps import (
    ActivityValues,
    AvailabilityValues,
    LanguagesValues,
    NeedsValues,
    PlaceValues,
    ProjectValues,
    StepValues,
    WishesValues,
    WordsValues,
)
from webapp.services.rematch import rematch_person

ARRIVES, UNFINISHED, FINISHES, KNOWN_ELSEWHERE = 0.08, 0.3, 0.03, 0.2
HOLDS_INTERVIEW, FORGETS_INTERVIEW, PUTS_OFF = 0.12, 0.1, 0.15
STAGES, NEEDS = (Stage.IDEA, Stage.FUNDING, Stage.LAUNCH), ("cash_flow", "marketing", "fundraising")
PROFILES = rows_of(Entrepreneur.public_id, Entrepreneur.id, where=[Entrepreneur.state == EntrepreneurState.INCOMPLETE])
INTERVIEWS = ids_of(Interview, Interview.state == InterviewState.PLANNED, Interview.opens_on <= TODAY)


class Newcomers:
    """The newcomers of one association; what acts and draws comes from the branch."""

    id: int
    public_id: UUID
    rng: Any
    _do: Callable[..., Any]
    _do_alone: Callable[..., Any]
    _drawn: Callable[..., list[UUID]]
    _chosen: Callable[..., list[Any]]
    _happens: Callable[[float], bool]
    _pick: Callable[[Sequence[Any]], Any]

    def welcome(self, day: date) -> None:
        """Open a file now and then, hold the interviews that are due, and let people finish their profiles."""
        at = instant(day, 10)
        self._finish_profiles(at)
        if self._happens(ARRIVES):
            person = NewEntrepreneur(
                first_name="Camille", last_name="Martin", email=self._address(), steps=self._profile()
            )
            person_id = self._do(create_entrepreneur, association_id=self.public_id, person=person, at=at)
            self._do(plan_interview, entrepreneur_id=person_id, at=at)
            self._do(invite_entrepreneur, entrepreneur_id=person_id, at=at)
        for interview_id in self._drawn(INTERVIEWS, HOLDS_INTERVIEW, today=day):
            if self._happens(FORGETS_INTERVIEW):
                self._do(miss_interview, interview_id=interview_id, at=at)
            else:
                self._do(hold_interview, interview_id=interview_id, report=self._report(at), at=at)

    def _finish_profiles(self, at: datetime) -> None:
        """Let people fill in what is open of their profiles, and send them."""
        for person in self._chosen(PROFILES, FINISHES):
            actor = as_person(person.id)
            for values in self._profile()[4:]:
                self._do(save_profile_step, entrepreneur_id=person.public_id, values=values, actor=actor, at=at)
            self._do(complete_entrepreneur, entrepreneur_id=person.public_id, actor=actor, at=at)
            self._do_alone(rematch_person, entrepreneur_id=person.public_id, at=at)

    def _address(self) -> str:
        """Give an address; a few people turn to two associations."""
        known = int(self.rng.integers(3 if self._happens(KNOWN_ELSEWHERE) else 10_000))
        return f"camille.{known}@example.org"

    def _profile(self) -> tuple[StepValues, ...]:
        steps = (
            ProjectValues(stage=self._pick(STAGES), project_title="Projet simulé"),
            ActivityValues(activity_code="56.10A"),
            PlaceValues(commune_code="93066", latitude=48.93, longitude=2.35),
            NeedsValues(needs={self._pick(NEEDS): 3}),
            LanguagesValues(languages=("fr",)),
            AvailabilityValues(availability=(1 << 21) - 1, max_km=20.0, accepts_remote=True),
            WishesValues(wanted_roles=frozenset({SupporterRole.MENTOR})),
            WordsValues(project_text="Un lieu calme."),
        )
        return steps[:4] if self._happens(UNFINISHED) else steps

    def _report(self, at: datetime) -> InterviewReport:
        if self._happens(PUTS_OFF):
            return InterviewReport(outcome=InterviewOutcome.LATER, again_on=at.date() + timedelta(days=40))
        return InterviewReport(outcome=InterviewOutcome.JOINS)
