"""Where words end, also in scripts that put no space between them: one rule for all that redaction looks for.

Chinese, Japanese, Thai, Lao, Khmer and Burmese are written without spaces, and Korean joins particles on.
A letter of these is a word end for what stands beside it: names, numbers and addresses begin and end there.
"""

from __future__ import annotations

import re

_HANGUL = "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb\uffa1-\uffdc"
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"
_BOPOMOFO = "\u3105-\u312f\u31a0-\u31bf"
_THAI_AND_LAO = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf"  # their digits are digits
_KHMER = "\u1780-\u17d3\u17d7\u17dc\u17dd"
_BURMESE = "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"
_LETTERS = _HANGUL + _HAN + _KANA + _BOPOMOFO + _THAI_AND_LAO + _KHMER + _BURMESE

_UNSPACED = re.compile(f"[{_LETTERS}]")
_SYLLABLES = re.compile(f"[{_HANGUL}{_HAN}]")
_JOINED = re.compile(rf"[^\W{_LETTERS}]")  # what makes the word beside it a longer one
_WRAPPED = re.compile(r"(?<=[^\n]{50}\d)\n(?=\d)")  # after a short line a list goes on, and no number
_STOP = "\u3002"  # no letter, and nothing that a number or an address may hold


def words_apart(text: str) -> str:
    """Text of the same length in which each letter of such a script is a full stop.

    In it patterns that have a rule of their own for word ends, as Presidio's do, find what is beside them.
    """
    return text if text.isascii() else _UNSPACED.sub(_STOP, text)


def unwrapped(text: str) -> str:
    """Text of the same length in which numbers go on that a mail program has broken at the end of a line."""
    return _WRAPPED.sub(" ", text) if "\n" in text else text


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text, of one letter or more, begins and ends where words do."""
    before, first, last, after = text[start - 1 : start], text[start], text[end - 1], text[end : end + 1]
    begins = not _JOINED.match(before) or _UNSPACED.match(first)
    return bool(begins and (not _JOINED.match(after) or _UNSPACED.match(last)))


def may_touch(word: str, following: str) -> bool:
    """Whether two words may stand without a space between them, as the two names of a Chinese person do."""
    return bool(_UNSPACED.match(word[-1]) and _UNSPACED.match(following))


def n_syllables(word: str) -> int:
    """Letters of a word that are a syllable each: Chinese characters, and Korean letters."""
    return 0 if word.isascii() else len(_SYLLABLES.findall(word))
