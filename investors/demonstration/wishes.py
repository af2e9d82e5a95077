"""What the demonstration's people look for, and what fits it."""

from collections.abc import Iterable

from firms.models import Cluster, Membership, Subdistrict
from investors.services import matching
from investors.services.profiles import save_profile, save_search
from portal import work
from portal.models import User

INVESTOR = {
    "investor_type": "venture_capital",
    "country": "SG",
    "kinds": ["capital_sought", "technology_offered"],
    "ticket_min": 3_000_000,
    "ticket_max": 30_000_000,
    "stages": ["angel", "series_a", "series_b"],
    "instruments": ["equity", "convertible"],
    "horizon_years": 8,
    "roles": ["lead", "follow"],
    "object_kinds": ["patent", "software_copyright", "laboratory_research"],
    "modes": ["licence_exclusive", "licence_non_exclusive", "transfer", "equity_contribution"],
    "trl_min": 4,
    "languages": ["en"],
    "tell": "immediate",
}
UNIVERSITY = {
    "investor_type": "corporate",
    "country": "CN",
    "kinds": ["capital_sought", "joint_lab"],
    "ticket_min": 500_000,
    "ticket_max": 5_000_000,
    "stages": ["seed", "angel"],
    "instruments": ["equity"],
    "languages": ["zh", "en"],
    "tell": "weekly",
    "is_named": True,
}
PREMISES = {
    "area_min": 200,
    "area_max": 1_500,
    "rent_max": 7,
    "uses": ["office", "laboratory", "mixed"],
    "tell": "daily",
}


def load_wishes(accounts: dict[str, User]) -> None:
    """Let the investor and the university say what they look for, and the company look for premises; find matches.

    Args:
        accounts: the demonstration's users by name.
    """
    investor = accounts["investor"]
    _profile(investor, INVESTOR, ["ai-internet-digital-content", "life-and-health"])
    _profile(accounts["university"], UNIVERSITY, ["green-and-low-carbon", "life-and-health"])
    signs = Membership.objects.active().filter(user=accounts["signatory"], role=Membership.Role.SIGNATORY)
    save_search(
        by=accounts["signatory"],
        organisation=signs.earliest("pk").organisation,
        values=PREMISES,
        subdistricts=Subdistrict.objects.filter(slug__in=["wujiaochang", "xinjiangwancheng", "dinghai-road"]),
        version=0,
    )
    orders = matching.orders().open().order_by("pk").values_list("pk", flat=True)
    work.run_these(matching.QUEUE, list(orders))


def _profile(user: User, values: dict[str, object], clusters: Iterable[str]) -> None:
    wanted = Cluster.objects.filter(slug__in=clusters)
    save_profile(by=user, values=values, clusters=wanted, excluded_clusters=[], version=0)
