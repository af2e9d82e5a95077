"""Editing in the staff workplace as a person does: open the page, then save it."""

import re
from typing import Any

from django.test import Client

SEEN = re.compile(r'name="seen_history" value="(\d+)"')


def seen(client: Client, url: str) -> str:
    """Open a page for editing, and return what it says it has shown."""
    (token,) = SEEN.findall(client.get(url).text)
    return token


def save(client: Client, url: str, data: dict[str, Any]) -> Any:
    """Open a page for editing and save it with this data; return the answer."""
    return client.post(url, {**data, "seen_history": seen(client, url)})
