"""The acts of raising, answering for now and what is owed, in words; cases.rules takes them in."""

from __future__ import annotations

from hotline.regulation.labels import Label

ACT_LABELS: dict[str, Label] = {
    "case.mode_set": Label("Chọn cấp độ phản hồi", "Response mode set"),
    "case.level_raised": Label("Chuyển lên cấp trên", "Raised to a higher level"),
    "case.directed": Label("Ý kiến chỉ đạo", "Directive"),
    "case.interim_replied": Label("Phản hồi ngay cho người dân", "Replied before the result"),
    "case.progress_reported": Label("Báo cáo tiến độ", "Progress reported"),
    "case.obligation_owed": Label("Phát sinh việc phải làm", "Something came to be owed"),
    "case.obligation_met": Label("Hoàn thành việc còn nợ", "What was owed is done"),
}
MILESTONES: dict[str, Label] = {
    "case.level_raised": Label("Đã chuyển lên cấp trên xử lý", "Raised to a higher level"),
    "case.interim_replied": Label("Đã phản hồi bước đầu", "A first reply was given"),
    "case.progress_reported": Label("Báo cáo tiến độ, cam kết hoàn thành", "Progress reported; to be done by"),
}
