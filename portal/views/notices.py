"""A person's notices."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.models import Notice
from portal.notices import link, show


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """List what the portal told this person, newest first."""
    notices = Notice.objects.visible_to(request.user).order_by("-id")  # type: ignore[arg-type]
    page = Paginator(notices, 20).get_page(request.GET.get("page"))
    return render(request, "portal/notices.html", {"page": page, "shown": map(show, page)})


@require_POST
@login_required
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read, and open its page if it has one."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())
    return redirect(link(notice) or "notices") if request.POST.get("open") else redirect("notices")


@require_POST
@login_required
def read_all_notices(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    Notice.objects.visible_to(request.user).unread().update(read_at=timezone.now())  # type: ignore[arg-type]
    return redirect("notices")
