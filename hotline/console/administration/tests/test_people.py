"""The administrator's forms about people: what they do, what they refuse, what two of them at once are told."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from hotline.journal.models import Act
from hotline.people.models import Person, Post
from hotline.people.queries import people
from hotline.testing.cast import Cast

NEW = {"full_name": "Đặng Thị Ánh Tuyết", "username": "Anh.Tuyet", "role": "focal_person", "valid_from": "01/03/2026"}


def page_of(person: Person) -> str:
    return f"/console/people/{person.pk}/"


def test_a_new_person_signs_in_with_the_password_shown_once(cast: Cast, admin: Client) -> None:
    sent = admin.post(
        "/console/people/new/", {**NEW, "agency": cast.agency["so-xay-dung"].pk, "valid_from": "01/03/2020"}
    )
    person = Person.objects.get(username="anh.tuyet")
    assert sent["Location"] == page_of(person) and person.password_given
    page = admin.get(page_of(person))
    password = page.context["password"]
    assert password in page.text and len(password) == 19 and "no-store" in page["Cache-Control"]
    assert password not in admin.get(page_of(person)).text, "shown once"
    assert not Act.objects.filter(after__icontains=password).exists()
    fresh = Client()
    assert fresh.post("/account/login/", {"login": "anh.tuyet", "password": password}).status_code == 302
    assert fresh.get("/console/notices/")["Location"] == "/account/password/change/"


def test_a_refused_post_leaves_no_account_behind(cast: Cast, admin: Client) -> None:
    page = admin.post("/console/people/new/", {**NEW, "valid_to": "01/02/2026", "agency": cast.agency["dien-luc"].pk})
    assert page.status_code == 422 and "trước ngày bắt đầu" in page.text and "Đặng Thị Ánh Tuyết" in page.text
    assert not Person.objects.filter(username="anh.tuyet").exists()


def test_faulty_input_is_said_beside_its_field(cast: Cast, admin: Client) -> None:
    page = admin.post("/console/people/new/", {**NEW, "username": "ánh tuyết", "valid_from": "hôm nay"})
    assert page.status_code == 422
    assert "Chỉ dùng chữ không dấu" in page.text and "Vai trò này phải thuộc một cơ quan" in page.text
    taken = admin.post("/console/people/new/", {**NEW, "username": "binh", "agency": cast.agency["dien-luc"].pk})
    assert taken.status_code == 422 and "đã có người dùng" in taken.text


def test_the_second_of_two_savers_is_told(cast: Cast, admin: Client) -> None:
    url = page_of(cast.person["binh"]) + "change/"
    seen = admin.get(url).context["form"]["seen"].value()
    first = {"full_name": "Lê Thị Bình", "title": "Chuyên viên chính", "email": "", "phone": "", "seen": seen}
    assert admin.post(url, first).status_code == 302
    second = admin.post(url, {**first, "title": "Phó phòng"})
    assert second.status_code == 409 and "vừa được người khác cập nhật" in second.text and "Phó phòng" in second.text
    assert Person.objects.get(username="binh").title == "Chuyên viên chính"


def test_posts_are_given_and_ended(cast: Cast, admin: Client) -> None:
    person = cast.person["nguoi-la"]
    given = {"role": "head", "agency": cast.agency["dien-luc"].pk, "valid_from": "01/01/2026", "valid_to": ""}
    assert admin.post(page_of(person) + "posts/", given).status_code == 302
    twice = admin.post(page_of(person) + "posts/", given)
    assert twice.status_code == 422 and "đã giữ vai trò này" in twice.text
    post = Post.objects.get(person=person)
    assert admin.post(f"{page_of(person)}posts/{post.pk}/end/", {"last_day": "31/12/2025"}).status_code == 302
    post.refresh_from_db()
    assert f"{post.valid_to:%d/%m/%Y}" == "31/12/2025"
    assert (
        admin.post(f"{page_of(cast.person['binh'])}posts/{post.pk}/end/", {"last_day": "31/12/2025"}).status_code == 404
    )


def test_the_technician_is_given_no_post_that_reads(cast: Cast, admin: Client) -> None:
    page = admin.post(page_of(cast.person["ky-thuat"]) + "posts/", {"role": "call_taker", "valid_from": "01/01/2026"})
    assert page.status_code == 422 and "Kỹ thuật viên" in page.text


def test_the_last_administrator_stays(cast: Cast, admin: Client) -> None:
    me = cast.person["admin"]
    post = Post.objects.get(person=me)
    yesterday = timezone.localdate() - timedelta(days=1)
    ended = admin.post(f"{page_of(me)}posts/{post.pk}/end/", {"last_day": f"{yesterday:%d/%m/%Y}"})
    closed = admin.post(page_of(me) + "deactivate/", {"reason": "thử"})
    assert ended.status_code == closed.status_code == 422 and "người quản trị cuối cùng" in ended.text


def test_a_reset_password_signs_out_and_works_once(cast: Cast, admin: Client, browser) -> None:
    theirs = browser("binh")
    assert theirs.get("/console/notices/").status_code == 200
    admin.post(page_of(cast.person["binh"]) + "password/")
    password = admin.get(page_of(cast.person["binh"])).context["password"]
    assert theirs.get("/console/notices/").status_code == 302
    assert Client().post("/account/login/", {"login": "binh", "password": password}).status_code == 302


def test_a_closed_account_is_out_at_once_and_may_come_back(cast: Cast, admin: Client, browser) -> None:
    theirs, url = browser("binh"), page_of(cast.person["binh"])
    assert admin.post(url + "deactivate/", {"reason": ""}).status_code == 422
    admin.post(url + "deactivate/", {"reason": "Chuyển công tác"})
    assert theirs.get("/console/notices/").status_code == 302
    assert "đã khóa" in admin.get(url).text
    admin.post(url + "reactivate/")
    assert Person.objects.get(username="binh").is_active
    assert Act.objects.filter(kind="person.deactivated", note="Chuyển công tác").exists()


def test_factors_and_sessions_of_somebody_who_needs_help(cast: Cast, admin: Client, browser) -> None:
    url = page_of(cast.person["binh"])
    assert "chưa bật xác thực hai lớp" in admin.post(url + "factors/", follow=True).text
    theirs = Client()
    theirs.post("/account/login/", {"login": "binh", "password": "mat-khau-thu-nghiem"})
    assert theirs.get("/console/notices/").status_code == 200
    [(session, _)] = admin.get(url).context["sessions"]
    admin.post(f"{url}sessions/{session.pk}/")
    assert theirs.get("/console/notices/").status_code == 302
    assert "đã kết thúc" in admin.post(f"{url}sessions/{session.pk}/", follow=True).text


def test_the_list_is_narrowed_and_goes_on_by_key(cast: Cast, admin: Client) -> None:
    Person.objects.bulk_create(Person(username=f"u{n:03d}", full_name=f"Nguyễn Văn {n % 7}") for n in range(130))
    client, url, seen = admin, "/console/people/", []
    for _ in range(6):
        page = client.get(url)
        seen += [person.pk for person, _ in page.context["rows"]]
        if not page.context["older"]:
            break
        url = "/console/people/" + page.context["older"]
    assert len(seen) == len(set(seen)) == Person.objects.count()

    names = lambda query: [p.full_name for p, _ in admin.get(f"/console/people/?{query}").context["rows"]]  # noqa: E731
    assert names("q=do thi lan") == ["Đỗ Thị Lan"] == names("q=LAN")
    assert names("role=inspector") == ["Đinh Thị Vân"]
    assert set(names(f"agency={cast.agency['dien-luc'].pk}")) == {"Đỗ Thị Lan", "Bùi Đăng Quang"}
    assert names("q=khong co ai") == [] and "Không tìm thấy ai" in admin.get("/console/people/?q=khong co ai").text
    assert admin.get("/console/people/?after=hỏng&role=vua").status_code == 200


def test_the_list_takes_two_queries(cast: Cast, django_assert_num_queries) -> None:
    everybody = Person.objects.count()
    with django_assert_num_queries(2):
        assert len([p.held for p in people(timezone.localdate())]) == everybody  # type: ignore[attr-defined]
