"""The addresses of the API, under ``/api/v1/``."""

from django.urls import path

from firms.api import firms, places

app_name = "api"
urlpatterns = [
    path("firms/", firms.FirmsView.as_view(), name="firms"),
    path("firms/<slug:slug>/", firms.FirmView.as_view(), name="firm"),
    path("facets/", firms.FacetsView.as_view(), name="facets"),
    path("clusters/", places.ClustersView.as_view(), name="clusters"),
    path("clusters/<slug:slug>/", places.ClusterView.as_view(), name="cluster"),
    path("subdistricts/", places.SubdistrictsView.as_view(), name="subdistricts"),
]
