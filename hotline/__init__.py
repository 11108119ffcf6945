"""Hotline 1022: the open citizen hotline of a Vietnamese province."""
