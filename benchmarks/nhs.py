"""What the numbers are worth on the NHS answers, beside what experts read in them and what patients rated.

    export HEARTLINE_DATA=~/customer-words
    PYTHONPATH=. python benchmarks/nhs.py

Publishes a workspace with the NHS answers alone, with the shipped weights, and compares: the valence of
items, themes and stages with the experts' sentiment (1..5, turned round) and with the rating of the Friends
and Family Test; and the leave-one-out impact on that rating of the ten largest themes with that of the
experts' label that shares most items with each. Intervals hold at 95 % and draw respondents with all their
answers, 999 times. The model learned from some of the answers; items are measured without these as well.
"""

from __future__ import annotations

import csv
import os
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import tomli_w
from numpy.typing import NDArray
from scipy import sparse

from models.evaluation.data import gold_folder, read_gold
from pipeline.ingest.filler import normalised
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval
from pipeline.stats.leave_one_out import OutcomeSums, impacts, leave_one_out
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

FloatArray = NDArray[np.float64]

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "real-data" / "heartline.toml"
NHS = "samples/survey_nhs_fft.csv"
FIRST_LABEL = "Organisation & efficiency"
NOT_LABELS = ("Not assigned", "Labelling not possible")
LEAST_CUSTOMERS = 10
N_THEMES = 10
RESAMPLES = 999


def published(folder: Path) -> Path:
    """The published file of a workspace that holds the NHS answers alone."""
    config = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    config["sources"] = [source for source in config["sources"] if source["id"] == "nhs_fft"]
    (folder / "heartline.toml").write_text(tomli_w.dumps(config), encoding="utf-8")
    workspace = Workspace.open(folder)
    with open_work(workspace) as connection:
        Job(workspace, connection, Reporter()).run()
    return workspace.published_file


def read_items(connection: duckdb.DuckDBPyConnection) -> tuple[pd.DataFrame, list[str]]:
    """Items with words: valence, rating, experts' sentiment (5 best), a column for each of their labels."""
    with (Path(os.environ["HEARTLINE_DATA"]) / NHS).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    labels = [name for name in names[names.index(FIRST_LABEL) :] if name not in NOT_LABELS]
    experts = pd.DataFrame(rows).set_index("Comment ID")
    experts = experts[~experts.index.duplicated()]
    items = connection.execute(
        "select item_id, record_id, cluster_id, valence, rating_share as rating from fct_item "
        "where n_segments > 0 order by item_id"
    ).df()
    told = experts.reindex(items.record_id).reset_index(drop=True)
    items["is_learned"] = told["FFT answer"].fillna("").map(normalised).isin(learned_texts())
    items["sentiment"] = 6 - pd.to_numeric(told["Comment sentiment"], errors="coerce")
    return items.join((told[labels] == "1").astype(float)), labels


def learned_texts() -> set[str]:
    """All texts with gold labels, which the model was trained or calibrated on, without spaces and case."""
    return {normalised(row.text) for row in read_gold(gold_folder() / "train.jsonl")}


