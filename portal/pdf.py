"""PDF files from HTML: tagged for screen readers, and made without reading anything but what they are given."""

import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from PIL import ImageFile

VARIANT = "pdf/ua-1"
_JOINERS = "\u200c\u200d"  # spelling in some scripts, not deceit


class CannotPrintError(Exception):
    """This machine lacks what printing needs; the text says what."""


@cache
def ensure_can_print() -> None:
    """Look once whether the libraries and a Chinese font are there: without the font, a letter would be empty boxes.

    Raises:
        CannotPrintError: something is missing.
    """
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        raise CannotPrintError(f"Pango is missing ({error})") from error
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets half a picture pass for one, in the whole process
    listed = shutil.which("fc-list")
    command = [listed or "fc-list", ":lang=zh-cn"]
    if not (listed and subprocess.run(command, capture_output=True, check=False, timeout=30).stdout.strip()):  # noqa: S603
        raise CannotPrintError("there is no Chinese font (Debian: fonts-noto-cjk, fontconfig)")


def plain(text: str) -> str:
    """Return what a printed page shows of a text: no control, bidi or invisible characters; its lines as they are."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(c for c in text if c in "\n" + _JOINERS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})


def render_pdf(
    template: str,
    context: dict[str, Any],
    *,
    stylesheet: str,
    made_at: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a template as a PDF of the variant PDF/UA-1; the same input gives the same bytes.

    Nothing is fetched: fonts are the system's (Noto CJK), the stylesheet is given as text, pictures as bytes, and every
    other address that the page names, a file's among them, is refused.

    Args:
        template: an HTML page with ``lang`` and ``<title>``; values in it are escaped as on the site.
        context: what it shows.
        stylesheet: the template of its stylesheet.
        made_at: when what it says came to be: its date in the file's metadata.
        pictures: JPEGs by the address by which the page names them (``picture:1``).

    Raises:
        weasyprint.urls.FatalURLFetchingError: the page asks for an address that is none of its pictures.
        CannotPrintError: see ``ensure_can_print``.
    """
    ensure_can_print()
    # Loads Pango, which no process needs but the one that prints.
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    given = pictures or {}

    class GivenAlone(URLFetcher):
        """Hands out the pictures that were given; ends the printing where any other address is asked for."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in given:
                raise FatalURLFetchingError(url)
            return URLFetcherResponse(url, given[url], {"Content-Type": "image/jpeg"})

    fetcher = GivenAlone()
    html = render_to_string(template, {**context, "made_at": made_at})
    css = weasyprint.CSS(string=render_to_string(stylesheet), url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    content: bytes = page.write_pdf(stylesheets=[css], pdf_variant=VARIANT)
    return content
