"""Presidio's pattern recognisers, fitted to customers' words and kept off the network.

Imported only when a text is to be redacted: Presidio takes seconds to import. Recognisers are called
one by one, without Presidio's engine, so no language model is loaded or fetched.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
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
from pipeline.redact.known_values import PHONE_DIGITS

SCORE = 0.6
_MANY_DIGITS = 5
_MANY_HEX_GROUPS = 4
_MOST_DIGITS = 15  # of a phone number, by E.164
_DAY_DIGITS = 2
_LARGEST_BYTE = 255
_SHORT_ROW = 3

logging.getLogger("presidio-analyzer").disabled = True  # it logs texts that fail a check


class LocalEmailRecognizer(EmailRecognizer):
    """E-mail addresses, checked by their shape. Presidio's check asks the web for a list of domains."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the domain ends in letters: a price such as burger@5.99 is no address."""
        return pattern_text.rpartition(".")[2].isalpha()


class PersonalUrlRecognizer(UrlRecognizer):
    """Links written as such, and bare addresses with a query, a user or an id in the path."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether this is a bare name such as larkspur.co.uk, which stays."""
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
        """Whether this has too few digits to name anything, or is a row of years."""
        has_few = sum(letter.isdigit() for letter in pattern_text) < _MANY_DIGITS
        groups = re.split("[ -]", pattern_text)
        return has_few or (all(re.fullmatch(r"\d{4}", group) for group in groups) and _is_row(groups))


class GroupedPhoneRecognizer(PatternRecognizer):
    """Groups of digits that are a number to call: no date, years, sums, range, row or address."""

    def invalidate_result(self, pattern_text: str) -> bool:
        """Whether the groups are something else, or too few or too many digits."""
        number = re.split("[xe]", pattern_text.lower())[0]
        groups = re.findall(r"\d+", number)
        years = [group for group in groups if re.fullmatch(r"(?:19|20)\d\d", group)]
        others = [group for group in groups if group not in years]
        is_date = bool(years) and all(len(group) <= _DAY_DIGITS for group in others)
        is_date = is_date or re.match(r"\d\d?/\d\d?/\d\d(?!\d)", number) is not None
        is_sum = all(len(group) == 3 for group in groups[1:]) and ("." in number or groups[-1] == "000")
        is_sum = (
            is_sum or re.fullmatch(r"(?:\d+(?:/\d+)? +)*\d+\.\d\d(?: +\d+(?:\.\d\d)?)*", number) is not None
        )
        is_range = len(groups) == 2 and "-" in number and all(group.endswith("0") for group in groups)
        is_insured = [len(group) for group in groups] == [3, 2, 4]  # US social security: an account
        is_address = [len(group) for group in number.split(".")] == [len(group) for group in groups] and (
            len(groups) == 4 and max(map(int, groups)) <= _LARGEST_BYTE
        )
        wrong_size = not PHONE_DIGITS <= sum(map(len, groups)) <= _MOST_DIGITS
        is_row = _is_row(groups) or (number.count("/") > 1 and number[0] != "0")
        return any((wrong_size, is_date, is_sum, is_range, is_insured, is_address, is_row))


def _is_row(groups: Sequence[str]) -> bool:
    """Whether numbers follow each other in even steps, small ones where three do: sizes, years, sums."""
    steps = {int(after) - int(before) for before, after in pairwise(groups)}
    return len(steps) == 1 and (
        len(groups) > _SHORT_ROW or (len(groups) == _SHORT_ROW and steps <= {-1, 0, 1})
    )


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
    "email spelled out": lambda: _own("EMAIL", patterns.EMAILS, PatternRecognizer),
    "url": lambda: PersonalUrlRecognizer(patterns=[Pattern("link", patterns.LINK, SCORE)]),
    "iban": lambda: IbanRecognizer(regex_flags=re.DOTALL | re.MULTILINE | re.IGNORECASE),
    "card": CreditCardRecognizer,
    "phone as dialled": lambda: PhoneRecognizer(supported_regions=("GB", "US"), leniency=0),
    "phone within a country": lambda: PhoneRecognizer(supported_regions=("GB", "US"), leniency=1),
    "phone by shape": lambda: _own("PHONE", patterns.PHONES, PatternRecognizer),
    "phone in groups": lambda: _own("PHONE", {"groups": patterns.GROUPED}, GroupedPhoneRecognizer),
    "account": lambda: _own("ACCOUNT", patterns.ACCOUNTS, AccountRecognizer),
    "ip": lambda: StrictIpRecognizer(patterns=[Pattern("address", patterns.IP, SCORE)]),
    "postcode": _postcode,
    "postcode by name": lambda: _own("POSTCODE", patterns.POSTCODES, PatternRecognizer),
    "street": lambda: _own("STREET", patterns.STREETS, PatternRecognizer),
}
