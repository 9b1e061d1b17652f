"""The written page: its numbers, its safety, its bytes, its thin cases."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import ContractError, StoreMissing
from pipeline.follow_up import AlertFollowUp, FollowUps
from reports.embed import runtime, static_svg
from reports.weekly import is_current, report_path, write_weekly_report

THIN = {
    "one week, one stage": {"n_weeks": 1, "n_stages": 1, "gap": ()},
    "undated": {"dated": False},
    "suppressed": {"scale": 0.03},
    "all suppressed": {"scale": 0.01},
    "nothing": {"scale": 0.0001, "n_stages": 0, "n_weeks": 0, "gap": (), "dated": False},
}


@pytest.fixture(scope="session")
def page(published: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_weekly_report(published, tmp_path_factory.mktemp("reports")).read_text(encoding="utf-8")


class _Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def visible(page: str) -> str:
    """The page's words, scripts and styles left out."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " "))


def test_the_page_is_named_after_the_last_week(published: Path, tmp_path: Path) -> None:
    path = write_weekly_report(published, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "2026-W40.html"
    assert path == report_path(published, tmp_path / "new" / "folder")
    assert [file.name for file in path.parent.iterdir()] == ["2026-W40.html"]
    assert path.stat().st_size < 3_000_000


def test_the_same_file_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    first = write_weekly_report(published, tmp_path / "a").read_bytes()
    assert write_weekly_report(published, tmp_path / "b").read_bytes() == first


def test_what_a_constant_mix_does_and_what_was_picked_stands_on_the_page(page: str) -> None:
    words = visible(page)
    assert "With a constant mix of sources (50 % Support tickets, 30 % Relationship survey and 20 %" in words
    assert "instead of" in words.partition("With a constant mix")[2][:300]
    assert "Only a part of that mix has enough customers at Advocacy (60 %)" in words
    assert "1 other drop is not ruled out as the largest" in words
    drawn = page.partition('id="journey"')[2].partition("</figure>")[0]
    for mark in (
        "at a constant mix",
        "highest +",
        "lowest −",
        "end −",
        "largest drop −",
        "1 other not ruled",
    ):
        assert mark in html.unescape(drawn).replace("\u00a0", " "), mark


def test_segments_and_ends_are_told_with_their_intervals(page: str) -> None:
    words = visible(page)
    assert "Of 3 comparisons of a value with the others of its attribute at a stage, 1 differs." in words
    assert "−0.50 −0.80 to +0.40 under .001 −0.40 −0.60 to −0.20 40 against 80" in words
    assert "Threads 61 of 48 customers −0.90 −0.40 +0.50 +0.30 to +0.70 51 % 40 % to 62 % 10 %" in words
    assert words.count("61 of 48 customers") == 1  # all sources' threads are the tickets'


def test_changes_have_their_chance(page: str) -> None:
    drawn = html.unescape(page.partition('id="change"')[2].partition("</figure>")[0])
    assert "p .002, q .016" in drawn
    assert "Onboarding fell by 0.50 against the four weeks before at the same mix" in visible(page)


def test_ranks_come_with_their_sets(page: str) -> None:
    words = visible(page)
    assert "Pain points, ranked" in words
    assert re.findall(r"rank (\d+ to \d+) ", words)[:3] == ["1 to 3", "1 to 4", "1 to 5"]
    assert "left open by its 95 % rank set" in words
    assert "keeps a Kendall's tau of 0.91" in words
    assert re.search(r"it is one of 3 in tier 1, ranks 1 to 3 of \d+ pain points being open to it", words)


def test_both_orders_and_other_exponents_are_told(page: str) -> None:
    words = visible(page)
    assert re.search(r"order is another one: over the \d+ with an impact, Kendall's tau", words)
    assert "is 0.41 (95 % interval +0.20 to +0.60;" in words
    assert "84 % of the first 5 would stay among the first 5 on average, and the first moves" in words
    assert "Impact on NPS points of 100" in words
    assert re.search(r"Stage weight 1\.32×", words)


def test_delights_are_shown_with_their_quotes(published: Path, page: str) -> None:
    section = page.partition('<section id="delights">')[2].partition("</section>")[0]
    assert section.count('<td class="rank">') == 5
    assert section.count('<span class="kind">typical') == section.count('<span class="kind">strongest') == 5
    with duckdb.connect(str(published), read_only=True) as connection:
        n = connection.execute("select n_customers from mart_delight order by priority_rank").fetchall()
    assert f"{n[0][0]:,} of" in visible(section)


def test_an_order_that_the_resamples_do_not_keep_is_shown_as_tiers(
    publish: Callable[..., Path], tmp_path: Path
) -> None:
    page = write_weekly_report(publish(tau=0.79), tmp_path).read_text(encoding="utf-8")
    words = visible(page)
    assert "Pain points, in tiers" in words
    assert not re.findall(r'<td class="rank">\d', page)
    assert re.findall(r">Tier (\d)<", page) == list("1223412")  # pain points, those behind a click, delights
    assert "read tiers and not ranks" in words
    assert "Kendall's tau 0.79, below 0.8" in words


def test_the_words_name_the_thresholds_of_the_run(
    publish: Callable[..., Path], page: str, tmp_path: Path
) -> None:
    other = publish()
    with duckdb.connect(str(other)) as connection:
        connection.execute("update meta_run set suppressed_below = 41, hollow_below = 67")
    told = visible(write_weekly_report(other, tmp_path).read_text(encoding="utf-8"))
    for least, most, words in ((10, 20, visible(page)), (41, 67, told)):
        assert (
            f"Below {most} customers a stage is drawn hollow and carries no claim; below {least} it" in words
        )
        found = set(re.findall(r"(?:[Bb]elow|[Ff]ewer than|under) (\d+) (?:known )?customers", words))
        assert found == {str(least), str(most)}


def test_numbers_equal_those_of_the_file(published: Path, page: str) -> None:
    words = visible(page)
    with duckdb.connect(str(published), read_only=True) as connection:
        items, customers = connection.execute(
            "select count(*), count(distinct cluster_id) from fct_item"
        ).fetchall()[0]
        reached = connection.execute(
            "select n_customers, n_customers_base, severity from mart_pain_point "
            "order by priority_rank limit 10"
        ).fetchall()
        stages = connection.execute(
            "select stage_id, n_customers, mean_valence from mart_journey_curve "
            "where period_kind = 'all' and source_id = 'all' and not is_hollow"
        ).fetchall()
    assert f"{items:,} items from {customers:,} customers in 3 sources" in words
    for n, base, severity in reached:
        assert f"{n:,} of {base:,} customers" in words
        assert f"{severity:.2f}" in words
    worst = min(stages, key=lambda stage: stage[2])
    assert f"feel worst at {worst[0].capitalize()} (mean valence −{abs(worst[2]):.1f}" in words
    for _, n, _ in stages:
        assert f"{n:,} customers" in words


def test_texts_that_mean_harm_stay_text(page: str, hostile: tuple[str, ...]) -> None:
    elements = _Elements(page).found
    assert {tag for tag, _ in elements} & {
        "iframe",
        "img",
        "object",
        "embed",
        "link",
        "base",
        "form",
    } == set()
    assert [name for _, attributes in elements for name in attributes if name.startswith("on")] == []
    scripts = [attributes for tag, attributes in elements if tag == "script"]
    assert len([attributes for attributes in scripts if attributes.get("type") != "application/json"]) == 2
    assert "alert(1)</script>" not in page
    assert hostile[0] in visible(page)
    assert "\u202e" not in page


def test_no_outside_address(page: str, hostile: tuple[str, ...]) -> None:
    own = page.replace(html.escape(hostile[5]).split()[1], "")
    addresses = set(re.findall(r"https?://[^\s\"'`\\)<>]+", own))
    assert addresses <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/2000/xmlns/",
    }
    for _, attributes in _Elements(page).found:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert "$schema" not in page.replace(str(runtime()), "")


