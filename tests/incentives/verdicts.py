"""Who may take which step from where: verdicts written from the product's table of steps, not from the code.

A situation is a status with what the guards look at. What is not listed is refused.
"""

PEOPLE = [
    "signatory",
    "editor",
    "viewer",
    "former_signatory",
    "signatory_of_another",
    "registry",
    "screener",
    "reviewer",
    "manager",
    "approver",
    "first_approver",
    "appeal",
    "finance",
    "investment",
    "auditor",
    "head",
    "administrator",
    "without_role",
    "recommender",
    "reviewing_approver",
    "conflicted",
    "staff_of_the_firm",
    "left_the_office",
    "system",
]
"""Each role once, and the standings that take a right away.

``recommender`` is manager and approver and recommended it; ``first_approver`` gave the approvals there are, ``approver``
none; ``reviewing_approver`` is manager, approver and appeal officer and reviewed it; ``conflicted`` and
``staff_of_the_firm`` hold every role; ``left_the_office`` held every role.
"""

STATUSES = {
    "draft": "draft",
    "draft_too_late": "draft",
    "submitted": "submitted",
    "returned": "returned",
    "returned_too_late": "returned",
    "under_review": "under_review",
    "under_review_without_reviews": "under_review",
    "recommended": "recommended",
    "recommended_above_threshold": "recommended",
    "first_approved": "first_approved",
    "notice_running": "public_notice",
    "notice_ended": "public_notice",
    "notice_objected": "public_notice",
    "offered": "offered",
    "offered_too_late": "offered",
    "active": "active",
    "declined": "declined",
    "declined_after_appeal": "declined",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
}
"""Every situation with its status."""

_DECLINE = "manager approver first_approver recommender reviewing_approver"
_REMIND = "system manager recommender reviewing_approver"
_SEND_BACK = "approver first_approver reviewing_approver"

OPEN: dict[str, dict[str, str]] = {
    "draft": {"submit": "signatory", "withdraw": "signatory", "remind_applicant": "system"},
    "draft_too_late": {"lapse": "system"},
    "submitted": {
        "return": "screener",
        "accept": "screener",
        "decline": _DECLINE,
        "withdraw": "signatory",
        "remind": _REMIND,
        "escalate": "system",
    },
    "returned": {"submit": "signatory", "withdraw": "signatory", "remind_applicant": "system"},
    "returned_too_late": {"lapse": "system"},
    "under_review": {
        "recommend": "manager recommender",
        "decline": _DECLINE,
        "withdraw": "signatory",
        "remind": _REMIND,
        "escalate": "system",
    },
    "under_review_without_reviews": {},
    "recommended": {
        "send_back": _SEND_BACK,
        "approve": "approver first_approver",
        "decline": _DECLINE,
        "withdraw": "signatory",
        "remind": _REMIND,
        "escalate": "system",
    },
    "recommended_above_threshold": {"first_approve": "approver first_approver"},
    "first_approved": {
        "send_back": _SEND_BACK,
        "approve": "approver",
        "decline": _DECLINE,
        "withdraw": "signatory",
        "remind": _REMIND,
        "escalate": "system",
    },
    "notice_running": {},
    "notice_ended": {"confirm": "system", "decline": _DECLINE, "withdraw": "signatory"},
    "notice_objected": {"uphold_objection": "approver appeal"},
    "offered": {"accept_offer": "signatory", "withdraw": "signatory", "remind_applicant": "system"},
    "offered_too_late": {"lapse": "system"},
    "active": {},
    "declined": {"reopen": "appeal", "end_appeal_period": "system"},
    "declined_after_appeal": {},
    "withdrawn": {},
    "lapsed": {},
}
"""Through the services: situation, step, who. Actor and guard are both asked."""

GUARDED: dict[str, str] = {
    "draft_too_late": "submit lapse remind_applicant",
    "returned_too_late": "submit lapse remind_applicant",
    "under_review_without_reviews": "recommend",
    "recommended_above_threshold": "first_approve approve",
    "notice_running": "confirm uphold_objection",
    "notice_objected": "confirm uphold_objection",
    "offered_too_late": "accept_offer lapse remind_applicant",
    "declined_after_appeal": "reopen",
}
"""Situations that differ from another of their status in a guard alone: the steps that it closes or opens are tried."""

