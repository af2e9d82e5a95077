"""What the profiles of organisations put on the desks of officers and members."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from firms import confirming, expiring, profile
from firms.models import (
    Certificate,
    Duplicate,
    Membership,
    Organisation,
    ProposedEdit,
    ProposedValue,
    RegistryImport,
)
from firms.models.imports import AT_WORK
from firms.models.organisations import SELF_REGISTERED
from firms.registry.normalising import today_in_shanghai
from portal import clock
from portal.desk import DeskItem
from portal.models import User
from portal.roles import Role, has_role

_SHOWN = 10
_SHOWN_PAIRS = 5


def profiles_to_moderate(user: User) -> Iterator[DeskItem]:
    """Yield the proposed edits that a registry officer may decide, oldest first."""
    if not has_role(user, Role.REGISTRY):
        return
    waiting = ProposedEdit.objects.waiting().exclude(organisation__in=Organisation.objects.with_member(user))
    for edit in waiting.select_related("organisation").prefetch_related("values")[:_SHOWN]:
        pending = [value for value in edit.values.all() if value.status == ProposedValue.Status.PENDING]
        detail = profile.one_line(str(value.label) for value in pending)
        url = reverse("admin:firms_proposededit_change", args=[edit.pk])
        yield DeskItem(edit.organisation.title, url, detail=detail, due_at=edit.due_at)


def duplicates_to_check(user: User) -> Iterator[DeskItem]:
    """Yield the likeliest duplicates that a registry officer may decide about."""
    if not has_role(user, Role.REGISTRY):
        return
    own = Organisation.objects.with_member(user).values("pk")
    waiting = Duplicate.objects.waiting().exclude(first__in=own).exclude(second__in=own)
    for pair in waiting.select_related("first", "second")[:_SHOWN_PAIRS]:
        url = reverse("admin:firms_duplicate_change", args=[pair.pk])
        yield DeskItem(f"{pair.first} / {pair.second}", url, detail=profile.one_line(pair.reason_labels))


def my_changes(user: User) -> Iterator[DeskItem]:
    """Yield what the person's organisations proposed and nobody decided yet."""
    memberships = Membership.objects.active().filter(user=user)
    waiting = ProposedEdit.objects.waiting().filter(organisation__in=memberships.values("organisation"))
    for edit in waiting.select_related("organisation").prefetch_related("values")[:_SHOWN]:
        pending = [value for value in edit.values.all() if value.status == ProposedValue.Status.PENDING]
        yield DeskItem(
            edit.organisation.title,
            reverse("firms:profile", args=[edit.organisation.slug]),
            detail=profile.one_line(str(value.label) for value in pending),
            due_at=edit.due_at,
            status=edit.get_status_display(),
            tone="blue",
        )


def profiles_to_confirm(user: User) -> Iterator[DeskItem]:
    """Yield the organisations whose profile the person is asked to confirm now."""
    memberships = Membership.objects.active().filter(user=user, role=Membership.Role.SIGNATORY)
    near = today_in_shanghai() + timedelta(days=confirming.REMIND_DAYS)
    found = Organisation.objects.listed().filter(pk__in=memberships.values("organisation"), confirm_by__lte=near)
    for organisation in found.order_by("confirm_by", "pk")[:_SHOWN]:
        yield DeskItem(
            organisation.title,
            reverse("firms:confirm_profile", args=[organisation.slug]),
            detail=confirming.sentence(organisation),
            due_at=clock.end_of(organisation.confirm_by) if organisation.confirm_by else None,
        )


def codes_to_verify(user: User) -> Iterator[DeskItem]:
    """Yield the verified organisations that have a code since, for the officer who verifies it and lists them."""
    if not has_role(user, Role.REGISTRY):
        return
    found = Organisation.objects.filter(status=Organisation.Status.UNLISTED, source=SELF_REGISTERED)
    own = Organisation.objects.with_member(user)
    for organisation in found.exclude(uscc=None).exclude(pk__in=own).order_by("pk")[:_SHOWN]:
        url = reverse("admin:firms_organisation_change", args=[organisation.pk])
        yield DeskItem(organisation.title, url, detail=_("Moving in, has a code: verify it and list it"))


def certificates_to_renew(user: User) -> Iterator[DeskItem]:
    """Yield the certificates of the person's organisations that expire soon, for those who can renew them."""
    roles = (Membership.Role.SIGNATORY, Membership.Role.EDITOR)
    memberships = Membership.objects.active().filter(user=user, role__in=roles)
    today = today_in_shanghai()
    soon = today + timedelta(days=max(expiring.REMINDERS.values()))
    found = Certificate.objects.filter(
        organisation__in=memberships.values("organisation"), expires__range=(today, soon)
    )
    for certificate in found.select_related("organisation").order_by("expires", "pk")[:_SHOWN]:
        yield DeskItem(
            certificate.organisation.title,
            reverse("firms:figures", args=[certificate.organisation.slug]),
            detail=certificate.get_level_display(),
            due_at=clock.end_of(certificate.expires) if certificate.expires else None,
        )


def imports_to_apply(user: User) -> Iterator[DeskItem]:
    """Yield the registry imports that wait for an officer's look, and those that were given up."""
    if not has_role(user, Role.REGISTRY):
        return
    waiting = RegistryImport.objects.filter(
        Q(status=RegistryImport.Status.READY) | Q(status__in=AT_WORK, parked_at__isnull=False)
    )
    for found in waiting.order_by("pk")[:_SHOWN]:
        numbers = {"created": found.created, "updated": found.updated, "bad": found.bad}
        detail = _("New: %(created)s, changed: %(updated)s, bad rows: %(bad)s") % numbers
        url = reverse("admin:firms_registryimport_change", args=[found.pk])
        yield DeskItem(found.name, url, detail=detail)