def test_only_the_reports_own_scripts_may_run(page: str) -> None:
    policies = [
        attributes["content"] for tag, attributes in _Elements(page).found if "http-equiv" in attributes
    ]
    assert len(policies) == 1
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policies[0]
    assert "script-src 'unsafe-inline'" not in policies[0]


def test_every_chart_has_words_a_table_and_its_sql(page: str) -> None:
    elements = _Elements(page).found
    charts = [attributes for _, attributes in elements if attributes.get("class") == "chart"]
    assert [chart["id"] for chart in charts] == ["journey", "by-source", "map", "change", "stages", "themes"]
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    assert page.count("from mart_journey_curve") == 4
    assert "from mart_theme_weekly" in page


def test_the_sql_on_the_page_runs(published: Path, page: str) -> None:
    statements = [
        html.unescape(text) for text in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)
    ]
    assert len(statements) == 25
    with duckdb.connect(str(published), read_only=True) as connection:
        assert all(connection.execute(statement).fetchall() for statement in statements)


@pytest.mark.parametrize("world", THIN.values(), ids=THIN.keys())
def test_thin_files_render_and_say_what_is_missing(
    publish: Callable[..., Path], tmp_path: Path, world: dict[str, object]
) -> None:
    path = write_weekly_report(publish(**world), tmp_path)
    words = visible(path.read_text(encoding="utf-8"))
    assert "None" not in re.sub(r"None (of the|was held)", "", words)
    assert "nan" not in words.lower().split()
    assert not re.search(r"\d[eE][-+]\d", words)
    if world.get("dated") is False:
        assert path.name == "undated.html"
        assert "No dated items" in words


