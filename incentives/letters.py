"""Letters to applicants: written with the step that causes them, made into a file by a worker, once."""

import secrets
from collections.abc import Callable

import structlog
from django.utils import translation

from incentives import letter_words
from incentives.models import Application, Letter
from incentives.records import digest
from portal import documents, work
from portal.lifecycle import Change
from portal.models import StepTaken
from portal.pdf import CannotPrintError, render_pdf

log = structlog.get_logger()

QUEUE = "letters"
LANGUAGES = ("zh-hans", "en")
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
_SECONDS = 240  # for a batch of them; one takes about half a second


def issue(kind: Letter.Kind) -> Callable[[Change], None]:
    """Return what writes a letter of this kind, in both languages, in the transaction of its step."""

    def write(change: Change) -> None:
        application = change.obj if isinstance(change.obj, Application) else change.obj.application
        if change.taken and application.number:  # a draft that was never submitted has no number, and gets no letters
            issue_letter(application=application, kind=kind, taken=change.taken)

    return write


def issue_letter(*, application: Application, kind: Letter.Kind, taken: StepTaken) -> list[Letter]:
    """Write a letter about a step, in both languages under one number; a worker makes its files after the commit.

    Args:
        application: locked, as it stands after the step.
        kind: which letter.
        taken: the step.
    """
    number = f"{application.number}-{application.letters.in_language(LANGUAGES[0]).count() + 1:02d}"
    issued = []
    for language in LANGUAGES:
        code = _new_code()
        with translation.override(language):
            content = letter_words.compose(kind, application=application, taken=taken, number=number, code=code)
        issued.append(
            Letter.objects.create(
                application=application,
                step=taken,
                kind=kind,
                language=language,
                number=number,
                code=code,
                content=content,
                sha256=digest(content),
                issued_at=taken.at,
            )
        )
    work.wake(QUEUE)
    return issued


def _new_code() -> str:
    """Return a code that nobody guesses: 10 characters, 49 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(5)) for _half in range(2))


def printed(letter: Letter) -> bytes:
    """Return a letter as a PDF, from its kept content alone; the same letter gives the same bytes."""
    with translation.override(letter.language):
        context = {"letter": letter, "content": letter.content}
        return render_pdf(
            "incentives/letter/letter.html",
            context,
            stylesheet="incentives/letter/letter.css",
            made_at=letter.issued_at,
        )


def make_file(letter: Letter) -> None:
    """Make the file of a letter and keep it: the work of the queue.

    Raises:
        work.NotNow: this machine cannot print; the letter waits until one can.
    """
    try:
        content = printed(letter)
    except CannotPrintError as error:
        log.error("cannot_print", letter=letter.number, error=str(error))  # noqa: TRY400 -- the text says it all
        raise work.NotNow from error
    document = documents.keep_made(
        content=content,
        name=f"{letter.number} {letter.content['title']}.pdf",
        media_type="application/pdf",
        subject=letter,
        purpose="letter",
    )
    letter.document, letter.file_sha256 = document, document.sha256
    letter.save(update_fields=["document", "file_sha256"])


work.register(work.Queue(QUEUE, Letter.objects.all, make_file, seconds=_SECONDS))
