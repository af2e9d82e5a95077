"""The demonstration: opportunities of every kind, inquiries in every status, through the real services."""

from types import SimpleNamespace

from django.utils import timezone

from firms.models import Cluster, ClusterMembership, Membership, Organisation
from investors.demonstration import load
from investors.models import Absence, AnswerTemplate, Complaint, Inquiry, Opportunity
from portal.models import StepTaken
from tests.investors.conftest import make_organisation


def test_demonstration_has_every_kind_and_every_status(people: SimpleNamespace, firm: Organisation) -> None:
    university = make_organisation("University", kind="university")
    Membership.objects.create(user=people.stranger, organisation=university, role="signatory")
    clusters = list(Cluster.objects.all())
    for number in range(20):
        other = make_organisation(f"Firm{number}", industry_code="3491" if number % 2 else "1751")
        ClusterMembership.objects.create(organisation=other, cluster=clusters[number % len(clusters)])
    accounts = {
        "signatory": people.signatory,
        "editor": people.editor,
        "university": people.stranger,
        "investor": people.investor,
        "officer": people.officer,
        "head": people.head,
        "registry": people.registry,
    }

    load(accounts)

    now = timezone.now()
    assert Opportunity.objects.published().count() == 26
    assert set(Opportunity.objects.published().values_list("kind", flat=True)) == set(Opportunity.Kind.values)
    assert set(Inquiry.objects.values_list("status", flat=True)) == set(Inquiry.Status.values)
    assert Inquiry.objects.overdue().count() >= 2
    assert set(Complaint.objects.values_list("status", flat=True)) == set(Complaint.Status.values)
    assert Complaint.objects.overdue().count() == 1
    assert Complaint.objects.filter(about_staff=True).get().handler == people.head
    assert [
        AnswerTemplate.objects.offered_for(one).count() for one in Inquiry.objects.filter(topic="setting_up")[:1]
    ] == [2]
    for template in AnswerTemplate.objects.all():
        template.full_clean()
    assert Absence.objects.get().last_day < timezone.localdate()
    assert not StepTaken.objects.filter(at__gt=now).exists()
    assert not Opportunity.objects.filter(title_en="").exists()
