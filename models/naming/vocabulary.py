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

Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What most occurrences of a word say: lemma, part of speech, participles, capitals."""

    lemmas: Mapping[str, str]
    kinds: Mapping[str, str]
    participles: Mapping[tuple[str, str], str]
    spellings: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, documents: Iterable[Doc]) -> Vocabulary:
        """Vocabulary of parsed sentences."""
        lemmas: dict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        participles: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for document in documents:
            shouted = 2 * sum(token.text[0].isupper() for token in document) > len(document)
            for token in document:
                lemmas[token.lower_][token.lemma_.lower()] += 1
                kinds[token.lower_][token.pos_] += 1
                if token.pos_ == "VERB" and token.tag_ in ("VBN", "VBG"):
                    participles[token.lemma_.lower(), token.tag_][token.lower_] += 1
                if token.i and not token.is_sent_start and not shouted:
                    before = token.nbor(-1)
                    spellings["", token.lower_][token.text] += 1
                    spellings[before.lower_, token.lower_][f"{before.text} {token.text}"] += 1
        return cls(_commonest(lemmas), _commonest(kinds), _commonest(participles), _commonest(spellings))

    def lemma(self, word: str) -> str:
        """Lemma of a word in lower case; of an unknown one itself."""
        return self.lemmas.get(word, word)

    def written(self, phrase: Sequence[str]) -> str:
        """Words in lower case, but names and abbreviations as most people wrote them."""
        spelt = [self.spellings.get(("", word), word) for word in phrase]
        spelt = [
            word.lower() if word.isupper() and len(word) > LONGEST_ABBREVIATION else word for word in spelt
        ]
        for place, pair in enumerate(pairwise(phrase)):
            both = self.spellings.get(pair, "").split()
            if len(both) == 2 and all(word[0].isupper() for word in both):
                spelt[place : place + 2] = both
        return " ".join(spelt)

    def participle(self, verb: Token, tag: str) -> str:
        """A verb as VBN ("swallowed") or VBG ("swallowing")."""
        if verb.tag_ == tag:
            return verb.text.lower()
        lemma = verb.lemma_.lower()
        return self.participles.get((lemma, tag)) or _participle(lemma, tag)


def _commonest(counts: Mapping[Thing, Counter[str]]) -> dict[Thing, str]:
    return {one: min(of_one, key=lambda value: (-of_one[value], value)) for one, of_one in counts.items()}


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
