"""docs/lifecycle.md, made from the one table of the lifecycle; a test compares the two."""

from collections.abc import Iterator
from itertools import groupby

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import DONE_STATES, OPEN_STATES, TRANSITIONS, Role, Standing, State, Step, Transition

_NO_CASE = Label("chưa có phiếu", "no case yet")


def lifecycle_page() -> str:
    """The whole page in Markdown: a Mermaid diagram of the steps that move a case, then every row in words."""
    return "\n".join([*_head(), *_diagram(), *_table(), *_states(), ""])


def _head() -> Iterator[str]:
    yield "# Vòng đời của phiếu · The life of a case"
    yield ""
    yield "Trang này được tạo từ `hotline/regulation/lifecycle.py` bằng lệnh `hotline lifecycle-doc docs/lifecycle.md`;"
    yield "không sửa tay. / Generated from the table in code; do not edit by hand."
    yield ""
    yield f"“{Standing.OVERDUE.label.vi}” không phải là một trạng thái: phiếu ở trạng thái nào cũng có thể trễ hạn, và dấu"
    yield "trễ hạn không bao giờ mất. / Being overdue is no state: it is orthogonal to all of them, and it never goes away."
    yield ""


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in State:
        yield f'    state "{state.label.vi}" as {state.value}'
    moves = [(at, step, row) for (at, step), row in TRANSITIONS.items() if row.to != at and not _everywhere(step)]
    moves.sort(key=lambda move: (_order(move[0]), _order(move[2].to)))
    for (at, to), steps in groupby(moves, key=lambda move: (move[0], move[2].to)):
        yield f"    {at or '[*]'} --> {to}: {' / '.join(step.label.vi for _, step, _ in steps)}"
    yield f"    {State.CLOSED} --> [*]"
    yield "```"
    yield ""
    yield (
        "Từ mọi trạng thái chưa xong còn có / from every open state there are also: "
        + ", ".join(f"{step.label.vi} ({step.label.en})" for step in Step if _everywhere(step))
        + "."
    )
    yield ""


def _table() -> Iterator[str]:
    yield "| Từ trạng thái / from | Bước / step | Đến / to | Ai / who |"
    yield "|---|---|---|---|"
    for (at, step), row in TRANSITIONS.items():
        if not _everywhere(step):
            yield f"| {_words(at)} | {step.label.vi} · {step.label.en} `{step}` | {_to(at, row)} | {_who(row)} |"
    for step in filter(_everywhere, Step):
        row = TRANSITIONS[State.RECEIVED, step]
        words, to = f"{step.label.vi} · {step.label.en} `{step}`", _to(State.RECEIVED, row)
        yield f"| mọi trạng thái chưa xong / any open state | {words} | {to} | {_who(row)} |"
    yield ""


def _states() -> Iterator[str]:
    yield "| Trạng thái / state | | mã / value | |"
    yield "|---|---|---|---|"
    for state in State:
        done = "đã xong / done" if state in DONE_STATES else "chưa xong / open"
        yield f"| {state.label.vi} | {state.label.en} | `{state}` | {done} |"


def _everywhere(step: Step) -> bool:
    """Whether the step can be taken in every open state, which a diagram would only drown in arrows."""
    return all((state, step) in TRANSITIONS for state in OPEN_STATES)


def _order(state: State | None) -> int:
    return -1 if state is None else list(State).index(state)


def _words(state: State | None) -> str:
    label = state.label if state else _NO_CASE
    return f"{label.vi} · {label.en}"


def _to(at: State | None, row: Transition) -> str:
    return "giữ nguyên / unchanged" if row.to == at else _words(row.to)


def _who(row: Transition) -> str:
    return ", ".join(f"{role.label.vi} `{role}`" for role in Role if role in row.by)
