"""The answer expected of each door: who, where, and what they get. A new address without a line here fails the walk."""

from __future__ import annotations

from hotline.testing.cast import PEOPLE

# -- who -----------------------------------------------------------------------------------------------------------------

DESK = {"cuong", "tam"}  # call-taker, shift leader
COORDINATOR = {"ha"}
OVERSEERS = DESK | COORDINATOR | {"son", "van"}  # and leader, inspector
FOCAL = {"so-xay-dung": {"binh", "duc"}, "dien-luc": {"lan"}}
HEADS = {"so-xay-dung": {"hung"}, "dien-luc": {"quang"}}
AGENCIES = set.union(*FOCAL.values(), *HEADS.values())
READERS = OVERSEERS | AGENCIES
STAFF = {name for name, (_, role, _) in PEOPLE.items() if role}
EVERYBODY = set(PEOPLE)
BLIND = EVERYBODY - READERS  # knowledge editor, administrator, technician, stranger: not a word of a citizen
NOBODY = None  # a visitor who has not signed in

# Of one case: stands for the people of the agency that holds it.
ITS_FOCAL, ITS_HEAD, ITS_PEOPLE = {"its focal persons"}, {"its head"}, {"its people"}


def holders(who: set[str], agency: str) -> set[str]:
    """The same set with names instead of "its people"."""
    named = who - ITS_FOCAL - ITS_HEAD - ITS_PEOPLE
    if who & (ITS_FOCAL | ITS_PEOPLE):
        named |= FOCAL[agency]
    if who & (ITS_HEAD | ITS_PEOPLE):
        named |= HEADS[agency]
    return named


# -- where: name → (who may, what they get); everybody else 404, nobody 302 to the sign-in page ------------------------------

STAFF_DOORS: dict[str, tuple[set[str], int]] = {
    "home": (STAFF, 302), "nav": (STAFF, 200), "notices": (STAFF, 200), "style": (STAFF, 200),
    "calendars": (STAFF, 200), "calendar": (STAFF, 200), "editions": (STAFF, 200), "edition": (STAFF, 200),
    "edition_compare": (STAFF, 200), "edition_try": (STAFF, 200), "edition_new": ({"admin"}, 200),
    **dict.fromkeys(["simulations", "simulation", "simulation_cases"], ({"ha", "son", "van", "admin"}, 200)),
    "owed": (READERS, 200),
    "notice": ({"binh"}, 302),  # everybody's own alone; this one is Lê Thị Bình's
    "cooperation": (AGENCIES, 200), "inbox_first": (READERS, 302), "search": (READERS, 200),
    **dict.fromkeys(["reports", "report_levels", "report_ranking", "report_cases"],
                    (DESK - {"cuong"} | {"ha", "son", "van", "hung", "quang"}, 200)),
    "report_responsibilities": (STAFF, 200),
    # Documents and dialogues: about a case of so-xay-dung; the document is a draft of the office's, no task is given out.
    "documents": (READERS, 200), "document": ({"ha", "son", "van"}, 200), "document_file": ({"ha", "son", "van"}, 200),
    "document_new": (COORDINATOR | AGENCIES, 200), "document_step": (COORDINATOR, 200),
    "templates": (COORDINATOR | {"admin"}, 200), "template": (COORDINATOR | {"admin"}, 200),
    "dialogues": ({"ha", "son", "van"} | AGENCIES, 200), "dialogue": ({"ha", "son", "van"}, 200),
    "dialogue_new": (COORDINATOR, 200), "dialogue_step": (COORDINATOR, 200), "task_done": (set(), 200),
    "operations": ({"ky-thuat", "admin"}, 200), "journal": ({"van", "admin"}, 200),
    "reorganisations": ({"admin", "ha", "van"}, 200), "reorganisation": ({"admin", "ha", "van"}, 200),
    "desk": (OVERSEERS, 200), "desk_tab": (OVERSEERS, 200), "desk_conversation": (OVERSEERS, 200),
    "desk_new": (DESK, 200), "desk_citizen": (DESK, 405), "desk_next": (DESK, 405), "desk_step": (DESK, 405),
    "desk_agency": (DESK, 200), "desk_special": (DESK, 200), "desk_lanes": (DESK, 200), "desk_matter": (DESK, 200),
    **dict.fromkeys(
        ["people", "person_new", "person", "person_change", "person_deactivate", "post_give", "post_end", "agencies",
         "agency_new", "agency", "agency_rename", "agency_move", "agency_close", "agency_calendar", "fields", "field_new",
         "field", "routes", "route_new", "route", "mailboxes", "mailbox_new", "mailbox", "calendar_new", "calendar_hours",
         "calendar_day"], ({"admin"}, 200)),
    **dict.fromkeys(
        ["person_password", "person_factors", "person_sessions", "person_session", "person_reactivate", "route_remove"],
        ({"admin"}, 405)),
    # Denunciations: the desk writes, one officer reads, the inspector knows how many; leaders and the vendor, nothing.
    "sealed": ({"nga"}, 200), "sealed_record": ({"nga"}, 200), "sealed_count": ({"van", "nga"}, 200),
    **dict.fromkeys(["sealed_identity", "sealed_file", "sealed_sheet", "sealed_step"], ({"nga"}, 405)),
    "sealed_move": (DESK, 200), **dict.fromkeys(["sealed_new", "sealed_told"], (DESK | {"nga"}, 200)),
    "knowledge": (STAFF, 200), "entry": (STAFF, 200), "gaps": (OVERSEERS | {"mai"}, 200),
    **dict.fromkeys(["knowledge_review", "entry_new", "entry_change", "gap_dismiss"], ({"mai"}, 200)),
    "desk_knowledge": (DESK, 200), **dict.fromkeys(["desk_typed", "desk_give", "desk_pass"], (DESK, 405)),
    # No edition of this hotline names experts (console/experts/tests walks one that does).
    **dict.fromkeys(
        ["standing", "referral", "referral_step", "rota", "expert_new", "expert", "shift_new", "shift_remove"], (set(), 200)),
    "calendar_day_remove": ({"admin"}, 302),  # that day is as every week: back to the calendar
}  # fmt: skip
CASE_DOORS: dict[str, tuple[set[str], int]] = {
    "case": (OVERSEERS | ITS_PEOPLE, 200), "case_print": (OVERSEERS | ITS_PEOPLE, 200),
    "case_phone": (READERS, 405), "file": (OVERSEERS | ITS_PEOPLE, 200),
}  # fmt: skip
STEPS: dict[str, set[str]] = {  # who may ever take it, in some state
    **dict.fromkeys(["assign", "reopen", "withdraw", "merge", "change"], DESK | COORDINATOR),
    **dict.fromkeys(["answer_at_once", "ask_reopen"], DESK),
    **dict.fromkeys(["decide", "reassign", "refuse_reopen"], COORDINATOR),
    "direct": {"son"}, "set_mode": set(), "raise_level": set(), "reply_interim": set(), "report_progress": set(),
    "urge": {"ha", "son"}, "note": DESK | {"ha", "son"} | ITS_PEOPLE,
    **dict.fromkeys(
        ["accept", "return", "ask_verification", "finish_verification", "reschedule", "draft", "answer"], ITS_PEOPLE),
    "hide_identity": DESK | COORDINATOR, "split": DESK, "ask_reporter": DESK | COORDINATOR | ITS_PEOPLE,
    # This edition knows no cooperation and no repeats: to nobody do their pages exist.
    **dict.fromkeys(
        ["cooperate", "propose_part", "link_repeat", "accept_part", "decline_part", "contribute", "disagree",
         "confirm_part", "end_part", "decide_part"], frozenset()),
    "submit": ITS_FOCAL, **dict.fromkeys(["approve", "send_back", "take_over"], ITS_HEAD),
    "rate": set(), "no-such-step": set(),
}  # fmt: skip
TABS: dict[str, set[str]] = {  # of the inbox; "all" is everybody's own all
    "all": READERS, "overdue": READERS, "soon": READERS, "open": READERS, "approve": {"hung", "quang"},
    "answer": {"binh", "duc", "lan"}, "decide": {"ha"}, "reopen": DESK | COORDINATOR, "received": DESK, "nothing": set(),
}  # fmt: skip

