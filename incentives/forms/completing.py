"""What an application still lacks before it can be submitted, each with the place where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import format_lazy

from incentives import conditions
from incentives.facts import Text
from incentives.forms.applying import Stored, section_form
from incentives.models import Application


@dataclass(frozen=True)
class Shortcoming:
    """One thing to mend, and the address of the field where; no address for what no field mends."""

    text: Text
    url: str = ""


def shortcomings(application: Application) -> Iterator[Shortcoming]:
    """Yield what keeps an application from being submitted now: nothing, where ``ready_to_submit`` yields nothing."""
    for reason in conditions.may_be_submitted_now(application):
        yield Shortcoming(reason)
    for slug, title in conditions.incomplete_sections(application):
        yield from _in_section(application, slug, title)
    for place, reason in conditions.missing_documents(application):
        page = "application_document" if len(place) == 1 else "section_file"
        yield Shortcoming(reason, f"{reverse(f'incentives:{page}', args=[application.uid, *place])}#id_upload")
    for reason in conditions.criteria_met(application):
        yield Shortcoming(reason, f"{application.get_absolute_url()}#criteria")


def _in_section(application: Application, slug: str, title: Text) -> Iterator[Shortcoming]:
    saved = next((row for row in application.answers.all() if row.section == slug), None)
    url = reverse("incentives:section", args=[application.uid, slug])
    form = section_form(application, slug, Stored.of(saved), Stored.of(saved))
    form.require()
    for name, errors in form.errors.items():
        field = form[name]
        anchor = field.id_for_label or f"{field.auto_id}_0"
        text = format_lazy("{section} · {question} · {error}", section=title, question=field.label, error=errors[0])
        yield Shortcoming(text, f"{url}?check=1#{anchor}")
    if not form.errors:  # answered, and not saved since it was asked differently
        yield Shortcoming(title, url)
