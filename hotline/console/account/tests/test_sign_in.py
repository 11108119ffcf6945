"""Signing in as it really goes: wrong passwords, codes, keys that are not there, sessions somebody else ends."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.journal.models import Act
from hotline.people import actions
from hotline.testing.cast import PASSWORD, Cast

LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def counters_from_zero(db: None) -> None:
    cache.clear()  # failures are counted in the database, which this test alone fills


def sign_in(username: str, password: str = PASSWORD, client: Client | None = None, **extra: str):
    return (client or Client()).post(LOGIN, {"login": username, "password": password, **extra})


def signed_in(username: str) -> Client:
    client = Client()
    assert sign_in(username, client=client).status_code == 302
    return client


def asked_again(client: Client) -> Client:
    """Before what protects an account changes, the person is asked once more."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def totp_code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def test_the_page_is_vietnamese_whatever_the_browser_prefers(cast: Cast) -> None:
    page = Client().get(LOGIN, headers={"accept-language": "en-US,en;q=0.9"})
    assert "Đăng nhập" in page.text and "Tên đăng nhập" in page.text and "Mật khẩu" in page.text
    assert page["Content-Language"] == "vi" and "Cookie" in page["Vary"]
    assert "Sign In" not in page.text and "Username" not in page.text


def test_the_switch_alone_makes_it_english(cast: Cast) -> None:
    client = Client()
    client.cookies["lang"] = "en"
    assert '<html lang="en"' in client.get(LOGIN).text
    client.cookies["lang"] = "xx"
    assert '<html lang="vi"' in client.get(LOGIN).text


def test_signing_in_leads_to_the_work(cast: Cast) -> None:
    response = sign_in("admin")
    assert response.status_code == 302 and response["Location"] == "/console/"


def test_a_wrong_password_says_so_in_vietnamese_and_signs_nobody_in(cast: Cast) -> None:
    client = Client()
    response = sign_in("admin", "sai-mat-khau", client)
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in response.text
    assert client.get("/account/").status_code == 302


def test_five_wrong_passwords_lock_the_door_even_for_the_right_one(cast: Cast) -> None:
    client = Client()
    answers = [sign_in("admin", f"sai-{n}", client).status_code for n in range(5)]
    assert answers[:4] == [200] * 4 and answers[4] == 429
    locked = sign_in("admin", client=client)
    assert locked.status_code == 429 and "Tạm khóa đăng nhập" in locked.text and "15 phút" in locked.text
    assert sign_in("hung").status_code == 302, "another person at the same address is not locked out"


@pytest.mark.parametrize(
    "path",
    [
        "signup",
        "email",
        "password/reset",
        "reset_password",
        "set_password",
        "confirm-email",
        "2fa/trust",
        "login/code/confirm",
        "signup/passkey",
    ],
)
def test_nothing_leads_nowhere(cast: Cast, path: str) -> None:
    assert signed_in("admin").get(f"/account/{path}/").status_code == 404
    assert Client().get(f"/account/{path}/").status_code == 404


