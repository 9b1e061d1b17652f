import csv
import logging
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import read_settings
from pipeline.ingest.contract import Record
from pipeline.ingest.readers import read_rows
from pipeline.redact.detectors import may_hold_a_pattern
from pipeline.redact.redactor import Redacted, RedactedSpan, Redactor

DEMO = Path(__file__).parents[3] / "data" / "samples" / "larkspur"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to jakub.xu47@example.org.", "write to <EMAIL>."),
        ("(jx@intranet.local)", "(<EMAIL>)"),
        ("ring +44 7700 900675 or 07700 900675", "ring <PHONE> or <PHONE>"),
        ("ring 020 7946 0958, (202) 555-0143, 202-555-0143", "ring <PHONE>, <PHONE>, <PHONE>"),
        ("Tel. +49 30 1234567.", "Tel. <PHONE>."),
        ("call me on 60-56-85-91 or 166-684-7899 x11.", "call me on <PHONE> or <PHONE>."),
        ("(978)645-9740x11144", "<PHONE>"),
        ("my number is (88) 684-334", "my number is <PHONE>"),
        ("they text 99 668472, 516 466 638, 781 1704", "they text <PHONE>, <PHONE>, <PHONE>"),
        ("(351) 925807302, 42/621-2997, 06-5/145 4752", "<PHONE>, <PHONE>, <PHONE>"),
        ("+90(029)313-7585x847 or 1986-0395", "<PHONE> or <PHONE>"),
        ("Office 21 253 109 8211-Office,07700 063 966-Fax", "Office <PHONE>-Office,<PHONE>-Fax"),
        (
            "zip: 3520, postcode: 7412 SL, in NE 68102",
            "zip: <ADDRESS>, postcode: <ADDRESS>, in NE <ADDRESS>",
        ),
        ("see http://shop.example and www.shop.example.", "see <URL> and <URL>."),
        ("card 4111 1111 1111 1111 was charged", "card <CARD> was charged"),
        ("card 4111-1111-1111-1111", "card <CARD>"),
        ("card 4111.1111.1111.1111 or 4111_1111_1111_1111", "card <CARD> or <CARD>"),
        ("card 4111/1111/1111/1111 or nl91 abna 0417 1643 00", "card <CARD> or <IBAN>"),
        (f"{'I wrote to you ' * 4}from 07700 900\n123 today", f"{'I wrote to you ' * 4}from <PHONE> today"),
        ("to DE89.3704.0044.0532.0130.00 please", "to <IBAN> please"),
        ("on +49/30/12345678 after six", "on <PHONE> after six"),
        ("to jakub.xu (at) example.org or jakub [at] example [dot] org", "to <EMAIL> or <EMAIL>"),
        ("to jakub.xu at gmail dot com, jakub dot xu at gmx dot de.", "to <EMAIL>, <EMAIL>."),
        ("to GB82 WEST 1234 5698 7654 32 please", "to <IBAN> please"),
        ("to DE89370400440532013000.", "to <IBAN>."),
        ("to gb82west12345698765432 or BE68 5390 0754 7034 as I wrote", "to <IBAN> or <IBAN> as I wrote"),
        ("order LK-29755 is late", "order <ACCOUNT> is late"),
        ("order lk29755", "order <ACCOUNT>"),
        ("order no. 29755", "order no. <ACCOUNT>"),
        ("account number is 12-3456-7", "account number is <ACCOUNT>"),
        ("account 12345678, sort code 12-34-56", "account <ACCOUNT>, sort code <ACCOUNT>"),
        ("SSN 078-05-1120", "SSN <ACCOUNT>"),
        ("NI AB 12 34 56 C", "NI <ACCOUNT>"),
        ("https://larkspur.example/reset?token=ab12 fails", "<URL> fails"),
        ("see www.larkspur.example/orders/29755x", "see <URL>"),
        ("larkspur.com/u/38113061 is mine", "<URL> is mine"),
        ("from 192.0.2.177 or 2001:db8:85a3:0:0:8a2e:370:7334", "from <IP> or <IP>"),
        ("from 2001:db8:85a3::8a2e:370:7334.", "from <IP>."),
        ("at 27 Mill Lane, BN3 7QT", "at <ADDRESS>, <ADDRESS>"),
        ("at 118B North Park Road", "at <ADDRESS>"),
        ("at 1600 Pennsylvania Ave", "at <ADDRESS>"),
        ("at 27 mill lane", "at <ADDRESS>"),
        ("in der Hauptstraße 12a", "in der <ADDRESS>"),
        ("Hauptstraße 5, 10115 Berlin", "<ADDRESS> Berlin"),
        ("to P.O. Box 1234 or Postfach 77", "to <ADDRESS> or <ADDRESS>"),
        ("au 12 rue de la Paix", "au <ADDRESS>"),
        ("en la calle Mayor 5", "en la <ADDRESS>"),
    ],
)
def test_personal_data_is_replaced(patterns: Redactor, text: str, expected: str) -> None:
    assert patterns.redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        (
            "我的电话是13812345678请联系我，订单号ORD-7731谢谢",
            "ORD-7731",
            "我的电话是<ACCOUNT>请联系我，订单号<ACCOUNT>谢谢",
        ),
        (
            "田中太郎です。電話は03-1234-5678です。カードは4111111111111111です。口座DE89370400440532013000です",
            "田中太郎",
            "<PERSON>です。電話は<PHONE>です。カードは<CARD>です。口座<IBAN>です",
        ),
        (
            "ผมชื่อสมชาย ใจดีครับ อีเมลtest@abc.exampleครับ โทร๐๘๑๒๓๔๕๖๗๘ครับ",
            "สมชาย ใจดี",
            "ผมชื่อ<PERSON>ครับ อีเมล<EMAIL>ครับ โทร<ACCOUNT>ครับ",
        ),
        (
            "김민수입니다. 메일은minsu@abc.example입니다. 전화 010-1234-5678로",
            "김민수",
            "<PERSON>입니다. 메일은<EMAIL>입니다. 전화 <PHONE>로",
        ),
        ("ສະບາຍດີ020 5555 1234ເດີ້, ជំរាបសួរ012 345 678បាទ", "", "ສະບາຍດີ<PHONE>ເດີ້, ជំរាបសួរ<PHONE>បាទ"),
        ("ဖုန်း09 420 123 456ပါ, 192.0.2.177から", "", "ဖုန်း<PHONE>ပါ, <IP>から"),
        ("邮箱用户@例子.中国，看https://a.example/wiki/田中太郎", "", "<EMAIL>，看<URL>"),
    ],
)
def test_a_letter_of_a_script_without_spaces_is_a_word_end(
    patterns: Redactor, text: str, known: str, expected: str
) -> None:
    assert patterns.redact(text, (known,)).text == expected
    assert patterns.redact_label(text, (known,)) == expected
    assert may_hold_a_pattern(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月25日13时30分45秒买了12500元，2023-10-25至2024-01-02，10,000,000円，iPhone15Pro，5000mAh",
        "on 2026-04-06 at 09:15:30, and 06/04/2026, 6.4.2026 14.30, 20260406",
        "call on 2026-04-06, number 20260406, phone 06-04-2026, text 2019-2020",
        "since 2019-2020, between 2019 and 2020, 5 May 2024",
        "from 1990 2005 to 12 05 2019, 10 000 000, 1.234.567, 1000-2000, 100 000 EUR, 15 000 000 €",
        "12 500 000 people, on 12/05/19 1030, from 2015-2016 to 2019/2020, 3 of 10 in 7 days",
        "£34.50, $1,234,567.89, 12345678.90, £10000000, USD 12000, EUR12000",
        "{$500.00} on XX/XX/XXXX by XXXX XXXX in account XXXXXXXX1234",
        "5'8\", size 10-12, 36DD, 32x34, 100% cotton, 4/5 stars, 10/10",
        "1-2 days, 9-5, 24/7, 52 minutes, 300 Mbit/s, 2.4 GHz, 802.11ac",
        "burger @ home for 2@5.99, me@work",
        "firmware 4.0.12, version 10.0.0.1 and 1:0",
        "larkspur.co.uk and amazon.com",
        "noon (at) the shop, my account at gmail.com, an iphone14 at apple.com, look at yahoo dot com",
        "scores 0\n10\n10\n9\n8\n7\n10\n10, 4111.1111.1111.1112",
        "called at\n0900\n1130\n1415, 1000\n2000\n3000\n4000, read 004512\n004987\n005321",
        "2026-05-01 10:00 - 2026-05-01 12:00, 01.05.2026 10:00 - 01.05.2026 12:00, 01/2024 - 12/2025",
        "09:00-17:00 Mon-Fri, 10:00-16:00 Sat, closed Sun",
        "3 Jan 2026, 10 Jan 2026, 12 Mar, 14 Mar and 20 Mar",
        "01/04 22.50, 1002 1 19.99 19.99, paid 60.00 60.00 60.00 60.00, 10.99 12.99 14.99",
        "size 10 12 14 16, paid 60 60 60 60, channels 101 102 103 104 105, bitrate 320 256 192 128",
        "250/500/1000/2000 ml, pages 100/101/102/103, the 2024 2025 2026 bills, 1500 kWh",
        "and/or, n/a, good.bad/ugly",
        "5 Stars All The Way, Left 19 May. Walk past, 2 miles down the road, 10 minutes close",
        "the m25 5th exit, took 3 4pm calls, B2B 4 you",
        "covid-19, iphone 12, galaxy s22, ps5, top 100",
        "<b>bold</b> and a < b > c, <EMAIL> and <NAME>",
        "",
    ],
)
def test_what_is_not_personal_stays(redactor: Redactor, text: str) -> None:
    assert redactor.redact(text) == Redacted(text, ())


