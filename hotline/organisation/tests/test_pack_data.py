"""The packs' own data, read as plain files: counts that are public knowledge, and every reference leading somewhere."""

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hotline.organisation.rules import fold
from hotline.regulation.lifecycle import CaseKind, OutcomeKind, Role, State

PACKS = Path(__file__).parents[3] / "packs"
COUNTRY, PACK = PACKS / "vietnam", PACKS / "quang-nam"

KINDS = {"office", "department", "commune", "administrative_body", "public_service_unit", "vertical_agency", "utility"}
# One syllable folds into too many other words ("chợ" and "cho", "bão" and "bao"); these do not.
SINGLE_WORDS = {"rác", "ngập", "covid", "cccd", "vneid", "bhxh", "bhyt", "wifi", "internet", "festival", "homestay",
                "karaoke"}
# Who must act at an agency before a case can be in this state.
NEEDS_FOCAL_PERSON = set(State) - {State.RECEIVED, State.ASSIGNED}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(path: Path, name: str) -> list[dict]:
    return tomllib.loads(path.read_text(encoding="utf-8"))[name]


COMMUNES = {row["code"]: row for row in rows(COUNTRY / "communes.csv")}
AGENCIES = {row["key"]: row for row in rows(PACK / "agencies.csv")}
FIELDS = {row["key"]: row for row in table(PACK / "fields.toml", "fields")}
SERVED = {row["commune_code"]: row["name"] for row in rows(PACK / "areas.csv")}
ROUTES = rows(PACK / "routes.csv")
PEOPLE = rows(PACK / "demo" / "people.csv")
REPORTS = table(PACK / "demo" / "reports.toml", "reports")
EDITIONS = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((PACK / "editions").glob("*.toml"))]


