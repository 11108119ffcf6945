"""axe-core finds nothing serious or critical on any page, for any role, wide and narrow, in both languages.

Each kind of page is looked at once for each role that has it; pages that are the same whatever the role, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from hotline.assets.build import HERE
from journeys.acting import send_report
from journeys.kill import database_url
from journeys.product import Product

pytestmark = pytest.mark.journey
SignIn = Callable[..., Page]
OpenContext = Callable[..., BrowserContext]

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
# Rules that call what they find moderate or minor whatever it is are not asked: a fifth of the time for nothing we look at.
MILD = 'axe._audit.rules.filter(rule => rule.impact === "moderate" || rule.impact === "minor").map(rule => rule.id)'
RUN = """async () => {
    const off = Object.fromEntries(MILD.map(id => [id, {enabled: false}]))
    const found = (await axe.run(document, {resultTypes: ["violations"], preload: false, rules: off})).violations
    return found.filter(v => v.impact === "serious" || v.impact === "critical")
        .map(v => `${v.impact} ${v.id}: ` + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))
}""".replace("MILD", MILD)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Look:
    """One browser that goes from page to page and keeps what axe finds. The script is put into every page, so the context
    was opened without regard to the pages' content security policy."""

    page: Page
    url: str
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.context.add_init_script(path=str(AXE))

    def at(self, *paths: str, status: int = 200) -> Look:
        """Open pages and look at each."""
        for path in paths:
            answer = self.page.goto(self.url + path)
            assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
            self.here(path)
        return self

    def here(self, name: str) -> Look:
        """Look at the page as it stands now."""
        self.found += [f"{name} ({self.page.viewport_size['width']}): {fault}" for fault in self.page.evaluate(RUN)]  # type: ignore[index]
        return self

    def links(self, selector: str) -> list[str]:
        """Addresses of links on this page, without repeats."""
        hrefs = self.page.locator(selector).evaluate_all("links => links.map(a => a.getAttribute('href'))")
        return list(dict.fromkeys(href.partition("#")[0] for href in hrefs))

    def clean(self) -> None:
        """Nothing was found."""
        assert not self.found, "\n".join(self.found)


@pytest.fixture
def staff(sign_in: SignIn, product: Product) -> Callable[..., Look]:
    """`staff("sxd.nga")`: that person's browser, ready to be looked at."""
    return lambda username, **options: Look(
        sign_in(username, **{"bypass_csp": True, "viewport": WIDE, **options}), product.url
    )


@pytest.fixture
def visitor(open_context: OpenContext, product: Product) -> Callable[..., Look]:
    """A citizen's browser, ready to be looked at; `cookies` are what the buttons of the page would have kept."""

    def new(cookies: dict[str, str] | None = None, **options: Any) -> Look:
        context = open_context(**{"bypass_csp": True, "viewport": WIDE, **options})
        context.add_cookies([{"name": n, "value": v, "url": product.url} for n, v in (cookies or {}).items()])
        return Look(context.new_page(), product.url)

    return new


@pytest.fixture(scope="module")
def ask(product: Product) -> Iterator[Callable[[str], list[str]]]:
    """First column of a query: which cases of the demonstration are in which state."""
    with psycopg.connect(database_url(product), autocommit=True) as connection:
        yield lambda query: [row[0] for row in connection.execute(query).fetchall()]


ENGLISH = {"lang": "en"}
CONTRAST = {"contrast": "high", "text": "xl"}
PORTAL = ("/", "/lookup/", "/published/", "/published/?late=1", "/figures/", "/figures/late/", "/regulation/",
          "/about/privacy/", "/mail-sink/")  # fmt: skip


@pytest.mark.parametrize(
    ("cookies", "size"), [({}, WIDE), (ENGLISH, NARROW), (CONTRAST, WIDE)], ids=["vi", "en-narrow", "contrast"]
)
def test_pages_of_the_portal(visitor: Callable[..., Look], ask: Callable, cookies: dict, size: dict) -> None:
    look = visitor(cookies, viewport=size)
    look.at(*(PORTAL if cookies is not CONTRAST else PORTAL[::3])).at("/no-such-page/", status=404).at("/report/")
    look.page.locator("main form button[type=submit], main form .btn-primary").last.click()
    expect(look.page.locator(".error-summary, [role=alert]").first).to_be_visible()
    look.here("/report/ with errors")
    look.at("/lookup/").page.locator("main [name=code]").last.fill("QNM-2026-999999")
    look.page.locator("main [name=phone]").last.fill("0905123456")
    look.page.locator("main [name=phone]").last.press("Enter")
    expect(look.page.locator("[role=alert]").first).to_be_visible()
    look.here("/lookup/ not found")
    kinds = ["state = 'in_progress' AND late_at IS NULL", "state = 'in_progress' AND late_at IS NOT NULL", "state = 'received'",
             "state = 'answered' AND stars IS NULL", "state = 'closed' AND stars IS NOT NULL"]  # fmt: skip
    for kind in kinds:
        for token in ask(f"SELECT max(token) FROM cases_case WHERE {kind} HAVING max(token) IS NOT NULL"):
            look.at(f"/case/{token}/")
    for code in ask("SELECT max(code) FROM cases_case WHERE public AND answered_at IS NOT NULL GROUP BY late_at IS NULL"):
        look.at(f"/published/{code}/")
    look.clean()


