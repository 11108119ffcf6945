"""Doors of one's own account: sign-in, password, second factor, sessions. Names without a namespace: allauth asks for them.

Of django-allauth only what an office uses is mounted. Nobody signs themselves up, and no letter changes an account: whoever
forgot a password asks an administrator.
"""

from allauth.account import views as account
from django.urls import include, path

from hotline.console.account import views

urlpatterns = [
    path("", views.overview, name="account"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("sessions/<int:pk>/", views.revoke, name="usersessions_revoke"),
    path("sessions/others/", views.revoke_others, name="usersessions_revoke_others"),
    # allauth reverses these names; there is nothing behind them.
    *(
        path(f"{name}/", views.nowhere, name=f"account_{name}")
        for name in ("signup", "email", "set_password", "reset_password", "email_verification_sent")
    ),
]
