"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

from cases.api.urls import docs
from cases.api.urls import urlpatterns as api

handler400 = "cases.web.error_views.not_understood"
handler500 = "cases.web.error_views.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api),
    path("", include("cases.web.urls")),
]
