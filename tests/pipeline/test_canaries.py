"""Three thousand pieces of made-up personal data go in; every byte that is left is searched for them."""

import csv
import io
import random
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest

N_RECORDS, N_CANARIES = 500, 3_000
STAYS = "quibblesnatch"  # a word that must be found, or the search would find nothing anywhere
GRAM = 8  # bytes compared at once
SUBJECTS = (
    "The engineer missed the appointment on {} and never called back.",
    "The price went up on {} without any warning at all.",
    "The router firmware restarts itself every {} in the evening.",
    "The app keeps asking me for my password again on {}.",
)
DAYS = [f"{day} {month}" for month in ("January", "March", "June", "July") for day in range(1, 29)]
SYLLABLES = (
    "qua",
    "zum",
    "brel",
    "vok",
    "dri",
    "fen",
    "gar",
    "hix",
    "jol",
    "kri",
    "lum",
    "mox",
    "nev",
    "pry",
)


class Maker:
    """Makes canaries, none of them twice."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: dict[str, str] = {}

    def digits(self, n: int) -> str:
        return str(self.random.randrange(1, 10)) + "".join(self.random.choices("0123456789", k=n - 1))

    def new(self, kind: str) -> str:
        make: Callable[[], str] = getattr(self, f"_{kind}")
        value = make()
        while value in self.made:
            value = make()
        self.made[value] = kind
        return value

    def _word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=3)).capitalize()

    def _name(self) -> str:
        return f"{self._word()} {self._word()}"

    def _email(self) -> str:
        host = self.random.choice(("example.org", "mail.example.net"))
        return f"{self._word().lower()}.{self.digits(3)}@{host}"

    def _phone(self) -> str:
        d = self.digits
        return self.random.choice(
            (
                f"+44 7700 {d(6)}",
                f"07{d(3)} {d(6)}",
                f"(202) {d(3)}-{d(4)}",
                f"+49 30 {d(7)}",
                f"+33 6 {d(2)} {d(2)} {d(2)} {d(2)}",
                f"+34 6{d(2)} {d(3)} {d(3)}",
                f"+91 98{d(3)} {d(5)}",
            )
        )

    def _iban(self) -> str:
        lengths = (("GB", "WEST", 14), ("DE", "", 18), ("NL", "ABNA", 10), ("ES", "", 20))
        country, bank, n_digits = self.random.choice(lengths)
        bank += self.digits(n_digits)
        as_number = "".join(str(int(letter, 36)) for letter in f"{bank}{country}00")
        return f"{country}{98 - int(as_number) % 97:02d}{bank}"

    def _card(self) -> str:
        start = self.random.choice(("4111", "5500", "4929")) + self.digits(11)
        doubled = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(start))
        number = start + str(-doubled % 10)
        return self.random.choice((number, " ".join(number[place : place + 4] for place in range(0, 16, 4))))

    def _order(self) -> str:
        return f"{self.random.choice(('LK', 'ORD', 'AB'))}-{self.digits(7)}"

    def _account(self) -> str:
        return self.digits(10)

    def _ip(self) -> str:
        return ".".join(str(self.random.randrange(100, 255)) for _ in range(4))

    def _link(self) -> str:
        return f"https://shop.example/{self._word().lower()}/reset?token={self.digits(6)}"

    def _street(self) -> str:
        return f"{self.digits(3)} {self._word()} {self.random.choice(('Lane', 'Road', 'Avenue'))}"

    def _insurance(self) -> str:
        return f"{self.digits(3)}-{self.digits(2)}-{self.digits(4)}"

    def _customer(self) -> str:
        return f"cust{self.digits(7)}"


WRITTEN = {  # what stands in the text, and how a customer might say it
    "email": "Write to {}.",
    "phone": "Call me on {}, please.",
    "iban": "Refund it to {} today.",
    "card": "You charged {} twice.",
    "order": "It is about {}.",
    "account": "My account number is {}.",
    "ip": "My address was {} then.",
    "link": "The link {} is dead.",
    "street": "I live at {} now.",
    "insurance": "My SSN is {}.",
}


def exports(maker: Maker) -> str:
    """Records with canaries in text, title, attributes, ids and known values, and in rows to be refused."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(("id", "who", "at", "title", "text", "name", "region"))
    kinds = list(WRITTEN)
    for number in range(N_RECORDS):
        name, customer = maker.new("name"), maker.new("customer")
        planted = [kinds[(number * 3 + place) % len(kinds)] for place in range(3)]
        said = [WRITTEN[kind].format(maker.new(kind)) for kind in planted]
        first, last = name.split()
        subject = SUBJECTS[number % 4].format(DAYS[number % len(DAYS)])
        written = f"{subject} {STAYS.capitalize()}. {' '.join(said)} Regards, {name}. {last}, {first}"
        title = f"From {maker.new('email')}" if len(maker.made) < N_CANARIES else "Hello"
        at = maker.new("phone") if number % 50 == 49 else f"2026-01-{1 + number % 28:02d}"
        region = maker.new("email") if number % 25 == 24 else "North"
        rows.writerow((number, customer, at, title, written, name, region))
    return file.getvalue()


