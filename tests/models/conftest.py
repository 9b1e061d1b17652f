"""The shipped model, loaded once for all tests of the package."""

from __future__ import annotations

import pytest

from models.tagger import Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load(threads=2)
