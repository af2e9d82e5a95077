"""Laboratories as the registry keeps them."""

from uuid import uuid4

from django.db import transaction

from firms import naming
from firms.models import Laboratory
from firms.rules import handles_organisation
from portal.lifecycle import NotAllowed
from portal.models import User


@transaction.atomic
def save_laboratory(*, by: User, laboratory: Laboratory) -> None:
    """Save a laboratory; its names are put right, and its address on the site is made once and stays.

    Args:
        by: a registry officer who is no member of its organisation.
        laboratory: new or changed.

    Raises:
        NotAllowed: ``by`` does not keep the entries of the organisation.
    """
    if not handles_organisation(by, laboratory.organisation):
        raise NotAllowed
    laboratory.name_zh = naming.clean_chinese(laboratory.name_zh)
    laboratory.name_en = naming.clean(laboratory.name_en)
    if not laboratory.slug:
        slug = naming.slug_base(laboratory.name_en, laboratory.name_zh)
        is_taken = Laboratory.objects.filter(slug=slug).exists()
        laboratory.slug = f"{slug}-{uuid4().hex[:6]}" if is_taken else slug
    laboratory.save()
