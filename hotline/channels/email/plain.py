"""HTML and format=flowed turned into readable plain text, in linear time for any input."""

import re
from html import unescape

_BREAKS = {
    "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote"}
_SKIPPED = {"head", "script", "style", "title", "template", "noscript", "svg", "math", "object", "select", "xml"}
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s{0,5}=\s{0,5}("[^"]*"|'[^']*'|[^\s"'>]+)""")
# html.unescape stumbles over numbers of thousands of digits; no character has more than seven.
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
MAX_QUOTE_DEPTH = 20
MAX_TAGS = 300_000


def from_html(html: str) -> str:
    """The text of an HTML mail: paragraphs, lists, links with their address, quotes marked with "> "."""
    writer = _Writer()
    lowered = html.lower() if html.isascii() else "".join(char.lower() if char < "\x80" else char for char in html)
    position, end, tags = 0, len(html), 0
    while position < end and tags < MAX_TAGS:
        tags += 1
        start = html.find("<", position)
        if start < 0:
            writer.text(html[position:])
            break
        writer.text(html[position:start])
        if html.startswith("<!--", start):
            close = html.find("-->", start + 4)
            position = end if close < 0 else close + 3
            continue
        match = _TAG.match(html, start + 1)
        if not match and html[start + 1 : start + 2] not in ("!", "?"):
            writer.text("<")  # "giá < 5 triệu" is text, not a tag
            position = start + 1
            continue
        close = _tag_end(html, start)
        if close < 0:
            break  # cut off inside of a tag: nothing readable follows
        position = close + 1
        if match:
            name = match[2].lower()
            writer.tag(name, bool(match[1]), html[match.end() : close])
            if name in _SKIPPED and not match[1] and html[close - 1] != "/":
                after = lowered.find(f"</{name}", position)
                position = end if after < 0 else after
    return writer.result()


def _tag_end(html: str, start: int) -> int:
    """The closing > of a tag, past the ones inside of a quoted attribute (three at most)."""
    close = html.find(">", start)
    for _ in range(3):
        inside = html[start:close] if close - start < 4000 else ""
        if close < 0 or (inside.count('"') % 2 == 0):
            return close
        later = html.find(">", close + 1, close + 4000)
        if later < 0:
            return close
        close = later
    return close


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.links: list[tuple[str, int]] = []
        self.pre = False

    def text(self, piece: str) -> None:
        if not piece:
            return
        piece = unescape(_LONG_NUMBER.sub("\ufffd", piece)).replace("\xa0", " ").replace("\xad", "")
        if self.pre:
            *whole, last = piece.split("\n")
            for part in whole:
                self.line.append(part)
                self.feed()
            self.line.append(last)
        else:
            self.line.append(_SPACE.sub(" ", piece))

    def tag(self, name: str, closing: bool, rest: str) -> None:
        if name == "br":
            self.feed(force=True)
        elif name in _BREAKS:
            self.feed()
            if name in _PARAGRAPHS:
                self.blank()
            if name == "blockquote":
                self.depth = max(0, self.depth - 1) if closing else min(self.depth + 1, MAX_QUOTE_DEPTH)
            elif name == "pre":
                self.pre = not closing
            elif name == "li" and not closing:
                self.line.append("- ")
        elif name in ("td", "th") and not closing and any(piece.strip() for piece in self.line):
            self.line.append("  ")
        elif name == "a":
            self.link(closing, rest)
        elif name == "img" and not closing and (alt := _attribute(rest, "alt")):
            self.line.append(f"[{alt[:200]}]")

    def link(self, closing: bool, rest: str) -> None:
        if not closing:
            href = _attribute(rest, "href").strip()
            self.links = [(href[:2000], len(self.line))] if href.lower().startswith(("http", "mailto:", "tel:")) else []
        elif self.links:
            href, start = self.links.pop()
            shown = "".join(self.line[start:]).strip()
            bare = re.sub(r"^(?:mailto|tel|https?):(?://)?|/$", "", href, flags=re.I)
            if bare and bare not in shown:
                self.line.append(f" <{href}>")

    def feed(self, force: bool = False) -> None:
        line = "".join(self.line)
        line = line.rstrip() if self.pre else _SPACE.sub(" ", line).strip() if "  " not in line else line.strip()
        self.line, self.links = [], []
        if line or force:
            self.lines.append("> " * self.depth + line if self.depth else line)

    def blank(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self.depth if self.depth else "")

    def result(self) -> str:
        self.feed()
        return tidy("\n".join(self.lines))


def _attribute(rest: str, name: str) -> str:
    for match in _ATTRIBUTE.finditer(rest[:4000]):
        if match[1].lower() == name:
            return unescape(_LONG_NUMBER.sub("", match[2].strip("\"'")))
    return ""


def tidy(text: str) -> str:
    """Line ends as \\n, no trailing spaces, at most one empty line in a row."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept).strip("\n")


def unflow(text: str, delete_space: bool) -> str:
    """RFC 3676: lines ending in a space go on in the next line of the same quote depth."""
    done: list[str] = []
    open_depth = -1
    pieces: list[str] = []

    def close() -> None:
        if pieces:
            done.append((">" * open_depth + " " if open_depth > 0 else "") + "".join(pieces))
            pieces.clear()

    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if depth != open_depth or bare == "-- ":
            close()
        open_depth = depth
        if bare.endswith(" ") and bare != "-- ":
            pieces.append(bare[:-1] if delete_space else bare)
        else:
            pieces.append(bare)
            close()
    close()
    return "\n".join(done)
