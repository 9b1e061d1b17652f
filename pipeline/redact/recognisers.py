"""Presidio's pattern recognisers, fitted to customers' words and kept off the network.

Imported only when a text is to be redacted: Presidio takes seconds to import. Recognisers are called
one by one, without Presidio's engine, so no language model is loaded or fetched.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    PhoneRecognizer,
    UkPostcodeRecognizer,
    UrlRecognizer,
)

from pipeline.redact import patterns

SCORE = 0.6
_MANY_DIGITS = 5
_MANY_HEX_GROUPS = 4

logging.getLogger("presidio-analyzer").disabled = True  # it logs texts that fail a check


class LocalEmailRecognizer(EmailRecognizer):
    """E-mail addresses, checked by their shape. Presidio's check asks the web for a list of domains."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the domain ends in letters: a price such as burger@5.99 is no address."""
        return pattern_text.rpartition(".")[2].isalpha()


class PersonalUrlRecognizer(UrlRecognizer):
    """Links that can lead to a person: with a query, a user, or an id in the path."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether the link is public: a shop's or a help page's address stays."""
        return re.search(patterns.PERSONAL_URL_PART, pattern_text) is None


class StrictIpRecognizer(IpRecognizer):
    """IP addresses; of the sixth version only those written with four groups or more."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether this is a time or a pair of colons rather than an address."""
        try:
            address = ipaddress.ip_address(pattern_text)
        except ValueError:
            return True
        return address.version == 6 and pattern_text.count(":") < _MANY_HEX_GROUPS - 1


class AccountRecognizer(PatternRecognizer):
    """Numbers of accounts, orders, cases and people."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether this has too few digits to name anything."""
        return sum(letter.isdigit() for letter in pattern_text) < _MANY_DIGITS


def recogniser_of(name: str) -> Any:
    """Recogniser by the name that a screen gives it."""
    return _MAKERS[name]()


def _own(entity: str, named_patterns: dict[str, str], kind: type[PatternRecognizer]) -> PatternRecognizer:
    listed = [Pattern(name, pattern, SCORE) for name, pattern in named_patterns.items()]
    return kind(supported_entity=entity, patterns=listed, global_regex_flags=re.MULTILINE)


def _postcode() -> EntityRecognizer:
    recogniser = UkPostcodeRecognizer()
    recogniser.global_regex_flags = re.MULTILINE  # capitals only: "the m25 5th exit" is no postcode
    return recogniser


_MAKERS: Mapping[str, Callable[[], EntityRecognizer]] = {
    "email": LocalEmailRecognizer,
    "url": lambda: PersonalUrlRecognizer(patterns=[Pattern("link", patterns.LINK, SCORE)]),
    "iban": lambda: IbanRecognizer(regex_flags=re.DOTALL | re.MULTILINE | re.IGNORECASE),
    "card": CreditCardRecognizer,
    "phone as dialled": lambda: PhoneRecognizer(supported_regions=("GB", "US"), leniency=0),
    "phone within a country": lambda: PhoneRecognizer(supported_regions=("GB", "US"), leniency=1),
    "phone by shape": lambda: _own("PHONE", patterns.PHONES, PatternRecognizer),
    "account": lambda: _own("ACCOUNT", patterns.ACCOUNTS, AccountRecognizer),
    "ip": StrictIpRecognizer,
    "postcode": _postcode,
    "street": lambda: _own("STREET", patterns.STREETS, PatternRecognizer),
}
