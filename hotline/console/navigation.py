"""The side list of work: what this person may open, and how much waits there. A pure function of viewer, counters and path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.urls import reverse as _reverse
from django.utils.translation import gettext as _

from hotline.cases.rules import tabs_for
from hotline.people.rules import DESK_ROLES, OVERSEERS, Viewer
from hotline.regulation.lifecycle import Role
from hotline.simulation.rules.asking import ASKING

# Counters of the intake desk's lists are told apart from those of the case lists by their prefix.
DESK_TABS = ("waiting", "mine", "incomplete")
TO_ASSIGN = frozenset({"received", "returned"})  # cases that came complete and wait for an agency
OWN_WORK = frozenset({"received", "returned", "reopen", "approve", "answer", "verifying", "submitted", "decide", "soon",
                      "overdue"})  # fmt: skip
reverse = cache(_reverse)  # two dozen addresses that never change, on every page
PAPERS = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, Role.HEAD, Role.FOCAL_PERSON)
REPORTS = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, Role.SHIFT_LEADER, Role.HEAD)
TONES = {"soon": "soon", "overdue": "late"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line; `count` None: nothing is counted."""

    label: str
    url: str
    count: str | int | None = None
    tone: str = ""
    active: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    title: str
    items: tuple[Item, ...]


def navigation(viewer: Viewer, counts: Mapping[str, int], path: str, language: str, capped_at: int) -> list[Group]:
    """The groups for a person; `counts` by list, "desk.waiting" for the desk's. At `capped_at` a counter says "1000+"."""
    groups = [
        Group(_("Bàn tiếp nhận"), tuple(_desk(viewer, counts, capped_at))),
        Group(_("Quy trình riêng"), tuple(_sealed(viewer))),
        Group(_("Việc của tôi"), tuple(_lists(viewer, counts, language, capped_at, own=True))),
        Group(_("Trực chuyên gia"), tuple(_experts(counts, capped_at))),
        Group(_("Hỏi – đáp"), tuple(_knowledge(viewer, counts, capped_at))),
        Group(
            _("Đơn vị") if viewer.agency_ids and not viewer.sees_all_cases else _("Phiếu"),
            tuple(_lists(viewer, counts, language, capped_at, own=False)),
        ),
        Group(_("Quản trị") if viewer.has(Role.ADMINISTRATOR) else _("Quy định"), tuple(_administration(viewer))),
        Group(_("Tra cứu"), tuple(_general(viewer, counts, capped_at))),
    ]
    here = _nearest((item.url for group in groups for item in group.items), path)
    return [Group(g.title, tuple(_marked(g.items, here))) for g in groups if g.items]


def _nearest(urls: Iterable[str], path: str) -> str:
    """The list the open page is, or stands below: a form stays in its own corner of the side list. The desk's pages stand
    below none, a conversation may lie in any of its lists."""
    desk = reverse("console:desk")
    return max((url for url in urls if path == url or (url != desk and path.startswith(url))), key=len, default="")


def _marked(items: Iterable[Item], here: str) -> Iterable[Item]:
    """The line of the page that is open."""
    for item in items:
        yield Item(item.label, item.url, item.count, item.tone, True) if item.url == here else item


def _count(counts: Mapping[str, int], key: str, capped_at: int) -> str | int | None:
    count = counts.get(key)
    return f"{capped_at}+" if count is not None and count >= capped_at else count


def _desk(viewer: Viewer, counts: Mapping[str, int], capped_at: int) -> Iterable[Item]:
    if not viewer.roles & DESK_ROLES:
        return
    labels = {"waiting": _("Đang chờ"), "mine": _("Của tôi"), "incomplete": _("Chưa đủ nội dung")}
    for tab in DESK_TABS:
        page = reverse("console:desk") if tab == "waiting" else reverse("console:desk_tab", args=(tab,))
        yield Item(labels[tab], page, _count(counts, f"desk.{tab}", capped_at))
    if to_assign := TO_ASSIGN & counts.keys():
        total = min(sum(counts[key] for key in to_assign), capped_at)
        yield Item(_("Phiếu web mới"), reverse("console:desk_tab", args=("web",)), _count({"web": total}, "web", capped_at))


