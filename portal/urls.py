"""The addresses: public pages under a language, machines' pages without."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal.api import pages
from portal.api.standards import StandardsView, standards_csv
from portal.api.views import SchemaView
from portal.views import desk, documents, health, home, machines, notices, personal_data, standards

urlpatterns = [
    path("favicon.ico", home.favicon),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", machines.robots_txt),
    path("sitemap.xml", machines.site_map_index, name="site_map"),
    path("sitemap-<slug:section>.xml", machines.site_map_section, name="site_map_section"),
    path(".well-known/security.txt", machines.security_txt),
    path("readyz", health.readyz, name="readyz"),
    path("documents/<uuid:uid>/", documents.document, name="document"),
    path("api/v1/schema/", SchemaView.as_view(), name="api_schema"),
    path("api/v1/docs/", pages.docs, name="api_docs"),
    path("api/v1/service-standard/", StandardsView.as_view(), name="api_standards"),
    path("api/v1/", include("firms.api.urls")),
    path("api/v1/", include("investors.api.urls")),
]
urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("service-standard/", standards.service_standard, name="service_standard"),
    path("service-standard/figures.csv", standards_csv, name="standards_csv"),
    path("help/", home.help_page, name="help"),
    path("open-data/", pages.open_data, name="open_data"),
    path("privacy/", home.privacy, name="privacy"),
    path("desk/notices/", notices.notice_list, name="notices"),
    path("desk/notices/read/", notices.read_all_notices, name="read_all_notices"),
    path("desk/notices/<int:pk>/read/", notices.read_notice, name="read_notice"),
    path("accounts/personal-data/", personal_data.personal_data, name="personal_data"),
    path("accounts/personal-data/export/", personal_data.export, name="export_personal_data"),
    path("accounts/personal-data/withdraw/<slug:purpose>/", personal_data.withdraw, name="withdraw_consent"),
    path("accounts/", include("allauth.urls")),
    path("", include("firms.urls")),
    path("", include("incentives.urls")),
    path("", include("investors.urls")),
)

handler500 = "portal.views.errors.server_error"
