"""An edition written back as the document it was read from: plain JSON values, kept in the database."""

from datetime import date
from typing import Any

from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lanes_by_law import BY_LAW


def document(edition: Edition) -> dict[str, Any]:
    """The document of an edition; what was not given is not written."""
    return _without_blanks(
        {
            "key": edition.key,
            "hotline": edition.hotline,
            "decision": edition.decision,
            "title": _label(edition.title),
            "issued_on": _day(edition.issued_on),
            "valid_from": _day(edition.valid_from),
            "valid_to": _day(edition.valid_to),
            "approval_needed": edition.approval_needed,
            "levels": [level.to_document() for level in edition.levels],
            "clocks": [_clock(rule) for rule in edition.written_clocks],
            "reschedule": edition.reschedule.to_document(),
            "returns": edition.returns.to_document(),
            "verification": edition.verification.to_document(),
            "reopening": edition.reopening.to_document(),
            "refusal_grounds": [
                _without_blanks(
                    {
                        "key": ground.key,
                        "label": _label(ground.label),
                        "article": ground.article,
                        "needs_where_to_go": ground.needs_where_to_go,
                        "valid_from": _day(ground.valid_from),
                    }
                )
                for ground in edition.refusal_grounds
            ],
            "modes": [mode.to_document() for mode in edition.modes],
            "obligations": [rule.to_document() for rule in edition.obligations],
            "rising": edition.rising.to_document(),
            **{
                name: rule.to_document()
                for name in ("cooperation", "joining", "repeats", "follow_ups", "identity", "experts", "scope")
                if (rule := getattr(edition, name)) is not None
            },
            "reporting": edition.reporting.to_document(),
            "parties": [{"key": party.key, "label": _label(party.label)} for party in edition.parties],
            "responsibilities": [responsibility.to_document() for responsibility in edition.responsibilities],
            "lanes": edition.lanes.to_document(BY_LAW),
            "outcomes": [
                {
                    "kind": rule.kind.value,
                    "needs_ground": rule.needs_ground,
                    "needs_proof": rule.needs_proof,
                    "needs_date": rule.needs_date,
                }
                for rule in edition.outcomes
            ],
            "kinds": [kind.value for kind in edition.kinds],
            "completeness": edition.completeness.to_document(),
            "words": {
                vocabulary: {value: _label(label) for value, label in words.items()}
                for vocabulary, words in edition.words.items()
            },
            "sources": [_label(sentence) for sentence in edition.sources],
            "assumptions": [_label(sentence) for sentence in edition.assumptions],
        }
    )


def _clock(rule: ClockRule) -> dict[str, Any]:
    steps = {
        name: [str(trigger) for trigger in getattr(rule, name)]
        for name in ("meets_on", "pauses_on", "resumes_on", "cancels_on")
    }
    return _without_blanks(
        {
            "key": rule.key,
            "label": _label(rule.label),
            "owner": rule.owner.value,
            "limit": rule.limit.to_document(),
            "starts_on": [str(trigger) for trigger in rule.starts_on],
            **steps,
            "warn_before": [lead.to_document() for lead in rule.warn_before],
            "marks_late": rule.marks_late,
            "tells": [role.value for role in rule.tells],
            "article": rule.article,
        }
    )


def _label(label: Label) -> dict[str, str]:
    return {"vi": label.vi, "en": label.en}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _without_blanks(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in (None, [], {}, "")}
