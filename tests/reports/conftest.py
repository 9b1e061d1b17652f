"""A published file made up for tests: the dictionary's tables, seeded rows, texts meant to do harm."""

from __future__ import annotations

import math
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.store.dictionary import SCHEMA_VERSION, published_tables

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</script><script>alert(3)</script>",
    "</style></svg><iframe srcdoc='<script>alert(4)</script>'></iframe>",
    "{{ 7 * 7 }} ${alert(5)} javascript:alert(6)",
    "see https://evil.example/track?id=1 \u202egnp.exe",
)
STAGES = (
    ("awareness", "Awareness", 0.2, 84),
    ("consideration", "Consideration", 0.5, 212),
    ("purchase", "Purchase", 0.9, 249),
    ("onboarding", "Onboarding", -0.5, 304),
    ("use", "Use", -0.1, 409),
    ("support", "Support", -1.1, 261),
    ("retention", "Retention", -0.7, 189),
    ("advocacy", "Advocacy", 0.4, 14),
)
SOURCES = (
    ("app_reviews", "review", "App reviews", 0.1),
    ("relationship_survey", "survey", "Relationship survey", 0.35),
    ("support_tickets", "ticket", "Support tickets", -0.45),
)
EMOTIONS = (
    ("anger", "negative"), ("frustration", "negative"), ("disappointment", "negative"),
    ("sadness", "negative"), ("anxiety", "negative"), ("confusion", "negative"), ("neutral", "neutral"),
    ("surprise", "neutral"), ("desire", "neutral"), ("trust", "positive"), ("relief", "positive"),
    ("gratitude", "positive"), ("joy", "positive"),
)  # fmt: skip
THEMES = (
    "hold music, callback queue, waiting", "missed appointment, engineer, installation", "price rise letter",
    "router firmware, red light, restart", "confirmation e-mail never arrived", "evening speed, buffering",
    "login loop, app, password, reset code", "bill, charge, credit, wrong amount",
    "coverage checker, postcode",
    "wifi upstairs, bedrooms", "chatbot, human, agent", "cancel, exit fee, loyalty team",
    "checkout, card declined, basket", "repeat story, four people, same questions", "plan comparison table",
    "outage map, status page", "activation, number transfer", "self install kit, cable",
    "friendly installer, tidy", "fast, stable, video calls", "easy order, two minutes",
    "recommend, neighbour",
    "advert, speed claim, small print", "agent solved it, first call",
    "a rather long theme name that nobody shortened: delivery driver, wrong address, parcel shop, signature",
)  # fmt: skip
SENTENCES = (
    "I waited forty minutes and then the line simply went dead.",
    "Nobody came between eight and one, and nobody rang to say so.",
    "I have now told the same story to four different people, each of whom asked for my postcode first.",
    "The app asks me to sign in, accepts the code, and asks me to sign in again.",
    "Every evening at seven the picture freezes & my daughter's homework stops.",
    "The price on the letter from <COMPANY> is not the price I agreed to in March.",
    "It's fine once it works - but it took three weeks, two kits and one borrowed drill to get there, "
    "and at no "
    "point did anybody tell me which of the two leaflets in the box was the right one.",
)


@dataclass(frozen=True)
class World:
    """What to make up."""

    n_weeks: int = 26
    n_stages: int = 8
    scale: float = 1.0
    dated: bool = True
    hostile: bool = True
    gap: tuple[int, ...] = (9,)
    moved: bool = True
    tau: float = 0.91
    seed: int = 7


LAST_WEEK = date(2026, 9, 28)