# Doors of one's own account: what whoever is signed in gets, what nobody gets.
ACCOUNT_DOORS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(["account", "usersessions_list", "account_change_password", "mfa_index", "mfa_list_webauthn"], (200, 302)),
    "account_login": (302, 200), "account_logout": (200, 302), "account_inactive": (200, 200),
    "account_reauthenticate": (200, 302), "mfa_authenticate": (302, 302), "mfa_reauthenticate": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302), "mfa_login_webauthn": (302, 302),
    # Changing what protects the account asks for the password again first.
    **dict.fromkeys(["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"], (302, 302)),
    **dict.fromkeys(["mfa_remove_webauthn", "mfa_edit_webauthn"], (302, 302)),
    # Nobody of the cast has a second factor: there is nothing to show or take away.
    **dict.fromkeys(["mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"], (404, 302)),
    **dict.fromkeys(["usersessions_revoke", "usersessions_revoke_others"], (405, 302)),
    **dict.fromkeys(
        ["account_signup", "account_email", "account_set_password", "account_reset_password",
         "account_email_verification_sent"], (404, 404)),
    "preferences": (405, 405), "set_language": (302, 302),
}  # fmt: skip
# Citizens' doors and one's own account are the same whatever the post, so a few people stand for all.
TWINS = {"duc", "lan", "quang"}  # of binh and hung: they are here for the cases alone
SAMPLE = {NOBODY, "nguoi-la", "binh", "cuong", "ky-thuat"}
# Citizens' doors: the same to everybody. Those with a secret link are walked with the right one and with wrong ones.
PORTAL_DOORS: dict[str, int] = {
    **dict.fromkeys(
        ["home", "knowledge", "knowledge_entry", "report", "lookup", "published", "figures", "figures_late", "figures_csv",
         "regulation", "privacy", "robots", "published_case"], 200),
    **dict.fromkeys(["mail_sink", "mail", "mail_html"], 404),  # no trial installation, no caught mail
    **dict.fromkeys(["file", "file_small"], 404),  # no photo of a published answer
}  # fmt: skip
SECRET_DOORS: dict[str, int] = {
    "receipt": 200, "case": 200, "case_file": 200, "case_file_small": 200,
    **dict.fromkeys(["case_rate", "case_message", "case_reopen", "case_withdraw"], 405),
}
