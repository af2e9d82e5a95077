"""Declaration before anything confidential: other roles open no door to a reviewer who has not declared."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from incentives import panel, queue, rules, services
from incentives.lifecycle import APPLICATION
from incentives.models import Application, Letter, Note, ReviewAssignment
from incentives.notices import About, ToPay
from portal.models import Document, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db

ROLES = (Role.SCREENING, Role.MANAGER, Role.APPROVER, Role.APPEAL, Role.HEAD)


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def asked(story: Story, *roles: Role) -> tuple[User, ReviewAssignment]:
    """Return a reviewer with other roles too, who was asked and has not declared."""
    user = make.person("both", Role.REVIEWER)
    user.groups.add(*Group.objects.filter(name__in=roles))
    return user, ReviewAssignment.objects.create(application=story.application, reviewer=user)


def opened(user: User, story: Story) -> dict[str, Any]:
    """Return what opens of an application to a person, through each door."""
    client = Client()
    client.force_login(user)
    pk, plan = story.application.pk, Document.objects.get(name="plan.pdf")
    document = client.get(f"/documents/{plan.uid}/")
    document.getvalue()
    user = User.objects.get(pk=user.pk)
    application = Application.objects.get(pk=pk)
    return {
        "screen": client.get(f"/admin/incentives/application/{pk}/change/").status_code,
        "document": document.status_code,
        "panel": [row.application.pk for row in panel.panel_of(story.round, user).rows],
        "list": list(Application.objects.visible_to(user)),
        "notes": Note.objects.visible_to(user).count(),
        "steps": {d.step.name for d in APPLICATION.allowed(user, application)},
        "flags": rules.raises_flags(user, application),
        "others": list(ReviewAssignment.objects.visible_to(user).exclude(reviewer=user)),
        "letters": list(Letter.objects.visible_to(user)),
    }


SHUT = {
    "screen": 404,
    "document": 404,
    "panel": [],
    "list": [],
    "notes": 0,
    "steps": set(),
    "flags": False,
    "others": [],
    "letters": [],
}


@pytest.mark.parametrize("role", ROLES)
def test_other_roles_open_nothing_before_the_declaration(role: Role) -> None:
    story = Story().fill().submit().accept()
    services.write_note(application=story.application, by=story.manager, text="Between us", key=uuid4())
    user, assignment = asked(story, role)
    before = opened(user, story)

    services.declare_conflict(assignment=assignment, by=user, conflicted=False)
    after = opened(user, story)

    assert before == SHUT
    assert (after["screen"], after["document"], after["notes"]) == (200, 200, 1)
    assert after["list"] == [story.application]


def test_declaration_page_opens_and_shows_nothing_but_the_question() -> None:
    story = Story().fill().submit().accept()
    user, assignment = asked(story, Role.MANAGER)
    client = Client()
    client.force_login(user)

    answer = client.get(f"/admin/incentives/reviewassignment/{assignment.pk}/change/")

    assert answer.status_code == 200
    assert (answer.context["dossier"], answer.context["answers"], answer.context["documents"]) == (None, [], [])
    assert b"To build" not in answer.content


def test_queue_and_messages_leave_out_who_has_not_declared() -> None:
    story = Story().fill().submit()
    user, assignment = asked(story, Role.SCREENING)

    def waits() -> tuple[bool, bool]:
        application = Application.objects.get(pk=story.application.pk)
        in_queue = queue.waiting_for(user).filter(pk=application.pk).exists()
        return in_queue, user in rules.settlers(application)

    before = waits()
    services.declare_conflict(assignment=assignment, by=user, conflicted=False)

    assert (before, waits()) == ((False, False), (True, True))


@pytest.mark.parametrize(("conflicted", "told"), [(None, False), (False, True), (True, False)])
def test_messages_to_staff_leave_out_who_has_not_declared_or_has_a_conflict(
    conflicted: bool | None, told: bool
) -> None:
    story = Story(reviewers_needed=0).fill().submit().accept()
    user, assignment = asked(story, Role.FINANCE)
    if conflicted is not None:
        services.declare_conflict(assignment=assignment, by=user, conflicted=conflicted)

    recipients = set(ToPay().recipients(About(story.application)))

    assert recipients == ({story.finance, user} if told else {story.finance})
