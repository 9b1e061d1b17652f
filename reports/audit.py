"""What people have checked: the badge in the header, and the audited stages as a table."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Published, Row
from reports.words import count, fixed, interval, iso_week, percent, signed

NOT_AUDITED = "Read by a model and not yet audited by people."
MODEL_ONLY = (
    "no person has checked a sample of this data yet. The tags are as accurate as the model’s card says, and "
    "no more."
)


@dataclass(frozen=True, slots=True)
class AuditedStage:
    """One row of the table, in words; `audited` and `mixed` are None where too few customers were read."""

    name: str
    n: str
    model: str
    audited: str | None
    ends: str
    mixed: str | None
    mixed_ends: str
    why_not: str


@dataclass(frozen=True, slots=True)
class AuditNote:
    """Header line, method note, and the table's rows; no rows where nothing is audited."""

    badge: str
    header: str
    method: str
    stages: list[AuditedStage]
    sql: str


def audit_note(published: Published) -> AuditNote:
    """What the published file says of its audit."""
    found, stages = published.ask("audit").rows, published.ask("audited_stages")
    if not found or found[0]["badge"] == "none":
        return AuditNote("none", NOT_AUDITED, MODEL_ONLY, [], stages.sql)
    state = found[0]
    if state["badge"] != "ok":
        header, method = (f"{text} {state['reason']}" for text in (NOT_AUDITED, MODEL_ONLY))
        return AuditNote(state["badge"], header, method, [], stages.sql)
    return AuditNote("ok", _header(state), _method(state), [_stage(row) for row in stages.rows], stages.sql)


def _weeks(state: Row) -> str:
    if state["first_week"] is None:
        return "all weeks"
    if state["first_week"] == state["last_week"]:
        return iso_week(state["last_week"])
    return f"{iso_week(state['first_week'])} to {iso_week(state['last_week'])}"


def _header(state: Row) -> str:
    agreement = "" if state["agreement"] is None else f", agreement {fixed(state['agreement'], 2)}"
    return f"Audited: {count(state['n_passages'], 'passage')} of {_weeks(state)}{agreement}."


def _method(state: Row) -> str:
    coders = count(state["n_coders"], "person", "people")
    customers = count(state["n_customers"], "customer")
    words = [
        f"{coders} read {count(state['n_passages'], 'passage')} of {customers}, "
        f"drawn by chance from {_weeks(state)}, without seeing the model’s labels."
    ]
    if state["agreement"] is None:
        words.append("No passage was read by two, so how far people agree is not known.")
    else:
        ends = "" if state["ci_low"] is None else f" ({interval(state['ci_low'], state['ci_high'], 2)})"
        words.append(f"On stages they agree with Krippendorff’s alpha {fixed(state['agreement'], 2)}{ends}.")
    if state["model_agreement"] is not None:
        words.append(f"The model agrees with them with alpha {fixed(state['model_agreement'], 2)}.")
    words.append("Audited means are right on average, however the model errs; the rest is the model’s.")
    return " ".join(words)


def _stage(row: Row) -> AuditedStage:
    is_audited, is_mixed = row["audited_valence"] is not None, row["standardised_valence"] is not None
    mixed_ends = ""
    if is_mixed:
        mixed_ends = interval(row["standardised_ci_low"], row["standardised_ci_high"])
        if row["weight_covered"] < 0.995:
            mixed_ends += f", {percent(row['weight_covered'])} of the mix"
    return AuditedStage(
        name=row["stage_name"],
        n=f"{row['n_audited']:,} from {count(row['n_customers'], 'customer')}",
        model="–" if row["model_valence"] is None else signed(row["model_valence"]),
        audited=signed(row["audited_valence"]) if is_audited else None,
        ends=interval(row["ci_low"], row["ci_high"]) if is_audited else "",
        mixed=signed(row["standardised_valence"]) if is_mixed else None,
        mixed_ends=mixed_ends,
        why_not="" if is_audited else "too few customers read",
    )
