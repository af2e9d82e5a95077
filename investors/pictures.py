"""Photographs made anew: the picture alone, in a size for pages; whatever else a file carries stays behind."""

import warnings
from io import BytesIO
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from portal.documents import validate_upload

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""A picture that unpacks to more is refused before it is unpacked."""

LEAST_SIDE = 300
LONGEST_SIDE = 1600
QUALITY = 80


PRINTED_SIDE = 800
"""Of a picture on paper: some 130 pixels an inch over the width of the text; half of the longest is read fastest."""


class Picture(NamedTuple):
    """A JPEG as the portal made it, and its size in pixels."""

    content: bytes
    width: int
    height: int


def made_anew(upload: UploadedFile) -> Picture:
    """Return a photograph re-encoded as JPEG, upright, on white, at most 1600 pixels wide or high, without metadata.

    Args:
        upload: a JPEG or PNG of at most 10 MB and 40 million pixels.

    Raises:
        ValidationError: it is none, or cannot be read.
    """
    media_type = validate_upload(upload)
    if media_type not in {"image/jpeg", "image/png"}:
        raise ValidationError(_("Use a JPEG or PNG file."))
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("The photograph is larger than %(limit)s MB."), params={"limit": 10})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded(upload)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as unread:
        raise ValidationError(_("This picture cannot be read. Save it anew as a JPEG and try again.")) from unread
    finally:
        upload.seek(0)


def _encoded(upload: UploadedFile) -> Picture:
    with Image.open(upload, formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValidationError(_("The picture has more than 40 million pixels. Make it smaller first."))
        if min(opened.size) < LEAST_SIDE:
            raise ValidationError(_("The picture is too small: at least 300 pixels wide and high."))
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ground = Image.new("RGB", upright.size, "white")
    layer = upright.convert("RGBA")
    ground.paste(layer, mask=layer)
    made = BytesIO()
    ground.save(made, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(made.getvalue(), *ground.size)


def for_print(content: bytes) -> bytes:
    """Return a picture that ``made_anew`` gave, in a size for paper."""
    with Image.open(BytesIO(content), formats=("JPEG",)) as opened:
        opened.thumbnail((PRINTED_SIDE, PRINTED_SIDE), reducing_gap=1.0)
        made = BytesIO()
        opened.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
