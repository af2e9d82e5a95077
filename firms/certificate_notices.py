"""What is told to whom about certificates: that one expires, and that one has expired."""

from collections.abc import Iterable, Mapping
from typing import Any, override

from django.utils import translation

from firms import expiring
from firms.models import Certificate, Membership
from firms.notices import _names, _officers
from portal import local_form
from portal.models import User
from portal.notices import Message


class AboutCertificate(Message):
    """A message about a certificate to those who can renew it: signatories and editors."""

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        roles = (Membership.Role.SIGNATORY, Membership.Role.EDITOR)
        memberships = Membership.objects.active().filter(organisation=change.obj.organisation, role__in=roles)
        return [membership.user for membership in memberships.select_related("user")]

    @override
    def context(self, change: Any) -> Mapping[str, Any]:
        certificate: Certificate = change.obj
        words: dict[str, dict[str, str]] = {"certificate": {}, "day": {}}
        for side, language in (("en", "en"), ("zh", "zh-hans")):
            with translation.override(language):
                words["certificate"][side] = str(certificate.get_level_display())
                words["day"][side] = local_form.day(certificate.expires)
        return {"organisation": _names(certificate.organisation), "number": certificate.number, **words}

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "firms:figures", {"slug": change.obj.organisation.slug}


class CertificateExpiring(AboutCertificate):
    """A certificate expires soon; where a later reminder is due too, or it has expired, nobody is told."""

    kind = "firms.certificate_expiring"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        is_current = expiring.is_last_reminder_due(change.obj, change.step.name)
        return super().recipients(change) if is_current else []


class CertificateExpired(AboutCertificate):
    """A certificate has expired: the public page says so, and the directory no longer finds the firm by it."""

    kind = "firms.certificate_expired"


class CertificateToCheck(AboutCertificate):
    """A certificate has expired: a registry officer looks whether there is a new one."""

    kind = "firms.certificate_to_check"

    @override
    def recipients(self, change: Any) -> Iterable[User]:
        return _officers(change.obj.organisation)

    @override
    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        return "admin:firms_organisation_change", {"object_id": change.obj.organisation_id}
