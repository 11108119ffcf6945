"""What would have been late under another regulation: the recorded cases replayed, a million in half a minute."""
