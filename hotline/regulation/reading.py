"""Reading the documents of a pack: every error with file, key and reason, all of them at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from hotline.regulation.labels import Label
from hotline.regulation.limits import Limit, parse_limit

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class PackError(NamedTuple):
    """One thing wrong in a pack: the file, the key in it (dotted, lists numbered from 1) and the reason."""

    file: str
    key: str
    reason: Label

    def text(self, lang: str) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.reason.get(lang)}"


class PackInvalid(ValueError):
    """The pack cannot be used; `errors` lists everything found wrong."""

    def __init__(self, errors: Iterable[PackError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(error.text("en") for error in self.errors))


_MISSING = Label("thiếu mục bắt buộc", "is required and missing")


@dataclass
class Reader:
    """One table of a document. Each reading marks its key as known; `done` reports the keys nobody knows.

    A value that is wrong is reported and replaced by a harmless one, so that one reading finds every error.
    """

    table: Mapping[str, Any]
    file: str
    path: str = ""
    errors: list[PackError] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def fail(self, key: str, vi: str, en: str) -> None:
        self.errors.append(PackError(self.file, self._at(key), Label(vi, en)))

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if value is not None and not isinstance(value, str):
            self.fail(key, f"phải là chuỗi ký tự, gặp {value!r}", f"must be text, got {value!r}")
        elif default is None and value is not None and not value.strip():
            self.fail(key, "không được để trống", "must not be blank")
        return value if isinstance(value, str) else ""

    def whole(self, key: str, default: int | None = None, least: int = 0) -> int:
        value = self._take(key, default)
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.fail(
                key,
                f"phải là số nguyên từ {least} trở lên, gặp {value!r}",
                f"must be a whole number of at least {least}, got {value!r}",
            )
            return least
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self._take(key, default)
        if value is not None and not isinstance(value, bool):
            self.fail(key, f"phải là true hoặc false, gặp {value!r}", f"must be true or false, got {value!r}")
        return value is True

    def day(self, key: str, optional: bool = False) -> date | None:
        if optional and self.table.get(key) is None:
            self.known.add(key)
            return None
        value = self._take(key, None)
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            value = str(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not None:
            self.fail(
                key, f"phải là ngày như 2021-06-04, gặp {value!r}", f"must be a date like 2021-06-04, got {value!r}"
            )
        return None

    def label(self, key: str) -> Label:
        value = self._take(key, None)
        if value is None:
            return Label("", "")
        if (
            isinstance(value, Mapping)
            and set(value) == {"vi", "en"}
            and all(isinstance(v, str) for v in value.values())
        ):
            if all(v.strip() for v in value.values()):
                return Label(value["vi"], value["en"])
            self.fail(key, "hai cách ghi vi và en không được để trống", "neither vi nor en may be blank")
        else:
            self.fail(
                key,
                f'phải có hai thứ tiếng như {{vi = "…", en = "…"}}, gặp {value!r}',
                f'must be in both languages like {{vi = "…", en = "…"}}, got {value!r}',
            )
        return Label("", "")

    def choice(self, key: str, of: type[E], default: E | None = None) -> E:
        value = self._take(key, default)
        return next(iter(of)) if value is None else self._member(key, value, of) or next(iter(of))

    def choices(self, key: str, of: type[E], default: tuple[E, ...] = ()) -> tuple[E, ...]:
        members = (self._member(key, value, of) for value in self.items(key, [*default]))
        return tuple(member for member in members if member is not None)

    def limit(self, key: str, optional: bool = False) -> Limit | None:
        if optional and self.table.get(key) is None:
            self.known.add(key)
            return None
        value = self._take(key, None)
        return None if value is None else self.attempt(key, parse_limit, value)

    def attempt(self, key: str, parse: Callable[[Any], T], value: Any) -> T | None:
        """`parse(value)`, its ValueError reported under `key`."""
        try:
            return parse(value)
        except ValueError as error:
            reason = error.args[0] if error.args else str(error)
            self.errors.append(
                PackError(self.file, self._at(key), reason if isinstance(reason, Label) else Label(reason, reason))
            )
            return None

    def items(self, key: str, default: list[Any] | None = None) -> list[Any]:
        value = self._take(key, default)
        if value is not None and not isinstance(value, list | tuple):
            self.fail(key, f"phải là danh sách [ … ], gặp {value!r}", f"must be a list [ … ], got {value!r}")
        return [*value] if isinstance(value, list | tuple) else []

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        values = self.items(key, default)
        for value in values:
            if not isinstance(value, str):
                self.fail(key, f"chỉ gồm chuỗi ký tự, gặp {value!r}", f"must hold text only, got {value!r}")
        return tuple(value for value in values if isinstance(value, str))

    def inner(self, key: str, optional: bool = False) -> "Reader":
        """The table under a key; it must be `done` like any other."""
        value = self._take(key, {} if optional else None)
        if value is not None and not isinstance(value, Mapping):
            self.fail(key, f"phải là bảng, gặp {value!r}", f"must be a table, got {value!r}")
        return Reader(value if isinstance(value, Mapping) else {}, self.file, self._at(key), self.errors)

    def inners(self, key: str, optional: bool = False) -> "list[Reader]":
        """The tables of a list, [[key]]."""
        readers = []
        for number, value in enumerate(self.items(key, [] if optional else None), 1):
            at = f"{self._at(key)}[{number}]"
            if not isinstance(value, Mapping):
                reason = Label(f"phải là bảng, gặp {value!r}", f"must be a table, got {value!r}")
                self.errors.append(PackError(self.file, at, reason))
                value = {}
            readers.append(Reader(value, self.file, at, self.errors))
        return readers

    def done(self) -> None:
        """Report the keys nobody asked for: a misspelt key must not be silently ignored."""
        for key in self.table.keys() - self.known:
            known = ", ".join(sorted(self.known))
            self.fail(key, f"không có mục này; các mục có thể dùng: {known}", f"unknown key; known keys: {known}")

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def _take(self, key: str, default: Any) -> Any:
        self.known.add(key)
        value = self.table.get(key, default)
        if value is None:
            self.fail(key, *_MISSING)
        return value

    def _member(self, key: str, value: Any, of: type[E]) -> E | None:
        if value in list(of):
            return of(value)
        words = ", ".join(of)
        self.fail(key, f"{value!r} không có; chọn một trong: {words}", f"unknown {value!r}; one of: {words}")
        return None
