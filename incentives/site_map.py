"""What the map of the site has of the programmes."""

from firms.site_map import slugs
from incentives.models import Programme
from portal.site_map import contribute_pages, contribute_rows


def contribute() -> None:
    """Add the pages and the programmes."""
    contribute_pages(
        "incentives:programmes", "incentives:check", "incentives:calendar", "incentives:public_notices",
        "incentives:awards", "incentives:verify_letter",
    )  # fmt: skip
    contribute_rows("programmes", page="incentives:programme", rows=lambda: slugs(Programme.objects.published()))
