"""A brochure of twenty premises, each with a photograph, from the order to its file, as a worker makes it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from statistics import median
from uuid import uuid4

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from PIL import Image

from benchmarks import databases
from benchmarks.measuring import Goal, Result, share
from firms.models import Organisation
from investors.holding import Holder
from investors.models import Brochure, Opportunity, OpportunityPhoto
from investors.models.photos import PURPOSE
from investors.services.brochures import Order, order_brochure
from portal import documents, work
from portal.models import User

ITEMS, SECONDS, ROUNDS = 20, 3.0, 5

_TEXT = (
    "The firm builds grippers for robots that sort parcels, and has three customers in the Yangtze delta. "
    "公司研发用于包裹分拣的机器人夹爪，在长三角已有三家客户。\n"
) * 6


def measure(attempts: int) -> Iterator[Result]:
    """Have several made in either language, and look how many took less than three seconds."""
    with databases.scratch(), override_settings(BROCHURES_PER_HOUR=100, BROCHURES_PER_PLACE=100):
        with transaction.atomic():
            person = User.objects.create_user("investor@bench.example", name="Investor")
            keys = _published(person)
        for language in ("en", "zh-hans"):
            lasted = [_made(person, keys, language) for _round in range(ROUNDS + 1)][1:]  # the first loads the fonts
            hits = [seconds < SECONDS for seconds in lasted]
            name = f"brochure of {ITEMS} in {SECONDS:g} s ({language})"
            found = share(name, ITEMS, Goal.at_least(1), hits, against="-")
            yield replace(found, subject_ms=median(lasted) * 1000)


def _published(person: User) -> list[int]:
    """Write opportunities that the public sees."""
    now, today = timezone.now(), timezone.localdate()
    firm = Organisation.objects.create(
        kind="firm", status="listed", slug="bench", name_zh="示例企业", name_en="Demonstration Firm", source="bench"
    )
    Opportunity.objects.bulk_create(
        Opportunity(
            owner=firm,
            kind="premises",
            slug=f"bench-{number}",
            title_en=f"Workshop for gripper robots, {number}",
            title_zh=f"机器人夹爪厂房 {number}",
            summary_en="A workshop of the district for a plant.",
            summary_zh="本区可用于生产的厂房。",
            text_en=_TEXT,
            text_zh=_TEXT,
            area=Decimal(1200),
            premises_use="workshop",
            created_by=person,
            created_at=now,
            expires_on=today + timedelta(days=90),
        )
        for number in range(ITEMS)
    )
    made = Opportunity.objects.filter(owner=firm)
    for number, one in enumerate(made):
        photo = documents.keep_made(
            content=_photograph(number), name="photo.jpg", media_type="image/jpeg", subject=one, purpose=PURPOSE
        )
        OpportunityPhoto.objects.create(
            opportunity=one, document=photo, position=1, width=1600, height=1200, caption_en="The hall"
        )
    made.update(status="submitted", submitted_at=now)
    made.update(status="published", published_at=now)
    return list(made.values_list("pk", flat=True))


def _photograph(number: int) -> bytes:
    """Return a picture as large as the portal keeps one, as restless as a photograph."""
    noise = Image.effect_noise((400, 300), 60 + number).resize((1600, 1200))
    made = BytesIO()
    Image.merge("RGB", (noise, noise.rotate(180), noise)).save(made, "JPEG", quality=80, progressive=True)
    return made.getvalue()


def _made(person: User, keys: list[int], language: str) -> float:
    """Have one made, and return how many seconds that took."""
    began = time.perf_counter()
    order = Order(keys, language=language, key=uuid4(), address="192.0.2.1")
    brochure = order_brochure(by=Holder(person=person), order=order)
    work.run("brochures")
    lasted = time.perf_counter() - began
    assert Brochure.objects.get(pk=brochure.pk).document_id  # noqa: S101 -- otherwise nothing was measured
    return lasted
