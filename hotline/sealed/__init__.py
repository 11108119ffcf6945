"""Sealed records: denunciations (tố cáo) on their way to whoever may inspect them. Only `console` imports this folder."""
