"""Publishing programmes: proposed by one person, published by another, each time as a version that stays."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from incentives.lifecycle import PUBLICATION
from incentives.models import Programme, Publication
from incentives.publishing import as_it_stands, latest_version, what_is_missing
from portal.models import User
from portal.roles import Role, has_role


@transaction.atomic
def propose_publication(*, programme: Programme, by: User) -> Publication:
    """Propose to publish a programme as it stands now.

    Args:
        programme: with its criteria, sections, documents and rubric saved.
        by: a programme manager; somebody else publishes it.

    Raises:
        ValidationError: something that publishing needs is missing, nothing changed since the latest version, or a
            proposal is waiting already.
    """
    if not has_role(by, Role.MANAGER):
        raise ValidationError(_("Only a programme manager proposes a publication."))
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    if missing := list(what_is_missing(locked)):
        raise ValidationError([str(text) for text in missing])
    sha256, latest = as_it_stands(locked).sha256, latest_version(locked)
    if latest is not None and latest.sha256 == sha256:
        raise ValidationError(
            _("Nothing was changed since version %(number)s was published.") % {"number": latest.number}
        )
    if locked.publications.waiting().exists():
        raise ValidationError(_("A proposal waits for its decision already. Withdraw it to propose another."))
    publication = Publication.objects.create(programme=locked, sha256=sha256, proposed_by=by)
    PUBLICATION.apply(publication, "propose", by=by)
    return publication


def publish_programme(*, publication: Publication, by: User) -> Publication:
    """Publish what was proposed.

    Raises:
        NotAllowed: ``by`` proposed it, or has no role that publishes.
        StepClosed: the programme was changed since.
    """
    published: Publication = PUBLICATION.apply(publication, "publish", by=by).obj
    return published
