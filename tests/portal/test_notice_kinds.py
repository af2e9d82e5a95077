"""In the staff workplace, each kind of message is called by its subject, in the reader's language."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from portal.models import Notice, User
from portal.notices import kinds, subject_of

CODE = re.compile(r"^[a-z_]+\.[a-z_]+$")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_a_subject_that_names_nobody(language: str) -> None:
    with translation.override(language):
        subjects = {kind: subject_of(kind) for kind in kinds()}

    assert len(subjects) > 80
    assert {kind: words for kind, words in subjects.items() if len(words) < 4 or CODE.match(words)} == {}
    if language == "zh-hans":
        assert {kind: words for kind, words in subjects.items() if not re.search("[一-鿿]", words)} == {}


def test_list_of_notices_tells_subjects_and_what_was_said_of_nobody(client: Client, db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True  # nobody is asked for a second factor
    admin = User.objects.create_superuser("root@demo.example", name="Root", is_demonstration=True)
    context = {"reference": "INQ-2026-000007", "answer_due": "2 March 2026"}
    for kind in ("investors.answer_due_soon", "account.password_reset_key"):
        Notice.objects.create(
            event=f"e:{kind}", kind=kind, channel="in_app", recipient=admin, language="en", context=context
        )
    client.force_login(admin)

    page = client.get("/admin/portal/notice/").text

    assert "Answer due soon: inquiry …" in page
    assert "About the account" in page
    assert ("INQ-2026-000007" in page, "investors.answer_due_soon" in page) == (False, False)
