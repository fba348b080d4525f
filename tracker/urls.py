"""The root of the URLs."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from cases.api.urls import docs
from cases.api.urls import urlpatterns as api

handler400 = "cases.web.error_views.bad_request"
handler500 = "cases.web.error_views.server_error"

#: Models whose pages of the admin had another address in earlier releases.
_FORMER_ADMIN_NAMES = {"message": "carriermessage", "completeyear": "publishedyear"}

urlpatterns = [
    *[
        re_path(
            rf"^admin/cases/{former}/(?P<rest>.*)$",
            require_safe(
                RedirectView.as_view(url=f"/admin/cases/{present}/%(rest)s", permanent=True, query_string=True)
            ),
        )
        for former, present in _FORMER_ADMIN_NAMES.items()
    ],
    path("admin/", admin.site.urls),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api),
    path("", include("cases.web.urls")),
]
