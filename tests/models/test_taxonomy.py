from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.errors import TaxonomyError
from models.taxonomy import FOLDER, STAGE_LABELS, Stage, read_emotions, read_journey

OWN = """
version = "clinic-2"
[[stage]]
id = "finding_us"
name = "Finding us"
definition = "Hearing of the clinic and choosing it."
model_labels = ["awareness", "consideration"]
[[stage]]
id = "visit"
name = "Visit"
definition = "From the booking to the treatment."
model_labels = ["purchase", "onboarding", "use", "support"]
[[stage]]
id = "after"
name = "After"
definition = "Coming back and telling others."
model_labels = ["retention", "advocacy"]
[[stage]]
id = "other"
name = "Other"
definition = "Nothing to place."
model_labels = ["unclear"]
on_curve = false
"""


def write(folder: Path, content: str) -> Path:
    path = folder / "journey.toml"
    path.write_text(content, "utf-8")
    return path


def test_the_shipped_journey_has_eight_stages_in_order_and_unclear_apart() -> None:
    stages = read_journey().stages
    assert [(stage.id, stage.order) for stage in stages] == [
        ("awareness", 1),
        ("consideration", 2),
        ("purchase", 3),
        ("onboarding", 4),
        ("use", 5),
        ("support", 6),
        ("retention", 7),
        ("advocacy", 8),
        ("unclear", None),
    ]
    assert [stage.on_curve for stage in stages] == [True] * 8 + [False]
    assert all(read_journey().stage_of(label) == label for label in STAGE_LABELS)


def test_a_journey_of_ones_own_merges_renames_and_reorders(tmp_path: Path) -> None:
    journey = read_journey(write(tmp_path, OWN))
    assert journey.stages[1] == Stage(
        id="visit",
        name="Visit",
        definition="From the booking to the treatment.",
        model_labels=("purchase", "onboarding", "use", "support"),
        order=2,
    )
    assert [journey.stage_of(label) for label in STAGE_LABELS] == [
        *["finding_us"] * 2,
        *["visit"] * 4,
        *["after"] * 2,
        "other",
    ]


def test_version_is_the_declared_one_and_a_digest_of_the_meaning(tmp_path: Path) -> None:
    version = read_journey(write(tmp_path, OWN)).version
    assert re.fullmatch(r"clinic-2\+[0-9a-f]{8}", version)
    assert read_journey(write(tmp_path, "# a comment\n" + OWN)).version == version
    assert read_journey(write(tmp_path, OWN.replace("Hearing of", "Meeting"))).version != version


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["retention", "advocacy"]', '["retention"]', "the model's label 'advocacy' is in no stage"),
        ('["retention", "advocacy"]', '["retention", "advocacy", "use"]', "'use' is in visit and after"),
        ('["unclear"]', '["unclear", "unclear"]', "'unclear' stands twice in other"),
        ('["unclear"]', '["unclear", "renewal"]', "the model has no label 'renewal'"),
        ('["unclear"]', "[]", "stage 4 (other): `model_labels` must list"),
        ('id = "visit"', 'id = "after"', "stage id 'after' stands twice"),
        ('id = "visit"', 'id = "Our visit"', "`id` must be lower-case"),
        ('name = "Visit"', 'name = ""', "`name` must be a text"),
        ('name = "Visit"', 'title = "Visit"', "unknown key 'title'"),
        ('version = "clinic-2"', "version = 2", "`version` must be a text"),
        ("on_curve = false", 'on_curve = "no"', "`on_curve` must be true or false"),
    ],
)
def test_each_broken_rule_is_named(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in OWN
    with pytest.raises(TaxonomyError, match=re.escape(fault)) as caught:
        read_journey(write(tmp_path, OWN.replace(old, new)))
    assert caught.value.exit_code == 2
    assert caught.value.next_command


def test_all_broken_rules_are_named_at_once(tmp_path: Path) -> None:
    content = OWN.replace('["retention", "advocacy"]', '["renewal"]').replace('name = "Visit"', "name = 3")
    with pytest.raises(TaxonomyError) as caught:
        read_journey(write(tmp_path, content))
    assert caught.value.facts["faults"] == [
        "stage 2 (visit): `name` must be a text",
        "the model's label 'retention' is in no stage",
        "the model's label 'advocacy' is in no stage",
        f"the model has no label 'renewal': it has {', '.join(STAGE_LABELS)}",
    ]


@pytest.mark.parametrize(
    "content", ["stage = 3", 'version = "1"', "stage = [1]", 'version = "1"\nstage = []']
)
def test_a_file_without_stages_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(TaxonomyError, match="stage"):
        read_journey(write(tmp_path, content))


def test_a_journey_without_a_stage_on_the_curve_is_refused(tmp_path: Path) -> None:
    names = ", ".join(f'"{label}"' for label in STAGE_LABELS)
    content = (
        f'version = "1"\n[[stage]]\nid = "a"\nname = "A"\ndefinition = "All."\n'
        f"model_labels = [{names}]\non_curve = false\n"
    )
    with pytest.raises(TaxonomyError, match="no stage is on the curve"):
        read_journey(write(tmp_path, content))


@pytest.mark.parametrize("content", [b"version = ", b"\xff\xfe"])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journey.toml"
    path.write_bytes(content)
    with pytest.raises(TaxonomyError, match="cannot be read as TOML"):
        read_journey(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match=r"nowhere\.toml"):
        read_journey(tmp_path / "nowhere.toml")


def test_a_label_the_model_does_not_have_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        read_journey().stage_of("renewal")


def test_emotions_go_from_anger_to_joy() -> None:
    emotions = read_emotions()
    assert [(emotion.id, emotion.polarity) for emotion in emotions] == [
        ("anger", "negative"),
        ("sadness", "negative"),
        ("frustration", "negative"),
        ("disappointment", "negative"),
        ("anxiety", "negative"),
        ("confusion", "negative"),
        ("neutral", "neutral"),
        ("desire", "neutral"),
        ("surprise", "neutral"),
        ("relief", "positive"),
        ("trust", "positive"),
        ("gratitude", "positive"),
        ("joy", "positive"),
    ]
    assert [emotion.order for emotion in emotions] == list(range(1, 14))
    assert all(emotion.definition.endswith(".") for emotion in emotions)


def test_the_shipped_file_can_be_copied_and_read_as_ones_own(tmp_path: Path) -> None:
    copy = write(tmp_path, (FOLDER / "journey.toml").read_text("utf-8"))
    assert read_journey(copy) == read_journey()
