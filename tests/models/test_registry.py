from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from models.encoder import Encoder
from models.errors import ModelAltered, ModelMissing
from models.names import FOLDER as NAMES
from models.registry import WEIGHTS, read_manifest, verify
from models.tagger import Tagger

CONTENT = {"encoder": b"one", "tokenizer": b"two", "heads": b"three"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three tiny files and a manifest that is true of them."""
    files = []
    for role, content in CONTENT.items():
        (tmp_path / f"{role}.bin").write_bytes(content)
        files.append(
            {
                "file": f"{role}.bin",
                "role": role,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": "Apache-2.0",
                "source": "test",
                "description": "test",
            }
        )
    (tmp_path / "manifest.json").write_text(
        json.dumps({"model": "tiny-1", "languages": ["en"], "files": files})
    )
    return tmp_path


def test_untouched_files_pass(folder: Path) -> None:
    assert [entry.file for entry in verify(folder)] == ["encoder.bin", "tokenizer.bin", "heads.bin"]


def test_shipped_weights_pass_and_stay_under_60_mb() -> None:
    assert [entry.role for entry in verify()] == ["encoder", "tokenizer", "heads"]
    assert [entry.role for entry in verify(NAMES)] == ["names", "thresholds", "tokenizer"]
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*")) < 60_000_000


@pytest.mark.parametrize("shipped", [WEIGHTS, NAMES])
def test_shipped_folder_holds_only_the_manifest_and_what_it_lists(shipped: Path) -> None:
    listed = {(shipped / entry.file).resolve() for entry in read_manifest(shipped).files}
    found = {path.resolve() for path in shipped.iterdir() if path.is_file()}
    assert found == {path for path in listed if path.parent == shipped} | {shipped / "manifest.json"}
    assert {path.suffix for path in listed} == {".onnx", ".json"}


@pytest.mark.parametrize("role", ["encoder", "tokenizer", "heads"])
def test_one_flipped_bit_is_refused(folder: Path, role: str) -> None:
    verify(folder)
    path = folder / f"{role}.bin"
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(bytes(changed))
    with pytest.raises(ModelAltered, match=rf"{role}\.bin has sha256") as caught:
        verify(folder)
    assert caught.value.facts["files"] == [f"{role}.bin"]
    assert caught.value.next_command
    assert caught.value.left_undone == "no model was loaded"


def test_all_altered_files_are_named_at_once(folder: Path) -> None:
    for role in ("encoder", "heads"):
        (folder / f"{role}.bin").write_bytes(b"other")
    with pytest.raises(ModelAltered) as caught:
        verify(folder)
    assert caught.value.facts["files"] == ["encoder.bin", "heads.bin"]


def test_all_missing_files_are_named_at_once(folder: Path) -> None:
    (folder / "encoder.bin").unlink()
    (folder / "heads.bin").unlink()
    with pytest.raises(ModelMissing, match=r"lacks encoder\.bin, heads\.bin") as caught:
        verify(folder)
    assert caught.value.next_command


def test_missing_manifest_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"manifest\.json is missing"):
        verify(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", '{"model": "x"}', '{"model": "x", "files": [{"file": "a"}]}'])
def test_broken_manifest_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ModelAltered, match="cannot be read as a manifest"):
        verify(tmp_path)


@pytest.mark.parametrize("load", [Encoder.load, Tagger.load])
def test_load_refuses_shipped_weights_with_one_byte_changed(load: object, tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    shutil.copytree(WEIGHTS, copy)
    with (copy / "encoder.onnx").open("r+b") as stream:
        stream.seek(20_000_000)
        byte = stream.read(1)
        stream.seek(20_000_000)
        stream.write(bytes([byte[0] ^ 0xFF]))
    with pytest.raises(ModelAltered, match=r"encoder\.onnx"):
        load(copy)  # type: ignore[operator]


def test_digest_changes_with_any_listed_file(folder: Path) -> None:
    before = read_manifest(folder).digest()
    manifest = json.loads((folder / "manifest.json").read_text())
    for place in range(3):
        changed = json.loads(json.dumps(manifest))
        changed["files"][place]["sha256"] = "0" * 64
        (folder / "manifest.json").write_text(json.dumps(changed))
        assert read_manifest(folder).digest() != before


def test_encoder_digest_does_not_change_with_the_heads(folder: Path) -> None:
    before = read_manifest(folder).digest("encoder", "tokenizer")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][2]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert read_manifest(folder).digest("encoder", "tokenizer") == before
