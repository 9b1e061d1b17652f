"""How the writers of some sentences use their words: lemma, participle, capitals."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from spacy.tokens import Doc, Token

from models.naming.words import words

LONGEST_ABBREVIATION = 5
WITHOUT_CAPITAL = 0.35

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What most occurrences of a word say: lemma, part of speech, participles, capitals."""

    lemmas: Mapping[str, str]
    kinds: Mapping[str, str]
    participles: Mapping[tuple[str, str], str]
    spellings: Mapping[tuple[str, ...], str]

    @classmethod
    def of(cls, documents: Iterable[Doc]) -> Vocabulary:
        """Vocabulary of parsed sentences."""
        lemmas: dict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        participles: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        spellings: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for document in documents:
            shouted = 2 * sum(token.text[0].isupper() for token in document) > len(document)
            for token in document:
                lemmas[token.lower_][token.lemma_.lower()] += 1
                kinds[token.lower_][token.pos_] += 1
                if token.pos_ == "VERB" and token.tag_ in ("VBN", "VBG"):
                    participles[token.lemma_.lower(), token.tag_][token.lower_] += 1
                if token.i and not token.is_sent_start and not shouted:
                    spellings[(token.lower_,)][token.text] += 1
                    spellings[token.nbor(-1).lower_, token.lower_][token.text] += 1
        written = {told: _spelling(told[-1], counts) for told, counts in spellings.items()}
        return cls(_commonest(lemmas), _commonest(kinds), _commonest(participles), written)

    def lemma(self, word: str) -> str:
        """Lemma of a word in lower case; of an unknown one itself."""
        return self.lemmas.get(word, word)

    def written(self, phrase: Sequence[str]) -> str:
        """Words in lower case, but names and abbreviations; after a name as they are there: "Apple Pay"."""
        spelt = [self.spellings.get((word,), word) for word in phrase]
        for place, pair in enumerate(pairwise(phrase)):
            if spelt[place] != phrase[place]:
                spelt[place + 1] = self.spellings.get(pair, spelt[place + 1])
        return " ".join(spelt)

    def participle(self, verb: Token, tag: str) -> str:
        """A verb as VBN ("swallowed") or VBG ("swallowing")."""
        if verb.tag_ == tag:
            return verb.text.lower()
        lemma = verb.lemma_.lower()
        return self.participles.get((lemma, tag)) or _participle(lemma, tag)


def _commonest(counts: Mapping[Thing, Counter[str]]) -> dict[Thing, str]:
    return {one: min(of_one, key=lambda value: (-of_one[value], value)) for one, of_one in counts.items()}


def _spelling(word: str, counts: Counter[str]) -> str:
    """How most write a word; in capitals only an abbreviation or what is hardly ever written without."""
    best = min(counts, key=lambda spelling: (-counts[spelling], spelling))
    if best.isupper():
        return best if len(best) <= LONGEST_ABBREVIATION else word
    return best if counts[word] <= WITHOUT_CAPITAL * counts.total() else word


def _participle(lemma: str, tag: str) -> str:
    """Participle of a verb that nobody wrote that way."""
    verb, hyphen, particle = lemma.partition("-")
    if hyphen:
        return f"{_participle(verb, tag)} {particle}"
    if tag == "VBN" and lemma in words().irregular:
        return words().irregular[lemma]
    if tag == "VBN" and re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    ending = "ed" if tag == "VBN" else "ing"
    if lemma.endswith("e") and not lemma.endswith(("ee", "ye", "oe")):
        return lemma[:-1] + ending
    doubled = lemma[-1] if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", lemma) else ""
    return lemma + doubled + ending
