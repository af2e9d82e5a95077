"""Tags of the pages of opportunities and inquiries."""

from django import template
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from firms.naming import has_chinese
from portal.local_form import is_chinese

register = template.Library()


@register.filter
def written(text: str) -> SafeString:
    """Print what a person wrote in paragraphs, marked with its language where the page is in the other one."""
    chinese = has_chinese(text)
    body = SafeString(linebreaks(text, autoescape=True))
    if chinese == is_chinese():
        return body
    return format_html('<div lang="{}">{}</div>', "zh-Hans" if chinese else "en", body)
