"""Doors of the sealed lane: the desk writes and never reads; one officer reads, and every look is asked for a reason."""

from django.urls import path, re_path

from hotline.console.sealed.views import records, writing

DESK_REF = r"(?P<ref>LH-[0-9A-Za-z]{7})"
REF = r"(?P<ref>M-[0-9A-Za-z]{7})"
KEY = r"(?P<key>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

urlpatterns = [
    path("sealed/", records.records, name="sealed"),
    path("sealed/count/", records.count, name="sealed_count"),
    path("sealed/new/", writing.new, name="sealed_new"),
    path("sealed/told/", writing.told, name="sealed_told"),
    re_path(rf"^desk/{DESK_REF}/sealed/$", writing.move, name="sealed_move"),
    re_path(rf"^sealed/{REF}/$", records.record, name="sealed_record"),
    re_path(rf"^sealed/{REF}/identity/$", records.identity, name="sealed_identity"),
    re_path(rf"^sealed/{REF}/file/{KEY}/$", records.file, name="sealed_file"),
    re_path(rf"^sealed/{REF}/sheet/$", records.sheet, name="sealed_sheet"),
    re_path(rf"^sealed/{REF}/(?P<step>forward|acknowledge|close)/$", records.step, name="sealed_step"),
]
