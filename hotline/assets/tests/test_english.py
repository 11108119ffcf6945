"""Every sentence that people read has its English. Vietnamese is the language of the message ids."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from hotline.assets.catalogue import _entries

PACKAGE = Path(settings.ROOT)
Words = tuple[str, str, str]  # context, message, plural
CALLS = {  # name of the call → which arguments are context, message, plural
    "_": (None, 0, None), "gettext": (None, 0, None), "gettext_lazy": (None, 0, None), "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1), "ngettext_lazy": (None, 0, 1), "pgettext": (0, 1, None), "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2), "npgettext_lazy": (0, 1, 2),
}  # fmt: skip
_TEXT = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b({'|'.join(CALLS)})\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)")


def ours(pattern: str) -> Iterator[Path]:
    """Sources that are shipped; neither tests nor what was built or installed beside them."""
    for path in sorted(PACKAGE.rglob(pattern)):
        if not {"tests", "testing", "node_modules", "built"} & set(path.relative_to(PACKAGE).parts):
            yield path


def said() -> dict[Words, str]:
    """Every message of templates and modules, with a file that says it."""
    found: dict[Words, str] = {}
    for path in ours("*.py"):
        source = path.read_text(encoding="utf-8")
        if "gettext" in source:
            for words in _of_module(source):
                found.setdefault(words, str(path.relative_to(PACKAGE)))
    for path in [*ours("*.html"), *ours("*.txt")]:
        # Django's own reading of a template: what is said in it, as calls of gettext.
        for name, arguments in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
            texts = [ast.literal_eval(text.removeprefix("u")) for text in re.findall(_TEXT, arguments)]
            found.setdefault(_words(name, texts), str(path.relative_to(PACKAGE)))
    return found


def _of_module(source: str) -> Iterator[Words]:
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name in CALLS and isinstance(node, ast.Call):
            texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args]
            words = _words(name, texts)
            if words[1]:
                yield words


def _words(name: str, texts: list[str]) -> Words:
    context, message, plural = (texts[i] if i is not None and i < len(texts) else "" for i in CALLS[name])
    return context, message, plural


def translated() -> dict[Words, dict[str, tuple[str, ...]]]:
    """What the catalogues say in English: message → catalogue → texts."""
    found: dict[Words, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for path in ours("locale/en/LC_MESSAGES/*.po"):
        for entry in _entries(path):
            if entry["id"]:
                assert not entry["fuzzy"], f"{path}: fuzzy: {entry['id']}"
                assert entry["strings"] and all(entry["strings"]), f"{path}: without English: {entry['id']}"
                words = (entry["context"], entry["id"], entry["plural"])
                where = str(path.relative_to(PACKAGE))
                assert where not in found[words], f"{path}: twice: {entry['id']}"
                found[words][where] = tuple(entry["strings"])
    return found


def test_every_message_has_its_english() -> None:
    messages, known = said(), translated()
    assert len(messages) > 800, "the search itself has broken"
    missing = {where: words for words, where in messages.items() if words not in known}
    assert not missing, "\n".join(f"{where}: {words[1]}" for words, where in messages.items() if words not in known)
    unused = sorted(words[1] for words in known if words not in messages)
    assert not unused, "nobody says this any more:\n" + "\n".join(unused)


def test_one_message_has_one_english() -> None:
    """Catalogues are merged when they are read: the same words in two of them must say the same."""
    differing = {words[1]: texts for words, texts in translated().items() if len(set(texts.values())) > 1}
    assert not differing, differing


def test_blanks_stay_blanks() -> None:
    """A sentence in English fills in what the Vietnamese one fills in, and opens the tags that it closes."""
    marks = re.compile(r"%\(\w+\)[sd]|%[sd]|</?\w+>")
    for words, texts in translated().items():
        for english in {text for strings in texts.values() for text in strings}:
            assert set(marks.findall(english)) <= set(marks.findall(words[1] + words[2])), english
            if not words[2]:
                assert sorted(marks.findall(english)) == sorted(marks.findall(words[1])), english


def test_every_catalogue_is_read() -> None:
    """A folder that Django does not know of would be translated for nobody."""
    with translation.override("en"):
        for words, texts in translated().items():
            context, message, plural = words
            if not context and not plural:
                assert translation.gettext(message) in texts[next(iter(texts))], message
