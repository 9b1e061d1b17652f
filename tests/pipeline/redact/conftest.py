import pytest

from pipeline.redact.redactor import Redactor


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()