class _Maker:
    """Fills one file table by table."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, world: World) -> None:
        self.connection, self.world, self.random = connection, world, random.Random(world.seed)
        self.weeks = [
            LAST_WEEK - timedelta(weeks=world.n_weeks - 1 - number)
            for number in range(world.n_weeks)
            if number not in world.gap
        ]
        self.last_week = LAST_WEEK if world.dated else None
        self.stages = STAGES[: world.n_stages]
        self.themes = list(THEMES)
        if world.hostile:
            self.themes[3], self.themes[8] = HOSTILE[0], HOSTILE[3]

    def insert(self, table: str, *rows: dict[str, Any]) -> None:
        for row in rows:
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
            )

    def dimensions(self) -> None:
        world = self.world
        for number, (source, kind, name, _) in enumerate(SOURCES):
            hostile = world.hostile and number == 0
            self.insert("dim_source", {
                "source_id": source, "source_kind": kind,
                "source_name": name + " & " + HOSTILE[1] if hostile else name,
                "n_items": int(900 * world.scale), "n_customers": int(210 * world.scale),
                "first_week_start": self.weeks[0] if world.dated and self.weeks else None,
                "last_week_start": self.last_week,
            })  # fmt: skip
        for order, (stage, name, _, _) in enumerate(self.stages, 1):
            self.insert("dim_journey_stage", {
                "stage_id": stage, "stage_name": name, "stage_order": order, "taxonomy_version": "1",
            })  # fmt: skip
        self.insert("dim_journey_stage", {"stage_id": "unclear", "stage_name": "Unclear"})
        french = HOSTILE[0] if world.hostile else "French"
        for code, name in (("en", "English"), ("de", "German"), ("fr", french), ("und", "undecided")):
            is_read = code in {"en", "und"}
            self.insert("dim_language", {"language": code, "language_name": name, "is_read": is_read})
        for order, (emotion, polarity) in enumerate(EMOTIONS, 1):
            self.insert("dim_emotion", {"emotion_id": emotion, "polarity": polarity, "emotion_order": order})
        for number, name in enumerate(self.themes):
            self.insert("dim_theme", {
                "theme_id": f"t{number:03}", "theme_name": name,
                "n_items": int((400 - 12 * number) * world.scale),
                "n_customers": 10, "model_id": "themes-3f2a", "status": "active", "is_pinned": False,
                "family": self.themes[number - number % 4], "n_proposed_items": 0, "centroid_version": 1,
                "created_week": LAST_WEEK - timedelta(weeks=1 if number == 3 else 20),
                "map_x": math.cos(number), "map_y": math.sin(number), "map_radius": 0.1,
            })  # fmt: skip
        self.insert("dim_theme", {
            "theme_id": "t900", "theme_name": "bees, street cabinet, swarm", "status": "proposed",
            "family": self.themes[8], "n_items": 0, "n_proposed_items": 7, "created_week": LAST_WEEK,
            "exemplars": ["Bees live in the green cabinet.", HOSTILE[2]] if self.world.hostile else [],
        })  # fmt: skip

    def items(self) -> None:
        n_customers = max(3, int(470 * self.world.scale))
        for number in range(max(4, int(1200 * self.world.scale))):
            week = self.random.choice(self.weeks) if self.world.dated and self.weeks else None
            self.insert("fct_item", {
                "item_id": f"i{number}", "source_id": SOURCES[number % 3][0],
                "cluster_id": f"c{self.random.randrange(n_customers)}", "week_start": week, "n_segments": 1,
                "near_duplicate_of": "i0" if 0 < number < 4 else None,
            })  # fmt: skip

    def stories(self) -> None:
        """Twelve customers who wrote five times a fortnight apart, each with feelings of their own."""
        if not self.world.dated or not self.stages:
            return
        texts = SENTENCES + (HOSTILE if self.world.hostile else ())
        for customer in range(12):
            for touch in range(5):
                item, when = f"v{customer}-{touch}", LAST_WEEK - timedelta(days=14 * (5 - touch))
                valence = max(-2.0, min(2.0, (customer - 6) * (touch - 2) / 6 + 0.1 * customer - 0.5))
                place = {
                    "item_id": item, "source_id": SOURCES[touch % 3][0], "cluster_id": f"n{customer}",
                    "week_start": when, "valence": valence,
                    "stage_id": self.stages[customer * touch % len(self.stages)][0],
                    "emotion_id": "joy" if valence > 0 else "frustration",
                }  # fmt: skip
                self.insert("fct_item", {
                    **place, "customer_id": f"customer-{customer}", "written_at": when, "written_on": when,
                    "channel": "e-mail", "valence_sd": 0.4, "n_segments": 1,
                    "language": ("en", "en", "de", "fr", "und")[customer % 5],
                    "emotion_evidence_segment_id": f"{item}-1",
                })  # fmt: skip
                text = texts[(customer + touch) % len(texts)]
                self.insert("fct_segment", {**place, "segment_id": f"{item}-1", "text": text})

    def curve(self) -> None:
        everything = [("all", 0.0, 1.0)] + [(source, shift, 0.36) for source, _, _, shift in SOURCES]
        for order, (stage, _, mean, n) in enumerate(self.stages, 1):
            for source, shift, part in everything:
                n_source = int(n * part * self.world.scale)
                self._point(("all", None, source), (stage, order), mean + shift, n_source)
            self._mix(stage, mean)
            if self.world.dated:
                for period, weeks, move in (("last_4_weeks", 3, -0.3), ("before_4_weeks", 7, 0.1)):
                    key = (period, LAST_WEEK - timedelta(weeks=weeks), "all")
                    self._point(key, (stage, order), mean + move, int(n / 2 * self.world.scale))
                for number, week in enumerate(self.weeks):
                    drift = 0.25 * math.sin(number / 3 + order)
                    n_week = int(n / 7 * self.world.scale * self.random.uniform(0.6, 1.3))
                    self._point(("week", week, "all"), (stage, order), mean + drift, n_week)

    def _point(self, key: tuple[str, date | None, str], stage: tuple[str, int], mean: float, n: int) -> None:
        kind, week, source = key
        shown = n >= 10
        mean = max(-1.9, min(1.9, mean + self.random.gauss(0, 0.05)))
        half = 2.0 / math.sqrt(max(n, 1))
        self.insert("mart_journey_curve", {
            "period_kind": kind, "week_start": week, "source_id": source, "stage_id": stage[0],
            "stage_order": stage[1], "n_segments": n * 3, "n_items": n * 2, "n_customers": n,
            "mean_valence": mean if shown else None, "ci_low": mean - half if shown else None,
            "ci_high": mean + half if shown else None, "ci_method": "CR3 t" if shown else "none",
            "shrunk_valence": 0.95 * mean if shown else None,
            "standardised_valence": mean - 0.12 if shown and source == "all" else None,
            "standardised_ci_low": mean - 0.12 - half if shown and source == "all" else None,
            "standardised_ci_high": mean - 0.12 + half if shown and source == "all" else None,
            "mix_covered": (0.6 if stage[1] == 8 else 1.0) if shown and source == "all" else None,
            "n_negative": n // 3 if shown else None, "share_negative": n // 3 / n if shown else None,
            "share_negative_ci_low": n // 3 / n - 0.1 if shown else None,
            "share_negative_ci_high": n // 3 / n + 0.1 if shown else None,
            "is_hollow": n < 20, "is_suppressed": not shown,
        })  # fmt: skip

    def _mix(self, stage: str, mean: float) -> None:
        pull = {"negative": math.exp(-mean), "neutral": 0.6, "positive": math.exp(mean)}
        weights = [pull[polarity] * self.random.uniform(0.3, 1) for _, polarity in EMOTIONS]
        for (emotion, _), weight in zip(EMOTIONS, weights, strict=True):
            self.insert("mart_journey_emotion", {
                "period_kind": "all", "week_start": None, "source_id": "all", "stage_id": stage,
                "emotion_id": emotion, "n_segments": int(1000 * weight),
                "share_segments": weight / sum(weights),
            })  # fmt: skip

    def touchpoints(self) -> None:
        """Two channels and 14 organisations, some with names to fear; all stages differ by source."""
        names = [("channel", "chat"), ("channel", HOSTILE[3] if self.world.hostile else "fax")]
        names += [
            ("organisation", f"{THEMES[-1] if number == 0 else 'Depot'} {number}") for number in range(14)
        ]
        for place, (kind, name) in enumerate(names):
            for order, (stage, _, mean, n) in enumerate(self.stages, 1):
                n_met = int(n * 0.9**place * self.world.scale)
                shown = n_met >= 10
                self.insert("mart_touchpoint", {
                    "touchpoint_kind": kind, "touchpoint": name, "stage_id": stage, "stage_order": order,
                    "n_segments": 3 * n_met, "n_items": 2 * n_met, "n_customers": n_met,
                    "mean_valence": mean / 2 if shown else None, "ci_low": mean / 2 - 0.2 if shown else None,
                    "ci_high": mean / 2 + 0.2 if shown else None, "ci_method": "CR3 t",
                    "is_hollow": n_met < 20, "is_suppressed": not shown,
                })  # fmt: skip
        for kind, q_value in (("source", 0.001), ("organisation", 0.4)):
            for stage, *_ in self.stages:
                self.insert("mart_journey_heterogeneity", {
                    "group_kind": kind, "stage_id": stage, "n_groups": 3, "n_customers": 300,
                    "cochran_q": 14.0, "i_squared": 0.86, "p_value": q_value, "q_value": q_value,
                })  # fmt: skip

    def changes(self) -> None:
        if not self.world.dated or len(self.weeks) < 2:
            return
        for number, (stage, _, _, n) in enumerate(self.stages):
            customers = int(n / 7 * self.world.scale)
            shown = customers >= 10
            change = -0.52 if number == 3 and self.world.moved else self.random.uniform(-0.12, 0.12)
            moved = {
                "stage_id": stage, "week_start": self.last_week, "n_customers": customers,
                "n_customers_before": customers + 3, "change": change if shown else None,
                "ci_low": change - 0.3 if shown else None, "ci_high": change + 0.3 if shown else None,
                "standardised_change": change + 0.02 if shown else None,
                "standardised_ci_low": change - 0.28 if shown else None,
                "standardised_ci_high": change + 0.32 if shown else None,
                "mix_covered": 1.0 if shown else None,
                "p_value": (0.002 if change == -0.52 else 0.4) if shown else None,
                "q_value": (0.016 if change == -0.52 else 0.57) if shown else None,
            }  # fmt: skip
            self.insert("mart_journey_change", moved)
            self.insert("mart_journey_change_4_weeks", moved)

    def moments(self) -> None:
        """Read off the curve as it was inserted, with intervals as wide as a guess."""
        curve = self.connection.execute(
            "select stage_id, stage_order, mean_valence from mart_journey_curve "
            "where period_kind = 'all' and source_id = 'all' and not is_hollow order by stage_order"
        ).fetchall()
        if not curve:
            return
        found = {"end": (curve[-1][0], None, curve[-1][2])}
        if len(curve) > 1:
            found["peak"] = max(((name, None, mean) for name, _, mean in curve), key=lambda row: row[2])
            found["low"] = min(((name, None, mean) for name, _, mean in curve), key=lambda row: row[2])
            falls = [
                (one[0], other[0], one[2] - other[2])
                for one, other in pairwise(curve)
                if other[1] == one[1] + 1 and other[2] < one[2]
            ]
            found |= {"drop": max(falls, key=lambda row: row[2])} if falls else {}
        for kind, (stage, other, value) in found.items():
            self.insert("mart_journey_moment", {
                "source_id": "all", "moment_kind": kind, "stage_id": stage, "other_stage_id": other,
                "value": value, "ci_low": value - 0.25, "ci_high": value + 0.25, "n_customers": 211,
                "n_open": None if kind == "end" else 2,
            })  # fmt: skip

    def segments(self) -> None:
        if not self.stages:
            return
        for number, (source, *_) in enumerate(SOURCES):
            weight = (0.2, 0.3, 0.5)[number]
            self.insert("mart_source_mix", {"source_id": source, "n_segments": 900, "weight": weight})
        values = (HOSTILE[1] if self.world.hostile else "Max", "Basic", "Pro")
        for number, value in enumerate(values):
            self.insert("mart_journey_segment", {
                "attribute_kind": "customer", "attribute": "plan", "attribute_value": value,
                "stage_id": self.stages[0][0], "n_customers": 40, "n_customers_other": 80, "n_segments": 99,
                "mean_valence": -0.4, "ci_low": -0.6, "ci_high": -0.2, "ci_method": "CR3 t",
                "difference": -0.5 + 0.3 * number, "difference_ci_low": -0.8, "difference_ci_high": 0.4,
                "mix_covered": 1.0, "p_value": 0.0001 + number, "q_value": 0.0003 + number / 2,
            })  # fmt: skip
        if not self.world.dated:
            return
        for source, kind in (("support_tickets", "thread"), ("all", "thread"), ("all", "customer")):
            self.insert("mart_start_to_end", {
                "source_id": source, "unit_kind": kind, "n_units": 61, "n_customers": 48,
                "mean_first": -0.9, "mean_last": -0.4, "mean_change": 0.5, "ci_low": 0.3, "ci_high": 0.7,
                "share_better": 0.51, "share_better_ci_low": 0.4, "share_better_ci_high": 0.62,
                "share_worse": 0.1, "share_worse_ci_low": 0.02, "share_worse_ci_high": 0.18,
                "share_same": 0.39, "is_suppressed": False,
            })  # fmt: skip

    def pain_points(self) -> None:
        base = max(3, int(470 * self.world.scale))
        rows = []
        for number in range(40):
            n = int(140 * 0.92**number * self.world.scale)
            if n < 10:
                continue
            rows.append(self._theme_at_stage(number, n, base))
        rows.sort(key=lambda row: -row["priority"])
        self._ranked("pain", rows)
        self._ranked("delight", rows[::2])

    def drivers(self) -> None:
        for outcome, rated in (("rating", 900), ("nps", 700)):
            self._drivers(
                outcome, "stage", [stage for stage, *_ in self.stages], int(rated * self.world.scale)
            )
            themes = [f"t{number:03}" for number in range(len(self.themes))]
            self._drivers(outcome, "theme", themes, int(rated * self.world.scale))

    def _drivers(self, outcome: str, level: str, ids: list[str], n: int) -> None:
        if n < 100 or not ids:
            return
        for number, driver in enumerate(ids):
            share, has_reward = 2 * (len(ids) - number) / (len(ids) * (len(ids) + 1)), number % 3 != 2
            penalty, reward = -0.3 + 0.01 * number, 0.1 if has_reward else None
            self.insert("mart_driver", {
                "outcome": outcome, "level": level, "driver_id": driver, "n_items": n, "n_customers": n - 5,
                "r_squared": 0.4, "r_squared_by_chance": 0.02, "weight": 0.4 * share,
                "weight_ci_low": 0.3 * share, "weight_ci_high": 0.5 * share, "share_of_r2": share,
                "share_of_r2_ci_low": share * 0.7, "share_of_r2_ci_high": share * 1.3,
                "n_low": 40, "n_high": 30 if has_reward else 0, "penalty": penalty,
                "penalty_ci_low": penalty - 0.1, "penalty_ci_high": penalty + 0.1, "reward": reward,
                "reward_ci_low": 0.05 if has_reward else None, "reward_ci_high": 0.15 if has_reward else None,
                "swing": reward - penalty if reward else None, "kano_class": "must-be",
                "is_moment_of_truth": number == 1 and outcome == "nps" if level == "stage" else None,
                "moment_reason": "swing 0.40 of the scale, 0.10 above" if level == "stage" else None,
            })  # fmt: skip

    def _ranked(self, kind: str, rows: list[dict[str, Any]]) -> None:
        """Points as pain points or as delights, whose impact has the other sign."""
        table, key, strength = {
            "pain": ("mart_pain_point", "pain_point_id", "severity"),
            "delight": ("mart_delight", "delight_id", "strength"),
        }[kind]
        sign = 1 if kind == "pain" else -1
        for rank, row in enumerate(rows, 1):
            own = {
                key if name == "point_id" else name.replace("strength", strength): value
                for name, value in row.items()
            }
            if own["impact"] is not None:
                ends = sorted(sign * own[name] for name in ("impact_ci_low", "impact_ci_high"))
                own |= {"impact": sign * own["impact"], "impact_ci_low": ends[0], "impact_ci_high": ends[1]}
            self.insert(table, {
                **own, "priority_rank": rank, "rank_sensitivity_low": max(1, rank - 1),
                "rank_sensitivity_high": min(len(rows), rank + 3), "top_5_kept": 0.84,
                "impact_tau": 0.41, "impact_tau_ci_low": 0.2, "impact_tau_ci_high": 0.6,
                "impact_rank": None if own["impact"] is None else len(rows) + 1 - rank,
                "rank_low": max(1, rank - 2), "rank_high": min(len(rows), rank + 2),
                "expected_rank": rank, "p_top_5": float(rank <= 5),
                "tier": (rank + 2) // 3, "order_tau": self.world.tau if len(rows) > 1 else None,
            })  # fmt: skip
            self._quotes(table, key, row["point_id"])
            self._point_weeks(table, key, row["point_id"])

    def _theme_at_stage(self, number: int, n: int, base: int) -> dict[str, Any]:
        theme = f"t{number % len(THEMES):03}"
        stage = self.stages[(number * 3 + 5 + number // len(THEMES)) % len(self.stages)][0]
        reach, severity = n / base, self.random.uniform(0.6, 1.6)
        half = 1.96 * math.sqrt(reach * (1 - reach) / base)
        dated = self.world.dated
        trend = math.exp(self.random.gauss(0, 0.25)) if number != 3 else 2.1
        priority = reach * severity * math.sqrt(trend if dated else 1)
        rated = number % 4 != 0
        impact = -0.012 * self.random.random()
        return {
            "point_id": f"{theme}:{stage}", "theme_id": theme, "stage_id": stage, "n_segments": n * 2,
            "n_items": n + 5, "n_customers": n, "n_customers_base": base, "reach": reach,
            "reach_ci_low": max(0, reach - half), "reach_ci_high": reach + half, "strength": severity,
            "strength_ci_low": severity - 0.15, "strength_ci_high": severity + 0.15,
            "stage_weight": 1.32 if stage == "use" else 0.9, "stage_weight_from": "nps", "impact_on": "nps",
            "n_recent": n // 3,
            "n_before": n // 2, "trend": trend if dated else None,
            "trend_ci_low": trend * 0.7 if dated else None, "trend_ci_high": trend * 1.4 if dated else None,
            "impact": impact if rated else None,
            "impact_ci_low": impact - 0.004 if rated else None,
            "impact_ci_high": impact + 0.004 if rated else None,
            "n_impact_items": n // 2 if rated else 3,
            "priority": priority, "priority_ci_low": priority * 0.75, "priority_ci_high": priority * 1.28,
        }  # fmt: skip

    def _quotes(self, table: str, key: str, point_id: str) -> None:
        for order, kind in enumerate(("typical", "strongest"), 1):
            texts = SENTENCES + (HOSTILE if self.world.hostile else ())
            self.insert(f"{table}_quote", {
                key: point_id, "quote_order": order, "quote_kind": kind, "segment_id": f"s{order}",
                "text": self.random.choice(texts), "source_id": SOURCES[order % 3][0],
                "written_on": LAST_WEEK - timedelta(days=order * 9) if self.world.dated else None,
            })  # fmt: skip

    def _point_weeks(self, table: str, key: str, point_id: str) -> None:
        for number, week in enumerate(self.weeks[-12:] if self.world.dated else ()):
            n = (number * 7 + len(point_id)) % 9
            self.insert(f"{table}_weekly", {
                key: point_id, "week_start": week, "n_items": n, "n_items_all": 90, "share_items": n / 90,
                "ci_low": n / 120, "ci_high": n / 60,
            })  # fmt: skip

    def theme_weeks(self) -> None:
        if not self.world.dated:
            return
        for number in range(len(self.themes)):
            for position, week in enumerate(self.weeks):
                total = max(4, int(220 * self.world.scale * (1 + 0.2 * math.sin(position))))
                rate = (
                    0.14 * 0.9**number * (1 + (2.0 if number == 3 and position > len(self.weeks) - 3 else 0))
                )
                n = min(total, max(0, round(total * rate * self.random.uniform(0.6, 1.4))))
                if n == 0:
                    continue
                share = n / total
                half = 1.96 * math.sqrt(share * (1 - share) / total)
                self.insert("mart_theme_weekly", {
                    "theme_id": f"t{number:03}", "week_start": week, "n_items": n, "n_customers": n,
                    "n_items_all": total, "share_items": share, "ci_low": max(0, share - half),
                    "ci_high": min(1, share + half),
                })  # fmt: skip

    def alerts(self) -> None:
        """Theme 3 has tripled in the last week, in tickets too; a source left out a week; one change; one
        week told anew; theme 8 parted from theme 3."""
        if not self.world.dated or not self.world.moved:
            return
        source, last = SOURCES[2][0], self.last_week
        for kind, theme, place in (
            ("theme", "t003", "all"),
            ("source", "t003", source),
            ("theme", "t001", "all"),
        ):
            is_up = theme == "t003"
            self.insert("mart_alert", {
                "alert_id": theme if kind == "theme" else f"{theme}@{place}",
                "series_kind": kind, "theme_id": theme, "source_id": place, "attribute": "all",
                "attribute_value": "all", "week_start": last, "n_items": 61 if is_up else 30,
                "n_items_all": 230, "n_customers": 24, "expected": 20.4 if is_up else 29.0,
                "ratio": 2.99 if is_up else 1.03, "ci_low": 2.1 if is_up else 0.6,
                "ci_high": 4.2 if is_up else 1.6, "p": 1e-6 if is_up else 0.4,
                "p_two_weeks": 1e-6 if is_up else 0.5, "q": 1e-4 if is_up else 0.9,
                "tier": "alert" if is_up else "quiet", "direction": "rise", "n_baseline_weeks": 22,
                "n_tested": 25, "expected_false_alerts_per_year": 2.4, "note": "",
                "expected_false_watches_per_year": 9.1,
            })  # fmt: skip
        self.insert("mart_load_gap", {
            "source_id": source, "week_start": LAST_WEEK - timedelta(weeks=6), "n_items": 0, "expected": 31.0,
            "why": "no items, usually about 31",
        })  # fmt: skip
        self.insert("meta_restated", {
            "week_start": LAST_WEEK - timedelta(weeks=2), "source_id": SOURCES[0][0], "n_items_before": 80,
            "n_items_now": 83, "mean_valence_before": 0.21, "mean_valence_now": 0.18,
            "run_id_before": "r_0", "is_same_model": True,
        })  # fmt: skip
        self.insert("dim_theme_lineage", {
            "line_number": 1, "theme_id": "t008", "event": "split", "other_theme_id": "t003",
            "week_start": LAST_WEEK, "score": 1.0,
        })  # fmt: skip
        self.insert("mart_change_effect", {
            "change_id": "reminder", "change_name": HOSTILE[0] if self.world.hostile else "A reminder",
            "changed_on": LAST_WEEK - timedelta(weeks=10), "theme": "missed", "theme_id": "t001",
            "expected_direction": "down", "method": "difference in differences", "is_main": True,
            "effect": -0.41, "ci_low": -0.6, "ci_high": -0.13, "p": 0.002, "n_weeks_before": 13,
            "n_weeks_after": 11, "n_items_before": 310, "n_items_after": 154, "n_placebos": 24,
            "share_placebos": 1 / 24, "verdict": "as expected", "reason": "",
        })  # fmt: skip

    def meta(self) -> None:
        self.insert("dim_model", {
            "model_id": "tags-minilm-1.0", "model_role": "tags", "licence": "Apache-2.0",
            "description": "A small transformer with heads for stage, emotion, valence and pain.",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }, {
            "model_id": "themes-3f2a", "model_role": "themes", "licence": "none: fitted here",
            "description": "BERTopic on the same vectors.", "sha256": None,
        })  # fmt: skip
        self.insert("meta_run", {
            "run_id": "7c1f0a52b9d34e10", "workspace_name": "Larkspur broadband",
            "published_at": "2026-10-05 06:00:00+00",
            "heartline_version": "0.1.0", "schema_version": SCHEMA_VERSION, "taxonomy_version": "1",
            "tag_model_id": "tags-minilm-1.0", "theme_model_id": "themes-3f2a",
            "content_digest": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
            "last_week_start": self.last_week, "level": 0.95, "hollow_below": 20, "suppressed_below": 10,
        })  # fmt: skip
        totals: dict[str, int] = {}
        for number, (source, *_) in enumerate(SOURCES):
            for measure, n in self._measures(number).items():
                totals[measure] = totals.get(measure, 0) + n
                self.insert("meta_quality", {"source_id": source, "measure": measure, "n": n})
        for measure, n in totals.items():
            self.insert("meta_quality", {"source_id": "all", "measure": measure, "n": n})
        for number in range(9):
            reason = ("the date 2026-02-31 does not exist", "the text is empty", HOSTILE[2])[number % 3]
            self.insert("meta_load", {
                "load_id": "l1", "source_id": SOURCES[number % 2][0], "file_name": HOSTILE[1],
                "record_number": number, "outcome": "quarantined", "reason": reason,
            })  # fmt: skip
        self.insert("meta_metric", {
            "metric": "mean_valence", "meaning": "How customers feel at a stage.", "formula": "mean(valence)",
            "unit": "-2..2", "grain": "stage", "caveat": "Model only.",
        })  # fmt: skip

    def _measures(self, number: int) -> dict[str, int]:
        accepted = int((520, 380, 900)[number] * self.world.scale)
        return {
            "records": accepted + 40 + number, "accepted": accepted, "duplicate": 23,
            "superseded": 8 + number,
            "quarantined": 9, "erased": 0, "without_text": 25 if number == 0 else 0, "fillers": 14,
            "undated": 5 if self.world.dated else accepted, "without_customer": 60 if number == 0 else 0,
            "segments": accepted * 3, "unsorted": accepted // 7, "without_content": accepted // 10,
            "proposed": accepted // 50, "low_confidence": accepted // 3,
        }  # fmt: skip


def _publish(path: Path, world: World) -> Path:
    with duckdb.connect(str(path)) as connection:
        catalog = path.stem
        for table in published_tables():
            connection.execute(table.create_sql(catalog))
        connection.execute("begin")
        maker = _Maker(connection, world)
        maker.dimensions()
        maker.items()
        maker.stories()
        maker.curve()
        maker.touchpoints()
        maker.moments()
        maker.segments()
        maker.changes()
        maker.pain_points()
        maker.drivers()
        maker.theme_weeks()
        maker.alerts()
        maker.meta()
        connection.execute("commit")
    return path


@pytest.fixture(scope="session")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Makes published files: `publish(n_stages=1, dated=False)`."""

    def make(**facts: Any) -> Path:
        return _publish(tmp_path_factory.mktemp("published") / "published.duckdb", World(**facts))

    return make


@pytest.fixture(scope="session")
def published(publish: Callable[..., Path]) -> Path:
    """26 weeks, eight stages, three sources, hostile strings wherever text may stand."""
    return publish()


@pytest.fixture(scope="session")
def alerted_once(publish: Callable[..., Path]) -> Path:
    """A small world in which theme 3 is alerted, in tickets too, with a pain point at one stage."""
    path = publish(scale=0.05, n_weeks=6, gap=(), hostile=False)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "insert into mart_pain_point (pain_point_id, theme_id, stage_id) values (?, ?, ?)",
            ["t003:use", "t003", "use"],
        )
    return path


@pytest.fixture
def alerted(alerted_once: Path, tmp_path: Path) -> Path:
    """A copy of it, where a workspace has its published file."""
    (tmp_path / "published").mkdir()
    return Path(shutil.copy(alerted_once, tmp_path / "published" / "heartline.duckdb"))


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """The strings that must stay text."""
    return HOSTILE
