"""A number that somebody asked for on the page of a case: in full on every page of that case, until they leave it."""

from django.http import HttpRequest

from cases.models import Case

#: In the session: the reference of the case.
_CASE = "full_number_of_case"


def remember_asked(request: HttpRequest, case: Case) -> bool:
    """Whether this is the first time since the person came to the case; its pages show the number from now on."""
    is_first = not is_asked_for(request, case)
    request.session[_CASE] = case.reference
    return is_first


def is_asked_for(request: HttpRequest, case: Case) -> bool:
    """Whether the person asked for the number and is still with the case."""
    return bool(request.session.get(_CASE) == case.reference)


def forget_elsewhere(request: HttpRequest) -> None:
    """Opening a page that is not of the case ends it; what a page fetches in the background does not."""
    match, is_fragment = request.resolver_match, "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    if match is None or is_fragment or request.method != "GET" or _CASE not in request.session:
        return
    # The form for pasting an SMS names its case in the query.
    if match.kwargs.get("reference", request.GET.get("case")) != request.session[_CASE]:
        del request.session[_CASE]
