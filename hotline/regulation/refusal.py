"""What the regulation refuses, in words for the person who asked."""

from hotline.regulation.labels import Label


class Refused(Exception):
    """It may not happen and nothing was written. `sentence` says why in both languages, `article` is what it stands on,
    `retry` whether the same try can succeed later."""

    def __init__(self, sentence: Label, article: str = "", retry: bool = False) -> None:
        super().__init__(sentence.en)
        self.sentence, self.article, self.retry = sentence, article, retry
