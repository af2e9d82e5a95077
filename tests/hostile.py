"""Forms of pages as a browser reads them, and what a hostile visitor types into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Value = str | bytes


@dataclass
class Form:
    """One form of a page: where it is sent, and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, kind: str, value: str | None) -> None:
        """Keep a field, and its value where it would be sent."""
        self.kinds.setdefault(name, kind)
        values = self.fields.setdefault(name, [])
        if value is not None:
            values.append(value)


class Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self._textarea = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a tag."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        elif tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif self.forms:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str]) -> None:
        form, name = self.forms[-1], has.get("name", "")
        if tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(has.get("value", ""))
            if "selected" in has:
                form.add(self._select, "select", has.get("value", ""))
        elif not name:
            return
        elif tag == "select":
            self._select = name
            form.add(name, "select", None)
        elif tag == "textarea":
            self._textarea = name
            form.add(name, "textarea", None)
        elif tag == "button":
            form.add(name, "submit", has.get("value", ""))
        elif tag == "input":
            kind = has.get("type", "text")
            if kind in {"radio", "checkbox"}:
                form.choices.setdefault(name, []).append(has.get("value", "on"))
                form.add(name, kind, has.get("value", "on") if "checked" in has else None)
            else:
                form.add(name, kind, has.get("value", "") if kind != "file" else None)

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Read the text of a text area."""
        if self._textarea:
            self.forms[-1].add(self._textarea, "textarea", data)
