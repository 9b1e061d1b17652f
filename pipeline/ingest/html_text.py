"""HTML that customers' messages and surveys' questions come in, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from html.entities import html5
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"}
)

_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "h1", "h2", "h3", "h4"})
_SILENT = frozenset({"script", "style", "head", "title", "template", "svg"})
_PLAIN_TO_SEE = "|".join(sorted(_BREAKS | {"b", "em", "hr", "html", "i", "span", "strong", "u"}))
_ELEMENT = (
    f"{_PLAIN_TO_SEE}|{'|'.join(sorted(_SILENT | VOID))}|a|abbr|acronym|address|applet|article|aside|audio|"
    "basefont|bdi|bdo|bgsound|big|blink|body|button|canvas|caption|center|cite|code|colgroup|data|datalist|dd|"
    "del|details|dfn|dialog|dir|dl|dt|fieldset|figcaption|figure|font|footer|form|frame|frameset|h5|h6|header|"
    "hgroup|iframe|ins|kbd|label|legend|main|map|mark|marquee|menu|meter|nav|nobr|noframes|noscript|object|"
    "optgroup|option|output|picture|pre|progress|q|rp|rt|ruby|s|samp|search|section|select|slot|small|strike|"
    "sub|summary|sup|tbody|td|textarea|tfoot|th|thead|time|track|tt|var|video|xmp"
)
_MARKUP = re.compile(
    rf"</(?:{_ELEMENT})\s*>|<(?:{_PLAIN_TO_SEE})\s*/?>|<(?:{_ELEMENT})\s[^<>=]*=[^<>]*>|<!--[^<>]*-->",
    re.IGNORECASE,
)
_IS_ELEMENT = re.compile(_ELEMENT)
_NO_TAG = re.compile(rf"<(?!/?(?:{_ELEMENT})[\s/>])(?=[^<>]*<)", re.IGNORECASE)  # the next one begins first
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_UNSHOWN = re.compile(
    rf"(?P<comment><!--)|-->|<![^<>]*>|<!|<(?P<end>/?)(?P<name>{'|'.join(sorted(_SILENT))})(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


class Words(HTMLParser):
    """Takes the words of an HTML text into `parts`: blocks on lines of their own, entities as characters.

    What stands in angle brackets and is no element (`<four>`, `<ada@example.org>`) is words.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in _BREAKS:
            self.parts.append("\n")
        elif _is_words(tag, attrs):
            self.handle_data(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Take words, their own line ends as spaces."""
        self.parts.append(data.replace("\n", " "))


def plain_text(html: str, reader: type[Words] = Words) -> str:
    """Words of a text that may be HTML: tags gone, blocks on lines of their own, entities as characters.

    A text is HTML where it has an end tag, a start tag with an attribute, or one that is no word in angle
    brackets (`<p>`), of an element that HTML has. In any other text only entities are read, so that
    `price <5 now` and the lines stay. What an element that shows no words (a script, a style) holds is left
    out; one that is never closed holds nothing.

    Parameters
    ----------
    html
        The text.
    reader
        What takes the words.
    """
    if "<" not in html and "&" not in html:
        return html
    if not _MARKUP.search(html):
        return _ENTITY.sub(_character, html)
    words = reader()
    markup, end, rest = _NO_TAG.sub("&lt;", "".join(_shown(html))).rpartition(">")
    words.feed(markup + end + rest.replace("<", "&lt;"))  # no tag ends there
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_words(tag: str, attrs: Sequence[tuple[str, str | None]]) -> bool:
    """Whether what stands in angle brackets is no element: of HTML, of a namespace, or with attributes."""
    is_element = _IS_ELEMENT.fullmatch(tag) or ":" in tag or any(value is not None for _, value in attrs)
    return not is_element


def _character(entity: re.Match[str]) -> str:
    """Character that an entity stands for; itself where HTML has none of its name."""
    name = entity[1]
    known = name.startswith("#") or f"{name};" in html5
    return unescape(entity[0]).replace("\xa0", " ") if known else entity[0]


def _shown(html: str) -> Iterator[str]:
    """HTML without comments, declarations and elements that show no words."""
    marks = list(_UNSHOWN.finditer(html))
    last_ends = {_ending(mark): mark.start() for mark in marks}
    at, awaited = 0, ""
    for mark in marks:
        if awaited:
            if _ending(mark) == awaited:
                at, awaited = mark.end(), ""
            continue
        yield html[at : mark.start()]
        at, begun = mark.end(), _begun(mark)
        if begun and last_ends.get(begun, -1) > mark.start():
            awaited = begun
        elif mark[0] in {"<!--", "-->", "<!"}:
            yield mark[0].replace("<", "&lt;")
    yield html[at:]


def _ending(mark: re.Match[str]) -> str:
    """What ends here: a comment, or an element by its name; empty where nothing does."""
    return mark["name"].lower() if mark["end"] else mark[0] * (mark[0] == "-->")


def _begun(mark: re.Match[str]) -> str:
    """What begins here, by what ends it; empty where nothing does."""
    if mark["comment"]:
        return "-->"
    return mark["name"].lower() if mark["name"] and not mark["end"] and mark[0][-2] != "/" else ""
