"""What must hold of the ranks of pain points and delights: part of the contract."""

from __future__ import annotations


def _rank_rules(table: str, points: str) -> tuple[tuple[str, str], ...]:
    """What must hold of the ranks of pain points and of delights."""
    return (
        (
            f"{points} whose rank set, or range under other exponents, does not hold their rank",
            f"""
            select count(*) from published.main.{table}
            where not coalesce(
                rank_low >= 1
                and priority_rank between rank_low and rank_high
                and priority_rank between rank_sensitivity_low and rank_sensitivity_high
                and rank_high <= (select count(*) from published.main.{table})
                and rank_sensitivity_high <= (select count(*) from published.main.{table}),
                false
            )
            """,
        ),
        (
            f"{points} whose tier, probability or expected rank is missing or out of its range",
            f"""
            select count(*) from (
                select *, lag(tier, 1, 1) over (order by priority_rank) as tier_before
                from published.main.{table}
            )
            where not coalesce(
                tier between greatest(tier_before, 1) and tier_before + 1
                and p_top_5 between 0 and 1
                and top_5_kept between 0 and 1
                and expected_rank >= 1
                and coalesce(order_tau between -1 and 1, true),
                false
            )
            """,
        ),
        (
            f"{points} whose impact, or agreement of two orders, is not within its interval",
            f"""
            select count(*) from published.main.{table}
            where not coalesce(
                impact between impact_ci_low and impact_ci_high
                and impact_tau between impact_tau_ci_low and impact_tau_ci_high,
                true
            )
            """,
        ),
    )


RANK_RULES = _rank_rules("mart_pain_point", "pain points") + _rank_rules("mart_delight", "delights")
