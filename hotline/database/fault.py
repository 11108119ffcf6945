"""What stops a start: one sentence in Vietnamese and the same in English."""


class Fault(Exception):
    """Nothing was changed; the sentence says what stands in the way and what to do, so that a trace is not needed."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese}\n{english}")
        self.vietnamese = vietnamese
        self.english = english
