"""The reports look at the cases of the cast's desk."""

from hotline.cases.tests.conftest import desk

__all__ = ["desk"]
