"""`heartline.toml`: read once, checked whole, overridden by `HEARTLINE_*`, then by flags."""

from __future__ import annotations

import pkgutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
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
from pipeline.ingest.moments import AUTO, NAMED_FORMS

CONFIG_NAME = "heartline.toml"
POSTGRES = ("postgresql://", "postgres://")  # how the address of a database begins that is no file
DATE_FORMS = (*NAMED_FORMS, AUTO)
AUTO_DIALECT = "auto"  # the dialect of a source whose files tell theirs by their header
DIALECT_NAMES = frozenset(
    module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "ingest" / "dialects")])
)


def _zone_exists(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone such as Europe/London") from error
    return value


def _is_date_format(value: str) -> str:
    if value in DATE_FORMS or ("%" in value and "%Z" not in value):
        return value
    if "%Z" in value:
        raise ValueError("%Z, the name of a zone, can mean several: read offsets by %z, or set time_zone")
    raise ValueError(f"{value!r} is none of {', '.join(DATE_FORMS)}, nor a format such as %d/%m/%Y")


def _dialect_exists(value: str) -> str:
    if value not in DIALECT_NAMES | {AUTO_DIALECT}:
        raise ValueError(f"{value!r} is none of: {', '.join(sorted(DIALECT_NAMES | {AUTO_DIALECT}))}")
    return value


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Kind = Literal["ticket", "review", "survey"]
TimeZone = Annotated[str, AfterValidator(_zone_exists)]
DateFormat = Annotated[str, AfterValidator(_is_date_format)]
Names = Annotated[tuple[str, ...], BeforeValidator(_several)]


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
    """Which column of a table holds what.

    Several columns of `text` are answers of one response: they become one text, in this order, a blank line
    between them.
    """

    text: Names = ()
    record_id: str | None = None
    customer_id: str | None = None
    thread_id: str | None = Field(None, description="what several messages of one conversation share")
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

    @model_validator(mode="before")
    @classmethod
    def _left_out_where_empty(cls, given: Any) -> Any:
        """What `heartline ingest FILE` proposes has `record_id = ""` for those who have no such column."""
        if not isinstance(given, dict):
            return given
        return {name: column for name, column in given.items() if column != "" or name == "text"}

    def named(self) -> dict[str, tuple[str, ...]]:
        """Columns by what they hold; only what is mapped."""
        given = self.model_dump(exclude_none=True).items()
        return {field: tuple(_several(columns)) for field, columns in given if columns}

    def overridden_by(self, given: ColumnMapping | None) -> Self:
        """Mapping with the columns that another one gives in place of its own."""
        return self if given is None else self.model_copy(update=given.model_dump(exclude_unset=True))


class SourceSettings(_Section):
    """One source of customers' words, its files or a table of a database, and how to read them."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    name: str = ""
    dialect: Annotated[str, AfterValidator(_dialect_exists)] = "table"
    files: tuple[str, ...] = ()
    sheet: str | None = Field(None, description="of workbooks; the first that is not hidden by default")
    database: SecretStr | None = Field(
        None, description="a DuckDB file, or postgresql://USER:PASSWORD@HOST/NAME; $VARIABLES allowed"
    )
    table: str | None = Field(None, description="table or view of the database, such as surveys.feedback")
    columns: ColumnMapping | None = None
    rating_scale: RatingScale | None = None
    date_format: DateFormat = Field(
        "iso",
        description="iso, day_first, month_first, auto (one of these two: each file's dates tell), epoch_s, "
        "epoch_ms, or a strptime format such as %d/%m/%Y",
    )
    time_zone: TimeZone = "UTC"
    encoding: Literal["windows-1252"] | None = Field(None, description="of files that are not in UTF-8")
    organisation: str | None = None
    quarantine_limit: float = Field(0.02, ge=0, le=1, description="share of records that may be quarantined")

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if bool(self.files) == (self.database is not None):
            raise ValueError(
                'name either files = ["export.csv"], or database = "feedback.duckdb" and table = "feedback"'
            )
        if (self.database is None) != (self.table is None):
            raise ValueError("database and table go together: a database has many tables, a file is one")
        key = self.columns and self.columns.text and self.columns.record_id
        if self.database is not None and not key:
            raise ValueError("a table of a database needs [sources.columns] with text and its key, record_id")
        if self.database is not None and self.dialect != "table":
            raise ValueError(f'a table of a database is read with dialect = "table", not {self.dialect!r}')
        return self


class CustomerSettings(_Section):
    """A table of customers: what is known of them apart from what they write."""

    file: str
    customer_id: str
    joined_on: str | None = None
    left_on: str | None = None
    attributes: tuple[str, ...] = ()


class RedactSettings(_Section):
    """What redaction takes out beside people's names, their numbers and their addresses."""

    places: bool = Field(True, description="whether towns that the model finds go too; countries stay")


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
    retain_months: int | None = Field(None, ge=1, description="months after which items are erased")
    group_may_read: bool = Field(False, description="files but those under work/ are for the group to read")
    sources: tuple[SourceSettings, ...] = ()
    customers: CustomerSettings | None = None
    redact: RedactSettings = RedactSettings()
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
            raise ValueError(f"ids stand twice: {', '.join(twice)}; give one of them another")
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

    mend = f"correct {CONFIG_NAME}, then: heartline doctor"
    try:
        return _Settings(**flags)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", next_command=mend, file=str(path)) from error
    except SettingsError as error:
        raise ConfigError(f"the environment: {error}", next_command="env | grep HEARTLINE_") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
        )
        raise ConfigError(f"{path}: {wrong}", next_command=mend, file=str(path)) from error
