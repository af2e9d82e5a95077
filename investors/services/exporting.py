"""An inquiry to take along."""

import json
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from investors.models import Inquiry, InquiryMessage
from investors.services.personal_data import files_by_message, in_json
from portal.models import Document

_IN_MEMORY = 1024 * 1024


def pack_inquiry(inquiry: Inquiry) -> IO[bytes]:
    """Return a ZIP file with an inquiry as its sender reads it (``inquiry.json``) and its checked files.

    Internal notes and their files are left out, as are files that are not checked yet. The archive lies on disk, not
    in memory, once it is larger than 1 MB.

    Args:
        inquiry: with what it is about and its officer.
    """
    thread = list(InquiryMessage.objects.public().filter(inquiry=inquiry).select_related("author"))
    files = files_by_message(thread)
    packed: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        text = json.dumps(in_json(inquiry, thread, files), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("inquiry.json", text)
        kept = [file for message in thread for file in files.get(message.pk, [])]
        for number, document in enumerate(kept, 1):
            if document.status == Document.Status.CLEAN:
                with (
                    document.file.open("rb") as content,
                    archive.open(f"files/{number}-{document.name}", "w") as target,
                ):
                    for chunk in iter(lambda: content.read(_IN_MEMORY), b""):
                        target.write(chunk)
    packed.seek(0)
    return packed
