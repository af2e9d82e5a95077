"""What beneficiaries, owners and the head are told of commitments."""

from collections.abc import Iterable, Mapping
from typing import Any

from firms.models import Membership
from investors.models import Commitment
from investors.models.commitments import OWNERS
from investors.notices.words import day, holders
from portal import deadlines
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message, both
from portal.roles import Role, has_role


def owner_of(commitment: Commitment) -> User | None:
    """Return who answers for it, while they may."""
    return commitment.owner if has_role(commitment.owner, *OWNERS) else None


class _AboutCommitment(Message):
    def context(self, change: Change) -> Mapping[str, Any]:
        commitment: Commitment = change.obj
        to = commitment.organisation
        name = commitment.person.name if commitment.person else ""
        return {
            "reference": commitment.reference,
            "beneficiary": {"en": to.name_en or to.name_pinyin, "zh": to.name_zh} if to else name,
            "owner": commitment.owner.name,
            "due": day(commitment.due_on),
        }


class _ToBeneficiary(_AboutCommitment):
    """Whoever writes for the organisation, and the person; only they are sent the words."""

    def recipients(self, change: Change) -> Iterable[User]:
        commitment: Commitment = change.obj
        members = Membership.objects.active().filter(organisation=commitment.organisation_id)
        writing = members.exclude(role=Membership.Role.VIEWER).values("user")
        found = list(User.objects.filter(pk__in=writing).order_by("pk"))
        return [*found, commitment.person] if commitment.person else found

    def context(self, change: Change) -> Mapping[str, Any]:
        return {**super().context(change), "promise": both(change.obj, "text")}

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "investors:commitment", {"reference": change.obj.reference}


class CommitmentMade(_ToBeneficiary):
    """The district promised something: what, by when, and who answers for it."""

    kind = "investors.commitment_made"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say of which broken one it takes the place."""
        earlier = change.obj.follows
        return {**super().context(change), "follows": earlier.reference if earlier else ""}


class CommitmentKept(_ToBeneficiary):
    """The owner says that it was kept, and how."""

    kind = "investors.commitment_kept"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say how."""
        return {**super().context(change), "evidence": change.obj.evidence}


class CommitmentBroken(_ToBeneficiary):
    """It was not kept: why, and what happens now."""

    kind = "investors.commitment_broken"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say why, and what happens now."""
        return {**super().context(change), "reasons": change.obj.reasons, "next_step": change.obj.next_step}


class ObjectionAnswered(_ToBeneficiary):
    """The head of service looked into the objection."""

    kind = "investors.commitment_objection_answered"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say what came of it."""
        return {**super().context(change), "answer": change.obj.objection_answer}


class _ToOwner(_AboutCommitment):
    def recipients(self, change: Change) -> Iterable[User]:
        owner = owner_of(change.obj)
        return [owner] if owner else holders(Role.HEAD)

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "admin:investors_commitment_change", {"object_id": str(change.obj.pk)}


class CommitmentGiven(_ToOwner):
    """Somebody answers for it from now on."""

    kind = "investors.commitment_given"


class CommitmentReleased(_ToOwner):
    """The beneficiary does not need it any more."""

    kind = "investors.commitment_released"


class CommitmentDueSoon(_ToOwner):
    """Its day is near."""

    kind = "investors.commitment_due_soon"


class CommitmentDueToday(_ToOwner):
    """Its day has come."""

    kind = "investors.commitment_due_today"


class _ToHeads(_ToOwner):
    """The heads, the owner, and the owner's deputy."""

    def recipients(self, change: Change) -> Iterable[User]:
        owner = owner_of(change.obj)
        deputies = User.objects.filter(deputy_of__user=change.obj.owner_id, is_active=True, is_staff=True)
        return [*holders(Role.HEAD), *deputies, *([owner] if owner else [])]


class CommitmentOverdue(_ToHeads):
    """Its day has passed: the head, the owner and the owner's deputy hear."""

    kind = "investors.commitment_overdue"


class CommitmentStillOverdue(_ToHeads):
    """Nobody has said anything since its day passed: the head and the owner hear again."""

    kind = "investors.commitment_still_overdue"


class _ToHearObjection(_ToOwner):
    """Heads who do not answer for the commitment itself."""

    def recipients(self, change: Change) -> Iterable[User]:
        return [head for head in holders(Role.HEAD) if head.pk != change.obj.owner_id]

    def context(self, change: Change) -> Mapping[str, Any]:
        due = deadlines.open_deadline(change.obj, "remind_objection")
        return {**super().context(change), "answer_due": day(due.due_at) if due else ""}


class CommitmentObjected(_ToHearObjection):
    """The beneficiary says that it was not kept."""

    kind = "investors.commitment_objected"


class ObjectionWaiting(_ToHearObjection):
    """The promised day of the answer to the objection has come."""

    kind = "investors.commitment_objection_waiting"
