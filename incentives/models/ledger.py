"""The ledger: every movement of a budget, added and never changed."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from incentives.models.money import bounded, money
from incentives.models.rounds import Budget
from incentives.models.triggers import Decided
from portal.triggers import AppendOnly, AsOwner


class MovesBudget(AsOwner):
    """Moves the counters of the budget; its single UPDATE is the lock, its CHECKs the limit.

    After the insert, not before: ``ON CONFLICT DO NOTHING`` would run a trigger before it and insert nothing.
    The application is locked first, as a lifecycle's step does, and its own balance stays above zero too. The UPDATE
    comes last: all who move the same budget wait for each other from there to the end of the transaction.
    """

    moves = "incentives.Budget"
    columns = ("allocated", "reserved", "committed", "paid")
    name = "moves_budget"
    when = pgtrigger.After
    timing = pgtrigger.Immediate  # or at the end, where a transaction asks for it: ``incentives.ledger.moved_last``
    operation = pgtrigger.Insert
    declare = [("held", "record")]
    func = """
        IF NEW.application_id IS NOT NULL THEN
            PERFORM 1 FROM incentives_application a JOIN incentives_budget b ON b.round_id = a.round_id
              WHERE a.id = NEW.application_id AND b.id = NEW.budget_id FOR NO KEY UPDATE OF a;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the application is not of this budget''s round' USING ERRCODE = 'check_violation';
            END IF;
            SELECT coalesce(sum(CASE kind WHEN 'reserve' THEN amount WHEN 'commit' THEN -amount
                                          WHEN 'release_reservation' THEN -amount END), 0) AS reserved,
                   coalesce(sum(CASE kind WHEN 'commit' THEN amount WHEN 'release_commitment' THEN -amount
                                          WHEN 'claw_back' THEN -amount END), 0) AS committed,
                   coalesce(sum(CASE kind WHEN 'pay' THEN amount WHEN 'claw_back' THEN -amount END), 0) AS paid
              INTO held FROM incentives_ledgerentry WHERE application_id = NEW.application_id;
            IF held.reserved < 0 OR held.paid < 0 OR held.paid > held.committed
               OR (NEW.kind = 'reserve' AND (held.reserved <> NEW.amount OR held.committed <> 0)) THEN
                RAISE EXCEPTION 'the application does not hold this money' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        UPDATE incentives_budget SET
            allocated = allocated + CASE NEW.kind WHEN 'allocate' THEN NEW.amount ELSE 0 END,
            reserved = reserved + CASE NEW.kind WHEN 'reserve' THEN NEW.amount
                WHEN 'commit' THEN -NEW.amount WHEN 'release_reservation' THEN -NEW.amount ELSE 0 END,
            committed = committed + CASE NEW.kind WHEN 'commit' THEN NEW.amount
                WHEN 'release_commitment' THEN -NEW.amount WHEN 'claw_back' THEN -NEW.amount ELSE 0 END,
            paid = paid + CASE NEW.kind WHEN 'pay' THEN NEW.amount
                WHEN 'claw_back' THEN -NEW.amount ELSE 0 END
        WHERE id = NEW.budget_id;
        RETURN NULL;
    """


class LedgerEntry(models.Model):
    """One movement. Corrections are made by a movement back."""

    class Kind(models.TextChoices):
        ALLOCATE = "allocate", _("allocate")
        RESERVE = "reserve", _("reserve")
        COMMIT = "commit", _("commit")
        RELEASE_RESERVATION = "release_reservation", _("release a reservation")
        RELEASE_COMMITMENT = "release_commitment", _("release a commitment")
        PAY = "pay", _("pay")
        CLAW_BACK = "claw_back", _("claw back")

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="entries", verbose_name=_("budget"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    amount = money(_("amount (CNY)"))
    application = models.ForeignKey(
        "incentives.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ledger",
        verbose_name=_("application"),
    )
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("The same key moves money once."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            bounded("amount", "ledger_amount"),
            models.CheckConstraint(
                condition=models.Q(kind="allocate", application=None)
                | models.Q(
                    kind__in=["reserve", "commit", "release_reservation", "release_commitment", "pay", "claw_back"],
                    application__isnull=False,
                ),
                name="ledger_kind_known_and_bound",
            ),
            models.CheckConstraint(condition=~models.Q(key=""), name="ledger_key_given"),
        ]
        triggers: ClassVar = [AppendOnly(), MovesBudget(), Decided(operation=pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
