"""Files and rooms that tests fill."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from investors.models import DataRoomDocument, Opportunity
from investors.services.dataroom import add_room_document
from portal.models import User

MARK = "A-SECRET-OF-THE-DATA-ROOM"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n% " + MARK.encode()


def pdf(name: str = "plan.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """Return a file that the portal takes, with a mark that nobody else may read."""
    return SimpleUploadedFile(name, content, "application/pdf")


def put(by: User, opportunity: Opportunity, tier: str = "confidential", **values: Any) -> DataRoomDocument:
    """Put a file into a tier."""
    titles = {"title_en": f"{MARK} {tier}", "title_zh": ""}
    return add_room_document(
        by=by, opportunity=opportunity, values={"tier": tier, **titles, **values}, upload=pdf(), key=uuid4()
    )
