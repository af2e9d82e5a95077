"""What the firms app gives to the core: the permissions of roles in the admin."""

from portal.permissions import allow
from portal.roles import Role

_GOVERNED = ("organisation", "certificate", "cluster", "clusterrule", "clustermembership", "membership", "claim")

for model in (*_GOVERNED, "subdistrict", "industry"):
    for role in (Role.REGISTRY, Role.AUDITOR, Role.HEAD, Role.ADMINISTRATOR):
        allow(role, f"firms.view_{model}")
for role in (Role.INVESTMENT, Role.MANAGER, Role.SCREENING):
    allow(role, "firms.view_organisation", "firms.view_certificate", "firms.view_cluster")

allow(Role.REGISTRY, "firms.change_organisation", "firms.change_claim", "firms.change_subdistrict")
for model in ("certificate", "cluster", "clusterrule", "clustermembership", "membership"):
    allow(Role.REGISTRY, f"firms.add_{model}", f"firms.change_{model}")
for model in ("certificate", "clusterrule", "clustermembership"):
    allow(Role.REGISTRY, f"firms.delete_{model}")
