"""The report as six slides: verdict, journey, pain points, what changed, quotes, and the caveats."""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from datetime import datetime

import vl_convert

from reports.charts.look import QUIET
from reports.figure import Figure
from reports.forms.slide_tables import (
    alerts_grid,
    changes_grid,
    data_grid,
    pains_grid,
    rest_words,
    stages_grid,
)
from reports.forms.slides import MARGIN, WIDTH, Box, Deck, Look, Slide
from reports.journey import stage_points
from reports.page import Page
from reports.points import Point
from reports.verdict import is_compared
from reports.words import listing

CREATED = datetime(2000, 1, 1)  # no clock in the file, so that the same page gives the same bytes
N_SENTENCES, N_QUOTES = 3, 3
ROWS_OF_CURVE = 3  # of the figure: curve, stages and emotions; what stands below is too small for a slide
ROOM_FOR_WEEKS = 4.4  # inches from the top: tables that end above leave room for the weeks
FULL, HALF = WIDTH - 2 * MARGIN, 5.85
SECOND = WIDTH - MARGIN - HALF  # where the right half begins
_SMALL = Look(size=11, color=QUIET)


def deck_bytes(page: Page, mark: str) -> bytes:
    """Deck of a page, whose mark it carries as a keyword; the same page gives the same bytes."""
    head = page.opening
    slides = (_verdict, _journey, _pains, _changes, _quotes, _method)
    foot = f"{head.week} · intervals at {head.level}, each customer counted once · {head.title}"
    deck = Deck(foot, len(slides))
    for add in slides:
        add(deck, page)
    deck.describe(
        title=f"{head.title}, {head.week}: what customers feel, and where",
        keywords=mark,
        author="heartline",
        last_modified_by="heartline",
        created=CREATED,
        modified=CREATED,
    )
    return _settled(deck.content())


def _notes(page: Page, what: str, *queries: str) -> str:
    """What stands behind a slide: who, how sure, and the SQL."""
    sql = "\n\n".join(f"-- {name}\n{page.answers[name].sql}" for name in queries)
    sure = f"Intervals at {page.opening.level}, clustered by customer."
    return f"{what}\n\nn: {page.opening.extent}. {sure}\n\nSQL on the published file:\n\n{sql}"


def _verdict(deck: Deck, page: Page) -> None:
    head, sentences = page.opening, page.summary.sentences[:N_SENTENCES]
    said = " ".join(sentence.text for sentence in sentences)
    title = f"{head.title}: what customers feel, and where"
    slide = deck.slide(
        title, _notes(page, f"{said} {head.week_words}".strip(), "changes_4_weeks", "curve", "pain_points")
    )
    slide.text(f"{head.week}  ·  {head.dates}", Box(MARGIN, 1.15, FULL, 0.35), Look(size=16, bold=True))
    slide.text(head.extent, Box(MARGIN, 1.52, FULL, 0.5), Look(size=12, color=QUIET))
    for number, sentence in enumerate(sentences):
        top = 2.3 + 1.45 * number
        slide.text(sentence.topic, Box(MARGIN, top + 0.05, 2.2, 0.6), Look(size=14, color=QUIET))
        slide.fitted([sentence.text], Box(MARGIN + 2.4, top, FULL - 2.4, 1.3), (20, 18, 16, 14, 12))
    slide.text(page.basis.audit.header, Box(MARGIN, 6.7, FULL, 0.3), _SMALL)


def _journey(deck: Deck, page: Page) -> None:
    figure, points = page.curve.figure, stage_points(page.answers["curve"].rows)
    what = "No stage has been described yet."
    if figure is not None:
        what = "\n".join([figure.label, *page.curve.words, page.curve.caption])
    slide = deck.slide("The emotional journey", _notes(page, what, "curve", "emotions"))
    if figure is None:
        slide.text(what, Box(MARGIN, 1.4, FULL, 0.5), Look())
        return
    rows = figure.spec["vconcat"][:ROWS_OF_CURVE]
    _picture(slide, replace(figure, spec=figure.spec | {"vconcat": rows}), Box(MARGIN, 1.3, 7.9, 5.5))
    grid = stages_grid(points)
    below = slide.table(grid, (8.7, 1.3), 0.42) + 0.15
    words = [rest_words(len(points), len(grid.rows)), *page.curve.words]
    slide.fitted([one for one in words if one], Box(8.7, below, 4.03, 6.9 - below), (11, 10, 9))


