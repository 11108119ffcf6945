"""Who reported a case, and what is said of them to whoever must not know."""
