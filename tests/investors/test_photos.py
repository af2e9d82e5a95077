"""Photographs of premises: made anew, checked, in an order, changed only while the listing is written."""

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity, OpportunityPhoto
from investors.pictures import made_anew
from investors.services.photos import add_photo
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Document
from portal.pdf import ensure_can_print
from tests.investors.test_pages import browser

type Make = Callable[..., Opportunity]

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")


def picture(size: tuple[int, int] = (400, 300), form: str = "JPEG", **saved: Any) -> SimpleUploadedFile:
    """Return an upload of one colour."""
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, form, **saved)
    return SimpleUploadedFile(f"p.{'jpg' if form == 'JPEG' else form.lower()}", made.getvalue())


@pytest.fixture
def premises(make_opportunity: Make) -> Opportunity:
    return make_opportunity("draft", kind="premises", area=500, available_from="2027-01-01")


@pytest.fixture
def photo(people: SimpleNamespace, premises: Opportunity) -> OpportunityPhoto:
    return add_photo(by=people.editor, opportunity=premises, upload=picture(), caption_en="The hall", caption_zh="")


def test_picture_is_made_anew_without_what_the_file_carried() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET-CAMERA"
    upload = picture((2400, 1200), exif=exif)

    made = made_anew(upload)

    with Image.open(BytesIO(made.content)) as opened:
        assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (made.width, made.height), {})
    assert (b"SECRET-CAMERA" in upload.read(), b"SECRET-CAMERA" in made.content) == (True, False)
    assert made.width * 2 == made.height  # it was lying on its side


def _bomb() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("1", (20_000, 20_000)).save(made, "PNG")
    return SimpleUploadedFile("bomb.png", made.getvalue())


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (_bomb, "This picture cannot be read. Save it anew as a JPEG and try again."),
        (lambda: picture((7000, 6000)), "The picture has more than 40 million pixels. Make it smaller first."),
        (lambda: picture((299, 400)), "The picture is too small: at least 300 pixels wide and high."),
        (
            lambda: SimpleUploadedFile("p.jpg", picture().read()[:700]),
            "This picture cannot be read. Save it anew as a JPEG and try again.",
        ),
        (lambda: SimpleUploadedFile("p.jpg", b"%PDF-1.7 x"), "The file's content is not what its name says."),
        (lambda: SimpleUploadedFile("p.pdf", b"%PDF-1.7\n%%EOF"), "Use a JPEG or PNG file."),
        (lambda: SimpleUploadedFile("p.jpg", b""), "The file is empty."),
        (lambda: SimpleUploadedFile("p.svg", b"<svg/>"), None),
    ],
)
def test_picture_is_refused(upload: Callable[[], SimpleUploadedFile], reason: str | None) -> None:
    ensure_can_print()  # WeasyPrint makes Pillow lenient

    with pytest.raises(ValidationError) as refused:
        made_anew(upload())

    assert reason in (None, *refused.value.messages)


def test_photo_is_public_with_its_listing_and_kept_by_browsers(
    people: SimpleNamespace, premises: Opportunity, photo: OpportunityPhoto
) -> None:
    url = photo.get_absolute_url()
    before = [browser(who).get(url).status_code for who in (None, people.investor, people.editor)]
    OPPORTUNITY.apply(premises, "submit", by=people.editor)
    OPPORTUNITY.apply(premises, "publish", by=people.officer)

    shown = browser().get(url)
    again = browser().get(url, headers={"if-none-match": shown["ETag"]})
    page = browser().get(f"/en/opportunities/{premises.slug}/").text

    assert before == [404, 404, 200]
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert (shown["Cache-Control"], again.status_code) == ("public, max-age=300", 304)
    assert (f'src="{url}"' in page, 'alt="The hall"' in page) == (True, True)


