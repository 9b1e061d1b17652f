"""A pickle in the place of a weight file: nothing that loads models ever runs what it says."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.encoder import Encoder
from models.own_labels import OwnHead
from models.registry import WEIGHTS, read_manifest
from models.tagger import Tagger
from pipeline.book.files import read_tensors
from pipeline.workspace import Workspace

ROOT = Path(__file__).parents[2]
ROLES = ("encoder", "tokenizer", "heads")
RUNS_CODE = re.compile(
    r"^\s*(?:import|from) (?:pickle|joblib|dill|cloudpickle|shelve|marshal|torch)\b"
    r"|allow_pickle=True|read_pickle|\beval\(|\bexec\(|trust_remote_code|yaml\.(?:unsafe_)?load\(",
    re.MULTILINE,
)


class Canary:
    """Makes a folder when it is unpickled."""

    def __init__(self, nest: Path) -> None:
        self.nest = str(nest)

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self.nest,)


@pytest.fixture
def nest(tmp_path: Path) -> Path:
    return tmp_path / "fired"


@pytest.fixture
def canary(nest: Path) -> bytes:
    content = pickle.dumps(Canary(nest))
    pickle.loads(content)  # noqa: S301
    assert nest.is_dir(), "the canary does not fire at all"
    nest.rmdir()
    return content


def with_pickle(folder: Path, role: str, canary: bytes) -> Path:
    """A copy of the shipped weights in which one file is a pickle, and the manifest is true of it."""
    shutil.copytree(WEIGHTS, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    entry = next(one for one in manifest["files"] if one["role"] == role)
    (folder / entry["file"]).write_bytes(canary)
    entry |= {"bytes": len(canary), "sha256": hashlib.sha256(canary).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert read_manifest(folder).path(role).read_bytes() == canary
    return folder


def test_no_canary_fires(canary: bytes, nest: Path, tmp_path: Path) -> None:
    attempts: list[Callable[[], object]] = []
    for role in ROLES:
        weights = with_pickle(tmp_path / f"weights-{role}", role, canary)
        attempts.append(lambda one=weights: Tagger.load(one))
        attempts += [] if role == "heads" else [lambda one=weights: Encoder.load(one)]
    heads = tmp_path / "heads"
    heads.mkdir()
    archive = tmp_path / "array.npz"
    np.savez(archive, weights=np.array([Canary(nest)], dtype=object))
    for name, content in {"a": canary, "b": b"\x02\x00\x00\x00\x00\x00\x00\x00{}" + canary}.items():
        (heads / f"stage-{name}.safetensors").write_bytes(content)
    (heads / "stage-c.safetensors").write_bytes(archive.read_bytes())
    for path in sorted(heads.iterdir()):
        attempts += [lambda one=path: OwnHead.load(one), lambda one=path: read_tensors(one)]
    for attempt in attempts:
        with pytest.raises(Exception, match=r"."):
            attempt()
    print(f"{len(attempts)} canary pickles, {int(nest.exists())} fired")
    assert not nest.exists()


def test_a_pickle_beside_the_heads_is_no_head(canary: bytes, tmp_path: Path) -> None:
    (tmp_path / "heartline.toml").write_text("sources = []\n", encoding="utf-8")
    workspace = Workspace.open(tmp_path)
    workspace.own_heads_folder.mkdir(parents=True)
    for suffix in ("pkl", "pt", "bin", "joblib", "npy"):
        (workspace.own_heads_folder / f"stage-0.{suffix}").write_bytes(canary)
    assert workspace.own_head_files() == []


def test_nothing_that_is_shipped_can_run_what_a_file_says() -> None:
    found = {
        str(path.relative_to(ROOT)): RUNS_CODE.findall(path.read_text(encoding="utf-8"))
        for package in ("models", "pipeline", "reports")
        for path in (ROOT / package).rglob("*.py")
        if "training" not in path.parts
    }
    assert {name: what for name, what in found.items() if what} == {}
