"""The demonstration's data: what other parts of it build on."""

from collections import Counter

from firms.demonstration.load import demonstration_firm
from firms.models import Claim, Duplicate, Membership, Organisation, ProposedEdit
from portal.demonstration import address
from portal.models import User


def test_demonstration_has_what_others_build_on(demonstration: str) -> None:
    assert Organisation.objects.listed().firms().count() == 7000
    assert Organisation.objects.listed().of_kind(Organisation.Kind.UNIVERSITY).count() == 7
    assert Organisation.objects.listed().of_kind(Organisation.Kind.PARK).count() == 6  # with who lets premises
    assert not Organisation.objects.exclude(kind="firm").filter(source="").exists()
    assert Counter(Claim.objects.values_list("status", flat=True)) == {
        "submitted": 1,
        "accepted": 1,
        "refused": 1,
        "withdrawn": 1,
    }
    assert Counter(ProposedEdit.objects.values_list("status", flat=True)) == {"decided": 1, "submitted": 2}
    roles = Membership.objects.filter(organisation=demonstration_firm()).values_list("user__email", "role")
    assert sorted(roles) == [(address("editor"), "editor"), (address("signatory"), "signatory")]
    assert (
        Organisation.objects.with_member(User.objects.get(email=address("university"))).get().name_en
        == "Demonstration University"
    )
    assert Organisation.objects.get(status="unlisted").name_en == "Demonstration Sensors Ltd"
    incoming = Organisation.objects.filter(status="incoming").order_by("pk")
    assert [one.name_en for one in incoming] == ["Demonstration Robotics GmbH", ""]
    assert Duplicate.objects.waiting()[0].second == incoming[1]