@pytest.mark.parametrize(
    "path", [p for p in sorted(PACKS.rglob("*")) if p.suffix in {".csv", ".toml"}], ids=lambda p: str(p.name)
)
def test_text_is_utf8_composed_and_lf(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.is_normalized("NFC", text), "a decomposed letter would never match what a citizen types"
    assert "\r" not in text


# --- the country ------------------------------------------------------------------------------------------------------


def test_thirty_four_provinces_and_3321_communes() -> None:
    provinces = {row["code"] for row in rows(COUNTRY / "provinces.csv")}
    communes = rows(COUNTRY / "communes.csv")
    assert (len(provinces), len(communes), len(COMMUNES)) == (34, 3321, 3321)
    assert {row["province_code"] for row in communes} == provinces
    kinds = Counter(row["name"].split()[0] for row in communes)
    assert kinds == {"Xã": 2621, "Phường": 687, "Đặc": 13}, "as the Ministry of Home Affairs published them"


def test_every_commune_lies_in_vietnam() -> None:
    for row in COMMUNES.values():
        assert 6 < float(row["lat"]) < 24 and 102 < float(row["lon"]) < 118, row


def test_every_old_name_leads_to_a_commune_and_every_commune_had_one() -> None:
    old = rows(COUNTRY / "old_names.csv")
    assert {row["commune_code"] for row in old} == set(COMMUNES)
    became = Counter((row["old_province"], row["old_district"], row["old_commune"]) for row in old)
    assert len(became) == 10040
    assert Counter(became.values()) == {1: 9569, 2: 397, 3: 58, 4: 15, 5: 1}
    assert len({tuple(row.values()) for row in old}) == len(old)


def test_hoa_lien_was_split_as_resolution_1659_says() -> None:
    """Nghị quyết 1659/NQ-UBTVQH15, Điều 1 khoản 9 và 10."""
    parts = [r["commune_code"] for r in rows(COUNTRY / "old_names.csv")
             if (r["old_province"], r["old_commune"]) == ("Thành phố Đà Nẵng", "Xã Hòa Liên")]
    assert {COMMUNES[code]["name"] for code in parts} == {"Phường Hải Vân", "Phường Liên Chiểu"}


# --- what the hotline serves ------------------------------------------------------------------------------------------


def test_the_pack_serves_exactly_the_communes_that_came_from_quang_nam() -> None:
    """94 communes of Đà Nẵng, 16 of them from old Đà Nẵng."""
    came = {r["commune_code"] for r in rows(COUNTRY / "old_names.csv") if r["old_province"] == "Tỉnh Quảng Nam"}
    assert set(SERVED) == came and len(came) == 78
    assert sum(row["province_code"] == "48" for row in COMMUNES.values()) == 94
    assert all(COMMUNES[code]["province_code"] == "48" and COMMUNES[code]["name"] == SERVED[code] for code in SERVED)


@pytest.mark.parametrize(("old", "district", "new"), [
    ("Phường An Mỹ", "Thành phố Tam Kỳ", "Phường Tam Kỳ"),
    ("Phường Tân Thạnh", "Thành phố Tam Kỳ", "Phường Bàn Thạch"),
    ("Xã Tam Thanh", "Thành phố Tam Kỳ", "Phường Quảng Phú"),
    ("Phường Minh An", "Thành phố Hội An", "Phường Hội An"),
    ("Phường Cửa Đại", "Thành phố Hội An", "Phường Hội An Đông"),
    ("Phường Điện Ngọc", "Thị xã Điện Bàn", "Phường Điện Bàn Đông"),
    ("Xã Tam Xuân I", "Huyện Núi Thành", "Xã Tam Xuân"),
    ("Xã Duy Phú", "Huyện Duy Xuyên", "Xã Thu Bồn"),
])
def test_old_quang_nam_names(old: str, district: str, new: str) -> None:
    found = [r["commune_code"] for r in rows(COUNTRY / "old_names.csv")
             if (r["old_province"], r["old_district"], r["old_commune"]) == ("Tỉnh Quảng Nam", district, old)]
    assert [COMMUNES[code]["name"] for code in found] == [new]


def test_place_names_people_use_lead_to_served_communes() -> None:
    aliases = rows(PACK / "area_aliases.csv")
    assert all(row["commune_code"] in SERVED for row in aliases)
    assert len({fold(row["alias"]) for row in aliases}) == len(aliases)


# --- agencies, fields, routes -----------------------------------------------------------------------------------------


def test_agency_references_resolve_and_dates_are_in_order() -> None:
    assert len(AGENCIES) == len(rows(PACK / "agencies.csv")), "a key is used twice"
    calendars = {"", *(c["key"] for c in table(PACK / "calendar.toml", "calendars"))}
    for row in AGENCIES.values():
        assert row["kind"] in KINDS and row["name"], row
        assert row["parent"] in {"", *AGENCIES} and row["successor"] in {"", *AGENCIES}, row
        assert row["calendar"] in calendars, row
        begins, ends = (date.fromisoformat(row[c]) if row[c] else None for c in ("valid_from", "valid_to"))
        assert not ends or (begins and begins < ends and row["successor"]), f"{row['key']}: who took over?"
        if ends:
            assert AGENCIES[row["successor"]]["valid_from"] > row["valid_to"], row


def test_every_served_commune_has_its_committee() -> None:
    committees = [row["commune_code"] for row in AGENCIES.values() if row["kind"] == "commune"]
    assert sorted(committees) == sorted(SERVED)


def test_transport_is_found_through_two_mergers() -> None:
    """Sở Giao thông vận tải → Sở Xây dựng tỉnh (1/3/2025) → Sở Xây dựng thành phố (1/7/2025)."""
    key, chain = "transport_quang_nam", []
    while key:
        chain.append(key)
        key = AGENCIES[key]["successor"]
    assert chain == ["transport_quang_nam", "construction_quang_nam", "construction"]


def test_fields_form_two_levels_with_words() -> None:
    assert len(FIELDS) == len(table(PACK / "fields.toml", "fields")), "a key is used twice"
    for key, row in FIELDS.items():
        assert re.fullmatch(r"[a-z][a-z_]*", key)
        assert row["vi"] and row["en"] and len(row["words"]) >= 3, key
        if row["parent"]:
            assert FIELDS[row["parent"]]["parent"] == "", f"{key} is on a third level"


def test_a_word_points_to_one_field_and_survives_losing_its_marks() -> None:
    seen: dict[str, str] = {}
    for key, row in FIELDS.items():
        for word in row["words"]:
            assert " " in word or word in SINGLE_WORDS, f"{key}: “{word}” alone is too common once folded"
            assert seen.setdefault(fold(word), key) == key, f"“{word}” is in {key} and {seen[fold(word)]}"


def test_every_field_of_the_decision_is_there() -> None:
    """Quyết định 1519/QĐ-UBND, lĩnh vực tiếp nhận; the seven kinds of infrastructure are children of one."""
    wanted = {"administrative_procedures", "administrative_regulations", "investment_policy", "tourism",
              "special_events", "socio_economic", "public_institutions", "public_utilities", "infrastructure",
              "smuggling_fraud", "agricultural_supplies", "construction_land_violations"}
    assert wanted <= set(FIELDS)
    assert {k for k, f in FIELDS.items() if f["parent"] == "infrastructure"} == {
        "roads", "water_supply", "drainage", "trees", "street_lighting", "electricity", "telecom"}


def test_routes_resolve_and_every_field_has_one_for_every_place() -> None:
    for row in ROUTES:
        assert row["field"] in FIELDS and row["area"] in {"", *SERVED} and int(row["priority"]) >= 1, row
        assert row["agency"] == "*commune" or not AGENCIES[row["agency"]]["valid_to"], f"{row}: a closed agency"
    assert {row["field"] for row in ROUTES if not row["area"]} == set(FIELDS)
    ranks = Counter((row["field"], row["area"], row["priority"]) for row in ROUTES)
    assert max(ranks.values()) == 1, "two routes of the same rank: which comes first?"


# --- the demonstration ------------------------------------------------------------------------------------------------


def test_people_hold_every_role_at_an_agency_that_exists() -> None:
    assert {row["role"] for row in PEOPLE} == {str(r) for r in Role} - {Role.CITIZEN, Role.SYSTEM}
    assert len({row["username"] for row in PEOPLE}) == len({row["email"] for row in PEOPLE}) == len(PEOPLE)
    for row in PEOPLE:
        assert not AGENCIES[row["agency"]]["valid_to"], row
        assert row["email"].endswith(".example"), "nobody real may get demonstration mail"
        assert len(row["full_name"].split()) >= 2, row


def test_agencies_with_a_focal_person_have_a_head() -> None:
    assert _agencies_of(Role.FOCAL_PERSON) == _agencies_of(Role.HEAD)


def test_reports_reach_every_state_at_least_twice_and_eight_are_overdue() -> None:
    assert len(REPORTS) == 60
    states = Counter(r["state"] for r in REPORTS)
    assert set(states) == {str(s) for s in State} and min(states.values()) >= 2
    assert sum(r.get("overdue", False) for r in REPORTS) >= 8
    assert {r["kind"] for r in REPORTS} == {str(k) for k in CaseKind}
    assert {r["outcome"] for r in REPORTS if "outcome" in r} == {str(k) for k in OutcomeKind}
    assert {r["channel"] for r in REPORTS} == {"web", "email", "phone", "zalo"}
    assert len({r["title"] for r in REPORTS}) == len(REPORTS)


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: fold(r["title"])[:40])
def test_a_report_can_be_brought_to_its_state(report: dict) -> None:
    state, outcome, incomplete = report["state"], report.get("outcome"), report.get("incomplete", False)
    phone = report["reporter"]["phone"]
    assert incomplete or re.fullmatch(r"09000001\d\d", phone), "a number that nobody was given"
    email = report["reporter"]["email"]
    assert not email or email.endswith("@example.com"), "nobody real may get demonstration mail"
    assert 0 < report["hours_ago"] < 1000
    assert incomplete == ("missing" in report)
    if incomplete:
        assert state == State.RECEIVED
        return
    assert report["field"] in FIELDS and report["area"] in SERVED
    assert report["reporter"]["name"] and report["reporter"]["address"]
    agency = report.get("agency")
    assert (agency in AGENCIES) == (state != State.RECEIVED and outcome != OutcomeKind.MERGED)
    if agency and state in NEEDS_FOCAL_PERSON:
        assert agency in _agencies_of(Role.FOCAL_PERSON), "nobody there could do the steps"
    returns = report.get("returns", [])
    assert len(returns) == {State.RETURNED: 1, State.AWAITING_DECISION: 2}.get(state, 0)
    for step in returns:
        assert step["agency"] in _agencies_of(Role.FOCAL_PERSON) and step["proposed"] in AGENCIES and step["reason"]
    assert not returns or returns[-1]["agency"] == agency
    assert ("verification" in report) == (state == State.VERIFYING)
    assert ("head_note" in report) == (state == State.WITH_HEAD)
    assert ("reopen_words" in report) == (state == State.REOPEN_REQUESTED)
    if outcome in (OutcomeKind.MERGED, OutcomeKind.WITHDRAWN):
        assert report["reason"] and state == State.CLOSED
        [_] = [r for r in REPORTS if r["title"] == report.get("merged_into", report["title"])]
        return
    answered = state in {State.AWAITING_APPROVAL, State.ANSWERED, State.REOPEN_REQUESTED, State.CLOSED}
    assert answered == (outcome is not None) == ("answer" in report)
    assert ("scheduled_days" in report) == (outcome == OutcomeKind.SCHEDULED)
    if "rating" in report:
        assert 1 <= report["rating"] <= 5 and state in {State.CLOSED, State.REOPEN_REQUESTED}


