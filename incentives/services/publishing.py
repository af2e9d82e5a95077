"""Publishing programmes: each time the content differs, a version that applications keep."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incentives.models import Programme, ProgrammeVersion
from incentives.models.parameters import RESTRICTING, check_parameters
from incentives.records import COLUMNS, content_of, digest_of_version
from portal.models import User


@transaction.atomic
def publish_programme(*, programme: Programme, by: User | None) -> ProgrammeVersion:
    """Publish a programme; where its content is not the latest version's, write a new version.

    Args:
        programme: with its criteria, sections, documents and rubric saved.
        by: who publishes it.

    Raises:
        ValidationError: something that publishing needs is missing.
    """
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    if missing := list(what_is_missing(locked)):
        raise ValidationError(missing)
    columns = {name: getattr(locked, name) for name in COLUMNS}
    written = ProgrammeVersion(programme=locked, content=content_of(locked), published_by=by, **columns)
    written.sha256 = digest_of_version(written)
    version = locked.versions.order_by("-number").first()
    if version is None or version.sha256 != written.sha256:
        written.number = version.number + 1 if version else 1
        written.save()
        version = written
    locked.status = programme.status = Programme.Status.PUBLISHED
    locked.save(update_fields=["status"])
    return version


def what_is_missing(programme: Programme) -> Iterable[str]:
    """Yield what must be written before a programme can be published."""
    if not programme.legal_basis:
        yield _("Give the legal basis.")
    if not programme.fair_competition_reference or not programme.fair_competition_date:
        yield _("Give the reference and date of the fair-competition review.")
    criteria = list(programme.criteria.all())
    if any(c.kind in RESTRICTING for c in criteria) and not programme.exception_basis:
        yield _("A criterion is about the place of registration or ownership: give the legal basis of the exception.")
    for criterion in criteria:
        try:
            check_parameters(criterion.kind, criterion.parameters)
        except ValidationError:
            yield _("The parameters of “%(title)s” are wrong.") % {"title": criterion}
    rubric = [item.weight for item in programme.rubric.all()]
    if programme.reviewers_needed and sum(rubric) != 100:  # noqa: PLR2004 -- per cent
        yield _("The weights of the rubric must add up to 100.")