def left_by(folder: Path, scratch: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that heartline made: DuckDB's as a copy without compression too, archives unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or (path.parent == folder and path.suffix == ".csv"):
            continue
        yield str(path), path.read_bytes()
        if path.suffix == ".duckdb":
            copy = scratch / f"{path.stem}.copy"
            with duckdb.connect() as connection:
                connection.execute("pragma force_compression = 'uncompressed'")
                connection.execute(f"attach '{path}' as made (read_only); attach '{copy}' as copied")
                connection.execute("copy from database made to copied; checkpoint copied")
            yield f"{path} without compression", copy.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}/{name}", archive.read(name)


def found_in(data: bytes, values: Sequence[str]) -> list[str]:
    """Which of the values stand in the bytes, whatever their case; they are compared by eight bytes first."""
    lowered = data.lower()
    wanted = {value.lower().encode(): value for value in values}
    grams = np.array([int.from_bytes(value[:GRAM], "little") for value in wanted], dtype=np.uint64)
    letters = np.frombuffer(lowered, dtype=np.uint8)
    if len(letters) < GRAM:
        return []
    windows = np.zeros(len(letters) - GRAM + 1, dtype=np.uint64)
    for place in range(GRAM):
        windows |= letters[place : place + len(windows)].astype(np.uint64) << np.uint64(8 * place)
    present = set(np.intersect1d(windows, grams).tolist())
    near = [value for value in wanted if int.from_bytes(value[:GRAM], "little") in present]
    return [wanted[value] for value in near if value in lowered]


@pytest.mark.slow
def test_no_canary_is_found_in_anything_that_heartline_leaves(
    make_workspace: Callable[..., Path], heartline_command: list[str], tmp_path: Path
) -> None:
    maker = Maker(20260406)
    columns = {"record_id": "id", "customer_id": "who", "written_at": "at", "title": "title", "text": "text",
               "attributes": ["region"], "known_values": ["name"]}  # fmt: skip
    source = {"files": {"export.csv": exports(maker)}, "columns": columns, "quarantine_limit": 0.5}
    folder = make_workspace(source, curve__resamples=99, curve__suppressed_below=5)
    logs = folder / "logs"
    logs.mkdir()
    for number, words in enumerate(
        (["run"], ["report", "--xlsx", "--pptx"], ["quarantine"], ["themes", "list"])
    ):
        done = subprocess.run([*heartline_command, *words, "-w", folder], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        (logs / f"{number}.log").write_bytes(done.stdout + done.stderr)
    names = [value for value, kind in maker.made.items() if kind == "name"]
    parts = [part for name in names for part in name.split() if len(part) >= GRAM]
    found: dict[str, list[str]] = {}
    control = 0
    for what, data in left_by(folder, tmp_path):
        control += bool(found_in(data, [STAYS]))
        if left := found_in(data, [*maker.made, *parts]):
            found[what] = left[:5]
    n_canaries = len(maker.made) + len(parts)
    n_found = sum(map(len, found.values()))
    print(f"{n_canaries:,} canaries, {n_found} found; the control word stands in {control} files")
    assert n_canaries >= N_CANARIES
    assert control >= 3
    assert found == {}
