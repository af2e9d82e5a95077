"""Commitments on the page of an inquiry: those made in its answers, and the way to make one of an answer."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from investors.commitment_rules import MAKERS
from investors.committing import promises_in, standing
from investors.models import Commitment, Inquiry
from portal import local_form
from portal.roles import has_role


def promised(inquiry: Inquiry) -> SafeString:
    """Lead to the commitments made in its answers."""
    found = Commitment.objects.filter(message__inquiry=inquiry).select_related("owner").order_by("pk")
    rows = [
        (
            reverse("admin:investors_commitment_change", args=[one.pk]),
            one,
            one.owner,
            local_form.day(one.due_on),
            standing(one).label,
        )
        for one in found
    ]
    line = '<p><a class="text-primary-600 underline" href="{}">{}</a> · {} · {} · {}</p>'
    return format_html_join("", line, rows) or format_html("{}", "-")


def promisable(inquiry: Inquiry) -> SafeString:
    """Lead from each answer to the commitment that it makes, with its words filled in."""
    add = reverse("admin:investors_commitment_add")
    rows = [
        (
            f"{add}?message={message.pk}",
            _("Make a commitment of this answer"),
            local_form.moment(message.at),
            Truncator(message.body).chars(80),
        )
        for message in inquiry.messages.order_by("pk")
        if promises_in(message, inquiry)
    ]
    line = '<p><a class="text-primary-600 underline" href="{}">{}</a> · {} · {}</p>'
    return format_html_join("", line, rows) or format_html("{}", _("There is no answer yet."))


def commitments_part(request: HttpRequest, inquiry: Inquiry) -> dict[str, Any]:
    """Return what the page of an inquiry shows of commitments; the way to make one for those who may."""
    makes = has_role(request.user, *MAKERS) and not inquiry.erased_at
    return {"promised": promised(inquiry), "promisable": promisable(inquiry) if makes else ""}
