"""Whole-system tests: the real processes, a real browser, real mail servers."""
