"""The parameters of the API of opportunities, for its description."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from firms.search.paging import SIZE
from investors.directory.choices import FACETS
from investors.directory.criteria import SORTS

MOST = 100
"""So many opportunities make the largest page."""


def _parameter(name: str, text: str | Promise, schema: object = str, **more: object) -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=text, **more)  # type: ignore[arg-type]


TEXT = _parameter(
    "q", _("Words in Chinese or English of titles, texts and facts, or an owner's name; all must be found.")
)
FILTERS = [_parameter(name, facet.label, many=True) for name, facet in FACETS.items()]
SLUG = _parameter("slug", _("The last part of the address of its page."), location="path")
PAGING = [
    _parameter("sort", _("By relevance (with q), newest, ending soon, amount, area or rent."), enum=[*SORTS]),
    _parameter(
        "page_size",
        _("How many opportunities make a page."),
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": SIZE},
    ),
    _parameter("after", _("Begin after the opportunity with this slug; follow “next” instead of writing it.")),
    _parameter("before", _("End before the opportunity with this slug; follow “previous” instead of writing it.")),
]
