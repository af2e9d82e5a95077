"""Tags of the pages of shortlists."""

from django import template
from django.conf import settings
from django.urls import reverse

from investors.models import SharedShortlist
from investors.services.sharing import token_of

register = template.Library()


@register.simple_tag
def shared_path(link: SharedShortlist) -> str:
    """Print the address of a shared shortlist on this site."""
    return reverse("investors:shared_shortlist", args=[token_of(link)])


@register.simple_tag
def shared_address(link: SharedShortlist) -> str:
    """Print the full address of a shared shortlist, as it is passed on."""
    return settings.SITE_URL + shared_path(link)