def test_receipt_and_mail(visitor: Callable[..., Look], product: Product) -> None:
    look = visitor()
    code = send_report(look.page, product.url, "axe@example.com", "Hố ga mất nắp trước chợ, rất nguy hiểm cho người đi xe.")
    look.here("/receipt/")
    product.wait_for_mail("axe@example.com", code)
    look.at("/mail-sink/").at(look.links("main a[href*='/mail-sink/']")[0]).clean()


def test_signing_in_and_ones_account(visitor: Callable[..., Look], staff: Callable[..., Look], product: Product) -> None:
    look = visitor(viewport=NARROW)
    look.at("/account/login/", "/account/inactive/").at("/account/login/")
    look.page.locator("input[name=login]").fill("tdv.khanh")
    look.page.locator("input[name=password]").fill("khong-phai-mat-khau")
    look.page.locator("input[name=password]").press("Enter")
    expect(look.page.locator("[role=alert]").first).to_be_visible()
    look.here("/account/login/ refused").clean()
    own = staff("tdv.yen")
    own.at("/account/", "/account/password/change/", "/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/",
           "/account/2fa/webauthn/add/", "/account/sessions/", "/account/reauthenticate/", "/account/logout/")  # fmt: skip
    own.clean()


# Everything a role reaches from its side list; what is the same for all (calendars, editions) is looked at with one of them.
SHARED = ("/console/calendars/", "/console/calendars/quang-nam/", "/console/editions/", "/console/style/")


@pytest.mark.parametrize(
    ("who", "agency"),
    [("tdv.lan", ""), ("truongca.binh", ""), ("dieuphoi.ha", ""), ("sxd.tuan", "construction"), ("sxd.giamdoc", "construction"),
     ("lanhdao.quang", ""), ("giamsat.minh", "")],
)  # fmt: skip
def test_casework_of_each_role(staff: Callable[..., Look], ask: Callable, who: str, agency: str) -> None:
    look = staff(who)
    look.at("/console/")
    tabs = look.links("nav a[href^='/console/inbox/']")
    assert tabs
    # The coordinator and a focal person look at all their lists and at cases in every state, the latter at late and
    # punctual ones; the pages of the others differ by what may be done, so each step that is offered to them is looked at.
    whole = who in ("dieuphoi.ha", "sxd.tuan")
    look.at(*(tabs if whole else tabs[:2]), f"{tabs[0]}?filter=open", "/console/search/?q=đường", "/console/notices/")
    look.at("/console/no-such-page/", status=404)
    where = f"JOIN organisation_agency a ON a.id = c.agency_id AND a.key = '{agency}'" if agency else ""
    late = ", late_at IS NULL" if agency and whole else ""
    seen: set[str] = set()
    for number, code in enumerate(ask(f"SELECT max(code) FROM cases_case c {where} GROUP BY c.state{late} ORDER BY c.state")):
        path = f"/console/case/{code}/"
        if whole or number < 1:
            look.at(path)
        offered = set(re.findall(rf'href="{path}([a-z_]+)/', look.page.request.get(look.url + path).text()))
        look.at(*[f"{path}{step}/" for step in sorted(offered - seen)])
        seen |= offered
    assert len(seen) >= {"giamsat.minh": 1, "lanhdao.quang": 3}.get(who, 5), seen
    look.clean()


def test_a_step_that_is_refused(staff: Callable[..., Look], ask: Callable) -> None:
    look = staff("sxd.tuan", viewport=NARROW)
    [code] = ask("SELECT max(code) FROM cases_case c JOIN organisation_agency a ON a.id = c.agency_id "
                 "WHERE a.key = 'construction' AND c.state = 'in_progress'")  # fmt: skip
    look.at("/console/", f"/console/case/{code}/", f"/console/case/{code}/submit/", f"/console/case/{code}/return/")
    look.page.locator("main form.card").first.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(look.page.locator("[role=alert]").first).to_be_visible()
    look.here("return with errors").clean()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_desk(staff: Callable[..., Look], ask: Callable, size: dict) -> None:
    look = staff("tdv.hoa", viewport=size)
    look.at("/console/desk/", "/console/desk/mine/", "/console/desk/incomplete/", "/console/desk/web/", "/console/desk/new/")
    look.page.locator("main form [name=phone]").first.fill("0905 123 318")
    look.page.locator("main form").last.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    look.page.wait_for_load_state()
    look.here("/console/desk/new/ sent")
    for ref in ask("SELECT max(ref) FROM conversations_conversation GROUP BY state"):
        look.at(f"/console/desk/{ref}/")
    [ref] = ask("SELECT ref FROM conversations_conversation WHERE state IN ('waiting', 'incomplete') ORDER BY state DESC LIMIT 1")
    look.at(f"/console/desk/{ref}/")
    look.page.get_by_role("button", name="Tiếp nhận").first.click()
    expect(look.page.get_by_role("button", name="Mở phiếu").first).to_be_visible()
    look.here("/console/desk/ taken").at(f"/console/desk/{ref}/special/?say=danger")
    look.at(f"/console/desk/{ref}/special/?say=-danger.accuses.-evidence.-rest", f"/console/desk/{ref}/special/complaint/",
            f"/console/desk/{ref}/special/emergency/", f"/console/desk/{ref}/sealed/", "/console/sealed/new/")  # fmt: skip
    look.page.goto(f"{look.url}/console/desk/{ref}/")
    look.page.locator(f"form[action$='/{ref}/release/'] button").first.click()  # back into the line for the next look
    look.clean()


