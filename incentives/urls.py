"""The addresses of the incentives, all under a language."""

from django.urls import path

from incentives.views import (
    appeals,
    applications,
    calendar,
    files,
    kept_answers,
    letters,
    programmes,
    public,
    sections,
    writing,
)

app_name = "incentives"
_application = "desk/applications/<uuid:uid>/"

urlpatterns = [
    path("incentives/", programmes.programmes, name="programmes"),
    path("incentives/check/", programmes.check, name="check"),
    path("incentives/check/keep/", kept_answers.ask, name="ask_to_keep_answers"),
    path("incentives/check/kept/", kept_answers.keep, name="keep_answers"),
    path("incentives/check/forget/", kept_answers.forget, name="forget_answers"),
    path("incentives/calendar/", calendar.calendar, name="calendar"),
    path("incentives/calendar/rounds.ics", calendar.calendar_ics, name="calendar_ics"),
    path("incentives/<slug:slug>/", programmes.programme, name="programme"),
    path("incentives/<slug:slug>/check/", programmes.check_programme, name="check_programme"),
    path("incentives/<slug:slug>/preview/", programmes.preview, name="preview"),
    path("incentives/<slug:slug>/apply/", programmes.apply, name="apply"),
    path("desk/applications/", applications.applications, name="applications"),
    path(_application, applications.application, name="application"),
    path(f"{_application}answers/", applications.answers, name="answers"),
    path(f"{_application}appeal/", appeals.appeal, name="appeal"),
    path(f"{_application}changes/", applications.changes, name="changes"),
    path(f"{_application}receipt/", applications.receipt, name="receipt"),
    path(f"{_application}accept/", applications.take, {"step": "accept_offer"}, name="accept_offer"),
    path(f"{_application}withdraw/", applications.take, {"step": "withdraw"}, name="withdraw"),
    path(f"{_application}submit/", writing.submit, name="submit"),
    path(f"{_application}sections/<slug:slug>/", sections.section, name="section"),
    path(f"{_application}sections/<slug:slug>/others/", sections.others, name="section_others"),
    path(f"{_application}sections/<slug:slug>/files/<slug:question>/", files.file, name="section_file"),
    path(f"{_application}documents/<slug:slug>/", writing.document, name="application_document"),
    path("desk/letters/<uuid:uid>/", letters.letter, name="letter"),
    path("letters/", letters.verify_letter, name="verify_letter"),
    path("public-notices/", public.public_notices, name="public_notices"),
    path("public-notices/<slug:number>/", public.public_notice, name="public_notice"),
    path("awards/", public.awards, name="awards"),
    path("awards/awards.csv", public.awards_csv, name="awards_csv"),
]
