"""How the page of an organisation tells what is known of it: facts with their sources, certificates, clusters."""

from datetime import date, datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from firms import profile, sizing
from firms.models import Certificate, ClusterMembership, Industry, Organisation, ProposedValue
from portal import local_form

# --- Facts and their sources ----------------------------------------------------------


class Fact(NamedTuple):
    """A fact, and from where and when it is known; ``language`` where it is always in one."""

    name: str
    label: str
    text: str
    source: str
    language: str = ""


def facts_of(organisation: Organisation) -> list[Fact]:
    """Return what is known, in the order of the page; what is not known is left out."""
    source_of = sources_of(organisation)
    is_firm = organisation.kind == Organisation.Kind.FIRM
    size, source_of["size_class"] = sizing.public_size(organisation) if is_firm else ("", "")
    texts = {
        "uscc": (_("Unified social credit code"), organisation.uscc or ""),
        "foreign_number": (_("Registration number"), _foreign_number(organisation)),
        "industry_code": (_("Industry"), organisation.industry_code),
        "subdistrict": (_("Subdistrict"), str(organisation.subdistrict or "")),
        "address": (_("Address"), organisation.address),
        "founded": (_("Founded"), local_form.day(organisation.founded)),
        "registered_capital": (_("Registered capital"), local_form.money(organisation.registered_capital)),
        "staff": (_("Staff"), organisation.staff_band),
        "size_class": (_("Statutory size class"), size),
        "foreign_invested": (_("Foreign-invested"), _yes_or_no(organisation.foreign_invested)),
        "website": (_("Website"), organisation.website),
        "business_scope": (_("Business scope"), organisation.business_scope),
    }
    return [
        Fact(name, label, text, source_of.get(name, source_of[""]), profile.LANGUAGES.get(name, ""))
        for name, (label, text) in texts.items()
        if text
    ]


def _foreign_number(organisation: Organisation) -> str:
    number = organisation.foreign_number
    return f"{number} ({organisation.get_country_display()})" if number else ""


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")


def sources_of(organisation: Organisation) -> dict[str, str]:
    """Return the source of each field that the organisation itself changed last, and under "" that of all others."""
    sources = {"": source_of(organisation)}
    accepted = ProposedValue.objects.filter(edit__organisation=organisation, status=ProposedValue.Status.ACCEPTED)
    for value in accepted.order_by("pk"):
        assert value.decided_at  # noqa: S101 -- kept by a constraint
        is_published = value.proposed == profile.published(organisation, value.field)
        if is_published and _is_newer(value.decided_at, organisation.source_date):
            sources[value.field] = _("The organisation, checked on %(day)s") % {"day": local_form.day(value.decided_at)}
        else:
            sources.pop(value.field, None)
    return sources


def _is_newer(moment: datetime, day: date | None) -> bool:
    return day is None or moment.astimezone(local_form.SHANGHAI).date() >= day


def source_of(organisation: Organisation) -> str:
    """Return from where, and as of when, an organisation is known."""
    if organisation.is_self_registered:
        check = organisation.verifications.first()
        if check is None:
            return _("The organisation itself, not verified yet")
        return _("The organisation, checked on %(day)s") % {"day": local_form.day(check.checked_on)}
    if organisation.source_date is None:
        return organisation.source
    return _("%(source)s, as of %(day)s") % {
        "source": organisation.source,
        "day": local_form.day(organisation.source_date),
    }


# --- Industry -------------------------------------------------------------------------


def industry_path(organisation: Organisation) -> list[Industry]:
    """Return section, division and class of its industry, as far as they are known; one query."""
    code = organisation.industry_code
    if not code:
        return []
    found = Industry.objects.filter(code__in={code, code[:2]}).select_related("parent").order_by("level")
    path = list(found)
    if path and path[0].parent:
        path.insert(0, path[0].parent)
    return path


# --- Certificates ---------------------------------------------------------------------


