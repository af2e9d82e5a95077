"""The words of letters in the active language: title, address, body, annex, how to verify; kept as JSON."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from firms.models import Organisation
from incentives import conditions, declarations, expecting, presenting
from incentives import letter_blocks as blocks
from incentives.answering import Answer
from incentives.letter_blocks import Block
from incentives.letter_terms import terms, tranche_plan
from incentives.models import Application, Letter, Snapshot
from portal import deadlines
from portal.local_form import day, is_chinese, moment
from portal.models import StepTaken
from portal.pdf import plain

Kind = Letter.Kind


def compose(kind: Kind, *, application: Application, taken: StepTaken, number: str, code: str) -> dict[str, Any]:
    """Return all that a letter says, in the active language, from the record as it stands in the step's transaction.

    Args:
        kind: which letter.
        application: the application after the step.
        taken: the step.
        number: the letter's number.
        code: its verification code.
    """
    organisation = application.organisation
    body, annex = _BODIES[kind](application, taken)
    address = settings.SITE_URL + reverse("incentives:verify_letter")
    content: dict[str, Any] = {
        "title": str(kind.label),
        "number": number,
        "to": _addressee(organisation),
        "body": [*_about(application), *body],
        "closing": _("We hereby inform you accordingly."),
        "issuer": settings.SITE_OWNER or _("Yangpu District Investor Portal"),
        "date": day(taken.at),
        "contact": "" if kind == Kind.DECLINE else _contact(application),  # which says where appeals go
        "verify": {"address": address, "link": f"{address}?number={number}&code={code}", "code": code},
        "annex": annex,
        "demonstration": settings.DEMONSTRATION,
    }
    cleaned: dict[str, Any] = _cleaned(content)
    return cleaned


def _cleaned(value: Any) -> Any:
    """Return JSON content without anything that a printed page would not show."""
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value if isinstance(value, bool) else plain(str(value))


def _addressee(organisation: Organisation) -> str:
    """Name the applicant; where it has no English name, by its Chinese one with the pinyin, marked as what it is."""
    if organisation.name_en or not organisation.name_pinyin or is_chinese():
        return blocks.named(organisation.name_en, organisation.name_zh)
    return _("%(chinese)s (romanised: %(pinyin)s)") % {
        "chinese": organisation.name_zh,
        "pinyin": organisation.name_pinyin,
    }


def _contact(application: Application) -> str:
    content = application.content
    return " ".join(filter(None, [content.get("contact", ""), content.get("telephone", "")]))


# --- What each letter says --------------------------------------------------------------


def _about(application: Application) -> list[Block]:
    """Say which application a letter is about."""
    content, organisation = application.content, application.organisation
    return [
        blocks.rows(
            (_("Number of the application"), application.number),
            (_("Programme"), blocks.named(content["title_en"], content["title_zh"])),
            (_("Round"), blocks.named(application.round.title_en, application.round.title_zh)),
            (_("Unified social credit code"), organisation.uscc),
        )
    ]


def _receipt(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    snapshot = application.snapshots.latest("id")
    first = application.snapshots.count() == 1
    body = [
        blocks.text(
            _("We have received your application, in time and complete. Keep its number.")
            if first
            else _("We have received your application again, with the changes that you were asked for.")
        ),
        blocks.rows(
            (_("Received"), moment(application.submitted_at)),
            (_("Amount requested"), blocks.figures(application.requested)),
        ),
        blocks.heading(_("What happens next")),
        _expected(application, taken),
        blocks.text(
            _(
                "Each date counts from the one before it. If you are asked for changes, they are counted anew "
                "from your next submission. This letter confirms the receipt and says nothing about the decision."
            )
        ),
    ]
    return body, _submitted(application, snapshot)


def _expected(application: Application, taken: StepTaken) -> Block:
    """Return a table of the steps ahead: the last day that is promised for each, and how long it usually takes."""
    due = deadlines.open_deadline(application, "remind")
    steps = expecting.expected(application, entered=taken.at, due=due.due_at if due else None)
    rows = [
        [str(step.title), _by(step.by.at, estimated=step.by.estimated) if step.by else "", str(step.usually)]
        for step in steps
    ]
    head = [_("Step"), _("At the latest on"), _("So far")]
    told = len(head) if any(row[-1] for row in rows) else len(head) - 1
    return blocks.table(head[:told], [row[:told] for row in rows])


def _by(at: datetime, *, estimated: bool) -> str:
    words = day(at)
    return (
        _("%(day)s (estimated: the holidays of that year are not published yet)") % {"day": words}
        if estimated
        else words
    )


def _submitted(application: Application, snapshot: Snapshot) -> list[Block]:
    """Return everything that was submitted."""
    content = snapshot.content
    made: list[Block] = [blocks.rows((_("Fingerprint of what was submitted (SHA-256)"), snapshot.sha256))]
    for section in presenting.answers(application, content["answers"]):
        made.append(blocks.heading(str(section.title)))
        for question, answer in section.rows:
            made += [blocks.question(str(question)), _answered(answer)]
    if content["documents"]:
        made += [
            blocks.heading(_("Documents")),
            blocks.table(
                [_("Document"), _("Fingerprint (SHA-256)")],
                [[row["name"], row["sha256"]] for row in content["documents"]],
            ),
        ]
    if declared := declarations.made_with(content):
        side = "words_zh" if is_chinese() else "words_en"
        made += [blocks.heading(_("Declarations of the signatory")), *(blocks.text(one[side]) for one in declared)]
    return made


def _answered(answer: Answer) -> Block:
    """Return an answer: a table as a table, a file by its name and fingerprint."""
    if answer.rows:
        rows = [[str(cell.words) for cell in row] for row in answer.rows]
        return blocks.table([str(heading) for heading in answer.headings], rows)
    if answer.file:
        return blocks.rows((answer.file["name"], answer.file["sha256"]))
    return blocks.typed(str(answer))


def _return(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    lapse = deadlines.open_deadline(application, "lapse")
    titles = {slug: str(title) for slug, title in conditions.section_titles(application)}
    body = [blocks.text(_("We have looked through your application. Before it goes on, please make these changes."))]
    for request in application.change_requests.filter(at__gte=application.submitted_at):
        body += [blocks.question(titles.get(request.section, _("Documents"))), blocks.typed(request.reason)]
    body += [
        blocks.heading(_("How, and until when")),
        blocks.text(
            _(
                "Make the changes at the portal, at your desk under “Applications”, and let the signatory submit "
                "again by %(day)s (Shanghai time). What you wrote is kept. If it is not submitted by then, the "
                "application lapses."
            )
            % {"day": moment(lapse.due_at) if lapse else ""}
        ),
    ]
    return body, []


def _decision(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    ends = deadlines.open_deadline(application, "confirm")
    address = settings.SITE_URL + reverse("incentives:public_notice", args=[application.number])
    body = [
        blocks.text(
            _("After review, it was decided to support your application on these terms, subject to the public notice.")
        ),
        *terms(application),
        blocks.heading(_("Public notice")),
        blocks.rows(
            (
                _("Period of the notice"),
                _("%(first)s to %(last)s") % {"first": day(taken.at), "last": day(ends.due_at)} if ends else "",
            ),
            (_("Working days"), str(application.programme_version.notice_days)),
            (_("Published at"), address),
        ),
        blocks.text(
            _(
                "During the notice anyone may object, with a reason; someone who took no part decides. If it ends "
                "without an objection that is open or upheld, you receive the offer. Until you have accepted the "
                "offer, this decision gives no claim to payment."
            )
        ),
    ]
    return body, []


def _offer(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    lapse = deadlines.open_deadline(application, "lapse")
    until = moment(lapse.due_at) if lapse else ""
    body = [
        blocks.text(
            _("The public notice has ended without an objection that was upheld. We offer you support on these terms.")
        ),
        *terms(application),
        *tranche_plan(application),
        blocks.heading(_("How to accept, and until when")),
        blocks.text(
            _(
                "The signatory accepts the offer at the portal: sign in, open the application at your desk and "
                "choose “Accept the offer”. The offer stands until %(moment)s (Shanghai time). If it is not "
                "accepted by then, it lapses and the amount is no longer reserved."
            )
            % {"moment": until}
        ),
    ]
    return body, []


def _award(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    body = [
        blocks.text(
            _("Your signatory accepted our offer on %(day)s. The support is awarded on these terms.")
            % {"day": day(taken.at)}
        ),
        *terms(application),
        *tranche_plan(application),
        blocks.heading(_("What follows")),
        blocks.text(
            _(
                "The amount is committed in the budget of this round. It is paid under the rules of the programme "
                "and these terms; before a payment it is checked whether they are still met. The award is "
                "published."
            )
        ),
    ]
    return body, []


def _decline(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    until, contact = conditions.appeal_until(application), _contact(application)
    appeal = (
        _("An appeal of this application has been heard already; there is no second one.")
        if conditions.was_reopened(application) or until is None
        else _(
            "You can appeal once, on the page of the application, until %(day)s. Say which reasons you hold to be "
            "wrong and why; someone who took no part in the decision decides."
        )
        % {"day": day(until)}
    )
    body = [
        blocks.text(_("We have examined your application and cannot support it.")),
        blocks.heading(_("Reasons")),
        blocks.typed(taken.reason),
        blocks.heading(_("How to appeal")),
        blocks.text(appeal),
        *(
            [blocks.text(_("Questions: %(contact)s") % {"contact": contact})]
            if (contact := _contact(application))
            else []
        ),
        blocks.heading(_("How to apply again")),
        blocks.text(
            _("This decision does not stand against a new application. Open rounds: %(address)s")
            % {"address": settings.SITE_URL + reverse("incentives:programmes")}
        ),
    ]
    return body, []


def _withdrawal(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    body = [
        blocks.text(
            _("On %(moment)s your signatory withdrew the application. Its examination has ended.")
            % {"moment": moment(taken.at)}
        ),
        blocks.text(
            _(
                "What was reserved for it is released. You can apply again while the round is open, or in a later "
                "one: %(address)s"
            )
            % {"address": settings.SITE_URL + reverse("incentives:programmes")}
        ),
    ]
    return body, []


def _reviewed_again(said: Callable[[], str]) -> Callable[[Application, StepTaken], tuple[list[Block], list[Block]]]:
    def write(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
        due = deadlines.open_deadline(application, "remind")
        body = [
            blocks.text(said()),
            blocks.heading(_("Reasons")),
            blocks.typed(taken.reason),
            blocks.heading(_("What happens next")),
            blocks.text(
                _("The application is under review again. You will hear of it by %(day)s; you need not do anything.")
                % {"day": _by(due.due_at, estimated=due.estimated) if due else ""}
            ),
        ]
        return body, []

    return write


_reopened = _reviewed_again(
    lambda: _(
        "Your appeal was heard by someone who took no part in the decision. The decision not to support is set aside."
    )
)


def _appeal(application: Application, taken: StepTaken) -> tuple[list[Block], list[Block]]:
    """Say that the application was reopened, or that the decision stands."""
    if taken.step != "reject":
        return _reopened(application, taken)
    body = [
        blocks.text(
            _("Your appeal was heard by someone who took no part in the decision. It is rejected; the decision stands.")
        ),
        blocks.heading(_("Reasons")),
        blocks.typed(taken.reason),
        blocks.text(_("There is no second appeal here. You can apply again in a later round.")),
    ]
    return body, []


_objection = _reviewed_again(
    lambda: _(
        "An objection to the decision in public notice was upheld by someone who took no part in it. That "
        "decision and its terms no longer stand, and what was reserved is released."
    )
)

_BODIES: dict[Kind, Callable[[Application, StepTaken], tuple[list[Block], list[Block]]]] = {
    Kind.RECEIPT: _receipt,
    Kind.RETURN: _return,
    Kind.DECISION: _decision,
    Kind.OBJECTION: _objection,
    Kind.OFFER: _offer,
    Kind.AWARD: _award,
    Kind.DECLINE: _decline,
    Kind.APPEAL: _appeal,
    Kind.WITHDRAWAL: _withdrawal,
}
