"""System checks of what models of any app must have for organisations to be merged."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from firms import merging
from firms.models import Organisation
from firms.models.merged import OfLiving


@register(Tags.models)
def rows_come_to_the_living_alone(*, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Find foreign keys to organisations that would take a row for a merged one."""
    return [
        Error(
            f"{link.model._meta.label}.{link.field.name} names an organisation and has no trigger "
            f'OfLiving("{link.field.column}").',
            id="firms.E001",
        )
        for link in merging.following()
        if link.model is not Organisation
        and not any(
            isinstance(trigger, OfLiving) and trigger.column == link.field.column
            for trigger in getattr(link.model._meta, "triggers", [])
        )
    ]
