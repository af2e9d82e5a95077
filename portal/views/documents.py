"""The one door to private files."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.documents import may_open
from portal.models import Document


@require_safe
@never_cache
@login_required
def document(request: HttpRequest, uid: UUID) -> FileResponse:
    """Send a clean document, as an attachment, to someone who may see what it is about."""
    found = get_object_or_404(Document.objects.clean(), uid=uid)
    if not may_open(request.user, found):  # type: ignore[arg-type]
        raise Http404
    return as_attachment(found)


def as_attachment(found: Document) -> FileResponse:
    """Send a document to be saved, never to be shown: to somebody of whom it is known that they may open it."""
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)
    response["Content-Type"] = found.media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
