"""What belongs to an organisation or a person, by every address and verb, as people whom it does not concern."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from firms.demonstration.load import demonstration_firm
from firms.models import Claim, Membership
from incentives.models import Application, Letter
from investors.models import Commitment, Complaint, Inquiry, Interest, Opportunity, OpportunityPhoto, SavedSearch
from portal.demonstration import address
from portal.models import Document, HistoryEntry, Notice, User
from tests.portal.test_bad_input import names_of_addresses
from tests.walking import begin, view_of

VERBS = ("get", "post", "head", "options", "put", "patch", "delete")
OF_EACH_VIEW = 3  # things by which the verbs after the second are tried: they ask for the view, not for the thing
REFUSED = {403, 404, 405}
SIGN_IN = "/en/accounts/login/"


def _things() -> Iterator[dict[str, Any]]:
    """Yield what addresses name: things of the signatory's firm, of another applicant and of the officer."""
    firm, signatory = demonstration_firm(), User.objects.get(email=address("signatory"))
    own = Application.objects.get(organisation=firm)
    for application in (own, Application.objects.exclude(pk=own.pk).get(status="draft")):
        yield {"uid": application.uid}
        yield {"uid": application.uid, "slug": "project"}
        yield {"uid": application.uid, "slug": "plan"}
        yield {"uid": application.uid, "slug": "means", "question": "agreement"}
    for letter in Letter.objects.filter(application__organisation=firm, language="en"):
        yield {"uid": letter.uid}
    for status in Inquiry.Status.values:
        for inquiry in Inquiry.objects.filter(status=status).exclude(sender__email=address("university"))[:1]:
            yield {"reference": inquiry.reference}
    for confidential in (*Complaint.objects.all(), *Interest.objects.filter(opportunity__owner=firm)):
        yield {"reference": confidential.reference}
        yield {"reference": confidential.reference, "step": "accept"}
    for opportunity in Opportunity.objects.filter(owner=firm):
        yield {"slug": opportunity.slug}
        yield {"slug": opportunity.slug, "step": "withdraw"}
    yield from ({"uid": search.uid} for search in SavedSearch.objects.all())
    for commitment in Commitment.objects.filter(organisation=firm):
        yield {"reference": commitment.reference}
    yield {"slug": firm.slug}
    for membership in Membership.objects.filter(organisation=firm):
        yield {"slug": firm.slug, "pk": membership.pk}
    public = OpportunityPhoto.objects.visible_to(AnonymousUser()).values("document")
    for document in Document.objects.exclude(uploaded_by__email=address("university")).exclude(pk__in=public):
        yield {"uid": document.uid}
    yield {"pk": Notice.objects.filter(recipient=signatory, channel="in_app").latest("pk").pk}
    yield {"pk": Claim.objects.get(status="submitted").pk}


def _addresses() -> list[str]:
    """Return every private address of these things."""
    found = set()
    things = list(_things())
    for name in names_of_addresses():
        for thing in things:
            try:
                path = reverse(name, kwargs=thing)
            except NoReverseMatch:
                continue
            if "/desk/" in path or path.startswith("/documents/"):
                found.add(path)
    return sorted(found)


@pytest.mark.usefixtures("without_logs")
def test_nothing_of_others_is_reached_by_any_address_or_verb(demonstration: None) -> None:
    with transaction.atomic():
        nobody = User.objects.create_user("wei@demo.example", name="Wei")
    others = [User.objects.get(email=address("university")), nobody]
    paths, changes = _addresses(), HistoryEntry.objects.count()
    reached, tried = {}, Counter[str]()
    for user in (None, *others):
        client = Client(raise_request_exception=False)
        if user:
            with transaction.atomic():
                client.force_login(user)
        for path in paths:
            tried.update([view_of(path)] if user == nobody else [])
            for verb in VERBS if user == nobody and tried[view_of(path)] <= OF_EACH_VIEW else VERBS[:2]:
                answer = getattr(client, verb)(path)
                begin(answer)
                to_sign_in = user is None and answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
                if answer.status_code not in REFUSED and not to_sign_in:
                    reached[str(user), verb, path] = answer.status_code

    assert len(paths) > 60
    assert reached == {}
    assert HistoryEntry.objects.count() == changes