def _lists(
    viewer: Viewer, counts: Mapping[str, int], language: str, capped_at: int, own: bool
) -> Iterable[Item]:
    if not (viewer.sees_all_cases or viewer.agency_ids):
        return
    for tab in tabs_for(viewer.roles):
        if (tab.key in OWN_WORK) == own:
            count = _count(counts, tab.key, capped_at)
            yield Item(tab.label.get(language), reverse("console:inbox", args=(tab.key,)), count,
                       TONES.get(tab.key, "") if count else "")  # fmt: skip
    if own and (asked := _count(counts, "cooperation", capped_at)):
        yield Item(_("Phải phối hợp"), reverse("console:cooperation"), asked)
    # Only some editions make anything owed besides: whoever owes nothing has no such line.
    if own and counts.get("owed"):
        yield Item(_("Còn nợ"), reverse("console:owed"), _count(counts, "owed", capped_at))


def _sealed(viewer: Viewer) -> Iterable[Item]:
    """No counters: a number that moves beside every page would tell when somebody came."""
    if viewer.has(Role.SEALED_OFFICER):
        yield Item(_("Hồ sơ tố cáo"), reverse("console:sealed"))
        yield Item(_("Ghi hồ sơ mới"), reverse("console:sealed_new"))
    if viewer.has(Role.INSPECTOR, Role.SEALED_OFFICER):
        yield Item(_("Số hồ sơ tố cáo"), reverse("console:sealed_count"))


def _experts(counts: Mapping[str, int], capped_at: int) -> Iterable[Item]:
    """Nothing where no edition names experts, or to those who neither stand for the unit nor read about it."""
    if "standing" in counts:
        yield Item(_("Chờ kết nối"), reverse("console:standing"), _count(counts, "standing", capped_at))
        yield Item(_("Lịch trực, chuyên gia"), reverse("console:rota"))


def _knowledge(viewer: Viewer, counts: Mapping[str, int], capped_at: int) -> Iterable[Item]:
    if viewer.posts:
        yield Item(_("Bộ câu hỏi và trả lời"), reverse("console:knowledge"))
    if viewer.edits_for:
        yield Item(_("Cần rà soát"), reverse("console:knowledge_review"))
    if viewer.edits_for or viewer.roles & OVERSEERS:
        yield Item(_("Câu hỏi chưa có trả lời"), reverse("console:gaps"), _count(counts, "gaps", capped_at))


def _administration(viewer: Viewer) -> Iterable[Item]:
    if viewer.has(Role.ADMINISTRATOR):
        yield Item(_("Cán bộ, tài khoản"), reverse("console:people"))
        yield Item(_("Cơ quan, đơn vị"), reverse("console:agencies"))
        yield Item(_("Lĩnh vực"), reverse("console:fields"))
        yield Item(_("Bảng phân công"), reverse("console:routes"))
        yield Item(_("Hộp thư"), reverse("console:mailboxes"))
    if viewer.has(Role.ADMINISTRATOR, Role.COORDINATOR):
        yield Item(_("Mẫu văn bản"), reverse("console:templates"))
    if viewer.has(Role.ADMINISTRATOR, Role.INSPECTOR):
        yield Item(_("Nhật ký"), reverse("console:journal"))
    if viewer.has(Role.TECHNICIAN, Role.ADMINISTRATOR):
        yield Item(_("Tình trạng hệ thống"), reverse("console:operations"))


def _general(viewer: Viewer, counts: Mapping[str, int], capped_at: int) -> Iterable[Item]:
    yield Item(_("Thông báo"), reverse("console:notices"), _count(counts, "notices", capped_at) or None)
    if viewer.has(*PAPERS):
        yield Item(_("Văn bản"), reverse("console:documents"))
        yield Item(_("Đối thoại"), reverse("console:dialogues"))
    if viewer.has(*REPORTS):
        yield Item(_("Báo cáo"), reverse("console:reports"))
    yield Item(_("Lịch và ngày nghỉ"), reverse("console:calendars"))
    yield Item(_("Quy chế theo ngày"), reverse("console:editions"))
    if viewer.has(*ASKING):
        yield Item(_("Mô phỏng quy chế"), reverse("console:simulations"))
    yield Item(_("Tài khoản của tôi"), reverse("account"))
