"""Drawings of premises in place of photographs: of no real place, the same every time."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from investors.models import Opportunity
from investors.services.photos import add_photo
from portal.models import User

SIZE = (1200, 900)
_WALL, _FLOOR, _LIGHT, _SKY = "#22384a", "#d9d4c7", "#f7f4ec", "#9dc3d9"


def _plan() -> Image.Image:
    """Draw rooms as an architect does."""
    drawn = Image.new("RGB", SIZE, _LIGHT)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((90, 90, 1110, 810), fill=_FLOOR, outline=_WALL, width=14)
    for wall in ((480, 90, 480, 420), (480, 560, 480, 810), (800, 90, 800, 330), (800, 330, 1110, 330)):
        pen.line(wall, fill=_WALL, width=10)
    for x in range(180, 1100, 150):
        pen.rectangle((x, 802, x + 80, 818), fill=_SKY)
    return drawn


def _hall() -> Image.Image:
    """Draw a hall with windows along one side."""
    drawn = Image.new("RGB", SIZE, _LIGHT)
    pen = ImageDraw.Draw(drawn)
    pen.polygon(((0, 900), (1200, 900), (820, 560), (380, 560)), fill=_FLOOR)
    pen.polygon(((0, 0), (380, 240), (380, 560), (0, 900)), fill="#c7b8a3")
    for left, right in ((40, 110), (150, 210), (245, 295), (320, 355)):
        pen.polygon(
            ((left, 120 + left // 2), (right, 120 + right // 2), (right, 640 - right // 3), (left, 640 - left // 3)),
            fill=_SKY,
        )
    pen.rectangle((380, 240, 820, 560), fill="#b9a78e", outline=_WALL, width=6)
    return drawn


_DRAWN = (
    (_hall, "A drawing of the hall, invented for the demonstration", "室内示意图，演示虚构"),
    (_plan, "A drawing of the floor, invented for the demonstration", "平面示意图，演示虚构"),
)


def add_pictures(opportunity: Opportunity, writer: User) -> None:
    """Add the drawings to premises that are a draft.

    Args:
        opportunity: of any kind; only premises have pictures.
        writer: who writes for the owner.
    """
    if opportunity.kind != Opportunity.Kind.PREMISES:
        return
    for draw, english, chinese in _DRAWN:
        made = BytesIO()
        draw().save(made, "PNG")
        file = SimpleUploadedFile("drawing.png", made.getvalue(), "image/png")
        add_photo(by=writer, opportunity=opportunity, upload=file, caption_en=english, caption_zh=chinese)