STEPS = {
    "submit": "submitted",
    "return": "returned",
    "accept": "under_review",
    "recommend": "recommended",
    "send_back": "under_review",
    "first_approve": "first_approved",
    "approve": "public_notice",
    "uphold_objection": "under_review",
    "confirm": "offered",
    "accept_offer": "active",
    "decline": "declined",
    "reopen": "under_review",
    "withdraw": "withdrawn",
    "lapse": "lapsed",
    "remind_applicant": "",
    "remind": "",
    "escalate": "",
    "end_appeal_period": "",
}
"""Every step with the status it leads to."""

STAFF_STEPS = "return accept recommend send_back first_approve approve uphold_objection decline reopen"
"""What staff do in their workplace; applicants act at their desk, and the system by itself."""

BULK_STEPS = "return accept recommend send_back first_approve approve decline remind"
"""What staff do of several applications at once; an objection and an appeal are heard by themselves."""

PAIRS: dict[str, str] = {
    "draft": "submitted withdrawn lapsed",
    "submitted": "returned under_review declined withdrawn",
    "returned": "submitted withdrawn lapsed",
    "under_review": "recommended declined withdrawn",
    "recommended": "under_review first_approved public_notice declined withdrawn",
    "first_approved": "under_review public_notice declined withdrawn",
    "public_notice": "under_review offered declined withdrawn",
    "offered": "active withdrawn lapsed",
    "active": "",
    "completed": "",
    "terminated": "",
    "declined": "under_review",
    "withdrawn": "",
    "lapsed": "",
}
"""Which status may follow which. No way, not even SQL, leads anywhere else."""

WITH_STATUS_ALONE: dict[str, str] = {
    **{situation: PAIRS[status] for situation, status in STATUSES.items()},
    "recommended": "under_review first_approved declined withdrawn",
    "recommended_above_threshold": "under_review first_approved declined withdrawn",
    "first_approved": "under_review declined withdrawn",
    "notice_running": "offered",
    "notice_ended": "offered",
    "notice_objected": "offered",
    "offered": "",
    "offered_too_late": "",
}
"""Where a status changed by hand, and nothing with it, may lead: never to money that is not reserved, nor away from it."""

INVOLVED = "signatory editor viewer reviewer reviewing_approver conflicted staff_of_the_firm system"
"""Who can neither recommend nor approve even by SQL: the firm's own, its reviewers, a conflict of interest, nobody."""

_TO_REVIEW = "accept send_back uphold_objection reopen"
_OF_DRAFTS = "submit withdraw lapse"
_OF_RECOMMENDED = f"{_TO_REVIEW} first_approve approve decline withdraw"
_OF_NOTICES = "uphold_objection confirm decline withdraw"
_OF_OFFERS = "accept_offer withdraw lapse"

BY_HAND: dict[str, str] = {
    "draft": _OF_DRAFTS,
    "draft_too_late": _OF_DRAFTS,
    "submitted": f"return {_TO_REVIEW} decline withdraw",
    "returned": _OF_DRAFTS,
    "returned_too_late": _OF_DRAFTS,
    "under_review": "recommend decline withdraw",
    "under_review_without_reviews": "recommend decline withdraw",
    "recommended": _OF_RECOMMENDED,
    "recommended_above_threshold": f"{_TO_REVIEW} first_approve decline withdraw",
    "first_approved": f"{_TO_REVIEW} approve decline withdraw",
    "notice_running": _OF_NOTICES,
    "notice_ended": _OF_NOTICES,
    "notice_objected": _OF_NOTICES,
    "offered": _OF_OFFERS,
    "offered_too_late": _OF_OFFERS,
    "active": "",
    "declined": _TO_REVIEW,
    "declined_after_appeal": _TO_REVIEW,
    "withdrawn": "",
    "lapsed": "",
}
"""By ``.update()`` and by SQL, with all that the step writes: what PostgreSQL lets pass, by pair, money and approver.

It asks neither for roles nor for guards, and two steps that lead to one status are the same to it.
"""

REFUSED_BY_HAND: dict[tuple[str, str], str] = {
    ("under_review", "recommend"): INVOLVED,
    ("under_review_without_reviews", "recommend"): INVOLVED,
    ("recommended", "first_approve"): f"{INVOLVED} recommender",
    ("recommended", "approve"): f"{INVOLVED} recommender",
    ("recommended_above_threshold", "first_approve"): f"{INVOLVED} recommender",
    ("first_approved", "approve"): f"{INVOLVED} recommender first_approver",
}
"""Whom it refuses there."""
