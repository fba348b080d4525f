"""Access to the admin: the product's own sign-in, and a second factor."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

#: The apps and models of the index, those that an operator needs most often first; what is not listed comes last.
_APPS_BY_USE = ("cases", "django_q", "auth")
_MODELS_BY_USE = (
    *("Case", "CarrierMessage", "Notice", "AccountMail", "Card", "Forwarder", "Team", "User"),
    *("Carrier", "Branch", "AppealBody", "CalendarOverride", "PublishedYear", "LanguageModel"),
)


class OperatorsSite(AdminSite):
    """The admin, for staff who have a second factor."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The apps and their models by use, and not by name as Django has them."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], _MODELS_BY_USE))
        return sorted(apps, key=lambda app: _place(app["app_label"], _APPS_BY_USE))

    def has_permission(self, request: HttpRequest) -> bool:
        allowed = super().has_permission(request)
        return allowed and (not settings.ADMIN_SECOND_FACTOR or bool(is_mfa_enabled(request.user)))

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """There is one sign-in. Who is signed in without a second factor is sent to its setup."""
        next_url = request.GET.get("next", "")
        destination = next_url if url_has_allowed_host_and_scheme(next_url, {request.get_host()}) else "/admin/"
        if not request.user.is_authenticated:
            return redirect_to_login(destination, settings.LOGIN_URL)
        if self.has_permission(request):
            return redirect(destination)
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied(_("Only system administrators can open the admin."))
        messages.info(request, _("The admin needs two-step verification. Set it up here, then open the admin again."))
        return redirect("mfa_index")


def _place(name: str, names: tuple[str, ...]) -> int:
    return names.index(name) if name in names else len(names)
