"""Addresses below /accounts/. Only the pages of allauth that this house has."""

from allauth.account import views as account
from django.conf import settings
from django.urls import include, path

from siaga.web.accounts import locking, views

# In a demonstration the door itself says that no second factor is asked.
sign_in = account.LoginView.as_view(
    extra_context={"second_factor_waived": not settings.SIAGA_REQUIRE_MFA}
)

urlpatterns = [
    path("accounts/", views.home, name="accounts_home"),
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/security/", views.security, name="accounts_security"),
    path("accounts/security/pin/", views.pin, name="accounts_pin"),
    path("accounts/second-factor/", views.second_factor, name="accounts_second_factor"),
    path("accounts/sessions/end/", views.end_sessions, name="accounts_end_sessions"),
    path(
        "accounts/sessions/<uuid:sign_in_id>/end/",
        views.end_session,
        name="accounts_end_session",
    ),
    path("accounts/lock/", locking.lock, name="accounts_lock"),
    path("accounts/lock/overlay/", locking.overlay, name="accounts_lock_overlay"),
    path("accounts/locked/", locking.locked, name="accounts_locked"),
    path("accounts/unlock/", locking.unlock, name="accounts_unlock"),
    path("accounts/active/", locking.active, name="accounts_active"),
    # allauth asks for these names when it draws its pages.
    path("accounts/signup/", views.absent, name="account_signup"),
    path("accounts/password/set/", views.absent, name="account_set_password"),
    path("accounts/password/reset/", views.absent, name="account_reset_password"),
]
