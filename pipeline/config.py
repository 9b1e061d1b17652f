"""`heartline.toml`: read once, checked whole, overridden by `HEARTLINE_*`, then by flags."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from pipeline.errors import ConfigError, StoreMissing

CONFIG_NAME = "heartline.toml"


def _zone_exists(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone such as Europe/London") from error
    return value


TimeZone = Annotated[str, AfterValidator(_zone_exists)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RatingScale(_Section):
    """The ends of a rating scale. `best` may be the smaller number, as in the NHS's 1 = very good."""

    worst: float
    best: float
    missing: tuple[str, ...] = Field((), description="values that mean: no rating given")

    @model_validator(mode="after")
    def _ends_differ(self) -> Self:
        if self.worst == self.best:
            raise ValueError("worst and best must differ")
        return self


class ColumnMapping(_Section):
    """Which column of a table holds what. Only `text` must be there."""

    text: str
    record_id: str | None = None
    customer_id: str | None = None
    written_at: str | None = None
    updated_at: str | None = None
    title: str | None = None
    rating: str | None = None
    nps: str | None = None
    csat: str | None = None
    ces: str | None = None
    channel: str | None = None
    organisation: str | None = None
    attributes: tuple[str, ...] = Field((), description="columns kept as they are, to group customers by")
    known_values: tuple[str, ...] = Field((), description="columns of personal data to take out of the text")


class SourceSettings(_Section):
    """One source of customers' words: its files and how to read them."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Literal["ticket", "review", "survey"]
    name: str = ""
    dialect: Literal["zendesk", "google_play", "qualtrics", "table"] = "table"
    files: tuple[str, ...]
    columns: ColumnMapping | None = None
    rating_scale: RatingScale | None = None
    date_format: str = Field("iso", description="`iso`, or a strptime format such as %d/%m/%Y")
    time_zone: TimeZone = "UTC"
    organisation: str | None = None
    quarantine_limit: float = Field(0.02, ge=0, le=1, description="share of records that may be quarantined")


class CustomerSettings(_Section):
    """A table of customers: what is known of them apart from what they write."""

    file: str
    customer_id: str
    joined_on: str | None = None
    left_on: str | None = None
    attributes: tuple[str, ...] = ()


class CurveSettings(_Section):
    """How the journey curve is estimated and when it keeps silent."""

    hollow_below: int = Field(20, ge=2, description="customers below which a point is drawn hollow")
    suppressed_below: int = Field(10, ge=2, description="customers below which a point is not shown")
    level: float = Field(0.95, gt=0.5, lt=1)
    resamples: int = Field(999, ge=99)


class ThemeSettings(_Section):
    """How themes are fitted."""

    size: Literal["coarse", "normal", "fine"] = "normal"
    fit_at_most: int = Field(30_000, ge=500, description="segments the fit sees; the rest are assigned")


class ChangeSettings(_Section):
    """Something that was changed, registered beforehand: when, for which themes, and what it is to do."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = ""
    on: date
    themes: tuple[str, ...] = Field(min_length=1, description="names or ids of the themes it is to change")
    expected: Literal["down", "up"] = "down"
    window_weeks: int = Field(26, ge=8, description="weeks from the change on that count")


class NotifySettings(_Section):
    """Where heartline alert --send sends the digest to. Addresses hold keys, so they are never shown."""

    urls: tuple[SecretStr, ...] = Field(
        (), description="addresses as apprise writes them; $VARIABLES allowed"
    )


class Settings(BaseSettings):
    """All of `heartline.toml`. Environment variables look like `HEARTLINE_CURVE__LEVEL=0.9`."""

    model_config = SettingsConfigDict(
        env_prefix="HEARTLINE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    name: str = "heartline"
    seed: int = 20_260_406
    time_zone: TimeZone = "UTC"
    data_folder: str = Field(".", description="where relative file names start; ~ and $VARIABLES allowed")
    taxonomy: str | None = Field(None, description="a journey taxonomy of your own, as TOML")
    sources: tuple[SourceSettings, ...] = ()
    customers: CustomerSettings | None = None
    curve: CurveSettings = CurveSettings()
    themes: ThemeSettings = ThemeSettings()
    changes: tuple[ChangeSettings, ...] = ()
    notify: NotifySettings = NotifySettings()

    @field_validator("sources", "changes")
    @classmethod
    def _ids_differ(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        ids = [one.id for one in value]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"ids stand twice: {', '.join(twice)}")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before file."""
        toml_file = settings_cls.model_config.get("toml_file")
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file))


def read_settings(folder: Path, **flags: Any) -> Settings:
    """Settings of the workspace in `folder`.

    Raises
    ------
    StoreMissing
        The folder holds no `heartline.toml`.
    ConfigError
        The file is no TOML, or a value in it, the environment or a flag cannot be.
    """
    path = folder / CONFIG_NAME
    if not path.is_file():
        raise StoreMissing(
            f"{folder} is no workspace: it holds no {CONFIG_NAME}", next_command=f"heartline init {folder}"
        )

    class _Settings(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return _Settings(**flags)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", file=str(path)) from error
    except SettingsError as error:
        raise ConfigError(f"the environment: {error}", next_command="env | grep HEARTLINE_") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
        )
        raise ConfigError(f"{path}: {wrong}", next_command="heartline doctor", file=str(path)) from error
