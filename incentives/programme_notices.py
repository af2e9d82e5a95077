"""What is told to staff about programmes that are to be published."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.models import User
from portal.notices import Message, both
from portal.roles import Role


class _AboutPublication(Message):
    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        return {
            "programme": both(change.obj.programme, "title"),
            "person": str(change.obj.proposed_by),
            "reason": change.reason,
            "number": change.obj.version.number if change.obj.version else "",
        }

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_publication_change", {"object_id": change.obj.pk}


class ToPublish(_AboutPublication):
    """A programme was proposed: somebody else publishes it."""

    kind = "incentives.to_publish"

    def recipients(self, change: Any) -> Iterable[User]:
        """Return those who may publish it."""
        roles = [Role.MANAGER, Role.APPROVER, Role.HEAD]
        staff = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
        return staff.exclude(pk=change.obj.proposed_by_id).distinct()


class _ToProposer(_AboutPublication):
    def recipients(self, change: Any) -> Iterable[User]:
        """Return who proposed it."""
        return [change.obj.proposed_by]


class ProgrammePublished(_ToProposer):
    """It is published."""

    kind = "incentives.programme_published"


class PublicationRefused(_ToProposer):
    """It is not published, and why."""

    kind = "incentives.publication_refused"
