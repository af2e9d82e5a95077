"""Fields of answers that are worked out from the whole of a thing."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers


class _Derived(serializers.Field):
    def __init__(self, of: Callable[[Any], Any], **kwargs: Any) -> None:
        self.of = of
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        """Work it out."""
        return self.of(value)


class Words(_Derived, serializers.CharField):
    """A text."""


class Link(_Derived, serializers.URLField):
    """An address."""


class Day(_Derived, serializers.DateField):
    """A date."""

    def to_representation(self, value: Any) -> str | None:
        """Work it out, and write it as ISO 8601 does."""
        day = self.of(value)
        return day.isoformat() if day else None
