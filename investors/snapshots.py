"""What the public reads of an opportunity, kept at each publication, and compared with what it says now."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from investors.completeness import label_of
from investors.models import Opportunity, PublishedVersion
from investors.stating import SHOWN, Text

WORDS = ("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh")
_FOR_STAFF = ("export_licence_number", "export_licence_on")
_LANGUAGES = ("en", "zh-hans")


class Compared(NamedTuple):
    """A field as it was published and as it is now, each in both languages."""

    label: Text
    before: list[str]
    now: list[str]

    @property
    def is_changed(self) -> bool:
        """Whether it says something else now."""
        return self.before != self.now


def content_of(opportunity: Opportunity) -> dict[str, Any]:
    """Return the public words and facts, as JSON keeps them; the confidential part is none of them.

    Args:
        opportunity: as it is saved.
    """
    encoder = DjangoJSONEncoder()
    names = (*WORDS, *opportunity.fact_names, "expires_on")
    content = {name: _plain(encoder, getattr(opportunity, name)) for name in names}
    return content | {
        "subdistrict_id": opportunity.subdistrict_id,
        "laboratory_id": opportunity.laboratory_id,
        "clusters": sorted(str(cluster) for cluster in opportunity.clusters.order_by("slug")),
        "laboratory": [one.name_en or one.name_zh] if (one := opportunity.laboratory) else [],
        "photos": [f"{photo.uid} {photo.caption_en} {photo.caption_zh}" for photo in opportunity.photos.all()],
    }


def _plain(encoder: DjangoJSONEncoder, value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool | list):
        return value
    return str(value) if not hasattr(value, "isoformat") else encoder.default(value)


def last_published(opportunity: Opportunity) -> PublishedVersion | None:
    """Return what was published last, if it ever was."""
    return PublishedVersion.objects.filter(opportunity=opportunity).order_by("-pk").first()


def compared(opportunity: Opportunity, version: PublishedVersion) -> list[Compared]:
    """Return every field of the public page with both versions side by side.

    Args:
        opportunity: as it is saved now.
        version: what was published of it.
    """
    content: Mapping[str, Any] = version.content
    then = _restored(opportunity, content)
    rows = [Compared(label_of(name), [getattr(then, name)], [getattr(opportunity, name)]) for name in WORDS]
    rows += [
        Compared(SHOWN[name][0], _in_both(then, name), _in_both(opportunity, name))
        for name in opportunity.fact_names
        if name in SHOWN
    ]
    rows += [
        Compared(label_of(name), [str(getattr(then, name) or "")], [str(getattr(opportunity, name) or "")])
        for name in _FOR_STAFF
        if name in opportunity.fact_names
    ]
    current = content_of(opportunity)
    labels = {"clusters": _("Clusters"), "laboratory": _("Laboratory"), "photos": _("Photographs")}
    rows += [Compared(labels[name], list(content.get(name, [])), current[name]) for name in labels]
    return [*rows, Compared(_("Subdistrict"), [_place(then)], [_place(opportunity)])]


def _in_both(opportunity: Opportunity, name: str) -> list[str]:
    said = []
    for language in _LANGUAGES:
        with override(language):
            said.append(str(SHOWN[name][1](opportunity)))
    return list(dict.fromkeys(said))


def _place(opportunity: Opportunity) -> str:
    return opportunity.subdistrict.name if opportunity.subdistrict else ""


def _restored(opportunity: Opportunity, content: Mapping[str, Any]) -> Opportunity:
    """Return an opportunity, never saved, that says what was published; what is no column any more is left out."""
    return Opportunity(kind=opportunity.kind, **dict(_columns(content)))


def _columns(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    known = {column.attname: column for column in Opportunity._meta.concrete_fields}
    for name, value in content.items():
        if name in known:
            column: models.Field[Any, Any] = known[name]
            yield name, value if isinstance(value, list) else column.to_python(value)