def test_a_suppressed_stage_shows_no_number(publish: Callable[..., Path], tmp_path: Path) -> None:
    page = write_weekly_report(publish(scale=0.03), tmp_path).read_text(encoding="utf-8")
    assert "Not shown, because fewer than 10 customers" in visible(page)
    assert "Support not shown" in page


def test_a_missing_file_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="does not exist") as caught:
        write_weekly_report(tmp_path / "published.duckdb", tmp_path)
    assert caught.value.next_command == "heartline run"
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_file_is_refused(publish: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "text.duckdb").write_text("no database")
    with pytest.raises(ContractError):
        write_weekly_report(tmp_path / "text.duckdb", tmp_path)
    other = publish(n_stages=1)
    for version in ("99.0", "2.0"):
        with duckdb.connect(str(other)) as connection:
            connection.execute("update meta_run set schema_version = ?", [version])
        with pytest.raises(ContractError, match=f"schema version is {version}"):
            write_weekly_report(other, tmp_path)


def test_a_picture_that_could_load_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    for svg in ("<svg><script/></svg>", "<svg><a href='x'/></svg>", "<svg onload='x'/>"):
        monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda *_, svg=svg, **__: svg)
        with pytest.raises(ValueError, match="only shapes and words"):
            static_svg({})


def test_themes_stand_under_their_families(page: str) -> None:
    assert '<span class="family">hold music, callback queue, waiting</span>' in page


def test_what_changed_tells_weeks_told_anew_and_what_became_of_themes(page: str) -> None:
    words = visible(page)
    assert '1 week of App reviews & "><img src=x onerror=alert(2)> reads otherwise than' in words
    assert "14 to 20 September 2026" in words
    assert "80 → 83 +3 +0.21 → +0.18" in words
    assert "was parted from “<script>alert(1)</script>”" in words


def test_a_page_is_current_until_the_run_or_a_follow_up_is_another(published: Path, tmp_path: Path) -> None:
    decided = FollowUps(alert={"t003": AlertFollowUp(owner="<b>Anna</b>")})
    path = write_weekly_report(published, tmp_path, follow_ups=decided)
    assert is_current(published, path, decided)
    assert not is_current(published, path)
    assert "Owner: &lt;b&gt;Anna&lt;/b&gt;." in path.read_text(encoding="utf-8")


def test_the_first_eight_alerts_stand_on_the_page_and_the_rest_a_click_away(
    publish: Callable[..., Path], tmp_path: Path
) -> None:
    path = publish(hostile=False)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "update mart_alert set tier = 'quiet'; insert into mart_alert by name "
            "select alert.* replace (theme.theme_id as theme_id, theme.theme_id || '@x' as alert_id, "
            "'alert' as tier, 'segment' as series_kind, 'region' as attribute, 'x' as attribute_value) "
            "from mart_alert as alert cross join dim_theme as theme "
            "where alert.theme_id = 't001' and theme.status = 'active'"
        )
    page = write_weekly_report(path, tmp_path).read_text(encoding="utf-8")
    shown, _, rest = page.partition("<summary>17 more</summary>")
    assert shown.partition("Out of line with")[2].count('<td class="what">') == 8
    assert rest.partition("</details>")[0].count('<td class="what">') == 17


