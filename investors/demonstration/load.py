"""Load opportunities and inquiries through the real services, at moments of the last weeks."""

from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from firms.models import Cluster, Membership, Organisation, Subdistrict
from firms.services.organisations import save_organisation
from incentives.demonstration.load import PDF
from investors.demonstration import complaints
from investors.demonstration.history import load_history
from investors.demonstration.inquiries import INQUIRIES, Asked
from investors.demonstration.laboratories import laboratory_of, load_of_institute
from investors.demonstration.listing import COMPANY, INSTITUTE, MACHINES, PARK, TEXTILES, UNIVERSITY, Listing
from investors.demonstration.moments import at, moment
from investors.demonstration.opportunities import PUBLISHED, UNFINISHED
from investors.demonstration.pictures import add_pictures
from investors.demonstration.templates import load_templates
from investors.lifecycle import INQUIRY, OPPORTUNITY
from investors.models import Inquiry, InquiryTopic, Officer, Opportunity, TopicOfficer
from investors.services.inquiries import Question, rate_answer, send_inquiry, write_message
from investors.services.opportunities import draft_opportunity
from portal.models import User

NOTE_EN = "\n\nThis listing is invented for the demonstration."
NOTE_ZH = "\n\n本信息为演示虚构。"


def load(accounts: dict[str, User]) -> None:
    """Load the demonstration; the same every time but for the days, which count back from today.

    Args:
        accounts: the demonstration's users by name (``officer``, ``investor``, …).
    """
    _put_officers_in_charge(accounts)
    owners = _Owners(accounts)
    listed = [_published(listing, number, owners, accounts) for number, listing in enumerate(PUBLISHED)]
    for status, listing in UNFINISHED:
        _unfinished(status, listing, owners, accounts)
    load_history(accounts)
    for number, asked in enumerate(INQUIRIES, start=1):
        _inquire(asked, number, listed, owners, accounts)
    complaints.load(accounts)
    load_templates(accounts)


def _put_officers_in_charge(accounts: dict[str, User]) -> None:
    """Name who answers, under telephone numbers that nobody has."""
    registry = Officer.objects.create(user=accounts["registry"], telephone="021-0000 0002")
    officer = Officer.objects.create(user=accounts["officer"], telephone="021-0000 0001")
    for topic in InquiryTopic.objects.all():
        in_charge = registry if topic.code == Inquiry.Topic.CORRECTION else officer
        TopicOfficer.objects.create(topic=topic, officer=in_charge)
    InquiryTopic.objects.update(telephone="021-0000 0000")


class _Owners:
    """Who owns what; an account without a password writes for the firms that have no member."""

    def __init__(self, accounts: dict[str, User]) -> None:
        self._accounts = accounts
        self._writer = User.objects.create_user(
            "listings@demo.example", name="Demonstration member", language="zh-hans", is_demonstration=True
        )
        self._taken: set[int] = set()
        self._invented = {
            PARK: _institution(
                Organisation.Kind.PARK,
                ("示例园区运营公司", "Demonstration Park Operator"),
                ("虚构的载体运营机构。", "An invented operator of premises."),
            ),
            INSTITUTE: _institution(
                Organisation.Kind.INSTITUTE,
                ("示例先进材料研究院", "Demonstration Institute of Advanced Materials"),
                ("虚构的科研院所：以其名义发布的内容均为示例。",
                 "An invented institute: everything offered in its name belongs to the demonstration."),
            ),
        }  # fmt: skip
        load_of_institute(accounts["registry"], self._invented[INSTITUTE])

    def of(self, listing: Listing) -> tuple[Organisation, User]:
        """Return the organisation that owns a listing, and who writes for it."""
        if listing.owner == COMPANY:
            return self.of_account("signatory"), self._accounts["editor"]
        if listing.owner == UNIVERSITY:
            return self.of_account("university"), self._accounts["university"]
        owner = self._invented.get(listing.owner) or self._firm(listing)
        Membership.objects.get_or_create(
            user=self._writer, organisation=owner, defaults={"role": Membership.Role.EDITOR}
        )
        self._writer = User.objects.get(pk=self._writer.pk)  # its rights are read anew
        return owner, self._writer

    def of_account(self, name: str) -> Organisation:
        """Return the organisation for which an account signs."""
        signs = Membership.Role.SIGNATORY
        return Membership.objects.active().filter(user=self._accounts[name], role=signs).earliest("pk").organisation

    def _firm(self, listing: Listing) -> Organisation:
        firms = Organisation.objects.listed().firms().exclude(name_en="").exclude(pk__in=self._taken).order_by("uscc")
        if listing.owner in {MACHINES, TEXTILES}:
            found = firms.filter(industry_code__startswith=listing.owner).first()
        else:
            found = firms.in_cluster(listing.cluster).first()
        owner = found or firms[0]
        self._taken.add(owner.pk)
        return owner


