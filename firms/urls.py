"""The addresses of organisations, clusters and claims, under a language."""

from django.urls import path

from firms.models import Organisation
from firms.views import claims, clusters, desk, directory, exports, laboratories, organisations, profile, yearly_figures

app_name = "firms"
urlpatterns = [
    path("firms/", directory.directory, name="directory"),
    path("firms/export.csv", exports.csv_file, name="export_csv"),
    path("firms/export.xlsx", exports.spreadsheet, name="export_xlsx"),
    path("firms/suggestions/", directory.suggestions, name="suggestions"),
    path("firms/<slug:slug>/", organisations.organisation, name="organisation"),
    path("firms/<slug:slug>/claim/", claims.claim_organisation, name="claim"),
    path("universities/", organisations.institutions, {"kind": Organisation.Kind.UNIVERSITY}, name="universities"),
    path("universities/<slug:slug>/", organisations.organisation, name="university"),
    path("institutes/", organisations.institutions, {"kind": Organisation.Kind.INSTITUTE}, name="institutes"),
    path("institutes/<slug:slug>/", organisations.organisation, name="institute"),
    path("parks/", organisations.institutions, {"kind": Organisation.Kind.PARK}, name="parks"),
    path("parks/<slug:slug>/", organisations.organisation, name="park"),
    path("laboratories/", laboratories.laboratory_list, name="laboratories"),
    path("laboratories/<slug:slug>/", laboratories.laboratory, name="laboratory"),
    path("clusters/", clusters.cluster_list, name="clusters"),
    path("clusters/figures/<slug:name>.<slug:kind>", clusters.picture_file, name="picture"),
    path("clusters/<slug:slug>/", clusters.cluster, name="cluster"),
    path("clusters/<slug:slug>/figures/<slug:name>.<slug:kind>", clusters.picture_file, name="cluster_picture"),
    path("desk/organisation/", desk.my_organisations, name="desk"),
    path("desk/organisation/register/", desk.register, name="register"),
    path("desk/organisation/claims/<int:pk>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path("desk/organisation/<slug:slug>/", profile.profile, name="profile"),
    path("desk/organisation/<slug:slug>/confirm/", profile.confirm_profile, name="confirm_profile"),
    path("desk/organisation/<slug:slug>/code/", profile.give_code, name="give_code"),
    path("desk/organisation/<slug:slug>/edit/", profile.edit_profile, name="edit_profile"),
    path("desk/organisation/<slug:slug>/edit/withdraw/", profile.withdraw_edit, name="withdraw_edit"),
    path("desk/organisation/<slug:slug>/figures/", yearly_figures.figures, name="figures"),
    path("desk/organisation/<slug:slug>/figures/<int:year>/", yearly_figures.edit_figures, name="edit_figures"),
    path(
        "desk/organisation/<slug:slug>/figures/<int:year>/take-back/",
        yearly_figures.take_back_figures,
        name="take_back_figures",
    ),
    path("desk/organisation/<slug:slug>/members/", desk.members, name="members"),
    path("desk/organisation/<slug:slug>/members/<int:pk>/end/", desk.end_membership, name="end_membership"),
]
