"""The addresses of opportunities, inquiries, complaints and commitments."""

from django.urls import path

from investors.views import (
    commitments,
    complaints,
    confirming,
    inquiries,
    opportunities,
    own_inquiries,
    own_opportunities,
    sharing,
    shortlists,
)

app_name = "investors"

urlpatterns = [
    path("opportunities/", opportunities.opportunity_list, name="opportunities"),
    path("opportunities/<slug:slug>/", opportunities.opportunity, name="opportunity"),
    path("compare/", shortlists.compare, name="compare"),
    path("shortlist/", shortlists.shortlist, name="shortlist"),
    path("shortlist/add/", shortlists.add, name="add_to_shortlist"),
    path("shortlist/remove/", shortlists.remove, name="remove_from_shortlist"),
    path("shortlist/put-back/", shortlists.put_back, name="put_back_on_shortlist"),
    path("shortlist/note/", shortlists.note, name="note_on_shortlist"),
    path("shortlist/share/", sharing.share, name="share_shortlist"),
    path("shortlist/links/<uuid:uid>/end/", sharing.end_link, name="end_shared_shortlist"),
    path("shortlist/shared/<str:token>/", sharing.shared, name="shared_shortlist"),
    path("desk/shortlist/", shortlists.own_shortlist, name="own_shortlist"),
    path("technology/", opportunities.technology, name="technology"),
    path("premises/", opportunities.premises, name="premises"),
    path("inquiries/new/", inquiries.new_inquiry, name="new_inquiry"),
    path("inquiries/confirm/again/", confirming.send_again, name="send_link_again"),
    path("inquiries/confirm/<str:token>/", confirming.confirm_inquiry, name="confirm_inquiry"),
    path("desk/inquiries/", own_inquiries.inquiry_list, name="inquiries"),
    path("desk/inquiries/<slug:reference>/", own_inquiries.inquiry, name="inquiry"),
    path("desk/inquiries/<slug:reference>/reply/", own_inquiries.reply, name="reply_to_inquiry"),
    path("desk/inquiries/<slug:reference>/rate/", own_inquiries.rate, name="rate_inquiry"),
    path("desk/inquiries/<slug:reference>/close/", own_inquiries.close, name="close_inquiry"),
    path("desk/inquiries/<slug:reference>/withdraw/", own_inquiries.withdraw, name="withdraw_inquiry"),
    path("desk/inquiries/<slug:reference>/export/", own_inquiries.export, name="export_inquiry"),
    path("desk/commitments/", commitments.commitment_list, name="commitments"),
    path("desk/commitments/print/", commitments.commitments_to_print, name="commitments_to_print"),
    path("desk/commitments/<slug:reference>/", commitments.commitment, name="commitment"),
    path("desk/commitments/<slug:reference>/object/", commitments.object_to, name="object_to_commitment"),
    path("desk/commitments/<slug:reference>/release/", commitments.release, name="release_commitment"),
    path("complaints/", complaints.about_complaints, name="about_complaints"),
    path("complaints/new/", complaints.new_complaint, name="new_complaint"),
    path("desk/complaints/", complaints.complaint_list, name="complaints"),
    path("desk/complaints/<slug:reference>/", complaints.complaint, name="complaint"),
    path("desk/complaints/<slug:reference>/reply/", complaints.reply, name="reply_to_complaint"),
    path("desk/complaints/<slug:reference>/withdraw/", complaints.withdraw, name="withdraw_complaint"),
    path("desk/opportunities/", own_opportunities.own_list, name="own_opportunities"),
    path("desk/opportunities/new/", own_opportunities.new, name="new_opportunity"),
    path("desk/opportunities/<slug:slug>/", own_opportunities.edit, name="own_opportunity"),
    path("desk/opportunities/<slug:slug>/<slug:step>/", own_opportunities.take_step, name="opportunity_step"),
]
