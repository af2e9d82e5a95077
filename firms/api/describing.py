"""The parameters and answers of the API, for its description."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from firms.search.choices import FACETS
from firms.search.criteria import SORTS
from firms.search.paging import SIZE

MOST = 100
"""So many firms make the largest page."""


def _parameter(name: str, text: str | Promise, schema: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=text, **more)


TEXT = _parameter("q", _("Words in Chinese, English or pinyin, or a code; all of them must be found."))
FILTERS = [_parameter(name, facet.label, many=True) for name, facet in FACETS.items()]
SLUG = _parameter("slug", _("The last part of the address of its page."), location="path")
CODE = _parameter("uscc", _("The unified social credit code of one firm; stands without other filters."))
PAGING = [
    _parameter("sort", _("By relevance (with q), name (English or romanised), founding or staff."), enum=[*SORTS]),
    _parameter(
        "page_size",
        _("How many firms make a page."),
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE},
    ),
    _parameter("after", _("Begin after the firm with this slug; follow “next” instead of writing it.")),
    _parameter("before", _("End before the firm with this slug; follow “previous” instead of writing it.")),
]
