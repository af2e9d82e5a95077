"""What the description of the API says of each address."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from portal.api.problems import MEDIA_TYPE


class ProblemSerializer(serializers.Serializer):
    """What is wrong, after RFC 9457."""

    type = serializers.CharField(label=_("about:blank: the title says it all"))
    title = serializers.CharField(label=_("title"))
    status = serializers.IntegerField(label=_("status"))
    detail = serializers.CharField(label=_("what is wrong, in the language of Accept-Language"))


_PROBLEMS = {(status, MEDIA_TYPE): ProblemSerializer for status in (400, 404, 429, 503)}


def answers(name: str, summary: str | Promise, of: Any, parameters: Sequence[OpenApiParameter] = ()) -> Any:
    """Describe an address: what it is for, what it takes, and what it answers."""
    responses: dict[Any, Any] = {200: of, **_PROBLEMS}
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=summary,
        parameters=[*parameters],
        responses=responses,
        tags=["v1"],
    )
