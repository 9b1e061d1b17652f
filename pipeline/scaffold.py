"""New workspaces: an empty one to fill in, and the demo's."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from pipeline.config import CONFIG_NAME
from pipeline.errors import ConfigError, StoreMissing

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "larkspur"


def make_workspace(folder: Path) -> Path:
    """Make `folder` a workspace with a commented `heartline.toml`.

    Raises
    ------
    ConfigError
        The folder already is one; its settings are left as they are.
    """
    path = folder / CONFIG_NAME
    if path.exists():
        raise ConfigError(
            f"{path} is already there",
            left_undone="it was not touched",
            next_command=f"heartline run -w {folder}",
        )
    folder.mkdir(parents=True, exist_ok=True)
    template = resources.files("pipeline").joinpath("heartline.template.toml").read_text(encoding="utf-8")
    path.write_text(template, encoding="utf-8")
    return path


def make_demo_workspace(folder: Path) -> Path:
    """Make `folder` the demo's workspace, its exports read from where heartline is installed.

    Raises
    ------
    StoreMissing
        The demo's exports did not come with this installation.
    """
    source = SAMPLES / CONFIG_NAME
    if not source.is_file():
        raise StoreMissing(
            f"the demo's exports are not at {SAMPLES}", next_command="install heartline from its repository"
        )
    path = folder / CONFIG_NAME
    folder.mkdir(parents=True, exist_ok=True)
    settings = source.read_text(encoding="utf-8").splitlines()
    lines = [line for line in settings if not line.startswith("data_folder")]
    text = f'data_folder = "{SAMPLES.resolve().as_posix()}"\n' + "\n".join(lines) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
