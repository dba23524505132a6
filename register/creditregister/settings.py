"""Settings: shipped default, the operator's file, the environment, the secrets folder (DESIGN 6).

``config/default.toml`` is default, schema and help at once. ``CREDIT_CONFIG`` names the operator's TOML file,
``CREDIT_<SECTION>__<NAME>`` overrides a single value, ``CREDIT_SECRETS`` names a folder with one
file a secret. An unknown key is an error that gives its dotted name.
"""

from __future__ import annotations

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from creditregister.errors import CreditError
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Names in the environment that are no ``SECTION__NAME`` and belong to others than this module.
RESERVED = ("CREDIT_CONFIG", "CREDIT_REQUIRE", "CREDIT_TEST_")


class SettingsError(CreditError):
    """A setting that is unknown or has a value it cannot have; the message names it and the remedy."""


class Section(BaseModel):
    """A frozen group of settings; an unknown name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteSettings(Section):
    """The public face; each setting is explained in ``config/default.toml``."""

    name_zh: str
    name_en: str
    operator: str
    contact: str
    trusted_proxies: tuple[str, ...]
    hosts: tuple[str, ...]


class StoreSettings(Section):
    """The database; each setting is explained in ``config/default.toml``."""

    busy_timeout_ms: int = Field(ge=1)
    loader_cache_mb: int = Field(ge=1)
    read_seconds: float = Field(gt=0)
    read_only: bool
    retention: Path | None

    @field_validator("retention", mode="before")
    @classmethod
    def _none_or_file(cls, value: object) -> object:
        """An empty text is no file; one that is named must be there."""
        if value in ("", None):
            return None
        if not Path(str(value)).is_file():
            raise ValueError(f"{value} is no file")
        return value


class LoadSettings(Section):
    """Loading deliveries; each setting is explained in ``config/default.toml``."""

    transaction_ms: int = Field(ge=1, le=10_000)
    rows_per_transaction: int = Field(ge=1, le=10_000)
    pause_ms: int = Field(ge=0)
    spreadsheet_rows: int = Field(ge=1)
    parser_memory_mb: int = Field(ge=64)
    parser_cpu_seconds: int = Field(ge=1)
    alone_rows: int = Field(ge=0)
    alone_share: float = Field(ge=0, le=1)
    few_rows: int = Field(ge=0)
    full_stop_share: float = Field(ge=0, le=1)


class SubjectSettings(Section):
    """Subjects over time; each setting is explained in ``config/default.toml``."""

    name_sources: tuple[str, ...]


class IndexSettings(Section):
    """The embedded index; each setting is explained in ``config/default.toml``."""

    commit_ms: int = Field(ge=0, le=1000)
    heap_mb: int = Field(ge=32)
    build_heap_mb: int = Field(ge=64)
    build_threads: int = Field(ge=1, le=8)
    build_processes: int = Field(ge=1, le=32)


class ElasticsearchSettings(Section):
    """The cluster, where one is used; each setting is explained in ``config/default.toml``."""

    prefix: str = Field(pattern="^[a-z][a-z0-9_]{0,60}$")
    ca_file: str
    user: str
    read_seconds: float = Field(gt=0)
    index_file: str


class RulesSettings(Section):
    """Which rules hold here; each setting is explained in ``config/default.toml``."""

    jurisdiction: str = Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6})?$")
    portal: Literal["credit", "gsxt"]
    added: Path | None

    @field_validator("added", mode="before")
    @classmethod
    def _none_or_folder(cls, value: object) -> object:
        """An empty text is no folder; one that is named must be there."""
        if value in ("", None):
            return None
        if not Path(str(value)).is_dir():
            raise ValueError(f"{value} is no folder")
        return value


class LogSettings(Section):
    """The public log; each setting is explained in ``config/default.toml``."""

    origin: str


class MetricsSettings(Section):
    """Numbers for the monitoring; each setting is explained in ``config/default.toml``."""

    host: str
    port: int = Field(ge=0, le=65_535)


class Settings(BaseSettings):
    """All settings, frozen."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="CREDIT_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        case_sensitive=False,
    )

    data: Path = Path("var")
    database_url: SecretStr | None = None  # a password may stand in it
    elasticsearch_url: str | None = None
    elasticsearch_api_key: SecretStr | None = None
    elasticsearch_password: SecretStr | None = None
    secrets: Path | None = None
    today: date | None = None
    site: SiteSettings
    store: StoreSettings
    load: LoadSettings
    subjects: SubjectSettings
    index: IndexSettings
    elasticsearch: ElasticsearchSettings
    rules: RulesSettings
    log: LogSettings
    metrics: MetricsSettings

    @property
    def demo(self) -> bool:
        """Whether the data folder carries the marker of the synthetic demo."""
        return (self.data / "DEMO").is_file()

    @classmethod
    def settings_customise_sources(  # noqa: D102 -- the library's own hook, explained there
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- no .env files: one source of each sort
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = [shipped("config") / "default.toml"]
        operator = os.environ.get("CREDIT_CONFIG")
        if operator:
            files.append(Path(operator))
        toml = TomlConfigSettingsSource(settings_cls, toml_file=files, deep_merge=True)
        return init_settings, env_settings, toml, file_secret_settings


def load(**above: Any) -> Settings:  # noqa: ANN401 -- the library's own loose signature
    """Read all settings once; ``above`` stands over every other source (tests).

    Raises:
        SettingsError: an unknown key, a value of the wrong form, or a file that cannot be read.
    """
    _refuse_unknown_variables(os.environ)
    operator = os.environ.get("CREDIT_CONFIG")
    if operator and not Path(operator).is_file():
        raise SettingsError(f"CREDIT_CONFIG names {operator}, which is no file.")
    secrets = os.environ.get("CREDIT_SECRETS")
    if secrets and not Path(secrets).is_dir():
        raise SettingsError(f"CREDIT_SECRETS names {secrets}, which is no folder.")
    try:
        return Settings(_secrets_dir=secrets or None, **above)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        dotted = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"Setting {dotted}: {first['msg']}. config/default.toml lists all.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"Settings file {operator} cannot be read: {error}") from error


def _refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """The library passes over variables that name no field; a typing slip must not stay silent."""
    for name, value in environ.items():
        if not name.startswith("CREDIT_") or name.startswith(RESERVED) or value == "":
            continue
        field = name.removeprefix("CREDIT_").lower().partition("__")[0]
        if field not in Settings.model_fields:
            raise SettingsError(f"Unknown variable {name}: settings are named CREDIT_<SECTION>__<NAME>.")
