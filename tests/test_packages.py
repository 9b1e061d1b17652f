import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["pipeline", "models", "reports"])
def test_a_package_is_imported_from_its_own_folder_here(name: str) -> None:
    assert import_module(name).__file__ == str(ROOT / name / "__init__.py")


def test_reports_import_pipeline_and_pipeline_imports_models_and_never_the_other_way() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "reports -> pipeline -> models KEPT" in done.stdout


def test_the_data_hold_no_program() -> None:
    suffixes = {path.suffix for path in (ROOT / "data").rglob("*") if path.is_file()}
    assert suffixes <= {".csv", ".json", ".jsonl", ".toml", ".md"}


def test_the_demo_runs_where_nothing_to_train_with_is_installed(
    demo_workspace: Path, heartline_command: list[str]
) -> None:
    attempt = heartline_command[-1].replace("from reports.cli import main", "import torch")
    refused = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError: torch" in refused.stderr
    assert (demo_workspace / "published" / "heartline.duckdb").is_file()
