"""What the map of the site has of opportunities, and of ways to ask and complain."""

from firms.site_map import slugs
from investors.models import Opportunity
from portal.site_map import contribute_pages, contribute_rows


def contribute() -> None:
    """Add the pages and the opportunities."""
    contribute_pages(
        "investors:opportunities", "investors:technology", "investors:premises", "investors:talent",
        "investors:matching_method", "investors:new_inquiry", "investors:about_complaints",
    )  # fmt: skip
    contribute_rows(
        "opportunities",
        page="investors:opportunity",
        rows=lambda: slugs(Opportunity.objects.published(), "published_at"),
    )