class Shown(NamedTuple):
    """A certificate as a page shows it: how it stands today, and from where it is known."""

    certificate: Certificate
    state: str
    tone: str
    source: str

    @property
    def is_held(self) -> bool:
        """Whether it is valid today, as far as is known."""
        return self.tone == "green"


def certificates_of(organisation: Organisation, today: date) -> list[Shown]:
    """Return the certificates, those held today first; one that has expired or not begun says so."""
    shown = [_shown(certificate, organisation, today) for certificate in organisation.certificates.all()]
    return sorted(shown, key=lambda one: not one.is_held)


def _shown(certificate: Certificate, organisation: Organisation, today: date) -> Shown:
    source = certificate.authority
    if not source and certificate.from_registry:
        source = source_of(organisation)
    if certificate.expires and certificate.expires < today:
        return Shown(certificate, pgettext("certificate", "Expired"), "grey", source)
    if certificate.issued and certificate.issued > today:
        return Shown(certificate, pgettext("certificate", "Not valid yet"), "grey", source)
    return Shown(certificate, pgettext("certificate", "Held"), "green", source)


# --- Clusters -------------------------------------------------------------------------


class Belonging(NamedTuple):
    """A cluster that an organisation belongs to, with the rule, and what of the firm meets it; by hand without."""

    membership: ClusterMembership
    code: str
    words: list[str]


def belongings_of(organisation: Organisation) -> list[Belonging]:
    """Return the clusters it belongs to, each with its reason."""
    memberships = organisation.cluster_memberships.filter(excluded=False).select_related("cluster", "rule")
    return [_belonging(membership, organisation) for membership in memberships.order_by("cluster__position", "pk")]


def _belonging(membership: ClusterMembership, organisation: Organisation) -> Belonging:
    rule = membership.rule
    if rule is None:
        return Belonging(membership, "", [])
    code = organisation.industry_code
    fits = any(code.startswith(prefix) for prefix in rule.class_prefixes)
    words = [word for word in rule.scope_words if word in organisation.business_scope]
    return Belonging(membership, code if fits else "", words)


# --- Kinds ----------------------------------------------------------------------------


class Words(NamedTuple):
    """How the pages of a kind are called and speak of it, and the URL name of their list."""

    plural: Promise
    list_page: str
    lead: Promise
    none: Promise
    own: Promise


WORDS = {
    Organisation.Kind.FIRM: Words(
        gettext_lazy("Firms"),
        "firms:directory",
        gettext_lazy("The technology firms of Yangpu District."),
        gettext_lazy("No firm is listed yet"),
        gettext_lazy("Is this your firm?"),
    ),
    Organisation.Kind.UNIVERSITY: Words(
        gettext_lazy("Universities"),
        "firms:universities",
        gettext_lazy("Universities with a campus in Yangpu District, and what they offer to firms and investors."),
        gettext_lazy("No university is listed yet"),
        gettext_lazy("Is this your university?"),
    ),
    Organisation.Kind.INSTITUTE: Words(
        gettext_lazy("Institutes"),
        "firms:institutes",
        gettext_lazy("Research institutes in Yangpu District, and what they offer to firms and investors."),
        gettext_lazy("No institute is listed yet"),
        gettext_lazy("Is this your institute?"),
    ),
    Organisation.Kind.PARK: Words(
        gettext_lazy("Parks"),
        "firms:parks",
        gettext_lazy("Parks and innovation quarters of Yangpu District, and the premises that they offer."),
        gettext_lazy("No park is listed yet"),
        gettext_lazy("Is this your park?"),
    ),
}
WORDS[Organisation.Kind.INVESTOR] = WORDS[Organisation.Kind.FIRM]._replace(own=gettext_lazy("Is this your company?"))

INSTITUTIONS = (Organisation.Kind.UNIVERSITY, Organisation.Kind.INSTITUTE, Organisation.Kind.PARK)
"""The kinds that have lists of their own."""


def lists() -> list[Words]:
    """Return the words of the kinds that have lists of their own."""
    return [WORDS[kind] for kind in INSTITUTIONS]
