"""Questions about cases, limited to what the asker may see."""

from hotline.cases.obligations.queries import Owed, OwedPage, obligations_of, owed_list
from hotline.cases.queries.bounces import Bounces, bounces
from hotline.cases.queries.lists import Filters, Line, Page, counted, counters, inbox, moments, search, tab_of
from hotline.cases.queries.matters import Alike, Matter, answered_before, joinable, matter_of
from hotline.cases.queries.page import CasePage, ClockView, Duty, case_page, explanation_for
from hotline.cases.queries.public import PublicPage, as_joined, by_token, lookup, public_page, published
from hotline.cases.queries.several import Asked, Family, PartView, asked_of, contributions_of, known, parts_owed
from hotline.live.queries import COUNTED_UP_TO

__all__ = [
    "COUNTED_UP_TO",
    "Alike",
    "Asked",
    "Bounces",
    "CasePage",
    "ClockView",
    "Duty",
    "Family",
    "Filters",
    "Line",
    "Matter",
    "Owed",
    "OwedPage",
    "Page",
    "PartView",
    "PublicPage",
    "answered_before",
    "as_joined",
    "asked_of",
    "bounces",
    "by_token",
    "case_page",
    "contributions_of",
    "counted",
    "counters",
    "explanation_for",
    "inbox",
    "joinable",
    "known",
    "lookup",
    "matter_of",
    "moments",
    "obligations_of",
    "owed_list",
    "parts_owed",
    "public_page",
    "published",
    "search",
    "tab_of",
]
