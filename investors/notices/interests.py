"""What the two parties of an interest are told: reference, title and dates, never what was written or shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from firms.models import Membership
from investors.models import Interest
from investors.models.interests import WRITERS
from investors.notices.words import day
from portal import deadlines
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message, both


def writers(*organisations: int | None) -> QuerySet[User]:
    """Return those who write for organisations."""
    acting = Membership.objects.active().filter(organisation__in=organisations, role__in=WRITERS)
    return User.objects.filter(is_active=True, pk__in=acting.values("user")).order_by("pk")


def people_of_owner(interest: Interest) -> Iterable[User]:
    """Return who hears for the owner of the opportunity."""
    return writers(interest.opportunity.owner_id)


def people_of_person(interest: Interest) -> Iterable[User]:
    """Return who hears for the side that is interested."""
    return writers(interest.organisation_id) if interest.organisation_id else [interest.person]


def signatories_of(interest: Interest, *, owner: bool) -> Iterable[User]:
    """Return who may accept the agreement for a side."""
    organisation = interest.opportunity.owner_id if owner else interest.organisation_id
    if organisation is None:
        return [interest.person]
    binding = Membership.objects.active().filter(organisation=organisation, role=Membership.Role.SIGNATORY)
    return User.objects.filter(is_active=True, pk__in=binding.values("user")).order_by("pk")


def but(user: User | None, people: Iterable[User]) -> list[User]:
    """Leave out who took the step."""
    return [one for one in people if user is None or one.pk != user.pk]


def other_side(change: Change, interest: Interest) -> Iterable[User]:
    """Return the people of the side whose member did not take the step."""
    owners = list(people_of_owner(interest))
    is_owner = change.by is not None and change.by.pk in {user.pk for user in owners}
    return people_of_person(interest) if is_owner else owners


class _AboutInterest(Message):
    def interest(self, change: Change) -> Interest:
        found: Interest = change.obj
        return found

    def context(self, change: Change) -> Mapping[str, Any]:
        interest = self.interest(change)
        return {"reference": interest.reference, "opportunity": both(interest.opportunity, "title")}

    def page(self, change: Change) -> tuple[str, dict[str, Any]] | None:
        return "investors:interest", {"reference": self.interest(change).reference}


class _ToOwner(_AboutInterest):
    def recipients(self, change: Change) -> Iterable[User]:
        return but(change.by, people_of_owner(self.interest(change)))


class _ToPerson(_AboutInterest):
    def recipients(self, change: Change) -> Iterable[User]:
        return but(change.by, people_of_person(self.interest(change)))


class _ToBoth(_AboutInterest):
    def recipients(self, change: Change) -> Iterable[User]:
        interest = self.interest(change)
        return but(change.by, [*people_of_owner(interest), *people_of_person(interest)])


class _ToOtherSide(_AboutInterest):
    def recipients(self, change: Change) -> Iterable[User]:
        return but(change.by, other_side(change, self.interest(change)))


class _WithLapse(_AboutInterest):
    def context(self, change: Change) -> Mapping[str, Any]:
        lapse = deadlines.open_deadline(change.obj, "lapse")
        return {**super().context(change), "lapses": day(lapse.due_at) if lapse else ""}


class InterestSent(_WithLapse):
    """The receipt: what happens next, and by when."""

    kind = "investors.interest_sent"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell who expressed it, too."""
        return people_of_person(change.obj)


class InterestReceived(_WithLapse, _ToOwner):
    """Somebody is interested."""

    kind = "investors.interest_received"


class InterestWaiting(_WithLapse, _ToOwner):
    """Nobody has answered yet."""

    kind = "investors.interest_waiting"


class InterestLapsed(_ToOwner):
    """It ended because nobody answered: told to the owner."""

    kind = "investors.interest_lapsed"


class InterestUnanswered(_ToPerson):
    """It ended because nobody answered: told to who was interested."""

    kind = "investors.interest_unanswered"


class InterestAccepted(_ToPerson):
    """The owner wants to go on: the agreement is to be accepted."""

    kind = "investors.interest_accepted"


class InterestSigned(_AboutInterest):
    """One side has accepted the agreement; the owner's signatories are asked."""

    kind = "investors.interest_signed"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell who may accept for the owner."""
        return signatories_of(change.obj, owner=True)


class InterestToSign(_AboutInterest):
    """The agreement waits for somebody's acceptance."""

    kind = "investors.interest_to_sign"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell the signatories of the side that has not accepted."""
        return signatories_of(change.obj, owner=change.obj.acceptances.filter(side="person").exists())


class InterestAgreed(_ToBoth):
    """Both have accepted: the confidential tier is open."""

    kind = "investors.interest_agreed"


class InterestRevoked(_ToPerson):
    """The owner has closed the confidential tier."""

    kind = "investors.interest_revoked"


class InterestRestored(_ToPerson):
    """The owner has opened the confidential tier again."""

    kind = "investors.interest_restored"


class InterestRoomOpened(_ToPerson):
    """The data room is open."""

    kind = "investors.interest_room_opened"


class InterestRoomClosed(_ToPerson):
    """The data room is closed."""

    kind = "investors.interest_room_closed"


class InterestNegotiating(_ToOtherSide):
    """The negotiation has begun."""

    kind = "investors.interest_negotiating"


class InterestPriceRecorded(_ToPerson):
    """It is recorded how the price was set."""

    kind = "investors.interest_price_recorded"


class InterestConcluded(_ToBoth):
    """A contract was made."""

    kind = "investors.interest_concluded"


class InterestDeclined(_ToPerson):
    """The owner does not go on; the reason stands in the portal."""

    kind = "investors.interest_declined"


class InterestWithdrawn(_ToOwner):
    """Who was interested is no longer."""

    kind = "investors.interest_withdrawn"


class InterestWritten(_ToOtherSide):
    """The other side wrote."""

    kind = "investors.interest_written"


class InterestOfficerInvited(_ToOtherSide):
    """An officer reads what is written from now on: told to the other side and to the officer."""

    kind = "investors.interest_officer_invited"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell the officer too."""
        return [*super().recipients(change), change.obj.officer]


class InterestOfficerGone(_ToOtherSide):
    """No officer reads what is written any more."""

    kind = "investors.interest_officer_gone"


class _AboutMilestone(_ToOtherSide):
    def interest(self, change: Change) -> Interest:
        found: Interest = change.obj.interest
        return found

    def context(self, change: Change) -> Mapping[str, Any]:
        return {**super().context(change), "due": day(change.obj.due_on)}


class MilestoneAdded(_AboutMilestone):
    """The other side has planned something."""

    kind = "investors.interest_milestone_added"


class MilestoneDone(_AboutMilestone):
    """The other side says that it is done."""

    kind = "investors.interest_milestone_done"


class MilestoneDue(_AboutMilestone):
    """A milestone's day comes near: told to both sides."""

    kind = "investors.interest_milestone_due"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell both sides."""
        interest = self.interest(change)
        return [*people_of_owner(interest), *people_of_person(interest)]
