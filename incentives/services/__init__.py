"""What the incentives do, one file per noun."""

from incentives.services.appealing import appeal_decision, reject_appeal
from incentives.services.budgeting import allocate_money, open_budget
from incentives.services.bulk import Asked, ask_for_steps, take_steps_now
from incentives.services.clocks import set_missing_deadlines
from incentives.services.copying import copy_programme
from incentives.services.deciding import dismiss_objection, submit_application, take_step
from incentives.services.drafting import (
    StaleVersionError,
    add_document,
    remove_document,
    save_section,
    start_application,
)
from incentives.services.flagging import (
    BEFORE_DECISION,
    give_flag,
    look_for_flags,
    open_flag,
    resolve_flag,
    write_note,
)
from incentives.services.inviting import invite_firms, invite_piece
from incentives.services.objecting import object_to_award
from incentives.services.panel import StalePanelError, save_panel
from incentives.services.publishing import propose_publication, publish_programme
from incentives.services.rescheduling import reschedule_drafts
from incentives.services.reviewing import (
    StaleReviewError,
    choose_reviewer,
    declare_conflict,
    recuse_reviewer,
    release_reviews,
    save_review_draft,
    write_review,
)
from incentives.services.visiting import enter_section, leave_section, visit_application

__all__ = [
    "BEFORE_DECISION",
    "Asked",
    "StalePanelError",
    "StaleReviewError",
    "StaleVersionError",
    "add_document",
    "allocate_money",
    "appeal_decision",
    "ask_for_steps",
    "choose_reviewer",
    "copy_programme",
    "declare_conflict",
    "dismiss_objection",
    "enter_section",
    "give_flag",
    "invite_firms",
    "invite_piece",
    "leave_section",
    "look_for_flags",
    "object_to_award",
    "open_budget",
    "open_flag",
    "propose_publication",
    "publish_programme",
    "recuse_reviewer",
    "reject_appeal",
    "release_reviews",
    "remove_document",
    "reschedule_drafts",
    "resolve_flag",
    "save_panel",
    "save_review_draft",
    "save_section",
    "set_missing_deadlines",
    "start_application",
    "submit_application",
    "take_step",
    "take_steps_now",
    "visit_application",
    "write_note",
    "write_review",
]