def _institution(kind: Organisation.Kind, names: tuple[str, str], descriptions: tuple[str, str]) -> Organisation:
    """Save an invented one; names and descriptions are given in Chinese and in English."""
    organisation = Organisation(
        kind=kind,
        status=Organisation.Status.LISTED,
        name_zh=names[0],
        name_en=names[1],
        description_zh=descriptions[0],
        description_en=descriptions[1],
        source="Demonstration · 示例",
    )
    save_organisation(organisation=organisation)
    return organisation


def _draft(listing: Listing, owners: _Owners) -> tuple[Opportunity, User]:
    owner, writer = owners.of(listing)
    values = {
        "title_en": listing.title_en,
        "title_zh": listing.title_zh,
        "summary_en": listing.summary_en,
        "summary_zh": listing.summary_zh,
        "text_en": listing.text_en + NOTE_EN if listing.text_en else "",
        "text_zh": listing.text_zh + NOTE_ZH if listing.text_zh else "",
        "subdistrict": Subdistrict.objects.get(slug=listing.subdistrict),
        "expires_on": timezone.localdate() + timedelta(days=150),
        "laboratory": laboratory_of(listing.title_en),
        **listing.facts,
    }
    clusters = Cluster.objects.filter(slug=listing.cluster)
    return draft_opportunity(by=writer, owner=owner, kind=listing.kind, values=values, clusters=clusters), writer


def _published(listing: Listing, number: int, owners: _Owners, accounts: dict[str, User]) -> Opportunity:
    begun = moment(len(PUBLISHED) - number)
    with at(begun - timedelta(hours=1)):
        opportunity, writer = _draft(listing, owners)
        add_pictures(opportunity, writer)
        OPPORTUNITY.apply(opportunity, "submit", by=writer)
    with at(begun):
        OPPORTUNITY.apply(opportunity, "publish", by=accounts["officer"])
    return opportunity


def _unfinished(status: str, listing: Listing, owners: _Owners, accounts: dict[str, User]) -> None:
    with at(moment(2)):
        opportunity, writer = _draft(listing, owners)
        if status != "draft":
            OPPORTUNITY.apply(opportunity, "submit", by=writer)
        if status == "returned":
            reason = "请写明录音来源及所需效果。Say where the recordings come from and what you need."
            OPPORTUNITY.apply(opportunity, "return", by=accounts["officer"], reason=reason)


def _inquire(asked: Asked, number: int, listed: list[Opportunity], owners: _Owners, accounts: dict[str, User]) -> None:
    sender, officer = accounts[asked.sender], accounts["officer"]
    question = Question(
        topic=asked.topic,
        language=asked.language,
        subject=asked.subject,
        text=asked.text,
        opportunity=listed[asked.opportunity] if asked.opportunity is not None else None,
        about=owners.of_account(asked.about) if asked.about else None,
    )
    with at(moment(asked.working_days_ago)):
        inquiry = send_inquiry(by=sender, question=question, key=UUID(int=number))
    for position, (step, working_days, text) in enumerate(asked.course):
        with at(moment(working_days, 11 + position)):
            if step.startswith("rate"):
                rate_answer(by=sender, inquiry=inquiry, rating=int(step[-1]), comment=text)
            elif step == "merge":
                survivor = Inquiry.objects.get(sender=sender, subject=text)
                INQUIRY.apply(inquiry, step, by=officer, survivor=survivor.pk)
            elif text:
                by = sender if step == "reply" else officer
                key = UUID(int=number * 100 + position)
                attached = asked.file if step == "answer" else ""
                files = [SimpleUploadedFile(attached, PDF, "application/pdf")] if attached else []
                write_message(by=by, inquiry=inquiry, step=step, text=text, key=key, files=files)
            else:
                INQUIRY.apply(inquiry, step, by=sender if step in {"close", "withdraw"} else officer)
