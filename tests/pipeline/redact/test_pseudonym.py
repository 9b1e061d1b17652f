import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.redact.pseudonym import Pseudonyms, read_or_create_key

KEY = bytes(range(32))


def test_pseudonym_is_the_same_under_the_same_key_only() -> None:
    assert Pseudonyms(KEY).customer("LK113061") == "c_ad19c9532ea2b9aa"
    assert Pseudonyms(KEY).customer("LK113062") != "c_ad19c9532ea2b9aa"
    assert Pseudonyms(bytes(32)).customer("LK113061") != "c_ad19c9532ea2b9aa"


def test_an_address_is_one_customer_in_any_capitals_and_another_id_is_not() -> None:
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.customer("Ada@Mail.example") == pseudonyms.customer("ada@mail.example")
    assert pseudonyms.customer("LK113061") != pseudonyms.customer("lk113061")


def test_digest_tells_parts_apart() -> None:
    pseudonyms = Pseudonyms(KEY)
    assert re.fullmatch("[0-9a-f]{32}", pseudonyms.digest("ab", "c"))
    assert pseudonyms.digest("ab", "c") != pseudonyms.digest("a", "bc")
    assert pseudonyms.digest("LK1")[:16] != pseudonyms.customer("LK1")[2:]


@pytest.mark.parametrize(
    "raw_id",
    [
        *("ada@mail.example", "<1.ada@mail.example>", "+44 7700 900123", "07700900123"),
        *("GB33BUKB20201555555555", "口座GB33BUKB20201555555555"),
    ],
)
def test_an_id_that_is_personal_is_stored_as_a_digest(raw_id: str) -> None:
    stored = Pseudonyms(KEY).record(raw_id)
    assert re.fullmatch("r_[0-9a-f]{16}", stored)
    assert stored != Pseudonyms(bytes(32)).record(raw_id)
    assert Pseudonyms(KEY).record(stored) == stored


@pytest.mark.parametrize(
    "raw_id", ["35436/104", "1234567890123", "R_2xYz", "r1", "gp:AOqpTOE-7_x", "2026-03-04-17"]
)
def test_other_ids_stay(raw_id: str) -> None:
    assert Pseudonyms(KEY).record(raw_id) == raw_id


def test_short_key_is_refused() -> None:
    with pytest.raises(ConfigError, match="has 5 bytes"):
        Pseudonyms(b"short")


def test_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "workspace" / "pseudonym.key"
    key = read_or_create_key(path)
    assert len(key) == 32
    assert read_or_create_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["pseudonym.key"]


def test_jobs_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: read_or_create_key(path), range(64)))
    assert len(keys) == 1


def test_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(KEY)
    path.chmod(0o644)
    assert read_or_create_key(path) == KEY
    assert path.stat().st_mode & 0o777 == 0o600


def test_cut_key_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pseudonym.key"
    path.write_bytes(KEY[:7])
    with pytest.raises(ConfigError, match="holds 7 bytes"):
        read_or_create_key(path)
    assert path.read_bytes() == KEY[:7]