def _pains(deck: Deck, page: Page) -> None:
    ranking = page.ranked.pains
    title = "Pain points, ranked" if ranking.has_ranks else "Pain points, in tiers"
    slide = deck.slide(title, _notes(page, " ".join(ranking.words), "pain_points"))
    if not ranking.first:
        least = page.opening.run["suppressed_below"]
        words = f"No pain point was met by {least} customers or more, so none is ranked."
        slide.text(words, Box(MARGIN, 1.4, FULL, 0.5), Look())
        return
    grid = pains_grid(ranking)
    slide.table(grid, (MARGIN, 1.2), 0.56)
    rest = rest_words(len(ranking.first) + len(ranking.others), len(grid.rows))
    words = f"{rest} Priority is a rank order: twice the priority is not twice the harm.".lstrip()
    slide.text(words, Box(MARGIN, 6.7, FULL, 0.3), _SMALL)


def _changes(deck: Deck, page: Page) -> None:
    changed, found = page.changed, page.changed.surveilled
    said = f"{changed.words} {found.words}"
    slide = deck.slide("What changed since last week", _notes(page, said, "changes", "alerts"))
    slide.fitted([changed.words], Box(MARGIN, 1.2, HALF, 1.2), (14, 12, 11))
    slide.fitted([found.words], Box(SECOND, 1.2, HALF, 1.2), (14, 12, 11))
    compared = [row for row in page.answers["changes"].rows if is_compared(row)]
    ends = [2.5]
    if compared:
        ends.append(slide.table(changes_grid(compared), (MARGIN, 2.5), 0.48))
    if found.rows:
        ends.append(slide.table(alerts_grid(found.rows), (SECOND, 2.5), 0.48))
    top = max(ends) + 0.3
    if changed.stage_weeks is not None and compared and top < ROOM_FOR_WEEKS:
        _picture(slide, changed.stage_weeks, Box(MARGIN, top, FULL, 6.9 - top))


def _picture(slide: Slide, figure: Figure, box: Box) -> None:
    """A figure of the page as it is there, at twice its size in pixels."""
    png = vl_convert.vegalite_to_png(figure.spec, scale=2, allowed_base_urls=[])
    width, height = struct.unpack(">II", png[16:24])
    slide.picture(png, (width, height), box, figure.label)


def _quotes(deck: Deck, page: Page) -> None:
    notes = _notes(page, "Redacted quotes of different customers.", "pain_quotes", "delight_quotes")
    slide = deck.slide("In customers’ own words", notes)
    _quoted(slide, MARGIN, "What hurts", page.ranked.pains.first)
    _quoted(slide, SECOND, "What to keep", page.ranked.delights.first)


def _quoted(slide: Slide, left: float, name: str, points: list[Point]) -> None:
    """The first quote of each of the first points that have one."""
    slide.text(name, Box(left, 1.2, HALF, 0.3), Look(size=16, bold=True))
    quoted = [point for point in points if point.quotes][:N_QUOTES]
    if not quoted:
        slide.text(
            "No quote may be shown: too few customers stand behind each.", Box(left, 1.7, HALF, 0.6), Look()
        )
    for number, point in enumerate(quoted):
        top, quote = 1.7 + 1.75 * number, point.quotes[0]
        slide.text(
            f"{quote.kind}: {point.theme} at {point.stage} · {quote.origin}",
            Box(left, top, HALF, 0.2),
            _SMALL,
        )
        slide.text(f"“{quote.text}”", Box(left, top + 0.28, HALF, 1.3), Look(size=16, italic=True))


def _method(deck: Deck, page: Page) -> None:
    slide = deck.slide(
        "What these numbers do not mean", _notes(page, page.basis.audit.method, "quality", "models")
    )
    slide.fitted(list(page.caveats), Box(MARGIN, 1.25, HALF, 4.6), (16, 14, 13, 12, 11))
    models = listing([str(row["model_id"]) for row in page.basis.models]) or "none named"
    run = page.opening.run
    made = f"Run {run['run_id']}, heartline {run['heartline_version']}, schema {run['schema_version']}."
    slide.text(f"{page.basis.audit.header} Models: {models}. {made}", Box(MARGIN, 6.1, HALF, 0.75), _SMALL)
    slide.text("The data", Box(SECOND, 1.25, HALF, 0.3), Look(size=14, bold=True))
    below = slide.table(data_grid(page.basis.sources), (SECOND, 1.6), 0.36) + 0.2
    slide.fitted(page.basis.words, Box(SECOND, below, HALF, 6.9 - below), (12, 11, 10))


def _settled(content: bytes) -> bytes:
    """The same archive with no clock in it."""
    settled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(settled, "w") as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename), old.read(part), zipfile.ZIP_DEFLATED)
    return settled.getvalue()
