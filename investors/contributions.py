"""What this app contributes to the core: the rights of roles, the desk."""

from portal.permissions import allow
from portal.roles import Role

for role in (Role.INVESTMENT, Role.AUDITOR, Role.HEAD):
    allow(role, "investors.view_opportunity", "investors.view_inquiry", "investors.view_inquirymessage")
