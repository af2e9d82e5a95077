"""The demonstration shows applications in every status, and leaves the visitor's firm an open round."""

from decimal import Decimal

from firms.demonstration.load import demonstration_firm
from incentives import catalogue, eligibility
from incentives.models import Application, Award, Budget


def test_demonstration_has_every_status_and_agreeing_money(demonstration: str) -> None:
    statuses = set(Application.objects.values_list("status", flat=True))
    assert statuses == set(Application.Status.values) - {"completed", "terminated"}
    assert [entry.programme.slug for entry in catalogue.open_entries()] == [
        "riverside-rent-subsidy",
        "ai-computing-grant",
    ]
    for budget in Budget.objects.all():
        applications = Application.objects.filter(round=budget.round)
        terms = [(a.status, r.amount) for a in applications for r in a.recommendations.filter(voided_at=None)]
        assert budget.reserved == sum((m for s, m in terms if s in {"public_notice", "offered"}), Decimal(0))
        assert budget.committed == sum((m for s, m in terms if s == "active"), Decimal(0))
    assert Award.objects.count() == 3
    firm = demonstration_firm()
    entries = catalogue.open_entries()
    catalogue.check_organisation(entries, firm)
    assert eligibility.Outcome.PASS in {entry.overall for entry in entries}
    assert not firm.applications.filter(round__in=[entry.open_round for entry in entries]).exists()
