"""Which weight files belong to heartline, and whether the ones on disk are those."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.errors import ModelAltered, ModelMissing

WEIGHTS = Path(__file__).parent / "weights"
MANIFEST = "manifest.json"
_REINSTALL = "pip install --force-reinstall --no-deps heartline"


@dataclass(frozen=True)
class WeightFile:
    """One line of the manifest: a file of weights and where it comes from."""

    file: str
    role: str
    bytes: int
    sha256: str
    licence: str
    source: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """All weight files of one model, the folder they lie in, and the languages it reads (ISO 639-1 codes)."""

    model: str
    folder: Path
    languages: tuple[str, ...]
    files: tuple[WeightFile, ...]

    @property
    def model_id(self) -> str:
        """Id of the model as a whole; it changes with any byte of any file."""
        return f"{self.model}+{self.digest()}"

    @property
    def encoder_id(self) -> str:
        """Id of the encoder alone; it changes with any byte of its graph or tokenizer."""
        return f"bge-small-l9-8bit+{self.digest('encoder', 'tokenizer')}"

    def path(self, role: str) -> Path:
        """Path of the file with this role: `encoder`, `tokenizer` or `heads`."""
        return self.folder / next(entry.file for entry in self.files if entry.role == role)

    def digest(self, *roles: str) -> str:
        """Eight hex digits that change with any byte of the files with these roles, or of all files."""
        wanted = [entry.sha256 for entry in self.files if not roles or entry.role in roles]
        return hashlib.sha256("".join(sorted(wanted)).encode()).hexdigest()[:8]


def read_manifest(folder: Path | None = None) -> Manifest:
    """Manifest of the weights in `folder`, by default the shipped ones; the files are not looked at.

    Raises
    ------
    ModelMissing
        The folder holds no manifest.
    ModelAltered
        The manifest is not the JSON that it should be.
    """
    folder = folder or WEIGHTS
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelMissing(
            f"{path} is missing: it lists the weight files and their digests",
            next_command=_REINSTALL,
            left_undone="no model was loaded",
            file=str(path),
        )
    try:
        content = json.loads(path.read_text("utf-8"))
        files = tuple(WeightFile(**entry) for entry in content["files"])
        return Manifest(content["model"], folder, tuple(content["languages"]), files)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelAltered(
            f"{path} cannot be read as a manifest: {error!r}",
            next_command=_REINSTALL,
            left_undone="no model was loaded",
            file=str(path),
        ) from error


def verify(folder: Path | None = None) -> list[WeightFile]:
    """Weight files of `folder`, each found with the size and sha256 that the manifest says.

    A file already checked in this process is read again only if its size or time of change differs.

    Raises
    ------
    ModelMissing
        The manifest or a file is missing; all missing files are named.
    ModelAltered
        A file's bytes differ from the manifest; all such files are named.
    """
    manifest = read_manifest(folder)
    missing = [entry.file for entry in manifest.files if not (manifest.folder / entry.file).is_file()]
    if missing:
        raise ModelMissing(
            f"{manifest.folder} lacks {', '.join(missing)}",
            next_command=_REINSTALL,
            left_undone="no model was loaded",
            folder=str(manifest.folder),
            files=missing,
        )
    found = {entry.file: file_sha256(manifest.folder / entry.file) for entry in manifest.files}
    altered = [entry for entry in manifest.files if found[entry.file] != entry.sha256]
    if altered:
        said = "; ".join(
            f"{entry.file} has sha256 {found[entry.file][:12]}…, expected {entry.sha256[:12]}…"
            for entry in altered
        )
        raise ModelAltered(
            f"{manifest.folder}: {said}",
            next_command=_REINSTALL,
            left_undone="no model was loaded",
            folder=str(manifest.folder),
            files=[entry.file for entry in altered],
            found={entry.file: found[entry.file] for entry in altered},
        )
    return list(manifest.files)


def verified_manifest(folder: Path | None = None) -> Manifest:
    """Manifest of `folder` after `verify` has passed it; raises what `verify` raises."""
    verify(folder)
    return read_manifest(folder)


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file's bytes, remembered while its size and time of change stay."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
