"""What a step writes, written past the services: by the model's ``.update()`` and by SQL, as the application's role."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from incentives.models import Application, Approval, Award, Budget, LedgerEntry, Recommendation
from portal.models import User
from tests.incentives.verdicts import STEPS

AMOUNT = 500_000
type Hand = Callable[[Application, str, User | None], None]
_STAGES = {"first_approve": "first", "approve": "final"}
_GIVING_BACK = {"uphold_objection", "decline", "withdraw", "lapse"}
_VOIDING = {*_GIVING_BACK, "send_back"}


def settle() -> None:
    """Let PostgreSQL check now what it checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def by_update(application: Application, step: str, by: User | None) -> None:
    """Write with the models, and the status with ``.update()``."""
    live = Recommendation.objects.filter(application=application, voided_at=None)
    row = Application.objects.filter(pk=application.pk)
    if step == "submit":
        row.update(number=application.number or f"YP-{application.pk}", submitted_at=timezone.now())
    elif step == "recommend":
        Recommendation.objects.create(
            application=application,
            amount=AMOUNT,
            reasons="x",
            recommended_by=by,  # type: ignore[misc]
        )
    elif step in _STAGES:
        for terms in live:
            Approval.objects.create(
                application=application,
                recommendation=terms,
                stage=_STAGES[step],
                approver=by,  # type: ignore[misc]
                terms_hash=terms.terms_hash,
            )
    kind = {"approve": "reserve", "accept_offer": "commit"}.get(step)
    if kind or (step in _GIVING_BACK and application.status in {"public_notice", "offered"}):
        LedgerEntry.objects.create(
            budget=Budget.objects.get(round=application.round_id),
            kind=kind or "release_reservation",
            amount=AMOUNT,
            application=application,
            key=str(uuid4()),
        )
    if step in _VOIDING:
        live.update(voided_at=timezone.now())
    row.update(status=STEPS[step])
    if step == "accept_offer":
        Award.objects.create(application=application, amount=AMOUNT)


_SQL: dict[str, str] = {
    "submit": "UPDATE incentives_application SET number = coalesce(number, 'YP-' || id), submitted_at = now()"
    " WHERE id = %(app)s",
    "recommend": "INSERT INTO incentives_recommendation"
    " (application_id, amount, conditions, reasons, recommended_by_id, terms_hash)"
    " VALUES (%(app)s, %(amount)s, '', 'x', %(by)s, '')",
    "approval": "INSERT INTO incentives_approval"
    " (application_id, recommendation_id, stage, approver_id, terms_hash, meeting, minutes)"
    " SELECT application_id, id, %(stage)s, %(by)s, terms_hash, '', '' FROM incentives_recommendation"
    " WHERE application_id = %(app)s AND voided_at IS NULL",
    "move": "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note)"
    " SELECT b.id, %(kind)s, %(amount)s, a.id, gen_random_uuid()::text, '' FROM incentives_application a"
    " JOIN incentives_budget b ON b.round_id = a.round_id WHERE a.id = %(app)s",
    "void": "UPDATE incentives_recommendation SET voided_at = now() WHERE application_id = %(app)s AND voided_at IS NULL",
    "status": "UPDATE incentives_application SET status = %(status)s WHERE id = %(app)s",
    "award": "INSERT INTO incentives_award (application_id, amount) VALUES (%(app)s, %(amount)s)",
}


def by_sql(application: Application, step: str, by: User | None) -> None:
    """Write with SQL alone."""
    values: dict[str, Any] = {
        "app": application.pk,
        "amount": AMOUNT,
        "by": by and by.pk,
        "stage": _STAGES.get(step),
        "status": STEPS[step],
        "kind": {"approve": "reserve", "accept_offer": "commit"}.get(step, "release_reservation"),
    }
    holds = application.status in {"public_notice", "offered"}
    statements = {
        "submit": ["submit", "status"],
        "recommend": ["recommend", "status"],
        "first_approve": ["approval", "status"],
        "approve": ["approval", "move", "status"],
        "accept_offer": ["move", "status", "award"],
        "send_back": ["void", "status"],
    }.get(step, [*(["move"] if holds else []), "void", "status"] if step in _GIVING_BACK else ["status"])
    with connection.cursor() as cursor:
        for name in statements:
            cursor.execute(_SQL[name], values)


HANDS: tuple[Hand, ...] = (by_update, by_sql)
