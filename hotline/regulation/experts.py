"""The standing unit and the experts behind it: who takes over what the call-taker cannot answer."""

from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.reading import Reader


@dataclass(frozen=True, slots=True)
class ExpertsRule:
    """`standing`: key of the agency that is the standing unit (bộ phận Thường trực), which connects a person with an
    expert on the rota. `rest_hours`: rest before another shift below which the rota warns (Bộ luật Lao động 2019, Điều
    110: ít nhất 12 giờ)."""

    standing: str
    label: Label
    rest_hours: int = 12
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {
            "standing": self.standing,
            "label": {"vi": self.label.vi, "en": self.label.en},
            "rest_hours": self.rest_hours,
            "article": self.article,
        }


def read_experts(r: Reader) -> ExpertsRule:
    """The table [experts]."""
    rule = ExpertsRule(r.text("standing"), r.label("label"), r.whole("rest_hours", 12, least=1), r.text("article", ""))
    r.done()
    return rule
