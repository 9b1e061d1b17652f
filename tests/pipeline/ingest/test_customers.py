from datetime import date
from pathlib import Path

import pytest

from pipeline.config import CustomerSettings
from pipeline.errors import SourceError
from pipeline.ingest.customers import Customer, read_customers

SETTINGS = CustomerSettings(
    file="customers.csv",
    customer_id="customer_id",
    joined_on="joined",
    left_on="churned_at",
    attributes=("Region", "plan"),
)
HEADER = "customer_id,Region,plan,joined,churned_at\n"


def read(tmp_path: Path, rows: str) -> list[Customer]:
    path = tmp_path / "customers.csv"
    path.write_text(HEADER + rows)
    return read_customers(path, SETTINGS)


def test_customers_are_read_in_order(tmp_path: Path) -> None:
    assert read(tmp_path, "LK1,East,Plus,2025-11-23,\nLK2,,Basic,,2026-06-15 10:00\n") == [
        Customer(2, "LK1", date(2025, 11, 23), None, {"region": "East", "plan": "Plus"}),
        Customer(3, "LK2", None, date(2026, 6, 15), {"plan": "Basic"}),
    ]


def test_blank_rows_are_no_customers(tmp_path: Path) -> None:
    assert [customer.number for customer in read(tmp_path, ",,,,\nLK1,,,,\n , ,,,\n,,,,\n")] == [3]


def test_all_bad_rows_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "LK1,East,Plus,,\n,East,Plus,,\nLK2,East,Plus,31/02/2026,\nLK1,W,Max,,\nLK3\n")
    assert caught.value.message.split("\n  ")[1:] == [
        "line 3: missing record id, '' where an id was expected",
        "line 4: impossible date, '31/02/2026' where an ISO 8601 date was expected",
        "line 5: the same customer as on line 2",
        "line 6: unreadable row, '1 cell' where 5 cells was expected",
    ]
    assert caught.value.facts["n_bad"] == 4


def test_one_address_in_other_capitals_is_the_same_customer(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="line 3: the same customer as on line 2"):
        read(tmp_path, "Ada@mail.example,East,Plus,,\nada@mail.example,East,Plus,,\n")
    assert len(read(tmp_path, "LK1,East,Plus,,\nlk1,East,Plus,,\n")) == 2


def test_missing_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,region,plan,joined\n")
    with pytest.raises(SourceError, match="has no column 'churned_at'"):
        read_customers(path, SETTINGS)
