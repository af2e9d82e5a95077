"""The addresses: public pages under a language, machines' pages without."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal.views import home

urlpatterns = [
    path("admin/", admin.site.urls),
]
urlpatterns += i18n_patterns(
    path("", home.home, name="home"),
    path("desk/", home.home, name="desk"),
    path("accounts/", include("allauth.urls")),
)
