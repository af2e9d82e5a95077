"""What a page's script sends."""

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

JSON = "application/json"


def saved_by_itself(client: Client, path: str, fields: Mapping[str, Any], **headers: str) -> Any:
    """Send the fields of a form as the script does that saves it while somebody writes; lists as several fields."""
    pairs = [
        [name, str(text)] for name, value in fields.items() for text in (value if isinstance(value, list) else [value])
    ]
    body = json.dumps([*pairs, ["draft", "1"]])
    return client.post(path, body, content_type=JSON, headers={"Accept": JSON, **headers})
