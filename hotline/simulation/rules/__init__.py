"""The replay: one case by the regulation's own functions (`reference`), and all of them at once on arrays (`replay`)."""