@pytest.mark.parametrize("status", ["pending", "infected"])
def test_photo_that_is_not_checked_is_shown_to_nobody(
    people: SimpleNamespace, photo: OpportunityPhoto, status: str
) -> None:
    Document.objects.filter(pk=photo.document_id).update(status=status)

    answers = [browser(who).get(photo.get_absolute_url()).status_code for who in (people.editor, people.officer)]
    page = browser(people.editor).get(f"/en/desk/opportunities/{photo.opportunity.slug}/photos/").text

    assert (answers, "<img" in page.split("<main")[1]) == ([404, 404], False)


def test_member_adds_orders_describes_and_removes(people: SimpleNamespace, premises: Opportunity) -> None:
    client, path = browser(people.editor), f"/en/desk/opportunities/{premises.slug}/photos/"
    unsaid = client.post(path, {"upload": picture()})
    for name in ("One", "Two", "Three"):
        client.post(path, {"upload": picture(), "caption_en": name})
    one, _two, three = premises.photos.all()

    client.post(f"{path}{three.uid}/forward/")
    client.post(f"{path}{one.uid}/", {"caption_en": "One", "caption_zh": "一"})
    asked = client.post(f"{path}{three.uid}/remove/")
    client.post(f"{path}{three.uid}/remove/", {"sure": "on"})

    assert (unsaid.status_code, asked.status_code) == (422, 422)
    assert unsaid.context["form"].errors == {
        "caption_en": ["Say what it shows in at least one language."],
        "upload": ["Choose the file again: it is taken once everything else is right."],
    }
    assert list(premises.photos.values_list("position", "caption_en", "caption_zh")) == [
        (1, "One", "一"),
        (2, "Two", ""),
    ]
    assert Document.objects.filter(purpose="photo").count() == 2


def test_ninth_photo_and_photos_of_others_are_refused(
    people: SimpleNamespace, premises: Opportunity, make_opportunity: Make
) -> None:
    for number in range(8):
        add_photo(by=people.editor, opportunity=premises, upload=picture(), caption_en=str(number), caption_zh="")
    capital = make_opportunity("draft")

    for by, opportunity, error in (
        (people.editor, premises, StepClosed),
        (people.editor, capital, StepClosed),
        (people.viewer, premises, NotAllowed),
        (people.stranger, premises, NotAllowed),
    ):
        with pytest.raises(error):
            add_photo(by=by, opportunity=opportunity, upload=picture(), caption_en="x", caption_zh="")
    paths = [f"/en/desk/opportunities/{one.slug}/photos/" for one in (premises, capital)]
    found = [
        [browser(who).get(path).status_code for path in paths] for who in (people.editor, people.viewer, people.officer)
    ]
    assert found == [[200, 404], [404, 404], [404, 404]]


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("UPDATE investors_opportunityphoto SET caption_en = 'x'", "photographs change only while"),
        ("DELETE FROM investors_opportunityphoto", "photographs change only while"),
    ],
)
def test_database_keeps_the_photos_of_what_was_moderated(
    people: SimpleNamespace, premises: Opportunity, photo: OpportunityPhoto, statement: str, error: str
) -> None:
    OPPORTUNITY.apply(premises, "submit", by=people.editor)

    with pytest.raises(DatabaseError, match=error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"position": 9}, "photo_at_most_eight"),
        ({"caption_en": ""}, "photo_says_what_it_shows"),
        ({"width": 0}, "photo_made_by_the_portal"),
        ({"document_id": "other"}, "no photograph of this listing"),
        ({"opportunity_id": "other"}, "photograph"),
    ],
)
def test_database_refuses_a_photo_that_is_none(
    people: SimpleNamespace, make_opportunity: Make, photo: OpportunityPhoto, values: dict[str, Any], error: str
) -> None:
    other = make_opportunity("draft", kind="premises", area=1, available_from="2027-01-01")
    theirs = add_photo(by=people.editor, opportunity=other, upload=picture(), caption_en="x", caption_zh="")
    meant = {"document_id": theirs.document_id, "opportunity_id": other.pk}
    changes = {name: meant[name] if value == "other" else value for name, value in values.items()}

    with pytest.raises(DatabaseError, match=error), transaction.atomic():
        OpportunityPhoto.objects.filter(pk=photo.pk).update(**changes)