def test_known_values_and_patterns_are_replaced_together(redactor: Redactor) -> None:
    text = "<PERSON> is me: Jakub Okafor, jakub.okafor87@example.net. Okafor."
    assert redactor.redact(text, ("Jakub Okafor", "jakub.okafor87@example.net")) == Redacted(
        "<PERSON> is me: <PERSON>, <EMAIL>. <PERSON>.",
        (
            RedactedSpan("PERSON", 16, 28, 16, 24),
            RedactedSpan("EMAIL", 30, 56, 26, 33),
            RedactedSpan("PERSON", 58, 64, 35, 43),
        ),
    )


def test_customer_named_like_a_placeholder_breaks_none(redactor: Redactor) -> None:
    assert redactor.redact("<PERSON> Person", ("Person",)).text == "<PERSON> <PERSON>"


FRAGMENTS = st.sampled_from(
    [
        "jx@example.org",
        "+44 7700 900675",
        "4111 1111 1111 1111",
        "LK-29755",
        "12345678",
        "27 Mill Lane",
        "Jakub Okafor",
        "okafor",
        "<EMAIL>",
        "<",
        ">",
        "@",
        "https://a.example/?q=1",
        "192.0.2.1",
        " ",
        ", ",
        "order ",
        "ß",
        "😀",
        "です",
        "用户@例子",
        "ครับ",
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=60), st.lists(FRAGMENTS, max_size=12).map("".join)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(text=TEXTS)
def test_spans_slice_both_texts_and_redacting_twice_changes_nothing(patterns: Redactor, text: str) -> None:
    known = ("Jakub Okafor", "jx@example.org")
    redacted = patterns.redact(text, known)
    rebuilt, copied = "", 0
    for span in redacted.spans:
        assert copied <= span.start < span.end <= len(text)
        rebuilt += text[copied : span.start]
        assert len(rebuilt) == span.redacted_start
        rebuilt += f"<{span.kind}>"
        assert len(rebuilt) == span.redacted_end
        copied = span.end
    assert rebuilt + text[copied:] == redacted.text
    assert patterns.redact(redacted.text, known) == Redacted(redacted.text, ())


@pytest.mark.parametrize(
    "unit",
    [
        "a.",
        "a@",
        "1",
        "1 ",
        "1-",
        "+4",
        "a/",
        "x.y/",
        "A1",
        "::",
        "order  ",
        "12 A",
        " ",
        "GB82 ",
        "a(at)",
        "123\n",
    ],
)
def test_long_odd_texts_take_no_longer_than_their_length_asks(redactor: Redactor, unit: str) -> None:
    text = unit * (200_000 // len(unit)) + " jx@example.org"
    began = time.process_time()
    assert "jx@example.org" not in redactor.redact(text).text
    assert time.process_time() - began < 20


def test_loading_leaves_no_trace_among_the_modules(redactor: Redactor) -> None:
    assert redactor.redact("").spans == ()
    assert all(sys.modules.get(name, "absent") is not None for name in ("torch", "transformers"))


def test_texts_are_not_logged(redactor: Redactor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        redactor.redact("GB82 WEST 1234 5698 7654 33 and 4111 1111 1111 1112, jx@example.org", ("Jo Ng",))
    assert caplog.records == []


def test_planned_personal_data_of_the_demo_is_all_taken_out(redactor: Redactor) -> None:
    """Machinery only: these texts were written to a plan and are easier than life."""
    with (DEMO / "truth.csv").open(encoding="utf-8", newline="") as stream:
        planned = {(row["file"], row["record_id"]): row["personal_data"] for row in csv.DictReader(stream)}
    n_values = 0
    left: list[str] = []
    for source in read_settings(DEMO).sources:
        for row in read_rows(DEMO / source.files[0], source):
            values = [
                one for one in planned.get((source.files[0], row.record_id or ""), "").split(" | ") if one
            ]
            if values and isinstance(row, Record):
                redacted = redactor.redact(row.text, row.known_values).text
                n_values += len(values)
                left.extend(value for value in values if value in redacted)
    assert (n_values, left) == (409, [])
