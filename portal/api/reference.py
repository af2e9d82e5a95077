"""The description of the API, read back from its OpenAPI document for the page that people read."""

from dataclasses import dataclass
from typing import Any

from portal.api.views import schema
from portal.local_form import is_chinese


@dataclass(frozen=True)
class Line:
    """A parameter or a field: its name, what it holds, and in words."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Address:
    """What may be asked, and the name of what is answered."""

    path: str
    text: str
    parameters: list[Line]
    answer: str


@dataclass(frozen=True)
class Thing:
    """An object of answers."""

    name: str
    fields: list[Line]


def addresses(language: str) -> list[Address]:
    """Return what may be asked, the firms first."""
    paths = schema(language)["paths"]
    return [_address(path, paths[path]["get"]) for path in sorted(paths, key=lambda path: "/firms/" not in path)]


def things(language: str) -> list[Thing]:
    """Return the objects that answers are made of."""
    found = schema(language)["components"]["schemas"]
    return [
        Thing(name, [_line(field, part) for field, part in known["properties"].items()])
        for name, known in found.items()
        if "properties" in known
    ]


def _address(path: str, operation: dict[str, Any]) -> Address:
    (answer,) = operation["responses"]["200"]["content"].values()
    parameters = [
        _line(one["name"], one["schema"], one.get("description", "")) for one in operation.get("parameters", [])
    ]
    return Address(path, operation["summary"], parameters, _kind(answer["schema"]))


def _line(name: str, known: dict[str, Any], text: str = "") -> Line:
    words = [known.get("title") or name.replace("_", " "), known.get("description", "")]
    return Line(name, _kind(known), text or ("。" if is_chinese() else ". ").join(filter(None, words)))


def _kind(known: dict[str, Any]) -> str:
    """Name what a value is: a type, a choice of texts, an object, several of them."""
    if "$ref" in known:
        return str(known["$ref"].rpartition("/")[2])
    if "enum" in known:
        return " | ".join(str(value) for value in known["enum"])
    if known.get("type") == "array":
        return f"{_kind(known['items'])}[]"
    inner = next((_kind(part) for way in ("allOf", "oneOf") for part in known.get(way, [])), "")
    kind = inner or " ".join(filter(None, [known.get("type"), known.get("format")]))
    return f"{kind} | null" if known.get("nullable") else kind
