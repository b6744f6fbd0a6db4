"""From the form of a file to what the services take."""

from models.accounts import Account
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.supporters import SupporterRole
from models.territories import Commune
from models.wall import read_told_stage, receive_stage
from webapp.activities.search import UnclearActivityError, resolve_activity
from webapp.entrepreneurs.forms import EntrepreneurForm
from webapp.people_fields import chosen_first
from webapp.services.entrepreneur_files import EntrepreneurFile
from webapp.services.entrepreneurs import NewEntrepreneur
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
from webapp.territories.communes import UnclearCommuneError, resolve_commune

DEFAULT_KM = 30.0


def read_new(form: EntrepreneurForm) -> NewEntrepreneur | None:
    """Give what is known of a new person, or None with the reason on its field."""
    steps = _read_steps(form, None, lends=False)
    if steps is None:
        return None
    return NewEntrepreneur(
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        email=form.email.data or None,
        phone=form.phone.data or None,
        household=form.household.data or None,
        steps=steps,
    )


def read_correction(
    form: EntrepreneurForm, person: Entrepreneur, colleagues: list[Account], *, lends: bool
) -> EntrepreneurFile | None:
    """Give a corrected file, or None with the reason on its field."""
    steps = _read_steps(form, person, lends=lends)
    if steps is None:
        return None
    chosen = next((one.id for one in colleagues if str(one.id) == form.referent.data), None)
    return EntrepreneurFile(
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        email=form.email.data or None,
        phone=form.phone.data or None,
        household=form.household.data or None,
        referent_id=chosen,
        steps=steps,
    )


def _read_steps(form: EntrepreneurForm, person: Entrepreneur | None, *, lends: bool) -> tuple[StepValues, ...] | None:
    """Read what the form holds; a part left empty is left as it is, since a file may begin with a name."""
    try:
        commune = resolve_commune(db.session(), form.commune.data or "")
    except UnclearCommuneError as error:
        form.commune.errors = [str(error)]
        return None
    try:
        activity = resolve_activity(db.session(), form.activity.data or "")
    except UnclearActivityError as error:
        form.activity.errors = [str(error)]
        return None
    steps: list[StepValues] = [ActivityValues(activity_code=activity), _read_place(commune, person)]
    if form.stage.data:
        before = person.stage if person is not None else None
        stage = receive_stage(read_told_stage(form.stage.data), before=before, lends=lends)
        steps.append(ProjectValues(stage=stage, project_title=form.project_title.data or ""))
    if form.needs.data:
        steps.append(NeedsValues(needs=form.needs.data))
    languages = chosen_first(form.languages.data or (), form.first_language.data or "")
    if languages:
        steps.append(LanguagesValues(languages=languages))
    if form.availability.data:
        steps.append(_read_availability(form))
    return (*steps, _read_wishes(form), WordsValues(project_text=form.project_text.data or ""))


def _read_place(commune: Commune | None, person: Entrepreneur | None) -> PlaceValues:
    code = commune.code if commune else None
    if person is not None and person.commune_code == code:
        return PlaceValues(commune_code=code, latitude=person.latitude, longitude=person.longitude)
    return PlaceValues(
        commune_code=code,
        latitude=commune.latitude if commune else None,
        longitude=commune.longitude if commune else None,
    )


def _read_availability(form: EntrepreneurForm) -> AvailabilityValues:
    return AvailabilityValues(
        availability=form.availability.data,
        max_km=DEFAULT_KM if form.max_km.data is None else form.max_km.data,
        accepts_remote=bool(form.accepts_remote.data),
    )


def _read_wishes(form: EntrepreneurForm) -> WishesValues:
    # The lending side's form has no such fields: what was confided stays as the person left it.
    confided = {name: bool(form[name].data) for name in ("coaching_consent", "after_liquidation") if name in form}
    return WishesValues(
        wanted_roles=frozenset(map(SupporterRole, form.wanted_roles.data or ())),
        wants_bridging=bool(form.wants_bridging.data),
        **confided,
    )
