"""The components as HTML: what a reader hears, what cannot be injected, what both languages say."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from hotline.assets import preferences, style_page
from hotline.regulation.explain import explain
from hotline.regulation.limits import WorkingHours

RECEIVED = datetime(2026, 2, 13, 16, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NOW = datetime(2026, 2, 13, 9, 40, tzinfo=ZoneInfo("UTC"))  # 16:40 in Việt Nam


def draw(source: str, language: str = "vi", **context) -> str:
    with translation.override(language):
        return Template("{% load look ribbons i18n %}" + source).render(Context(context))


@pytest.fixture
def explanation():
    return explain(WorkingHours(8), RECEIVED, style_page.CALENDAR)


def test_moments_are_shown_in_the_installations_zone():
    assert draw("{{ now|long_moment }} {{ now|day }} {{ now|clock }}", now=NOW) == (
        "16:40 thứ Sáu, 13/02/2026 13/02/2026 16:40"
    )
    assert draw("{{ now|long_moment }}", "en", now=NOW) == "16:40 Friday, 13/02/2026"
    assert draw("{{ nothing|long_moment }}{{ nothing|ago:now }}", nothing=None, now=NOW) == ""


def test_components_escape_what_citizens_write():
    evil = "<script>alert(1)</script>"
    html = draw(
        '{% bubble evil who=evil meta=evil %}{% chip evil "ok" evil %}{% act_line now evil evil %}', evil=evil, now=NOW
    )
    assert "<script" not in html and html.count("&lt;script") == 7


def test_duty_says_who_what_when_and_how_long(explanation):
    html = draw(
        '{% duty "Sở Xây dựng" "phải trả lời trước" e.due_at left "soon" %}', e=explanation, left=timedelta(minutes=440)
    )
    assert "16:00 thứ Hai, 23/02/2026" in html and "còn 7 giờ 20 phút làm việc" in html


def test_ribbon_is_one_picture_with_words_for_listeners(explanation):
    html = draw("{% ribbon e now 'soon' %}", e=explanation, now=NOW)
    assert 'role="img" aria-label="Tính 8 giờ trong 2 ngày, bỏ qua 9 ngày nghỉ; hạn 16:00 thứ Hai, 23/02/2026.' in html
    assert html.count('class="ribbon-day ') == 11 and html.count("bây giờ 16:40") == 1
    listed = html.split('<ol class="sr-only">')[1]
    assert "Thứ Sáu, 13/02/2026: 16:00–17:00" in listed and "Tết Nguyên đán" in listed
    english = draw("{% ribbon e now %}", "en", e=explanation, now=NOW)
    assert "9 days off left out; due 16:00 Monday, 23/02/2026." in english or "bỏ qua" not in english


def test_numbers_in_css_keep_their_point_in_vietnamese(explanation):
    html = draw("{% ribbon e now %}", e=explanation, now=NOW)
    assert "--x:90%;--w:6.67%" in html and "--w:6,67" not in html


def test_small_ribbon_is_decoration_and_well_formed(explanation):
    html = draw("{% ribbon_small e now 'late' %}", e=explanation, now=NOW)
    assert html.startswith('<svg class="ribbon-mini late"') and 'aria-hidden="true"' in html
    assert html.count("<rect") == 9 + 4 + 4 + 2  # days off, working time of two days, counted time, marks


def test_why_lists_the_days_and_names_the_article(explanation):
    html = draw('{% why e "Điều 12" %}', e=explanation)
    assert "Vì sao là lúc này?" in html and "Điều 12" in html and "8 giờ làm việc" in html and "nghỉ Tết" in html


class Sample(forms.Form):
    phone = forms.CharField(label="Số điện thoại", help_text="Để báo kết quả.")
    kind = forms.ChoiceField(label="Loại", widget=forms.RadioSelect, choices=[("a", "Phản ánh")])
    note = forms.CharField(label="Ghi chú", required=False)


def test_field_ties_help_and_errors_to_the_input():
    html = draw('{% field form.phone why="đoán theo cuộc gọi" %}', form=Sample(QueryDict("kind=a")))
    assert 'aria-describedby="id_phone-why id_phone-help id_phone-error"' in html and 'aria-invalid="true"' in html
    for part in ("why", "help", "error"):
        assert f'id="id_phone-{part}"' in html
    assert 'role="group" aria-labelledby="id_kind-label"' in draw("{% field form.kind %}", form=Sample())
    assert "không bắt buộc" in draw("{% field form.note %}", form=Sample())


def test_error_summary_leads_to_the_field():
    html = draw("{% include 'components/errors.html' %}", form=Sample(QueryDict("kind=a")))
    assert 'role="alert"' in html and 'href="#id_phone"' in html
    assert draw("{% include 'components/errors.html' %}", form=Sample()).strip() == ""


def test_stars_are_said_and_radio_buttons_work_without_javascript():
    assert 'aria-label="4,6 / 5"' in draw("{% stars 4.6 %}") and draw("{% stars 4.6 %}").count('"icon on"') == 5
    assert draw("{% stars 4 %}").count('"icon on"') == 4
    html = draw("{% stars_input 'stars' 4 %}")
    assert html.count('type="radio"') == 5 and html.count("checked") == 1 and "Rất hài lòng" in html


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "500", "503"])
def test_error_pages_need_nothing_from_the_database(code):
    html = draw(f"{{% include 'errors/{code}.html' %}}")
    assert f">{code}<" in html and "1022" in html


def change(data: str, host: str = "testserver"):
    return preferences.change(RequestFactory().post("/preferences/", data, "application/x-www-form-urlencoded"))


def test_preferences_are_kept_without_javascript():
    response = change("text=l&contrast=high&next=/lookup/%3Fcode%3DA")
    assert response.status_code == 302 and response["Location"] == "/lookup/?code=A"
    assert (response.cookies["text"].value, response.cookies["contrast"].value) == ("l", "high")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_preferences_never_lead_away(target):
    assert change(f"text=l&next={target}")["Location"] == "/"


def test_unknown_preferences_are_left_alone():
    response = change("text=huge&contrast=pink&next=/")
    assert not response.cookies


def test_style_page_draws_every_ribbon_in_both_languages():
    for language in ("vi", "en"):
        with translation.override(language):
            page = style_page.context()
        html = draw(
            "{% for one in ribbons %}{% ribbon one.explanation one.now one.tone one.finished %}{% endfor %}",
            language,
            **page,
        )
        assert html.count('role="img"') == len(page["ribbons"]) == 13


def test_style_context_has_a_person():
    assert isinstance(style_page.context()["viewer"], SimpleNamespace)
