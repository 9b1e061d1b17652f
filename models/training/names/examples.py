"""Texts with the places of their names: real sentences with made-up names, and written ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.training.names.corpus import Corpus, Example, Slot, Span
from models.training.names.values import Drawer, read_frames

_SLOT = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"\[NAME\]")
_MASK = re.compile(
    r"(?i)(?:(?:spoke|talked|speaking|talking) (?:with|to)|representative|agent|manager|supervisor|named"
    r"|name is|\bm(?:r|s|rs)\.?|\bdr\.?|signed by|signed) (XXXX(?: XXXX)?)\b"
    r"(?! ?(?:/|bank|inc|llc|credit|mortgage))"
)
_TITLE = re.compile(r"(?:M(?:r|rs|s|iss)|Dr|Prof)\.? ")
_INNER = ("staff", "life", "places", "plain", "firms", "numbers", "foreign")
LOWERED, RAISED, TITLED = 0.14, 0.03, 0.03


class Writer:
    """Writes examples from frames and from real sentences."""

    def __init__(self, drawer: Drawer, corpus: Corpus) -> None:
        self.drawer = drawer
        self.corpus = corpus
        self.random = drawer.random
        self.frames = read_frames()
        self._inner = [one for part in _INNER for one in self.frames[part]]

    def write(self, n: int) -> list[Example]:
        """Write n examples: half of them with frames, the rest real sentences, some with drawn names."""
        corpus, pick = self.corpus, self.random.choice
        examples = []
        for _ in range(n):
            drawn = self.random.random()
            if drawn < 0.50:
                examples.append(self.framed())
            elif drawn < 0.72:
                examples.append(self.named(pick(corpus.masked)))
            elif drawn < 0.78:
                examples.append(self.recased(self.replaced(*pick(corpus.filled))))
            else:
                examples.append(self.recased(pick(corpus.plain)))
        return examples

    def framed(self) -> Example:
        """Some frames, often with real sentences between."""
        chance, pick = self.random.random, self.random.choice
        parts: list[Example] = []
        if chance() < 0.3:
            parts.append(self.filled(pick(self.frames["openings"])))
        for _ in range(self.random.choice((1, 1, 1, 2))):
            if chance() < 0.4:
                parts.append(pick(self.corpus.plain))
            if chance() < 0.8:
                parts.append(self.filled(pick(self._inner)))
        if chance() < 0.3:
            parts.append(self.filled(pick(self.frames["closings"])))
        blank = pick((" ", " ", " ", "\n", "\n\n"))
        return self.recased(joined([self._started(one) for one in parts], blank))

    def filled(self, frame: str) -> Example:
        """One frame with drawn names."""
        return self.replaced(frame, [(one.start(), one.end(), one[1]) for one in _SLOT.finditer(frame)])

    def replaced(self, text: str, slots: Sequence[Slot]) -> Example:
        """Text with slots, given by range and name, filled."""
        parts: list[str] = []
        spans: list[Span] = []
        length = copied = 0
        for start, end, slot in slots:
            kind, value = self.drawer.fill(slot)
            parts += [text[copied:start], value]
            length += start - copied
            if kind:
                title = _TITLE.match(value) if kind == "PERSON" else None
                spans.append((kind, length + (title.end() if title else 0), length + len(value)))
            length += len(value)
            copied = end
        return Example("".join([*parts, text[copied:]]), tuple(spans))

    def named(self, text: str) -> Example:
        """A text of GoEmotions or a complaint with its masked names filled."""
        slots = [(one.start(), one.end(), self._form(text, one.end())) for one in _NAME.finditer(text)]
        slots += [(*one.span(1), "p") for one in _MASK.finditer(text)]
        return self.recased(self.replaced(text, sorted(slots)))

    def _form(self, text: str, end: int) -> str:
        return self.random.choice(("f", "f", "l", "full")) if not text.startswith("'s", end) else "f"

    def _started(self, example: Example) -> Example:
        """Frames often start with a capital letter."""
        text = example.text
        if text and text[0].islower() and self.random.random() < 0.5:
            return Example(text[0].upper() + text[1:], example.spans)
        return example

    def recased(self, example: Example) -> Example:
        """Sometimes all in small letters, or all in capitals, or every word with one."""
        drawn = self.random.random()
        text = example.text
        if drawn < LOWERED:
            changed = text.lower()
        elif drawn < LOWERED + RAISED:
            changed = text.upper()
        elif drawn < LOWERED + RAISED + TITLED:
            changed = re.sub(r"\b\w", lambda found: found[0].upper(), text)
        else:
            return example
        return Example(changed, example.spans) if len(changed) == len(text) else example


def joined(parts: Sequence[Example], blank: str) -> Example:
    """Examples one after the other, as one."""
    text, spans = "", []
    for part in parts:
        if not part.text:
            continue
        offset = len(text) + (len(blank) if text else 0)
        text = f"{text}{blank}{part.text}" if text else part.text
        spans += [(kind, start + offset, end + offset) for kind, start, end in part.spans]
    return Example(text, tuple(spans))
