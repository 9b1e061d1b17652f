"""Theme, customer, compare, quality and SQL in a real browser: numbers as SQL gives them, words inert."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.store.work import open_work
from pipeline.theme_queue import read_queue
from pipeline.workspace import Workspace
from reports.app.choice import Choice
from reports.app.found import stage_sums
from reports.app.pages.theme import lift_table
from reports.app.sides import mean_differences, stage_pairs
from reports.app.snapshot import Snapshot, rows_of
from reports.words import interval, signed

CHROMIUM = Path("/usr/bin/chromium")
SERIOUS = ("serious", "critical")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the pages in"),
]


def cells(tab: Any, caption: str) -> list[list[str]]:
    """Rows of the table whose caption begins so."""
    table = tab.page.locator("table", has=tab.page.locator("caption", has_text=caption)).first
    table.wait_for()
    return [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]


@pytest.mark.parametrize(
    ("link", "title"),
    [
        ("/theme?shown_theme=t2", "Theme"),
        ("/theme?shown_theme=%3Cscript%3E", "Theme"),
        ("/customer", "Customer"),
        ("/customer?customer=c1", "Customer"),
        ("/customer?customer=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(9)%3E", "Customer"),
        ("/compare", "Compare"),
        ("/quality", "Data quality"),
        ("/sql?sql=select+distinct+text+from+fct_segment", "SQL"),
    ],
)
def test_every_page_draws_and_words_stay_words(tab: Any, link: str, title: str) -> None:
    tab.page.goto(tab.address + link)
    tab.rest(title)
    assert tab.page.locator("[data-testid=stException], [data-testid=stMain] img").count() == 0
    assert tab.page.locator("[data-testid=stMain] script, [data-testid=stMain] iframe").count() == 0
    tab.page.wait_for_selector("text=Link to this view")


@pytest.mark.parametrize(("link", "title"), [("/theme", "Theme"), ("/compare", "Compare"), ("/sql", "SQL")])
def test_axe_finds_nothing_serious(tab: Any, link: str, title: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab.page.goto(tab.address + link)
    tab.rest(title)
    found = axe.Axe().run(tab.page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"][:160]) for one in found if one["impact"] in SERIOUS]
    assert serious == []


def test_lift_is_what_the_mart_says(tab: Any, snapshot: Snapshot) -> None:
    tab.page.goto(f"{tab.address}/theme?shown_theme=t0")
    tab.rest("Theme")
    rows = rows_of(snapshot.ask_named("theme_segments", {"theme": "t0"}).frame)
    assert len(rows) >= 2
    assert cells(tab, "the surest first") == lift_table(rows).rows


def test_numbers_and_sql_come_when_they_are_asked_for(tab: Any, snapshot: Snapshot) -> None:
    tab.page.goto(f"{tab.address}/theme?shown_theme=t0")
    tab.rest("Theme")
    assert tab.page.locator("code").count() == 0
    tab.page.get_by_text("Numbers and SQL: lift by segment").click()
    tab.page.locator("code", has_text="mart_theme_segment").wait_for()
    rows = snapshot.ask_named("theme_segments", {"theme": "t0"}).frame
    assert len(cells(tab, "lift by segment")) == len(rows)


def test_a_comparison_is_what_its_sql_and_the_statistics_give(tab: Any, snapshot: Snapshot) -> None:
    tab.page.goto(f"{tab.address}/compare?a_from=2026-04-06&b_from=2026-03-02&b_to=2026-03-30&source=tickets")
    tab.rest("Compare")
    a = Choice(first_week=date(2026, 4, 6), last_week=date(2026, 5, 4), sources=("tickets",))
    b = Choice(first_week=date(2026, 3, 2), last_week=date(2026, 3, 30), sources=("tickets",))
    sums = [stage_sums(snapshot, side) for side in (a, b)]
    mix = snapshot.ask("select source_id, weight from mart_source_mix order by source_id")
    rows = {row["name"]: row for row in mean_differences(stage_pairs(*sums, mix), mix, 0.95, 10)}
    assert tab.page.inner_text("p.extent").startswith("A: ")
    (use,) = (row for row in cells(tab, "Mean valence by stage") if row[0] == "Use")
    assert use[1] == signed(rows["use"]["mean_a"], 2)
    assert use[3] == f"{rows['use']['n_customers_a']:,}"
    assert use[7] == signed(rows["use"]["difference"], 2)
    assert use[8] == interval(rows["use"]["ci_low"], rows["use"]["ci_high"], 2)


def test_free_sql_answers_refuses_and_is_kept_in_the_link(tab: Any, tmp_path: Path) -> None:
    tab.page.goto(f"{tab.address}/sql")
    tab.rest("SQL")
    editor = tab.page.get_by_label("Query")
    editor.fill("select count(*) as n from fct_segment")
    tab.page.get_by_role("button", name="Run").click()
    tab.page.wait_for_selector("td:text-is('1,200')")
    tab.page.wait_for_url("**/sql?sql=select+count*as+n+from+fct_segment")
    editor.fill(f"copy fct_segment to '{tmp_path}/stolen.csv'")
    tab.page.get_by_role("button", name="Run").click()
    tab.page.wait_for_selector("text=expected a statement that reads")
    assert list(tmp_path.iterdir()) == []


def test_what_is_taken_away_holds_no_formula(tab: Any) -> None:
    tab.page.goto(f"{tab.address}/sql?sql=select+%27%3D1%2B1%27+as+%22%3Dhead%22")
    tab.rest("SQL")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="Download as CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig") == "'=head\n'=1+1\n"


def test_an_edit_waits_while_a_job_holds_the_workspace(tab: Any, workspace: Path) -> None:
    tab.page.goto(f"{tab.address}/theme?shown_theme=t3")
    tab.rest("Theme")
    tab.page.get_by_label("New name").fill("<b>bold</b>")
    tab.page.get_by_label("New name").press("Enter")
    tab.rest("Theme")
    with open_work(Workspace.open(workspace)):
        tab.page.get_by_role("button", name="Do it").click()
        tab.page.wait_for_selector("text=the edit is queued")
    asked = [(one.asked.kind, one.asked.theme, one.asked.value) for one in read_queue(workspace)]
    assert asked == [("rename", "t3", "<b>bold</b>")]
    tab.page.get_by_role("button", name="Do it").click()
    tab.page.wait_for_selector("text=Refused:")
