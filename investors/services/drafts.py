"""Drafts of answers: kept while an officer types, never over a newer version."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investors.models import AnswerDraft, AnswerTemplate, Inquiry
from investors.models.answering import PLACEHOLDER
from investors.rules import answers
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

LONGEST = 5000


class DraftChanged(Exception):  # noqa: N818 -- reads as the sentence it is
    """Another window saved another text meanwhile; ``draft`` holds it."""

    def __init__(self, draft: AnswerDraft) -> None:
        self.draft = draft
        super().__init__(str(draft))


@transaction.atomic
def save_draft(*, by: User, inquiry: Inquiry, text: str, version: int | None) -> AnswerDraft:
    """Keep what an officer has typed of an answer.

    Args:
        by: the officer.
        inquiry: what is answered.
        text: all that was typed, up to 5,000 characters.
        version: of the draft on which it rests; None for whatever there is.

    Raises:
        DraftChanged: there is a newer version with another text.
        NotAllowed: ``by`` may not answer it.
        StepClosed: its texts were erased.
    """
    locked = Inquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=inquiry.pk)
    if not answers(by, locked):
        raise NotAllowed(_("You may not take this step."))
    if locked.erased_at:
        raise StepClosed(_("Its texts were erased."))
    draft, _new = AnswerDraft.objects.get_or_create(inquiry=locked, author=by)
    if draft.text == text:
        return draft
    if version is not None and draft.version != version:
        raise DraftChanged(draft)
    draft.text, draft.version, draft.saved_at = text, draft.version + 1, timezone.now()
    draft.save()
    return draft


def filled(template: AnswerTemplate, inquiry: Inquiry, officer: User) -> str:
    """Return a template in the language of the answer with what stands in braces filled in, once.

    Args:
        template: the template.
        inquiry: whose name, reference, subject and topic are filled in.
        officer: who answers.
    """
    values = {
        "name": inquiry.sender.name,
        "reference": inquiry.reference,
        "subject": inquiry.subject,
        "topic": str(inquiry.get_topic_display()),
        "officer": officer.name,
    }
    text = template.text_zh if inquiry.language == User.Language.CHINESE else template.text_en
    return PLACEHOLDER.sub(lambda found: values.get(found.group(1), found.group()), text)
