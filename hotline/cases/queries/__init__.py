"""Questions about cases, limited to what the asker may see."""

from hotline.cases.queries.lists import Filters, Line, Page, counted, counters, inbox, moments, search, tab_of
from hotline.cases.queries.page import CasePage, ClockView, Duty, case_page, explanation_for
from hotline.cases.queries.public import PublicPage, by_token, lookup, public_page, published
from hotline.cases.obligations.queries import Owed, OwedPage, obligations_of, owed_list
from hotline.live.queries import COUNTED_UP_TO

__all__ = [
    "COUNTED_UP_TO",
    "CasePage",
    "ClockView",
    "Duty",
    "Filters",
    "Line",
    "Owed",
    "OwedPage",
    "Page",
    "PublicPage",
    "by_token",
    "case_page",
    "counted",
    "counters",
    "explanation_for",
    "inbox",
    "lookup",
    "obligations_of",
    "owed_list",
    "moments",
    "public_page",
    "published",
    "search",
    "tab_of",
]
