"""The addresses of opportunities and inquiries."""

from django.urls import path

from investors.views import inquiries, opportunities, own_opportunities

app_name = "investors"

urlpatterns = [
    path("opportunities/", opportunities.opportunity_list, name="opportunities"),
    path("opportunities/<slug:slug>/", opportunities.opportunity, name="opportunity"),
    path("technology/", opportunities.technology, name="technology"),
    path("premises/", opportunities.premises, name="premises"),
    path("inquiries/new/", inquiries.new_inquiry, name="new_inquiry"),
    path("inquiries/kept/", inquiries.kept_inquiry, name="kept_inquiry"),
    path("desk/inquiries/", inquiries.inquiry_list, name="inquiries"),
    path("desk/inquiries/<slug:reference>/", inquiries.inquiry, name="inquiry"),
    path("desk/inquiries/<slug:reference>/reply/", inquiries.reply, name="reply_to_inquiry"),
    path("desk/inquiries/<slug:reference>/rate/", inquiries.rate, name="rate_inquiry"),
    path("desk/inquiries/<slug:reference>/close/", inquiries.close, name="close_inquiry"),
    path("desk/opportunities/", own_opportunities.own_list, name="own_opportunities"),
    path("desk/opportunities/new/", own_opportunities.new, name="new_opportunity"),
    path("desk/opportunities/<slug:slug>/", own_opportunities.edit, name="own_opportunity"),
    path("desk/opportunities/<slug:slug>/<slug:step>/", own_opportunities.take_step, name="opportunity_step"),
]
