"""One installation and one browser for all journeys; each journey has people, contexts and cases of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from journeys.product import Product, start, temporary_home

BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--js-flags=--no-opt --no-maglev",  # a page lives for half a second: compiling it well costs more than it saves
]
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product, started once."""
    with temporary_home() as home:
        running = start(home, HOTLINE_REPORTS_PER_HOUR="10000", HOTLINE_SWEEP_SECONDS="1")
        yield running
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else playwright's own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    # Playwright keeps an event loop in this thread; Django's guard against mixing is not meant for that.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Browser contexts that end with the journey: nobody is signed in as somebody else."""
    with ExitStack() as stack:

        def new(**options: object) -> BrowserContext:
            context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **options)  # type: ignore[arg-type]
            context.set_default_timeout(10_000)
            stack.callback(context.close)
            return context

        yield new


@pytest.fixture
def citizen(open_context: Callable[..., BrowserContext], product: Product) -> Page:
    """A citizen's browser on the portal."""
    page = open_context().new_page()
    page.goto(product.url)
    return page


@pytest.fixture
def sign_in(open_context: Callable[..., BrowserContext], product: Product) -> Callable[..., Page]:
    """`sign_in("sxd.nga")`: that person's browser on their first page."""

    def as_person(username: str, **options: object) -> Page:
        page = open_context(**options).new_page()
        page.goto(f"{product.url}/console/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(product.password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url("**/console/**")
        return page

    return as_person


@pytest.fixture
def shots() -> Path | None:
    """Where to keep screenshots (HOTLINE_SHOTS), or nowhere."""
    folder = os.environ.get("HOTLINE_SHOTS")
    return Path(folder) if folder else None
