"""Mail as files, for the demonstration and for development: one file a message."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone


class FolderBackend(BaseEmailBackend):
    """Writes each message to a file of its own, which any mail program opens.

    Django's own backend names files by second and memory address: two messages can share one. As in a mailbox, a
    message that comes again after a crash, with its Message-ID, is there once.

    Args:
        file_path: the folder; made when missing.
    """

    def __init__(self, *, file_path: str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(file_path)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; a file appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            mail = message.message()
            key = sha256(str(mail["Message-ID"]).encode()).hexdigest()[:12]
            if any(self.folder.glob(f"*-{key}.eml")):
                continue
            name = f"{timezone.localtime():%Y%m%d-%H%M%S-%f}-{key}"
            unfinished = self.folder / f".{name}"
            unfinished.write_bytes(mail.as_bytes())
            unfinished.rename(self.folder / f"{name}.eml")
        return len(email_messages)
