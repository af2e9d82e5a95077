"""The pages of an edit: the member's form and profile, the officer's comparison, and many at once."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.models import Organisation, ProposedEdit, ProposedValue
from firms.services.edits import open_edit, propose_edit, shown_state
from portal.models import User
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser

SEEN = re.compile(r'name="seen" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def firm(make_firm: MakeFirm) -> Organisation:
    return make_firm(slug="software", website="https://old.example/", description_en="One.\r\n\r\nTwo.", staff=12)


@pytest.fixture
def editor(make_user: MakeUser, firm: Organisation) -> User:
    return make_user("editor", member_of=firm, role="editor")


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user("officer", Role.REGISTRY)


def propose(by: User, firm: Organisation, **values: str) -> ProposedEdit:
    return propose_edit(by=by, organisation=firm, values=values, seen=shown_state(firm, open_edit(firm)))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(client: Client, **changes: str) -> dict[str, str]:
    """Open the form, and return it as a browser would send it with some fields changed."""
    page = client.get("/en/desk/organisation/software/edit/")
    form = page.context["form"]
    data = {bound.html_name: bound.value() for bound in form}
    return {name: "" if value is None else str(value) for name, value in data.items()} | changes


@pytest.mark.parametrize(("language", "word"), [("en", "Waits to be checked</h2>"), ("zh-hans", "待审核的修改</h2>")])
def test_member_proposes_sees_it_wait_and_withdraws(firm: Organisation, editor: User, language: str, word: str) -> None:
    client = signed_in(editor)
    data = typed(client, website="https://new.example/", staff="1234", founded="2019-02-28")

    sent = client.post(f"/{language}/desk/organisation/software/edit/", data, follow=True)
    again = client.get(f"/{language}/desk/organisation/software/edit/").text
    back = client.post(f"/{language}/desk/organisation/software/edit/withdraw/", follow=True)

    assert word in sent.text
    assert "https://new.example/" in sent.text
    assert "https://new.example/" in again  # the form goes on from what waits
    assert word not in back.text
    assert list(ProposedValue.objects.order_by("field").values_list("field", "proposed", "status")) == [
        ("founded", "2019-02-28", "withdrawn"),
        ("staff", "1234", "withdrawn"),
        ("website", "https://new.example/", "withdrawn"),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_browser_is_given_values_that_it_reads(firm: Organisation, editor: User, language: str) -> None:
    Organisation.objects.update(founded="2019-02-28", registered_capital="1234567.50")

    page = signed_in(editor).get(f"/{language}/desk/organisation/software/edit/").text

    assert re.search(r'type="date" name="founded" value="([^"]*)"', page)[1] == "2019-02-28"  # type: ignore[index]
    assert re.search(r'name="registered_capital" value="([^"]*)"', page)[1] == "1234567.50"  # type: ignore[index]
    assert re.search(r'name="staff" value="([^"]*)"', page)[1] == "12"  # type: ignore[index]


def test_form_sent_as_it_was_shown_proposes_nothing(firm: Organisation, editor: User) -> None:
    client = signed_in(editor)

    answer = client.post("/en/desk/organisation/software/edit/", typed(client))

    assert answer.status_code == 422
    assert "Nothing differs" in answer.text
    assert not ProposedEdit.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "https://x.example/\x00"),
        ("founded", "9999-12-31"),
        ("founded", "0001-01-01"),
        ("staff", "1_000"),
        ("staff", "-1"),
        ("staff", "9" * 30),
        ("registered_capital", "1e9"),
        ("registered_capital", "NaN"),
        ("registered_capital", "1_000"),
        ("registered_capital", "1000000000000.01"),
        ("registered_capital", "-1"),
        ("subdistrict", "999"),
        ("industry_code", "9999"),
        ("industry_code", "x"),
        ("description_en", "x" * 5001),
        ("business_scope", "字" * 5001),
        ("name_en", "x" * 201),
        ("name_en", "\u200b\u202e-"),
        ("address", "路" * 501),
        ("foreign_invested", "maybe\x00"),
    ],
)
def test_bad_value_is_explained_and_nothing_is_kept(firm: Organisation, editor: User, field: str, value: str) -> None:
    client = signed_in(editor)

    answer = client.post("/en/desk/organisation/software/edit/", typed(client) | {field: value})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not ProposedEdit.objects.exists()


def test_two_editors_at_once_see_both_texts(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    first, second = signed_in(editor), signed_in(make_user("signatory", member_of=firm))
    mine, theirs = typed(first, description_en="Mine <b>"), typed(second, description_en="Theirs", staff="20")

    second.post("/en/desk/organisation/software/edit/", theirs)
    answer = first.post("/en/desk/organisation/software/edit/", mine)

    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine &lt;b&gt;" in answer.text
    assert ProposedValue.objects.get(field="description_en").proposed == "Theirs"
    (seen,) = SEEN.findall(answer.text)
    assert first.post("/en/desk/organisation/software/edit/", mine | {"seen": seen}).status_code == 302
    assert ProposedValue.objects.get(field="description_en", status="pending").proposed == "Mine <b>"


def test_pages_are_for_members_alone(firm: Organisation, editor: User, officer: User, make_user: MakeUser) -> None:
    edit = propose(editor, firm, staff="20")
    viewer = signed_in(make_user("viewer", member_of=firm, role="viewer"))
    stranger = signed_in(make_user("stranger"))
    base = "/en/desk/organisation/software/"

    assert [Client().get(base + page).status_code for page in ("", "edit/")] == [302, 302]
    assert [stranger.get(base + page).status_code for page in ("", "edit/")] == [404, 404]
    assert [viewer.get(base + page).status_code for page in ("", "edit/")] == [200, 302]
    assert stranger.post(base + "edit/withdraw/").status_code == 404
    viewer.post(base + "edit/withdraw/")
    edit.refresh_from_db()
    assert edit.status == "submitted"
    admin = f"/admin/firms/proposededit/{edit.pk}/change/"
    staff = {
        role: signed_in(make_user(role.name, role)).get(admin).status_code for role in (Role.AUDITOR, Role.REVIEWER)
    }
    assert staff == {Role.AUDITOR: 200, Role.REVIEWER: 404}
    assert signed_in(officer).get(f"/admin/firms/proposededit/{10**30}/change/").status_code == 404


def decisions(client: Client, edit: ProposedEdit, **given: str) -> dict[str, str]:
    """Open the comparison, and return what is decided on it; ``staff="refuse"``."""
    page = client.get(f"/admin/firms/proposededit/{edit.pk}/change/")
    data = {"version": str(page.context["edit"].version)}
    for form in page.context["forms"]:
        data[form["seen"].html_name] = str(form["seen"].value())
        data[form["verdict"].html_name] = given.get(form.value.field, "")
        data[form["reason"].html_name] = given.get(f"{form.value.field}_reason", "")
    return data


def test_officer_decides_field_by_field(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20", website="https://new.example/", description_en="One. <script>")
    client = signed_in(officer)
    url = f"/admin/firms/proposededit/{edit.pk}/change/"

    page = client.get(url)
    bare = client.post(url, decisions(client, edit, staff="refuse"))
    done = client.post(url, decisions(client, edit, staff="refuse", staff_reason="Why?", website="accept"))

    assert "<del>" in page.text
    assert "<script>" not in page.text.split("moderation__text")[1]
    assert (bare.status_code, done.status_code) == (422, 302)
    assert dict(edit.values.values_list("field", "status")) == {
        "staff": "refused",
        "website": "accepted",
        "description_en": "pending",
    }


def test_accepting_everything_leaves_what_needs_a_second_look(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20", website="https://new.example/")
    Organisation.objects.update(staff=15)
    client = signed_in(officer)
    url = f"/admin/firms/proposededit/{edit.pk}/change/"

    stopped = client.post(url, decisions(client, edit) | {"all": "1"})
    key = edit.values.get(field="staff").pk
    done = client.post(url, decisions(client, edit) | {"all": "1", f"value-{key}-is_sure": "on"})

    assert (stopped.status_code, done.status_code) == (422, 302)
    firm.refresh_from_db()
    assert (firm.staff, firm.website, ProposedEdit.objects.get().status) == (20, "https://new.example/", "decided")


def test_decision_over_a_newer_proposal_is_refused(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20")
    client = signed_in(officer)
    data = decisions(client, edit, staff="accept")
    propose(editor, firm, staff="2000")

    answer = client.post(f"/admin/firms/proposededit/{edit.pk}/change/", data)

    assert answer.status_code == 409
    assert "2000" in answer.text
    firm.refresh_from_db()
    assert firm.staff == 12


def test_harmless_changes_of_many_are_accepted_each_for_itself(
    firm: Organisation, editor: User, officer: User, make_firm: MakeFirm, make_user: MakeUser
) -> None:
    other, own = make_firm("上海二公司"), make_firm("上海三公司")
    edits = [propose(editor, firm, website="https://new.example/", staff="20")]
    edits += [propose(make_user("two", member_of=other), other, staff="3")]
    edits += [propose(make_user("three", member_of=own), own, website="https://own.example/")]
    officer.memberships.create(organisation=own, role="viewer")
    client = signed_in(officer)

    chosen = client.post(
        "/admin/firms/proposededit/",
        {"action": "accept_harmless_ones", "_selected_action": [edit.pk for edit in edits]},
    )
    preview = client.get(chosen["Location"])
    done = client.post("/admin/firms/proposededit/harmless/", {"edit": [edit.pk for edit in edits]})

    assert "https://new.example/" in preview.text
    assert "closer look" in preview.text
    assert list(ProposedValue.objects.order_by("pk").values_list("status", flat=True)) == [
        "accepted",
        "pending",
        "pending",
        "pending",
    ]
    assert [("accepted" in row, "refused" in row) for row in done.context["rows"]] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    strange = client.get("/admin/firms/proposededit/harmless/?edit=x&edit=²&edit=99999999999999999999999")
    assert strange.status_code == 200


def test_desks_show_what_waits(firm: Organisation, editor: User, officer: User, make_user: MakeUser) -> None:
    propose(editor, firm, staff="20", website="https://new.example/")
    insider = make_user("insider", Role.REGISTRY, member_of=firm, role="viewer")

    assert "Your changes wait" in signed_in(editor).get("/en/desk/").text
    assert "website; staff" in signed_in(officer).get("/en/desk/").text
    assert "Profiles to moderate" not in signed_in(insider).get("/en/desk/").text


def test_lists_ask_as_often_for_three_as_for_one(editor: User, officer: User, make_firm: MakeFirm) -> None:
    client, member = signed_in(officer), signed_in(editor)
    numbers = []
    for name in ("甲", "乙", "丙"):
        firm = make_firm(f"上海{name}公司")
        editor.memberships.create(organisation=firm, role="editor")
        propose(editor, firm, staff="20", website="https://new.example/")
        for asked, page in ((client, "/admin/firms/proposededit/"), (member, "/en/desk/")):
            asked.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert asked.get(page).status_code == 200
            numbers.append(len(queries))

    assert numbers[:2] == numbers[4:]


def test_comparison_of_every_field_asks_no_more_than_a_review_screen_may(
    firm: Organisation, editor: User, officer: User
) -> None:
    everything = {
        "name_en": "A", "description_zh": "甲", "description_en": "A", "website": "https://a.example/",
        "address": "甲", "subdistrict": "310110019", "industry_code": "3491", "business_scope": "甲",
        "founded": "2019-01-01", "registered_capital": "1.00", "staff": "1", "foreign_invested": "true",
    }  # fmt: skip
    edit = propose(editor, firm, **everything)
    client = signed_in(officer)
    url = f"/admin/firms/proposededit/{edit.pk}/change/"
    client.get(url)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)

    assert len(page.context["forms"]) == 12
    assert len(queries) <= 15
