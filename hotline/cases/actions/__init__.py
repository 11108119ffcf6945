"""The verbs of a case. Each is one function and one transaction: `verb(case_or_id, …, actor, now, version=None) -> Case`."""

from hotline.cases.actions.answering import answer, answer_at_once, approve, save_draft, send_back, submit, take_over
from hotline.cases.actions.assigning import accept, assign, decide, reassign, return_case
from hotline.cases.actions.cooperation import (
    accept_part,
    ask_to_cooperate,
    confirm_cooperation,
    contribute,
    decide_disagreement,
    decline_part,
    disagree,
    end_cooperation,
)
from hotline.cases.actions.domains import change_domain, classify_again
from hotline.cases.actions.enacting import enact
from hotline.cases.actions.ending import merge, settle, withdraw
from hotline.cases.actions.follow_ups import count_follow_up
from hotline.cases.actions.handling import (
    ask_verification,
    change,
    finish_verification,
    note,
    reschedule,
    urge,
)
from hotline.cases.actions.identity import ask_reporter, hide_identity, show_identity
from hotline.cases.actions.joining import link_repeat, pass_on, tell_joined, tell_newcomers
from hotline.cases.actions.opening import open_case
from hotline.cases.actions.reading import show_phone
from hotline.cases.actions.recalculation import Move, foretell, recalculate
from hotline.cases.actions.reopening import ask_reopen, rate, refuse_reopen, reopen
from hotline.cases.actions.splitting import Matter, split
from hotline.cases.actions.succession import at_work, succeed_agency, succeed_area
from hotline.cases.actions.time import expire, warn
from hotline.cases.obligations.actions import direct, meet, raise_level, reply_interim, report_progress, set_mode

__all__ = [
    "Matter",
    "Move",
    "accept",
    "accept_part",
    "answer",
    "answer_at_once",
    "approve",
    "ask_reopen",
    "ask_reporter",
    "ask_to_cooperate",
    "ask_verification",
    "assign",
    "at_work",
    "change",
    "change_domain",
    "classify_again",
    "confirm_cooperation",
    "contribute",
    "count_follow_up",
    "decide",
    "decide_disagreement",
    "decline_part",
    "direct",
    "disagree",
    "enact",
    "end_cooperation",
    "expire",
    "finish_verification",
    "foretell",
    "hide_identity",
    "link_repeat",
    "meet",
    "merge",
    "note",
    "open_case",
    "pass_on",
    "raise_level",
    "rate",
    "reassign",
    "recalculate",
    "refuse_reopen",
    "reopen",
    "reply_interim",
    "report_progress",
    "reschedule",
    "return_case",
    "save_draft",
    "send_back",
    "set_mode",
    "settle",
    "show_identity",
    "show_phone",
    "split",
    "submit",
    "succeed_agency",
    "succeed_area",
    "take_over",
    "tell_joined",
    "tell_newcomers",
    "urge",
    "warn",
    "withdraw",
]
