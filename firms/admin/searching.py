"""Searching lists of what belongs to a person and an organisation."""

from typing import Any

from django.db.models import QuerySet

from firms.models import Organisation
from portal.models import User

_LONGEST = 100


def of_person_or_organisation(queryset: QuerySet[Any], text: str, person: str) -> QuerySet[Any]:
    """Return the rows of a person, where a text is an address, or of the organisations that it finds.

    Args:
        queryset: rows with an ``organisation``.
        text: what was typed.
        person: the foreign key to the person.
    """
    text = text.strip()[:_LONGEST]
    if not text:
        return queryset
    if "@" in text:
        return queryset.filter(**{f"{person}__in": User.objects.filter(email=text.lower())})
    return queryset.filter(organisation__in=Organisation.objects.search(text))