@pytest.mark.parametrize("report", [r for r in REPORTS if "answer" in r], ids=lambda r: fold(r["title"])[:40])
def test_an_answer_names_a_date_and_a_person(report: dict) -> None:
    """A good answer has cause, action, date and contact; two of the four can be seen by a machine."""
    answer = report["answer"]
    assert re.search(r"\{d([+-]\d+)?\}", answer) and not re.search(r"\d{2}/\d{2}/\d{4}", answer)
    assert re.sub(r"\{d([+-]\d+)?\}", "", answer).count("{") == 0
    here = [p["full_name"] for p in PEOPLE if p["agency"] == report["agency"] and p["role"] == Role.FOCAL_PERSON]
    assert any(name in answer for name in here), f"whom at {report['agency']} does one ask?"


def test_a_refusal_uses_a_ground_of_the_edition() -> None:
    assert EDITIONS, "the pack has no edition"
    grounds = {ground["key"] for edition in EDITIONS for ground in edition["refusal_grounds"]}
    refused = [r for r in REPORTS if "refused" in r]
    assert len(refused) >= 2
    for report in refused:
        assert report["refused"] in grounds and report["where_to_go"]
        assert report["outcome"] in {OutcomeKind.CANNOT, OutcomeKind.NOT_COMPETENT}


def test_hard_cases_for_the_pages_are_there() -> None:
    assert any(r["text"].strip().count("\n") >= 29 for r in REPORTS), "a report of thirty lines"
    assert any(len(r["reporter"]["name"]) > 50 for r in REPORTS), "a very long name"
    assert sum(r["reporter"].get("kind") == "organisation" for r in REPORTS) >= 2
    assert any(r["text"].isascii() for r in REPORTS), "a report typed without diacritics"
    phones = Counter(r["reporter"]["phone"] for r in REPORTS if r["reporter"]["phone"])
    assert phones.most_common(1)[0][1] == 2, "somebody who reports a second time"


def _agencies_of(role: Role) -> set[str]:
    return {row["agency"] for row in PEOPLE if row["role"] == role}
