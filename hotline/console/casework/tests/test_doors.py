"""Who gets in where: every door × every role × a case of one's own agency and of another's. Not yours is 404."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from hotline.conversations.models import Attachment, Contact

READERS = ("cuong", "tam", "ha", "son", "van")
OWN = ("binh", "duc", "hung")  # the department that holds the case
FOREIGN = ("lan", "quang")  # another agency
OUTSIDE = ("mai", "admin", "ky-thuat")  # posts that read no case
EVERYBODY = (*READERS, *OWN, *FOREIGN, *OUTSIDE)

# Steps by who may ever take them; to all others their pages do not exist.
DESK_AND_COORDINATOR = {"cuong", "tam", "ha"}
STEPS = {
    "assign": DESK_AND_COORDINATOR, "reopen": DESK_AND_COORDINATOR, "withdraw": DESK_AND_COORDINATOR,
    "merge": DESK_AND_COORDINATOR, "change": DESK_AND_COORDINATOR, "answer_at_once": {"cuong", "tam"},
    "ask_reopen": {"cuong", "tam"}, "decide": {"ha"}, "reassign": {"ha"}, "refuse_reopen": {"ha"},
    "urge": {"ha", "son"}, "note": {"cuong", "tam", "ha", "son", *OWN}, "accept": set(OWN), "return": set(OWN),
    "ask_verification": set(OWN), "finish_verification": set(OWN), "reschedule": set(OWN), "draft": set(OWN),
    "answer": set(OWN), "submit": {"binh", "duc"}, "approve": {"hung"}, "send_back": {"hung"}, "take_over": {"hung"},
}  # fmt: skip


def status(client, url: str) -> int:
    return client.get(url).status_code


def test_a_case_and_all_its_pages(casework, browse):
    case = casework.at("in_progress")
    pages = {name: reverse(f"console:{name}", args=[case.code]) for name in ("case", "case_print")}
    for who in EVERYBODY:
        client = browse(who)
        sees = who in READERS or who in OWN
        for name, url in pages.items():
            assert status(client, url) == (200 if sees else 404), (who, name)
        for step, may in STEPS.items():
            url = reverse("console:step", args=[case.code, step])
            assert status(client, url) == (200 if who in may else 404), (who, step)
            if who not in may:
                assert client.post(url, {"version": case.version}).status_code == 404, (who, step)


def test_the_general_pages(casework, browse):
    for who in EVERYBODY:
        client, reads = browse(who), who in READERS or who in OWN or who in FOREIGN
        for name in ("home", "nav", "notices"):
            assert status(client, reverse(f"console:{name}")) in (200, 302), (who, name)
        assert status(client, reverse("console:search")) == (200 if reads else 404), who
        assert status(client, reverse("console:inbox", args=["all"])) == (200 if reads else 404), who
        assert status(client, reverse("console:operations")) == (200 if who in ("ky-thuat", "admin") else 404), who


@pytest.mark.parametrize(
    ("who", "tab"),
    [("binh", "approve"), ("hung", "answer"), ("binh", "decide"), ("cuong", "submitted"), ("son", "received"), ("ha", "nothing")],
)
def test_a_list_of_other_roles_does_not_exist(casework, browse, who, tab):
    assert status(browse(who), reverse("console:inbox", args=[tab])) == 404


def test_lists_and_search_show_only_ones_own(casework, browse):
    mine = casework.at("in_progress")
    theirs = casework.at("in_progress", "dien-luc", "lan", "quang")
    for who, seen, hidden in (("binh", mine, theirs), ("lan", theirs, mine)):
        client = browse(who)
        for url in (reverse("console:inbox", args=["all"]), reverse("console:search") + "?q=ngap+nuoc"):
            said = client.get(url).content.decode()
            assert seen.code in said and hidden.code not in said, (who, url)
        assert hidden.code not in client.get(reverse("console:search") + f"?q={hidden.code}").content.decode().split("<main", 1)[
            1
        ].replace(f"“{hidden.code}”", "")


def test_the_stranger_and_nobody(casework, browse, client):
    case = casework.at("in_progress")
    urls = [reverse("console:home"), reverse("console:case", args=[case.code]), reverse("console:search"),
            reverse("console:inbox", args=["all"]), reverse("console:notices"), reverse("console:operations"),
            reverse("console:step", args=[case.code, "note"])]  # fmt: skip
    for url in urls:
        assert status(browse("nguoi-la"), url) == 404, url
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login")), url


def test_who_held_the_case_yesterday_is_out(casework, browse):
    """The agency that returned a case no longer sees it; the one that has it now does."""
    case = casework.at("returned")
    assert status(browse("binh"), reverse("console:case", args=[case.code])) == 404
    assert status(browse("cuong"), reverse("console:case", args=[case.code])) == 200


@pytest.mark.parametrize("picture", [True, False])
def test_files_go_with_their_case(casework, browse, settings, tmp_path, picture):
    """Pictures are shown; anything else is saved, never opened in the page, whatever it says it is."""
    settings.MEDIA_ROOT = tmp_path
    case = casework.at("in_progress")
    contact = Contact.objects.filter(conversation=case.conversation_id).first()
    file = Attachment(contact=contact, name="ảnh.html" if not picture else "ảnh.jpg", size=4, key=uuid.uuid4(),
                      content_type="image/jpeg" if picture else "text/html", width=10 if picture else None)  # fmt: skip
    file.file.save("x", ContentFile(b"abcd"), save=True)
    url = reverse("console:file", args=[file.key])
    for who in EVERYBODY:
        assert status(browse(who), url) == (200 if who in READERS or who in OWN else 404), who
    answer = browse("binh").get(url)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline" if picture else "attachment")
    assert answer["Content-Type"] == ("image/jpeg" if picture else "application/octet-stream")
    assert status(browse("binh"), reverse("console:file", args=[uuid.uuid4()])) == 404


def test_readers_have_no_buttons(casework, browse):
    """Inspectors read everything and do nothing; leaders may urge and note."""
    url = reverse("console:case", args=[casework.at("in_progress").code])
    assert "action-bar" not in browse("van").get(url).content.decode()
    leader = browse("son").get(url).content.decode()
    assert "/urge/" in leader and "/note/" in leader and "/accept/" not in leader
