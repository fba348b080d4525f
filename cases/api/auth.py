"""Who may do what: the bearer token of a request, its scopes, and the rights of the person's role."""

from cases.api.problem_details import ScopeMissing, TokenInvalid, TokenMissing
from cases.api.request import ApiRequest
from cases.domain.roles import Right, Scope, missing_right
from cases.operations.tokens import find_token


def authenticate(request: ApiRequest) -> None:
    """Sets token, scopes, user, team and role from the Authorization header, the only credentials that are accepted;
    raises TokenMissing, TokenInvalid."""
    auth_scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if auth_scheme.lower() != "bearer" or not secret.strip():
        raise TokenMissing()
    token = find_token(secret.strip(), request.now)
    if token is None:
        raise TokenInvalid()
    request.token, request.scopes = token, frozenset(token.scopes.split())
    membership = token.membership
    request.user, request.team, request.role = membership.user, membership.team, membership.role


def require_scope(request: ApiRequest, scope: Scope) -> None:
    """Raises ScopeMissing unless the token was created with this scope."""
    if scope not in request.scopes:
        raise ScopeMissing(scope=scope.value)


def require_right(request: ApiRequest, right: Right) -> None:
    """Raises OtherTeam, ManagerRequired or ViewerReadOnly unless the person's role has this right."""
    error = missing_right(request.role, right)
    if error:
        raise error
