"""Words for answers that officers of the demonstration can insert, and days on which one of them was away."""

from investors.demonstration.moments import moment
from investors.models import Absence, AnswerTemplate, Inquiry
from portal.models import User

_TEMPLATES = (
    (
        "Documents for setting up a company",
        Inquiry.Topic.SETTING_UP,
        (
            "Dear {name},\n\nThank you for your inquiry {reference}. To set up a foreign-invested company you need the "
            "authenticated document of the investor, the articles, the lease of the address and the identity documents "
            "of the legal representative. The one-window counter checks all of them in one visit.\n\n{officer}"
        ),
        (
            "{name}，您好！\n\n您的咨询（{reference}）已收悉。设立外商投资企业需准备：投资方主体资格证明（经认证）、"
            "公司章程、住所使用证明、法定代表人身份证明。以上材料由综合窗口一次受理。\n\n{officer}"
        ),
    ),
    (
        "Which incentives are open",
        Inquiry.Topic.INCENTIVES,
        (
            "Dear {name},\n\nThe programmes that are open now stand in the calendar of rounds; the check there tells "
            "in a few questions which of them may suit you. Write to us here if an answer surprises you.\n\n{officer}"
        ),
        (
            "{name}，您好！\n\n目前开放申报的扶持政策见申报日历；通过页面上的条件自查，回答几个问题"
            "即可了解可能适用的政策。如对结果有疑问，请在此回复。\n\n{officer}"
        ),
    ),
    (
        "We need more time to ask another office",
        "",
        (
            "Dear {name},\n\nYour question “{subject}” also concerns another office of the district, which we have "
            "asked today. We write again as soon as it has answered, and within the promised time.\n\n{officer}"
        ),
        (
            "{name}，您好！\n\n您的问题“{subject}”同时涉及区内其他部门，我们已于今日转请答复，"
            "将在承诺时限内回复您。\n\n{officer}"
        ),
    ),
)


def load_templates(accounts: dict[str, User]) -> None:
    """Write the templates, and an absence of the registry officer that is over."""
    for name, topic, english, chinese in _TEMPLATES:
        AnswerTemplate.objects.create(name=name, topic=topic, text_en=english, text_zh=chinese)
    first, last = moment(12).date(), moment(10).date()
    Absence.objects.create(officer=accounts["registry"], first_day=first, last_day=last, entered_by=accounts["head"])
