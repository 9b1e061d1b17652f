import pytest

from pipeline.redact.redactor import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.fixture(scope="session")
def patterns() -> Redactor:
    """Known values and patterns alone."""
    return Redactor.load(names=False)