def correlation(x: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray:
    """Pearson's r of x and y under each row of weights; (n,) or (b, n) each, NaN counts as missing; (b,)."""
    w = weights * np.isfinite(x) * np.isfinite(y)
    x, y = np.nan_to_num(x), np.nan_to_num(y)
    n = w.sum(axis=1)
    mean_x, mean_y = (w * x).sum(axis=1) / n, (w * y).sum(axis=1) / n
    dx, dy = x - mean_x[:, None], y - mean_y[:, None]
    r: FloatArray = (w * dx * dy).sum(axis=1) / np.sqrt((w * dx**2).sum(axis=1) * (w * dy**2).sum(axis=1))
    return r


def with_interval(customers: NDArray[np.int64], measure: Callable[[FloatArray], FloatArray]) -> str:
    """A measure of weights of customers, with its percentile interval."""
    n = int(customers.max()) + 1
    blocks = customer_weights(n, resamples=RESAMPLES, seed=1)
    draws = np.concatenate([measure(block) for block in blocks])
    low, high = percentile_interval(draws[:, None])
    return f"{measure(np.ones((1, n)))[0]:.2f} ({low[0]:.2f} to {high[0]:.2f})"


def print_items(items: pd.DataFrame, which: str) -> None:
    """Correlation of items' valence with the experts' sentiment and with the rating."""
    customers = pd.factorize(items.cluster_id)[0].astype(np.int64)
    for name in ("sentiment", "rating"):
        x, y = items.valence.to_numpy(), items[name].to_numpy()
        found = with_interval(customers, lambda w, x=x, y=y: correlation(x, y, w[:, customers]))
        print(f"{which}, valence with {name}: r = {found}, n = {int(np.isfinite(y).sum()):,}")


def print_groups(connection: duckdb.DuckDBPyConnection, items: pd.DataFrame, column: str) -> None:
    """Correlation over themes, or stages, of mean valence with mean sentiment and mean rating."""
    customers = pd.factorize(items.cluster_id)[0]
    segments = connection.execute(
        f"select item_id, {column} as name, sum(valence) as valence, count(*) as n from fct_segment "
        f"where {column} is not null and {column} != 'unclear' group by all order by all"
    ).df()
    row = pd.Index(items.item_id).get_indexer(segments.item_id)
    codes, names = pd.factorize(segments.name, sort=True)
    enough = [len(set(customers[row[codes == code]])) >= LEAST_CUSTOMERS for code in range(len(names))]
    kept = np.flatnonzero(enough)

    def sums(values: FloatArray) -> sparse.csr_array:
        shape = (int(customers.max()) + 1, len(names))
        return sparse.csr_array((np.nan_to_num(values), (customers[row], codes)), shape=shape)[:, kept]

    valence, n = sums(segments.valence.to_numpy()), sums(segments.n.to_numpy(np.float64))
    for name in ("sentiment", "rating"):
        values = items[name].to_numpy()[row]
        total, known = sums(values), sums(np.isfinite(values).astype(float))

        def over_groups(w: FloatArray, total=total, known=known) -> FloatArray:
            with np.errstate(invalid="ignore", divide="ignore"):
                x, y = (w @ valence) / (w @ n), (w @ total) / (w @ known)
            return correlation(x, y, np.ones_like(x))

        what = f"{len(kept)} {column.removesuffix('_id')}s, mean valence with mean {name}"
        print(f"{what}: r = {with_interval(customers, over_groups)}")


def print_impacts(connection: duckdb.DuckDBPyConnection, items: pd.DataFrame, labels: list[str]) -> None:
    """Impact on the rating of the ten largest themes beside the label that overlaps most with each."""
    themes = connection.execute(
        "select theme_id, theme_name from dim_theme where status = 'active' order by n_items desc, theme_id "
        f"limit {N_THEMES}"
    ).fetchall()
    has = connection.execute("select item_id, theme_id from fct_item_theme").df()
    ours = np.stack(
        [items.item_id.isin(has.item_id[has.theme_id == theme]).to_numpy() for theme, _ in themes], axis=1
    ).astype(float)
    theirs = items[labels].to_numpy()
    both = ours.T @ theirs
    overlap = both / (ours.sum(axis=0)[:, None] + theirs.sum(axis=0)[None, :] - both)
    best = overlap.argmax(axis=1)
    sums = _outcome_sums(items, np.hstack([ours, theirs[:, best]]))
    found = leave_one_out(sums)
    print("theme; items; impact on rating | label that overlaps most; Jaccard; items; impact (points of 100)")
    for place, (_, name) in enumerate(themes):
        label = place + len(themes)
        print(
            f"{name}; {int(ours[:, place].sum()):,}; {_points(found, place)} | {labels[best[place]]}; "
            f"{overlap[place, best[place]]:.2f}; {int(theirs[:, best[place]].sum()):,}; "
            f"{_points(found, label)}"
        )

    def agreement(w: FloatArray) -> FloatArray:
        drawn = impacts(w, sums)
        mine, others = drawn[:, : len(themes)], drawn[:, len(themes) :]
        return correlation(mine, others, np.ones_like(mine))

    customers = pd.factorize(items.cluster_id)[0].astype(np.int64)
    found_r = with_interval(customers, agreement)
    print(f"impacts of {len(themes)} themes with those of their labels: r = {found_r}")


def _points(found: object, place: int) -> str:
    value, low, high = (100 * getattr(found, name)[place] for name in ("value", "ci_low", "ci_high"))
    return f"{value:+.2f} ({low:+.2f} to {high:+.2f})"


def _outcome_sums(items: pd.DataFrame, has: FloatArray) -> OutcomeSums:
    customers = pd.factorize(items.cluster_id)[0]
    rating = items.rating.to_numpy()
    rated = np.isfinite(rating).astype(float)
    by_customer = sparse.csr_array((np.ones(len(items)), (customers, np.arange(len(items)))))
    return OutcomeSums(
        total=by_customer @ np.nan_to_num(rating),
        n=by_customer @ rated,
        total_with=by_customer @ sparse.csr_array(has * np.nan_to_num(rating)[:, None]),
        n_with=by_customer @ sparse.csr_array(has * rated[:, None]),
    )


def main() -> None:
    """Print every figure."""
    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(str(published(Path(folder))), read_only=True) as connection,
    ):
        items, labels = read_items(connection)
        print_items(items, "items")
        print_items(items[~items.is_learned], "items that the model did not learn from")
        print_groups(connection, items, "theme_id")
        print_groups(connection, items, "stage_id")
        print_impacts(connection, items, labels)


if __name__ == "__main__":
    main()
