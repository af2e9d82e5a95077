"""The addresses of opportunities in the API, under ``/api/v1/``."""

from django.urls import path

from investors.api import opportunities

app_name = "opportunities_api"
urlpatterns = [
    path("opportunities/", opportunities.OpportunitiesView.as_view(), name="opportunities"),
    path("opportunities/<slug:slug>/", opportunities.OpportunityView.as_view(), name="opportunity"),
    path("opportunity-facets/", opportunities.OpportunityFacetsView.as_view(), name="facets"),
]
