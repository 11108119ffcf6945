"""The side list: a pure function of who looks, what waits and which page is open."""

from __future__ import annotations

import pytest

from hotline.console.navigation import navigation
from hotline.people.rules import HeldPost, Viewer
from hotline.regulation.lifecycle import Role

AGENCY = 7


def side_list(*roles: Role, counts: dict[str, int] | None = None, path: str = "/", language: str = "vi"):
    posts = tuple(HeldPost(role, AGENCY, "Sở Xây dựng") for role in roles)
    groups = navigation(Viewer(1, "Lê Thị Bình", posts), counts or {}, path, language, 1000)
    return {item.label: item for group in groups for item in group.items}


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        (Role.FOCAL_PERSON, {"Phải trả lời", "Sắp đến hạn", "Trễ hạn", "Chờ xác minh", "Đã trình thủ trưởng"},
         {"Đang chờ", "Chờ tôi duyệt", "Cán bộ, tài khoản"}),
        (Role.HEAD, {"Chờ tôi duyệt", "Sắp đến hạn", "Trễ hạn"}, {"Phải trả lời", "Đang chờ"}),
        (Role.COORDINATOR, {"Chờ quyết định", "Bị chuyển trả", "Đề nghị xử lý lại", "Trễ hạn", "Tất cả"},
         {"Chờ tôi duyệt"}),
        (Role.CALL_TAKER, {"Đang chờ", "Của tôi", "Chưa đủ nội dung", "Chờ chuyển xử lý"}, {"Phải trả lời"}),
        (Role.LEADER, {"Trễ hạn", "Tất cả"}, {"Đang chờ", "Phải trả lời", "Chờ tôi duyệt"}),
        (Role.INSPECTOR, {"Trễ hạn", "Tất cả", "Nhật ký"}, {"Đang chờ", "Phải trả lời"}),
        (Role.ADMINISTRATOR, {"Cán bộ, tài khoản", "Cơ quan, đơn vị"}, {"Trễ hạn", "Tất cả", "Đang chờ"}),
        (Role.TECHNICIAN, {"Tình trạng hệ thống"}, {"Trễ hạn", "Tất cả", "Cán bộ, tài khoản", "Nhật ký"}),
        (Role.KNOWLEDGE_EDITOR, {"Thông báo"}, {"Trễ hạn", "Tất cả", "Tình trạng hệ thống"}),
    ],
)  # fmt: skip
def test_each_role_finds_its_work_and_no_others(role, has, lacks):
    labels = set(side_list(role))
    assert has <= labels
    assert not lacks & labels


def test_two_posts_bring_each_list_once():
    """Focal person and head of a small office: one line for what both have."""
    labels = list(side_list(Role.FOCAL_PERSON, Role.HEAD))
    assert {"Phải trả lời", "Chờ tôi duyệt"} <= set(labels)
    assert len(labels) == len(set(labels))


def test_counters():
    """Counted, capped, and coloured only when there is something to see."""
    items = side_list(Role.FOCAL_PERSON, counts={"answer": 7, "overdue": 1, "soon": 0, "open": 1000, "notices": 0})
    said = {label: (items[label].count, items[label].tone) for label in ("Phải trả lời", "Trễ hạn", "Sắp đến hạn")}
    assert said == {"Phải trả lời": (7, ""), "Trễ hạn": (1, "late"), "Sắp đến hạn": (0, "")}
    assert items["Đang xử lý"].count == "1000+"
    assert items["Thông báo"].count is None, "no unread notices, no number"


def test_the_open_page_is_marked():
    marked = [label for label, item in side_list(Role.FOCAL_PERSON, path="/console/inbox/overdue/").items() if item.active]
    assert marked == ["Trễ hạn"]


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/console/documents/7/change/", ["Văn bản"]),  # a form below a list
        ("/console/documents/templates/3/", ["Mẫu văn bản"]),  # the nearest of two lists above it
        ("/console/reports/ranking/", ["Báo cáo"]),
        ("/console/desk/W3/", []),  # a conversation may lie in any list of the desk
        ("/console/case/QNM-2026-000001/", []),
    ],
)
def test_a_page_below_a_list_marks_the_list(path, marked):
    assert [label for label, item in side_list(Role.COORDINATOR, path=path).items() if item.active] == marked


def test_in_english():
    assert {"To answer", "Due soon", "Overdue"} <= set(side_list(Role.FOCAL_PERSON, language="en"))
