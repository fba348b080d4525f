"""Redirects to a page of this site that a form names."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def redirect_to_path(request: HttpRequest, next_url: str) -> HttpResponseRedirect:
    """To this path; to the work list where it is none, or one of another site."""
    # A path, and never the name of a view, which `redirect` would take as well.
    is_safe = next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, {request.get_host()})
    return redirect(next_url if is_safe else "work_list")
