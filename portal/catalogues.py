"""The catalogues of Simplified Chinese: one a part, extracted from code and templates, checked, compiled."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management import CommandError, call_command
from django.core.management.commands import makemessages
from django.test.utils import override_settings

from portal.environment import BASE_DIR

PARTS = ("portal", "firms", "incentives", "investors")
LOCALE = "zh_Hans"
_HEADER = """\
# Simplified Chinese of the investor portal of Yangpu District: {part}.
msgid ""
msgstr ""
"Project-Id-Version: yangpu-investor-portal\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def source_of(part: str) -> Path:
    """Return the catalogue that translators write."""
    return _source_under(BASE_DIR / "locale" / part)


def update(part: str) -> None:
    """Write what code and templates say now into a part's catalogue, and compile it."""
    _extract(part, BASE_DIR / "locale" / part)
    compile_catalogue(part)


def compile_catalogue(part: str) -> None:
    """Write the binary catalogue that Django reads."""
    with source_of(part).with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, _read(source_of(part)))


def problems(part: str) -> list[str]:
    """Return what a part's catalogue lacks: one line for each message, nothing when all is well."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / part
        _extract(part, fresh)
        wanted = {_key(message): message for message in _messages(_source_under(fresh))}
    if not source_of(part).exists():
        return [f"{part}: has no catalogue"]
    have = {_key(message): message for message in _messages(source_of(part))}
    found = [f"{part}: not in the catalogue: {_shown(wanted[key])}" for key in wanted.keys() - have.keys()]
    found += [f"{part}: no longer used: {_shown(have[key])}" for key in have.keys() - wanted.keys()]
    for key in have.keys() & wanted.keys():
        if have[key].fuzzy:
            found.append(f"{part}: fuzzy: {_shown(have[key])}")
        elif not _is_translated(have[key]):
            found.append(f"{part}: not translated: {_shown(have[key])}")
    return sorted(found)


def contradictions() -> list[str]:
    """Return the messages that two parts translate differently: Django would show one of them on every page.

    Only a context (``pgettext``) keeps them apart.
    """
    said: dict[Any, dict[str, Any]] = {}
    for part in PARTS:
        for message in _messages(source_of(part)):
            said.setdefault(_key(message), {})[part] = message
    return sorted(
        f"translated differently by {' and '.join(parts)}: {_shown(next(iter(parts.values())))}"
        for parts in said.values()
        if len({str(message.string) for message in parts.values()}) > 1
    )


class _Extraction(makemessages.Command):
    """Django's extraction, over the files of one part, without guesses, dates and line numbers."""

    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching", "--sort-output"]
    part = ""

    def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
        """Return the part's code and templates, in a fixed order."""
        return [
            makemessages.TranslatableFile(str(file.parent.relative_to(BASE_DIR)), file.name, self.default_locale_path)
            for file in sorted(_files_of(self.part))
        ]


def _files_of(part: str) -> Iterator[Path]:
    for file in (BASE_DIR / part).rglob("*.py"):
        if "migrations" not in file.parts:
            yield file
    templates = BASE_DIR / "templates"
    others = [folder for other in PARTS[1:] for folder in (templates / other, templates / "emails" / other)]
    own = others if part == "portal" else [templates / part, templates / "emails" / part]
    for file in [*templates.rglob("*.html"), *templates.rglob("*.txt")]:
        if any(folder in file.parents for folder in own) != (part == "portal"):
            yield file


def _extract(part: str, folder: Path) -> None:
    """Extract into a locale folder, keeping the translations that are there."""
    if not shutil.which("xgettext"):
        message = "xgettext is missing. Debian: apt-get install gettext"
        raise CommandError(message)
    po = _source_under(folder)
    po.parent.mkdir(parents=True, exist_ok=True)
    if not po.exists():
        po.write_text(_HEADER.format(part=part), encoding="utf-8")
    command = _Extraction()
    command.part = part
    options: dict[str, Any] = {"no_location": True, "no_wrap": True, "no_obsolete": True, "verbosity": 0}
    with override_settings(LOCALE_PATHS=[str(folder)]):
        call_command(command, locale=[LOCALE], **options)
    lines = po.read_text(encoding="utf-8").splitlines(keepends=True)
    po.write_text("".join(line for line in lines if not line.startswith('"POT-Creation-Date:')), encoding="utf-8")


def _source_under(folder: Path) -> Path:
    return folder / LOCALE / "LC_MESSAGES" / "django.po"


def _read(source: Path) -> Catalog:
    with source.open("rb") as lines:
        return read_po(lines, locale=LOCALE, domain="django")


def _messages(source: Path) -> list[Message]:
    return [message for message in _read(source) if message.id]


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _is_translated(message: Message) -> bool:
    return bool(message.string) if isinstance(message.string, str) else all(message.string or [""])


def _shown(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return repr(text) + (f" (in the context {message.context!r})" if message.context else "")
