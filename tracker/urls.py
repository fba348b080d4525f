"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

handler400 = "cases.web.trouble.not_understood"
handler500 = "cases.web.trouble.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("cases.web.urls")),
]
