"""What letters say of the terms: the amount, the conditions, and the instalments in which it is paid."""

from django.utils.translation import gettext as _

from incentives import conditions
from incentives import letter_blocks as blocks
from incentives.letter_blocks import Block
from incentives.models import Application
from incentives.tranches import instalments


def terms(application: Application) -> list[Block]:
    """Return the terms that stand: the amount in figures and words, and the conditions as they were written."""
    found = conditions.live_recommendation(application)
    if found is None:
        return []
    made = [
        blocks.rows((_("Amount"), blocks.figures(found.amount)), (_("Amount in words"), blocks.in_words(found.amount)))
    ]
    return [*made, blocks.heading(_("Conditions")), blocks.typed(found.conditions)] if found.conditions else made


def tranche_plan(application: Application) -> list[Block]:
    """Return in which instalments the amount is paid, and what each waits for.

    Of a firm that is moving in, the first waits for its registration here as well.
    """
    found = conditions.live_recommendation(application)
    plan = instalments(application.content, found.amount) if found else []
    if not plan:
        return []
    lines = [
        [f"{place}. {blocks.named(one.milestone_en, one.milestone_zh)}", f"{one.share}%", blocks.figures(one.amount)]
        for place, one in enumerate(plan, 1)
    ]
    made = [
        blocks.heading(_("How it is paid")),
        blocks.table([_("Instalment, once this is reached"), _("Share"), _("Amount")], lines),
    ]
    if application.organisation.is_moving_in:
        waits = _(
            "You are moving in: the first instalment also waits until your company is registered in Yangpu District. "
            "Until then it is only indicative."
        )
        made.append(blocks.text(waits))
    return made