PAGES = [
    "account",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
    "account_logout",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_reauthenticate",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_account_is_ours_and_vietnamese(cast: Cast, name: str) -> None:
    page = asked_again(signed_in("nguoi-la")).get(
        reverse(name)
    )  # even somebody without a post looks after their own account
    assert page.status_code == 200
    assert "style.css" in page.text and '<html lang="vi"' in page.text
    for english in (
        "Sign In",
        "Two-Factor",
        "Sessions",
        "Security Key",
        "Change Password",
        "Authenticator App",
        "Code</label>",
    ):
        assert english not in page.text, english


def test_changing_the_password_ends_the_other_sessions_and_is_in_the_journal(cast: Cast) -> None:
    here, there = signed_in("hung"), signed_in("hung")
    fresh = "hoa-phuong-do-2026"
    data = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert here.post("/account/password/change/", data).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert Act.objects.filter(kind="person.password_chosen", subject_id=cast.person["hung"].pk).exists()
    assert sign_in("hung", fresh).status_code == 302


@pytest.mark.parametrize(
    ("fresh", "why"), [("ngan", "quá ngắn"), ("password1234", "phổ biến"), ("nguyenhuuhung", "giống")]
)
def test_a_weak_password_is_refused(cast: Cast, fresh: str, why: str) -> None:
    person = cast.person["hung"]
    person.full_name = "nguyenhuuhung"
    person.save()
    client = signed_in("hung")
    page = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert page.status_code == 200 and "field-error" in page.text, why


def test_a_given_password_is_changed_before_anything_else(cast: Cast) -> None:
    actions.set_password(
        cast.person["binh"], "tam-thoi-9x7k2", given=True, actor=cast.actor("admin"), now=timezone.now()
    )
    client = Client()
    sign_in("binh", "tam-thoi-9x7k2", client)
    for page in ("/console/", "/console/notices/"):
        assert client.get(page)["Location"] == "/account/password/change/"
    data = {"oldpassword": "tam-thoi-9x7k2", "password1": "cua-rieng-toi-77", "password2": "cua-rieng-toi-77"}
    assert client.post("/account/password/change/", data)["Location"] == "/account/"
    assert client.get("/console/notices/").status_code == 200


def test_the_second_factor_from_activation_to_sign_in_and_recovery(cast: Cast) -> None:
    client = signed_in("son")
    assert "/account/reauthenticate/" in client.get("/account/2fa/totp/activate/")["Location"]
    page = asked_again(client).get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.text
    wrong = client.post(
        "/account/2fa/totp/activate/", {"code": "000000" if totp_code(secret) != "000000" else "111111"}
    )
    assert "Mã chưa đúng" in wrong.text
    assert client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)}).status_code == 302
    assert "đã bật" in client.get("/account/2fa/").text
    codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    cache.clear()  # a code is good once; the next sign-in may fall into the same thirty seconds
    again = Client()
    assert sign_in("son", client=again)["Location"] == "/account/2fa/authenticate/"
    assert again.get("/console/notices/").status_code == 302, "the password alone opens nothing"
    assert "Mã chưa đúng" in again.post("/account/2fa/authenticate/", {"code": "123"}).text
    assert again.post("/account/2fa/authenticate/", {"code": totp_code(secret)}).status_code == 302
    assert again.get("/console/notices/").status_code == 200

    third = Client()
    sign_in("son", client=third)
    assert third.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    fourth = Client()
    sign_in("son", client=fourth)
    assert "Mã chưa đúng" in fourth.post("/account/2fa/authenticate/", {"code": codes[0]}).text, (
        "a recovery code is used up"
    )


def test_codes_cannot_be_guessed(cast: Cast) -> None:
    TOTP.activate(cast.person["son"], generate_totp_secret())
    client = Client()
    sign_in("son", client=client)
    pages = [client.post("/account/2fa/authenticate/", {"code": "123"}).text for _ in range(12)]
    assert "quá nhiều lần" in pages[-1]


def test_another_session_is_revoked_and_is_out_at_once(cast: Cast) -> None:
    here, there = signed_in("hung"), signed_in("hung")
    assert there.get("/console/notices/").status_code == 200
    page = here.get("/account/sessions/")
    [other] = [row for row, _, current in page.context["sessions"] if not current]
    here.post(f"/account/sessions/{other.pk}/")
    assert there.get("/console/notices/").status_code == 302
    assert here.get("/console/notices/").status_code == 200
    assert Act.objects.filter(kind="person.session_revoked").count() == 1


def test_nobody_ends_the_session_of_somebody_else(cast: Cast) -> None:
    mine, theirs = signed_in("hung"), signed_in("admin")
    theirs.get("/account/sessions/")
    [(row, _, _)] = theirs.get("/account/sessions/").context["sessions"]
    mine.post(f"/account/sessions/{row.pk}/")
    assert theirs.get("/account/").status_code == 200


def test_all_other_sessions_end_together(cast: Cast) -> None:
    here, *others = (signed_in("hung") for _ in range(3))
    here.post("/account/sessions/others/")
    assert [c.get("/account/").status_code for c in others] == [302, 302]
    assert here.get("/account/").status_code == 200


def test_signing_out_asks_by_get_and_does_by_post(cast: Cast) -> None:
    client = signed_in("hung")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302


def test_who_lost_the_telephone_is_helped_by_the_administrator(cast: Cast) -> None:
    person = cast.person["son"]
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    assert actions.remove_second_factors(person, actor=cast.actor("admin"), now=timezone.now()) == 2
    assert not Authenticator.objects.filter(user=person).exists()
    assert sign_in("son")["Location"] == "/console/"
