"""Signed-in browsers, as the administrator's pages have them."""

from hotline.console.administration.tests.conftest import browser

__all__ = ["browser"]
