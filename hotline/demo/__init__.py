"""A demonstration: invented people and reports, played through the real verbs at moments of the past."""
