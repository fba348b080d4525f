"""URLs of signing in, passwords, e-mail addresses, second factors and sessions: allauth's views under our paths."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path
from django.views.decorators.http import require_POST

from cases.web import second_factor

urlpatterns = [
    path("sign-in/", account.login, name="sign_in"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", require_POST(account.logout), name="sign_out"),
    path("sign-out/", require_POST(account.logout), name="account_logout"),
    path("sign-up/", account.signup, name="account_signup"),
    path("me/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("me/email/", account.email, name="account_email"),
    path("me/email/sent/", account.email_verification_sent, name="account_email_verification_sent"),
    path("me/email/confirm/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("me/password/set/", account.password_set, name="account_set_password"),
    path("me/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("password/", account.password_reset, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-factor/totp/activate/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("second-factor/", include("allauth.mfa.urls")),
]
