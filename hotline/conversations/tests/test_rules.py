"""References read out and typed back, and what a list shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.email.rules import find_code
from hotline.conversations.rules import PREVIEW_LENGTH, REFS, new_ref, preview, ref_of, refs_in


@pytest.mark.parametrize(("number", "ref"), [(0, "LH-2222222"), (31, "LH-222222Z"), (REFS - 1, "LH-ZZZZZZZ")])
def test_reference(number: int, ref: str) -> None:
    assert ref_of(number) == ref


@pytest.mark.parametrize("number", [-1, REFS])
def test_no_reference(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        ref_of(number)


@given(st.integers(0, REFS - 1))
def test_every_reference_is_read_back_and_has_no_look_alikes(number: int) -> None:
    ref = ref_of(number)
    assert not set("01OI") & set(ref.removeprefix("LH-"))
    assert refs_in(f"Re: [{ref}] nước ngập") == refs_in(ref.lower()) == [ref]


@pytest.mark.parametrize(("text", "refs"), [
    ("Re: [LH-7KQ2M9X] Trả lời", ["LH-7KQ2M9X"]),
    ("lh 7kq2m9x và LH-7KQ2M9Y", ["LH-7KQ2M9X", "LH-7KQ2M9Y"]),  # as typed on a telephone
    ("LH‑7KQ2M9X", ["LH-7KQ2M9X"]),  # a hyphen that does not break
    ("ALH-7KQ2M9X LH-7KQ2M9XX LH-7KQ2M9 LH-7KQ2M0X", []),
])
def test_references_in_a_text(text: str, refs: list[str]) -> None:
    assert refs_in(text) == refs


@given(st.text(max_size=500))
def test_a_preview_is_one_short_line(text: str) -> None:
    line = preview(text)
    assert len(line) <= PREVIEW_LENGTH
    assert line == " ".join(line.split())
    refs_in(text)


def test_a_new_reference_is_found_in_a_subject_without_its_brackets() -> None:
    """One in eight would be letters alone, which is a word in a subject: those are drawn again."""
    drawn = iter([REFS - 1, 24 * 32 + 9, 7])  # ZZZZZZZ; 2222…
    ref = new_ref(lambda _: next(drawn))
    assert ref == ref_of(24 * 32 + 9)
    assert find_code(f"Re: {ref}", ["LH"]) == ref
    assert find_code(f"Re: {ref_of(REFS - 1)}", ["LH"]) is None
