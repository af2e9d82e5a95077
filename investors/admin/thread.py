"""The page of one inquiry in the workplace: thread, answer with its draft, steps, links."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from investors.admin.promising import commitments_part
from investors.forms.officer_steps import DraftForm, LinkForm
from investors.models import AnswerDraft, AnswerTemplate, Inquiry
from investors.presentation import INQUIRY_TONES
from investors.queue import rows
from investors.rules import answers
from investors.services import linking
from investors.services.drafts import DraftChanged, filled, save_draft
from investors.threads import thread_of
from portal import local_form
from portal.admin.steps import StepsAdmin
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Deadline

_LONGEST_TEXT = 5000


class ThreadPages(StepsAdmin):
    """The page of an inquiry, and what its buttons beside the steps do."""

    show: Any

    def thread_urls(self) -> list[Any]:
        """Return the addresses of drafts and links."""
        wrap = self.admin_site.admin_view
        views = {"draft": self.draft_view, "link": self.link_view, "unlink": self.unlink_view}
        return [
            path(f"<int:object_id>/{name}/", wrap(require_POST(view)), name=f"investors_inquiry_{name}")
            for name, view in views.items()
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the inquiry with all that its officer needs."""
        inquiry: Any = self.get_object(request, object_id)
        if inquiry is None or request.method not in {"GET", "HEAD"}:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, inquiry):
            raise PermissionDenied
        user: Any = request.user
        drafts = list(inquiry.drafts.exclude(text="").select_related("author"))
        own = next((draft for draft in drafts if draft.author_id == user.pk), None)
        doors: dict[str, Any] = {door["step"].name: door for door in self._doors(request, inquiry)}
        answer = doors.pop("answer", None)
        form = answer and answer["form"]
        if form is not None and not form.is_bound and own:
            form.initial["text"] = own.text
        due = {row.step: row for row in Deadline.objects.about(inquiry).open()}
        context = {
            "title": inquiry.reference,
            "inquiry": inquiry,
            "row": rows([inquiry])[0],
            "tone": INQUIRY_TONES[inquiry.status],
            "thread": thread_of(inquiry, notes=True),
            "answer": answer,
            "draft": own,
            "others_drafts": [draft for draft in drafts if draft is not own],
            "templates": AnswerTemplate.objects.offered_for(inquiry) if answer else [],
            "doors": list(doors.values()),
            "taken": self._taken(inquiry),
            "links": linking.links_of(inquiry, user),
            "link_form": LinkForm() if answers(user, inquiry) else None,
            "follow_up": due.get("follow_up"),
            "waits_until": due.get("close_unanswered"),
            **commitments_part(request, inquiry),
        }
        return self.show(request, "inquiry", context)

    def draft_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Keep what is typed of the answer; with a template, its words are added."""
        inquiry, user = self._inquiry(request, object_id), request.user
        form = DraftForm(request.POST, prefix="answer")
        if not form.is_valid():
            return self._told(request, inquiry, _errors(form), 422)
        text = form.cleaned_data["text"]
        if "insert" in request.POST:
            template = AnswerTemplate.objects.offered_for(inquiry).filter(pk=form.cleaned_data["template"]).first()
            if template is not None:
                text = "\n\n".join(part for part in (text, filled(template, inquiry, user)) if part)[:_LONGEST_TEXT]  # type: ignore[arg-type]
        try:
            draft = save_draft(by=user, inquiry=inquiry, text=text, version=form.cleaned_data["version"])  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            return self._told(request, inquiry, str(closed), 409)
        except DraftChanged as changed:
            if not _by_script(request):  # there the text is still in the window
                request.session["step_typed"] = {self._step(inquiry, "answer"): {"answer-text": text}}
            words = gettext("Another window of yours saved another text. Both are shown: bring them together and save.")
            return self._told(request, inquiry, words, 409, changed.draft)
        request.session.pop("step_typed", None)
        moment = local_form.moment(draft.saved_at)
        return self._told(request, inquiry, gettext("Draft saved: %(moment)s") % {"moment": moment}, 200, draft)

    def take_step(self, request: HttpRequest, object_id: int, step: str) -> HttpResponse:
        """Take a step; an answer is kept as a draft first, so that no other's step costs its text."""
        form = DraftForm(request.POST, prefix="answer")
        if step == "answer" and form.is_valid():
            inquiry = self._inquiry(request, object_id)
            if answers(request.user, inquiry) and not inquiry.erased_at:  # type: ignore[arg-type]
                save_draft(by=request.user, inquiry=inquiry, text=form.cleaned_data["text"], version=None)  # type: ignore[arg-type]
        return super().take_step(request, object_id, step)

    def link_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Link the inquiry with a record."""
        inquiry, form = self._inquiry(request, object_id), LinkForm(request.POST)
        if not form.is_valid():
            return self._told(request, inquiry, _errors(form), 422)
        try:
            linking.link(by=request.user, inquiry=inquiry, text=form.cleaned_data["what"])  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            return self._told(request, inquiry, str(closed), 409)
        return self._told(request, inquiry, gettext("Linked."), 200)

    def unlink_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take a link away."""
        inquiry, number = self._inquiry(request, object_id), request.POST.get("link", "")
        if not (number.isascii() and number.isdigit() and len(number) <= 18):  # noqa: PLR2004 -- of a bigint
            raise Http404
        try:
            linking.unlink(by=request.user, inquiry=inquiry, number=int(number))  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        return self._told(request, inquiry, gettext("The link is gone."), 200)

    def _inquiry(self, request: HttpRequest, object_id: int) -> Inquiry:
        found: Any = self.get_queryset(request).filter(pk=object_id).first() if object_id < 2**63 else None
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        inquiry: Inquiry = found
        return inquiry

    def _step(self, inquiry: Inquiry, step: str) -> str:
        return reverse("admin:investors_inquiry_step", args=[inquiry.pk, step])

    def _told(
        self, request: HttpRequest, inquiry: Inquiry, words: str, status: int, draft: AnswerDraft | None = None
    ) -> HttpResponse:
        """Answer the script in JSON, and whoever has none with the page."""
        if _by_script(request):
            version = {"version": draft.version} if draft else {}
            return JsonResponse({"words": words, **version}, status=status)
        (messages.success if status == 200 else messages.error)(request, words)  # noqa: PLR2004
        return redirect("admin:investors_inquiry_change", inquiry.pk)


def _by_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _errors(form: forms.Form) -> str:
    return " ".join(str(error) for found in form.errors.values() for error in found)
