"""From the form of a profile to the row that the service takes."""

from models.db import db
from models.supporters import Supporter
from models.territories import Commune
from webapp.activities.search import UnclearActivityError, resolve_activities
from webapp.spreadsheets import SupporterRow
from webapp.supporters.forms import SupporterForm
from webapp.territories.communes import UnclearCommuneError, resolve_commune
from webapp.translation import gettext as _

DEFAULT_KM = 30.0


def read_row(form: SupporterForm, person: Supporter | None) -> SupporterRow | None:
    """Give a profile, or None with the reason on its field."""
    try:
        commune = resolve_commune(db.session(), form.commune.data or "")
        activities = resolve_activities(db.session(), form.activities.data or "")
    except UnclearCommuneError as error:
        form.commune.errors = [str(error)]
        return None
    except UnclearActivityError as error:
        form.activities.errors = [str(error)]
        return None
    if commune is None:
        form.commune.errors = [_("Please fill this in.")]
        return None
    if not form.expertise.data:
        form.expertise.errors = [_("Choose at least one topic: without one nobody can be suggested.")]
        return None
    latitude, longitude = _point(commune, person)
    return SupporterRow(
        reference=person.reference if person else "",
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        role=person.role.value if person else form.role.data,
        commune=commune.code,
        expertise=tuple(form.expertise.data.items()),
        availability=form.availability.data,
        capacity=form.capacity.data,
        email=form.email.data or "",
        phone=form.phone.data or "",
        latitude=latitude,
        longitude=longitude,
        activities=activities,
        stages=tuple(form.stages.data or ()),
        languages=tuple(form.languages.data),
        max_km=DEFAULT_KM if form.max_km.data is None else form.max_km.data,
        accepts_remote=bool(form.accepts_remote.data),
        text=form.text.data or "",
        household=form.household.data or "",
        active_business=bool(form.active_business.data),
        has_bounced_back=bool(form.has_bounced_back.data),
        certified=bool(form.certified.data),
    )


def _point(commune: Commune, person: Supporter | None) -> tuple[float | None, float | None]:
    """Keep an exact place as long as the town stays; else take the middle of the town."""
    if person is not None and person.commune_code == commune.code and person.latitude is not None:
        return person.latitude, person.longitude
    return commune.latitude, commune.longitude
