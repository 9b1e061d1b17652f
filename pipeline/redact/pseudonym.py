"""Pseudonyms of customers and digests of records, under a key that stays in the workspace."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.redact.detectors import DIALLED, EMAIL, FROM_ABROAD, IBAN
from pipeline.redact.word_ends import words_apart

KEY_BYTES = 32
_OTHERS_MAY = 0o077


class Pseudonyms:
    """Stands for customers by HMAC-SHA256: the same under the same key, not to be reversed without it.

    Ids of customers are short and can be guessed one by one, so a digest without a key would not do.

    Parameters
    ----------
    key
        At least 32 secret bytes.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ConfigError(f"the pseudonym key has {len(key)} bytes; at least {KEY_BYTES} were expected")
        self._key = key

    def customer(self, raw_id: str) -> str:
        """Pseudonym of a customer: `c_` and 16 hex digits; of an e-mail address the same in capitals."""
        return "c_" + self._hex("customer", one_spelling(raw_id))[:16]

    def record(self, raw_id: str) -> str:
        """Id of a record or thread as it is stored: itself; `r_` and 16 hex digits where it is personal."""
        return "r_" + self._hex("record", raw_id)[:16] if is_personal(raw_id) else raw_id

    def digest(self, *parts: str) -> str:
        """Digest of texts, 32 hex digits; ("ab", "c") and ("a", "bc") differ."""
        return self._hex("digest", *parts)[:32]

    def _hex(self, *parts: str) -> str:
        found = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in parts:
            encoded = part.encode("utf-8", "surrogatepass")
            found.update(len(encoded).to_bytes(8, "big"))
            found.update(encoded)
        return found.hexdigest()


def one_spelling(customer_id: str) -> str:
    """The same id for an e-mail address in any capitals: people write theirs as they please."""
    return customer_id.casefold() if EMAIL.fullmatch(customer_id) else customer_id


def is_personal(raw_id: str) -> bool:
    """Whether an id of a record is an e-mail address, a phone number or an IBAN, as some exports have them.

    Other numbers are none, though a pattern of redaction may match them: records are looked up by them.
    """
    is_dialled = any(pattern.fullmatch(raw_id) for pattern in (DIALLED, FROM_ABROAD))
    return bool(EMAIL.search(raw_id) or is_dialled or IBAN.search(words_apart(raw_id)))


def read_or_create_key(path: Path) -> bytes:
    """Read a workspace's key; where there is none, make one that only its owner may read.

    Two jobs that start at once get the same key: the file appears whole or not at all.

    Raises
    ------
    ConfigError
        The file does not hold a key.
    """
    if not path.exists():
        _create(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigError(
            f"{path} holds {len(key)} bytes; a key of {KEY_BYTES} was expected. With another key every "
            "customer gets another pseudonym",
            left_undone="nothing was read",
            next_command=f"restore {path} from a copy",
            file=str(path),
        )
    if path.stat().st_mode & _OTHERS_MAY:
        path.chmod(0o600)
    return key


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):  # another job was first: its key is the key
            os.link(draft, path)
    finally:
        draft.unlink()
