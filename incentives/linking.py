"""Linked organisations: with people, an address, a telephone, a website or an entry in common with an applicant."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.models.likeness import plain, telling
from incentives.facts import Text, in_language

MOST_SHARING = 10
"""What more organisations than this have in common tells nothing: the address of a park, an accountant of many."""


class Tie(TextChoices):
    """What links two organisations."""

    MEMBER = "member", _("shared member")
    FORMER = "former", _("shared member, in one of the two no longer")
    ADDRESS = "address", _("same address")
    WEBSITE = "website", _("same website")
    TELEPHONE = "telephone", _("same telephone")
    DUPLICATE = "duplicate", _("possible duplicate in the registry")


@dataclass(frozen=True)
class Reason:
    """One thing that two organisations have in common: what it is, and which."""

    tie: Tie
    detail: str


@dataclass(frozen=True)
class Linked:
    """An organisation that is linked to an applicant, and by what."""

    pk: int
    title: Text
    uscc: str
    name_zh: str
    reasons: tuple[Reason, ...]


COLUMNS = ("id", "name_en", "name_zh", "uscc", "tie", "detail")


def _sharing(column: str) -> str:
    """Return the query of who has the same in a column as the organisation; what tells nothing links nobody."""
    return f"""(SELECT o.id, o.{column}, '', '{column}' FROM firms_organisation o
          WHERE o.{column} <> '' AND o.id <> {{pk}} AND {plain(column, "o")} =
                (SELECT {telling(column, "m")} FROM firms_organisation m WHERE m.id = {{pk}}) LIMIT {{most}} + 1)"""  # noqa: S608 -- expressions of ours


_LINKED = f"""
    WITH ties AS (
        SELECT other.organisation_id AS pk, person.name AS detail, person.id::text AS mark,
               CASE WHEN mine.is_active AND other.is_active THEN 'member' ELSE 'former' END AS tie
          FROM firms_membership mine
          JOIN firms_membership other ON other.user_id = mine.user_id AND other.organisation_id <> mine.organisation_id
          JOIN portal_user person ON person.id = mine.user_id
         WHERE mine.organisation_id = {{pk}}
        UNION ALL
        {_sharing("address")}
        UNION ALL
        {_sharing("website")}
        UNION ALL
        {_sharing("telephone")}
        UNION ALL
        SELECT CASE WHEN d.first_id = {{pk}} THEN d.second_id ELSE d.first_id END, '', d.id::text, 'duplicate'
          FROM firms_duplicate d WHERE d.status = 'open' AND (d.first_id = {{pk}} OR d.second_id = {{pk}})
    ), counted AS (SELECT *, count(*) OVER (PARTITION BY tie, mark) AS sharing FROM ties)
    SELECT o.id, coalesce(nullif(o.name_en, ''), nullif(o.name_pinyin, ''), o.name_zh) AS name_en,
           coalesce(nullif(o.name_zh, ''), o.name_en) AS name_zh, coalesce(o.uscc, '') AS uscc, c.tie, c.detail
      FROM counted c JOIN firms_organisation o ON o.id = c.pk
     WHERE c.sharing <= {{most}} AND o.status <> 'merged' ORDER BY o.id, c.tie, c.detail
"""  # noqa: S608 -- expressions of ours, and numbers


def sql(organisation: Organisation) -> str:
    """Return the query of what is linked to one; an address without a number, or none at all, links nothing."""
    return _LINKED.format(pk=int(organisation.pk), most=MOST_SHARING)


def linked_to(organisation: Organisation) -> list[Linked]:
    """Return the living organisations that are linked to one, each with the reasons: one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql(organisation))
        return from_rows(cursor.fetchall())


def from_rows(rows: Iterable[tuple[Any, ...]]) -> list[Linked]:
    """Return what the rows of ``sql`` say, one for each organisation."""
    found = []
    for (pk, english, chinese, uscc), group in groupby(rows, key=lambda row: tuple(row[:4])):
        reasons = dict.fromkeys(Reason(Tie(tie), detail) for *_organisation, tie, detail in group)
        found.append(Linked(pk, in_language(english, chinese), uscc, chinese, tuple(reasons)))
    return found