def test_proposed_themes_are_shown_with_their_words_and_are_in_no_total(page: str) -> None:
    proposed = page.partition("Found new, not yet accepted")[2].partition("</ul>")[0]
    assert 'swarm <span class="badge">proposed</span> <span class="fine">7\u00a0items</span>' in proposed
    assert "Bees live in the green cabinet." in proposed
    assert page.count("swarm") == 1


def test_every_total_of_themes_says_how_much_is_unsorted(page: str) -> None:
    sections = re.split(r'<section id="(\w+)">', page)
    with_words = {
        name for name, text in zip(sections[1::2], sections[2::2], strict=True) if "Unsorted: " in text
    }
    assert {"pain", "changes", "weeks", "quality"} <= with_words


def test_a_stage_without_one_shown_week_is_named_and_has_no_panel(page: str) -> None:
    panels = page.partition('id="stages"')[2].partition("<figcaption>")[0]
    assert "Without one week of enough customers, so without a line: Advocacy." in visible(page)
    assert "Onboarding" in panels
    assert "Advocacy" not in panels
    assert panels.count(">28 Sep<") == 7  # under each panel, not only under the lowest row


def test_pain_points_after_the_fifth_are_behind_a_click(page: str) -> None:
    pains = page.partition('<section id="pain">')[2].partition("</section>")[0]
    before, _, behind = pains.partition('<details class="more"><summary>The next 5 pain points</summary>')
    assert before.count('<tr class="numbers">') == 5
    assert behind.partition("</details>")[0].count('<tr class="numbers">') == 5


def test_a_week_in_which_few_wrote_says_so(publish: Callable[..., Path], tmp_path: Path, page: str) -> None:
    path = write_weekly_report(publish(scale=0.03), tmp_path)
    few = "Fewer than 20 customers wrote in this week, so its means by stage carry no claim."
    assert few in visible(path.read_text(encoding="utf-8"))
    assert "customers wrote in this week" not in visible(page)


def test_weeks_after_the_last_one_are_counted(publish: Callable[..., Path], tmp_path: Path) -> None:
    file = publish(scale=0.1)
    said = []
    for days in (6, 12, 13, 20):
        with duckdb.connect(str(file)) as connection:
            connection.execute(
                "update fct_item set written_on = date '2026-09-28' + ? where item_id = 'i0'", [days]
            )
        words = visible(write_weekly_report(file, tmp_path).read_text(encoding="utf-8"))
        said.append(re.findall(r"The [^.]*after this one [^.]*\.", words))
    assert said == [
        [],
        [],
        ["The week after this one has fewer than 20 customers and is not shown as the last."],
        ["The 2 weeks after this one have fewer than 20 customers each and are not shown as the last."],
    ]


def test_dated_items_without_a_complete_week_are_not_called_undated(
    publish: Callable[..., Path], tmp_path: Path
) -> None:
    file = publish(dated=False)
    with duckdb.connect(str(file)) as connection:
        connection.execute("update fct_item set week_start = date '2026-09-28' where item_id = 'i0'")
    path = write_weekly_report(file, tmp_path)
    words = visible(path.read_text(encoding="utf-8"))
    assert path.name == "no-week-yet.html"
    assert path == report_path(file, tmp_path)
    assert "No week yet No week with words is complete" in words
    assert "No stage and no theme has words in a complete week: nothing can be said about time." in words
    assert not re.search(r"No dated items|carries a date", words)


def test_a_week_in_which_nobody_wrote_says_so(
    publish: Callable[..., Path], tmp_path: Path, page: str
) -> None:
    path = write_weekly_report(publish(n_weeks=6, gap=(5,), moved=False), tmp_path)
    words = visible(path.read_text(encoding="utf-8"))
    assert "2026-W40 28 September to 4 October 2026" in words
    assert "Nobody wrote in this week. The page tells of the weeks before; nothing can be said" in words
    assert "Nobody wrote" not in visible(page)
