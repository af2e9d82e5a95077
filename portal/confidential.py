"""Records known to those alone whom they concern: they stand on no page that shows what happened to all records."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

_models: list[type[models.Model]] = []
_notices: list[str] = []


def keep(*kept: type[models.Model], notices: str) -> None:
    """Let an app keep models confidential: their history, steps and notices are on no general page of the staff's.

    Args:
        kept: the models.
        notices: with what the kinds of the notices about them begin (``investors.complaint_``).
    """
    _models.extend(model for model in kept if model not in _models)
    _notices.append(notices)


def history() -> Q:
    """Return the condition by which history entries are about something else."""
    return ~Q(subject_table__in=[model._meta.db_table for model in _models])


def steps() -> Q:
    """Return the condition by which steps taken are about something else."""
    return ~Q(subject_type__in=[ContentType.objects.get_for_model(model).pk for model in _models])


def notices() -> Q:
    """Return the condition by which notices are about something else."""
    about = Q()
    for beginning in _notices:
        about &= ~Q(kind__startswith=beginning)
    return about
