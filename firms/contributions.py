"""What the firms app gives to the core: permissions of roles, parts of the desk, the demonstration."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms import dates, desk_items, folding, site_map, standards
from firms.demonstration import load
from firms.models import Claim, ClusterFilling, Membership, Organisation
from firms.models.yearly_figures import READS_FIGURES
from firms.services import claims, clusters, counting, personal_data
from portal import deadlines, demonstration, desk, recounting, work
from portal.desk import DeskItem, DeskLink
from portal.models import User
from portal.permissions import allow
from portal.roles import Role, has_role
from portal.standards import contribute

_GOVERNED = (
    "organisation",
    "certificate",
    "cluster",
    "clusterrule",
    "clustermembership",
    "membership",
    "claim",
    "proposededit",
    "verification",
    "duplicate",
    "laboratory",
    "laboratorycluster",
)
_SHOWN = 10

for model in (*_GOVERNED, "subdistrict", "industry"):
    for role in (Role.REGISTRY, Role.AUDITOR, Role.HEAD, Role.ADMINISTRATOR):
        allow(role, f"firms.view_{model}")
for role in (Role.INVESTMENT, Role.MANAGER, Role.SCREENING):
    allow(
        role,
        *(
            f"firms.view_{model}"
            for model in (
                "organisation",
                "certificate",
                "cluster",
                "laboratory",
                "laboratorycluster",
                "subdistrict",
                "industry",
            )
        ),
    )

for role in READS_FIGURES:
    allow(role, "firms.view_yearlyfigure")
allow(Role.REGISTRY, "firms.add_yearlyfigure", "firms.change_yearlyfigure")
for role in (Role.REGISTRY, Role.AUDITOR, Role.HEAD):
    allow(role, "firms.view_registryimport")
allow(Role.REGISTRY, "firms.add_registryimport")
allow(Role.REGISTRY, "firms.change_organisation", "firms.change_claim", "firms.change_proposededit")
allow(Role.REGISTRY, "firms.change_duplicate")
for model in (
    *("certificate", "cluster", "clusterrule", "clustermembership", "membership"),
    *("laboratory", "laboratorycluster"),
):
    allow(Role.REGISTRY, f"firms.add_{model}", f"firms.change_{model}")
for model in ("certificate", "clusterrule", "clustermembership", "laboratorycluster"):
    allow(Role.REGISTRY, f"firms.delete_{model}")


def to_verify(user: User) -> Iterator[DeskItem]:
    """Yield what waits for a registry officer: claims, then organisations that registered themselves."""
    if not has_role(user, Role.REGISTRY):
        return
    for claim in Claim.objects.waiting().with_due_date().select_related("organisation", "claimant")[:_SHOWN]:
        url = reverse("admin:firms_claim_change", args=[claim.pk])
        who = _("Claim by %(name)s") % {"name": claim.claimant}
        yield DeskItem(claim.organisation.title, url, detail=who, due_at=claim.due_at)  # type: ignore[attr-defined]
    for organisation in Organisation.objects.filter(status=Organisation.Status.INCOMING).order_by("pk")[:_SHOWN]:
        url = reverse("admin:firms_organisation_change", args=[organisation.pk])
        yield DeskItem(organisation.title, url, detail=_("Registered itself, not verified yet"))


def my_claims(user: User) -> Iterator[DeskItem]:
    """Yield the person's claims that wait for an answer."""
    own = Claim.objects.waiting().filter(claimant=user).with_due_date()
    for claim in own.select_related("organisation")[:_SHOWN]:
        yield DeskItem(
            claim.organisation.title,
            reverse("firms:desk"),
            detail=_("Your claim"),
            due_at=claim.due_at,  # type: ignore[attr-defined]
            status=claim.get_status_display(),
            tone="blue",
        )


def places(user: User) -> Iterator[DeskLink]:
    """Yield the way to one's organisations, and for others to claim one."""
    if Membership.objects.active().filter(user=user).exists():
        yield DeskLink(_("My organisations"), reverse("firms:desk"), _("Members and claims"))
    elif not user.is_staff:
        yield DeskLink(_("Find and claim a firm"), reverse("firms:directory"), _("With an authorisation letter"))
        yield DeskLink(_("Register an organisation"), reverse("firms:register"), _("If it is not in the directory"))


desk.contribute(to_verify, heading=gettext_lazy("To verify"), order=10)
desk.contribute(desk_items.codes_to_verify, heading=gettext_lazy("Moving in"), order=10)
desk.contribute(desk_items.imports_to_apply, heading=gettext_lazy("Registry imports"), order=12)
desk.contribute(desk_items.profiles_to_moderate, heading=gettext_lazy("Profiles to moderate"), order=11)
desk.contribute(desk_items.duplicates_to_check, heading=gettext_lazy("Possible duplicates"), order=12)
desk.contribute(desk_items.profiles_to_confirm, heading=gettext_lazy("Confirm your profile"), order=20)
desk.contribute(desk_items.certificates_to_renew, heading=gettext_lazy("Certificates that expire soon"), order=21)
desk.contribute(desk_items.my_changes, heading=gettext_lazy("Your changes wait"), order=51)
desk.contribute(my_claims, heading=gettext_lazy("My claims"), order=50)
desk.contribute_links(places, order=10)
folding.contribute()
site_map.contribute()
personal_data.contribute_all()
deadlines.contribute(claims.set_missing_clocks)
demonstration.contribute(load)
contribute(*standards.PROMISES)
recounting.contribute(*dates.DATES)
work.register(work.Queue(clusters.QUEUE, ClusterFilling.objects.all, clusters.fill_piece))
work.register(work.Queue(counting.QUEUE, counting.counts_to_make, counting.count_firms))
