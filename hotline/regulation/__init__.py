"""The regulation as values and pure functions: no Django, no database, no clock. It imports no one else here."""
