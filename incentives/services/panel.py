"""Panel drafts: the amounts that a person considers. Nothing follows from them."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Now

from incentives.models import PanelDraft, Round
from portal.models import User


class StalePanelError(Exception):
    """The draft was saved meanwhile, in another window; ``saved`` is what stands there now."""

    def __init__(self, saved: PanelDraft) -> None:
        self.saved = saved
        super().__init__(f"version {saved.version} is newer")


@transaction.atomic
def save_panel(*, round: Round, by: User, amounts: Mapping[int, Decimal], version: int) -> PanelDraft:  # noqa: A002
    """Keep the amounts that a person considers for a round.

    Args:
        round: the round.
        by: whose draft it is.
        amounts: CNY, by the application's key.
        version: the version that the person began from; 0 where nothing was saved yet.

    Raises:
        StalePanelError: another window saved meanwhile.
    """
    PanelDraft.objects.get_or_create(round=round, by=by, defaults={"version": 0})
    draft = PanelDraft.objects.select_for_update(of=("self",)).get(round=round, by=by)
    if draft.version != version:
        raise StalePanelError(draft)
    draft.amounts = {str(key): str(amount) for key, amount in sorted(amounts.items())}
    draft.version, draft.saved_at = version + 1, Now()
    draft.save()
    return draft