ADMINISTRATION = (
    "/console/people/", "/console/people/new/", "/console/agencies/", "/console/agencies/new/",
    "/console/agencies/construction/", "/console/agencies/construction/rename/", "/console/agencies/construction/move/",
    "/console/agencies/construction/close/", "/console/agencies/construction/calendar/", "/console/fields/",
    "/console/fields/new/", "/console/routes/", "/console/routes/new/", "/console/mailboxes/", "/console/mailboxes/new/",
    "/console/calendars/new/", "/console/calendars/quang-nam/", "/console/calendars/quang-nam/hours/",
    "/console/calendars/quang-nam/day/2026-12-24/", "/console/journal/", "/console/operations/",
)  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_administration(staff: Callable[..., Look], ask: Callable, size: dict) -> None:
    look = staff("quantri.thang", viewport=size)
    [person] = ask("SELECT id FROM people_person WHERE username = 'sxd.tuan'")
    rows = [f"/console/people/{person}/{page}" for page in ("", "change/", "posts/", "deactivate/")]
    rows += [f"/console/{noun}/{pk}/" for noun, table in
             (("fields", "hotlines_field"), ("routes", "routing_route"), ("mailboxes", "hotlines_mailbox"))
             for pk in ask(f"SELECT min(id) FROM {table} HAVING min(id) IS NOT NULL")]  # fmt: skip
    look.at(*(ADMINISTRATION if size is WIDE else ADMINISTRATION[::4]), *rows)
    look.at("/console/people/new/").page.locator("main button.btn-primary").last.click()
    look.page.locator("main form").last.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(look.page.locator("[role=alert]").first).to_be_visible()
    look.here("/console/people/new/ with errors").clean()


@pytest.mark.parametrize("who", ["kythuat.vnpt", "tracuu.ly"])
def test_those_who_see_no_content(staff: Callable[..., Look], ask: Callable, who: str) -> None:
    look = staff(who)
    look.at("/console/", "/console/notices/").at("/console/search/", status=404)
    if who == "kythuat.vnpt":
        [edition] = ask("SELECT min(id) FROM hotlines_edition")
        tried = f"/console/editions/{edition}/?clock=focal_person&day=13/02/2026&time=16:00"
        look.at("/console/operations/", *SHARED, f"/console/editions/{edition}/", tried)
    look.clean()


@pytest.mark.parametrize("cookies", [ENGLISH, CONTRAST], ids=["en", "contrast"])
def test_the_console_in_english_and_in_contrast(staff: Callable[..., Look], ask: Callable, cookies: dict) -> None:
    look = staff("dieuphoi.ha")
    look.page.context.add_cookies([{"name": n, "value": v, "url": look.url} for n, v in cookies.items()])
    [code] = ask("SELECT max(code) FROM cases_case WHERE state = 'in_progress' AND late_at IS NOT NULL")
    [ref] = ask("SELECT max(ref) FROM conversations_conversation WHERE state = 'opened'")
    look.at("/console/inbox/overdue/", f"/console/case/{code}/", f"/console/case/{code}/reassign/", f"/console/desk/{ref}/",
            "/console/notices/", "/console/calendars/quang-nam/", "/account/")  # fmt: skip
    look.clean()


def test_it_would_find_something(visitor: Callable[..., Look]) -> None:
    """The instrument itself: a page without a title, with a picture nobody can hear and faint letters, is told."""
    look = visitor()
    look.page.goto("data:text/html,<img src=x.png><p style='color:rgb(204,204,204);background:white'>grey on white</p>")
    faults = " ".join(look.here("by hand").found)
    assert all(rule in faults for rule in ("document-title", "image-alt", "color-contrast"))
    mild = look.page.evaluate(MILD)
    assert "region" in mild and "heading-order" in mild and not {"label", "aria-roles", "link-name"} & {*mild}
