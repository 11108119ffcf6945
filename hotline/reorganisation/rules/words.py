"""What a decision moved, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.regulation.labels import Label


def totals(moved: Mapping[str, Any]) -> dict[str, int]:
    """The sums of what a decision moved, for the journal and the first line of a page."""
    ended = moved.get("ended", [])
    return {
        "agencies": len(ended),
        "founded": len(moved.get("founded", [])),
        "renamed": len(moved.get("renamed", [])),
        "areas": len(moved.get("areas", [])),
        "areas_renamed": len(moved.get("areas_renamed", [])),
        "cases": sum(to["cases"] for one in ended for to in one["to"]),
        "posts": sum(one["posts"] for one in ended),
        "routes": sum(one["routes"] for one in ended),
        "unclear": sum(area["unclear"] for area in moved.get("areas", [])),
    }


def lines(moved: Mapping[str, Any], language: str) -> list[str]:
    """What moved, for reading: one line a change, the sums first."""
    sums = totals(moved)
    said = [
        Label(
            f"{sums['agencies']} cơ quan kết thúc hoặc chia tách, {sums['founded']} cơ quan thành lập, "
            f"{sums['renamed']} đổi tên; {sums['areas']} xã, phường sáp nhập hoặc chia tách, "
            f"{sums['areas_renamed']} đổi tên; {sums['cases']} phiếu chưa kết thúc, "
            f"{sums['posts']} vị trí cán bộ và {sums['routes']} dòng phân công chuyển theo.",
            f"{sums['agencies']} agencies end or split, {sums['founded']} are founded, {sums['renamed']} renamed; "
            f"{sums['areas']} communes merge or split, {sums['areas_renamed']} are renamed; {sums['cases']} cases not closed, "
            f"{sums['posts']} posts and {sums['routes']} routes follow.",
        )
    ]
    said += [_founded(one) for one in (*moved.get("areas_founded", []), *moved.get("founded", []))]
    said += [_renamed(one) for one in (*moved.get("areas_renamed", []), *moved.get("renamed", []))]
    said += [_area_line(one) for one in moved.get("areas", [])]
    said += [_ended(one) for one in moved.get("ended", [])]
    said += [
        Label(
            f"  {one['name']} → trực thuộc {one['to'] or 'không cơ quan nào'}",
            f"  {one['name']} → under {one['to'] or 'nobody'}",
        )
        for one in moved.get("placed", [])
    ]
    return [label.get(language) for label in said]


def _placed(one: Mapping[str, Any]) -> Label:
    to = Label(one["to"] or "không cơ quan nào", one["to"] or "nobody")
    return Label(f"  {one['name']} → trực thuộc {to.vi}", f"  {one['name']} → under {to.en}")


def _founded(one: Mapping[str, Any]) -> Label:
    return Label(f"  + {one['name']}", f"  + {one['name']}")


def _renamed(one: Mapping[str, Any]) -> Label:
    return Label(f"  {one['before']} đổi tên thành {one['after']}", f"  {one['before']} is renamed {one['after']}")


def _area_line(one: Mapping[str, Any]) -> Label:
    to = ", ".join(area["name"] for area in one["to"])
    vi, en = f"  {one['name']} → {to}", f"  {one['name']} → {to}"
    if one["cases"]:
        vi, en = f"{vi}: {one['cases']} phiếu", f"{en}: {one['cases']} cases"
    if len(one["to"]) > 1:
        vi, en = (
            f"{vi} (tên cũ thuộc nhiều nơi, cần hỏi vị trí",
            f"{en} (the old name lies in several, ask for the point",
        )
        more = Label("; {} phiếu chưa rõ nơi)", "; {} cases nobody can place)") if one["unclear"] else Label(")", ")")
        vi, en = vi + more.vi.format(one["unclear"]), en + more.en.format(one["unclear"])
    return Label(vi, en)


def _ended(one: Mapping[str, Any]) -> Label:
    cases = [(to["name"], to["cases"]) for to in one["to"]]
    vi = "; ".join(f"{name}: {count} phiếu" for name, count in cases) or "không có cơ quan kế thừa"
    en = "; ".join(f"{name}: {count} cases" for name, count in cases) or "no successor"
    return Label(
        f"  {one['name']} → {vi}; {one['posts']} vị trí cán bộ, {one['routes']} dòng phân công",
        f"  {one['name']} → {en}; {one['posts']} posts, {one['routes']} routes",
    )
