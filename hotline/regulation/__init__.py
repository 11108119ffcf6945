"""The regulation as values and pure functions: no Django, no database, no clock. Everyone may import it, it imports no one."""
