"""The weekly report: one self-contained HTML page from one published file."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from pipeline.files import replace_file
from pipeline.follow_up import NOTHING_DECIDED, FollowUps
from pipeline.slices.part import WHOLE, Part
from reports import score_parts, spark
from reports.drivers import BAR_WIDTH
from reports.embed import policy, runtime
from reports.page import Page, read_page
from reports.page_template import TEMPLATES, page_template
from reports.points import PLOT_WIDTH
from reports.read import Published
from reports.sections.opening import week_name
from reports.spark import HEIGHT, WIDTH


def write_weekly_report(
    published: Path, folder: Path, part: Part = WHOLE, follow_ups: FollowUps = NOTHING_DECIDED
) -> Path:
    """Write the page of a published file, named after its ISO week and part.

    Parameters
    ----------
    published
        The DuckDB file that a run published.
    folder
        Where the page goes; made if it is not there.
    part
        What the file holds, where it is a part of the published one.
    follow_ups
        What the workspace's people decided about alerts and pain points.

    Returns
    -------
    Path
        `folder/2026-W40.html`; `folder/no-week-yet.html` where no week is complete, `folder/undated.html`
        where nothing is dated. The same published file and follow-ups give the same bytes.

    Raises
    ------
    StoreMissing
        There is no published file.
    ContractError
        The file is no published file, or one of another schema.
    """
    with Published(published) as reader:
        page = read_page(reader, part, follow_ups)
    target = folder / page_name(page.opening.week, part)
    replace_file(target, render(page).encode())
    return target


def report_path(published: Path, folder: Path) -> Path:
    """Where the page of a published file goes, without writing it.

    Raises
    ------
    StoreMissing
        There is no published file.
    ContractError
        The file is no published file, or one of another schema.
    """
    with Published(published) as reader:
        run = reader.ask("run").rows[0]
    return folder / page_name(week_name(run["last_week_start"], is_dated=run["n_dated"] > 0))


def page_name(week: str, part: Part = WHOLE) -> str:
    """Name of the file of a week's page, or of a part of it: `2022-W36 region=North.html`."""
    return f"{week}{part.file_suffix}.html"


def is_current(published: Path, path: Path, follow_ups: FollowUps = NOTHING_DECIDED) -> bool:
    """Whether the page at `path` is the one of the run in the published file and of these follow-ups."""
    with Published(published) as reader:
        made_of = f"{reader.ask('run').rows[0]['run_id']} {follow_ups.mark}"
    return path.is_file() and made_of in path.read_text(encoding="utf-8")


def render(page: Page) -> str:
    """Page as HTML text."""
    hydrate = Markup((TEMPLATES / "hydrate.js").read_text(encoding="utf-8"))  # noqa: S704 our own script
    style = Markup((TEMPLATES / "weekly.css").read_text(encoding="utf-8"))  # noqa: S704 our own style
    return page_template("weekly.html").render(
        page=page,
        policy=Markup(policy([runtime(), hydrate])),  # noqa: S704 digests of our own scripts
        runtime=runtime(),
        hydrate=hydrate,
        style=style,
        point_look={"ranks": PLOT_WIDTH, "part": score_parts.WIDTH, "spark": (spark.WIDTH, spark.HEIGHT)},
        bar_width=BAR_WIDTH,
        spark=(WIDTH, HEIGHT),
    )
