"""winmail.dat: what Outlook packs in its own format (MS-OXTNEF). Every step moves forward: linear time for any bytes.

Written here because the library at hand trusts the counts inside the file: forty hostile bytes keep it busy for hours.
"""

import struct
from dataclasses import dataclass, field

from hotline.channels.email.charsets import decode

_SIGNATURE = 0x223E9F78
_RENDER, _TITLE, _DATA, _PROPS, _BODY, _MESSAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x800C, 0x9003
_LONG_NAME, _NAME, _MIME, _CONTENT_ID, _DATA_PROP = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
_PLAIN, _HTML = 0x1000, 0x1013
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = {0x00, 0x0D, 0x1E, 0x1F, 0x102}


@dataclass(slots=True)
class Enclosure:
    name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Package:
    """What a winmail.dat held. `whole` is False when it is damaged: what could be read is still here."""

    text: str = ""
    html: bytes = b""
    enclosures: list[Enclosure] = field(default_factory=list)
    whole: bool = True


def unpack(data: bytes) -> Package | None:
    """The contents of a winmail.dat; None when these bytes are none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    package, position = Package(), 6
    while position + 11 <= len(data):
        level, kind, _, length = struct.unpack_from("<BHHI", data, position)
        position += 9
        value = data[position : position + length]
        position += length + 2
        if level not in (1, 2) or len(value) < length:
            package.whole = False
        if level == 1:
            _message(package, kind, value)
        elif level == 2:
            _enclosure(package, kind, value)
        if not package.whole:
            break
    package.whole = package.whole and position == len(data)
    package.enclosures = [one for one in package.enclosures if one.content]
    return package


def _message(package: Package, kind: int, value: bytes) -> None:
    if kind == _BODY:
        package.text = package.text or decode(value.rstrip(b"\0"))
    elif kind == _MESSAGE:
        found = _properties(value)
        package.text = _string(found.get(_PLAIN)) or package.text
        package.html = found.get(_HTML, (0, b""))[1] or package.html


def _enclosure(package: Package, kind: int, value: bytes) -> None:
    if kind == _RENDER or not package.enclosures:
        package.enclosures.append(Enclosure())
    one = package.enclosures[-1]
    if kind == _TITLE:
        one.name = one.name or decode(value.rstrip(b"\0"))
    elif kind == _DATA:
        one.content = value
    elif kind == _PROPS:
        found = _properties(value)
        one.name = _string(found.get(_LONG_NAME)) or _string(found.get(_NAME)) or one.name
        one.content_type = _string(found.get(_MIME)).lower()
        one.content_id = _string(found.get(_CONTENT_ID))
        one.content = one.content or found.get(_DATA_PROP, (0, b""))[1]


def _string(found: tuple[int, bytes] | None) -> str:
    if not found:
        return ""
    kind, value = found
    if kind == 0x1F:
        return decode(value.decode("utf-16-le", "replace").encode("utf-8", "replace")).rstrip("\0")
    return decode(value.rstrip(b"\0"))


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """MAPI properties as {id: (type, value)}; reading stops at the first that does not fit, whatever the count says."""
    found: dict[int, tuple[int, bytes]] = {}
    position = 4
    try:
        while position + 4 <= len(data):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:  # a named property carries its name before its value
                named, length = struct.unpack_from("<II", data, position + 16)
                position += 24 + (-(-length // 4) * 4 if named == 1 else 0)
            many, kind = bool(kind & 0x1000), kind & ~0x1000
            count = struct.unpack_from("<I", data, position)[0] if many or kind in _VARIABLE else 1
            position += 4 if many or kind in _VARIABLE else 0
            for _ in range(min(count, len(data))):
                if kind in _FIXED:
                    length, step = _FIXED[kind], _FIXED[kind]
                elif kind in _VARIABLE:
                    length = struct.unpack_from("<I", data, position)[0]
                    position, step = position + 4, -(-length // 4) * 4
                else:
                    return found
                if position + length > len(data):
                    return found
                found.setdefault(name, (kind, data[position : position + length]))
                position += step
    except struct.error:
        return found
    return found
