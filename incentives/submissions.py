"""The record of a submission: answers, documents, facts and verdicts as they stood."""

from typing import Any

from django.utils import timezone

from incentives import changes, conditions, declarations, eligibility, questions
from incentives.models import Application
from incentives.records import digest
from portal import clock


def content_of_submission(application: Application) -> tuple[dict[str, Any], str]:
    """Return what is being submitted and its digest.

    Facts and verdicts are taken with it: the profile may change afterwards.
    """
    organisation = application.organisation
    documents = application.documents.filter(replaced=False).select_related("document")
    wanted = {document["slug"] for document in application.content["documents"]}
    content = {
        "programme": application.round.programme.slug,
        "programme_version": application.programme_version.number,
        "programme_sha256": application.programme_version.sha256,
        "round": application.round.slug,
        "organisation": {
            "id": organisation.pk,
            "uscc": organisation.uscc or "",
            "name_en": organisation.name_en,
            "name_zh": organisation.name_zh,
        },
        "requested_amount": str(application.requested_amount),
        "answers": questions.to_submit(application.content, questions.given_by(application)),
        "documents": [
            {
                "slug": row.slug,
                "name": row.document.name,
                "sha256": row.document.sha256,
                "uid": str(row.document.uid),
            }
            for row in documents
            if row.slug in wanted
        ],
        "eligibility": eligibility.as_data(conditions.verdicts(application)),
        "facts": changes.as_data(
            changes.facts_today(organisation, on=timezone.localdate(timezone=clock.SHANGHAI), apart_from=application)
        ),
        "declarations": declarations.as_data(),
        "checked_on": timezone.localdate(timezone=clock.SHANGHAI).isoformat(),
    }
    return content, digest(content)
