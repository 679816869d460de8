"""Where facts, database and models live, and which language is spoken: the environment, read once.

Every setting is an environment variable that starts with `MULU_`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent

Language = Literal["zh-CN", "en"]


class Settings(BaseSettings):
    """The settings of one installation.

    `home` (MULU_HOME) holds uploads, facts, rankings and, by default, the SQLite database; `database_url`
    (MULU_DATABASE_URL) names another database, e.g. `postgresql+psycopg://user@host/mulu`; `mlruns`
    (MULU_MLRUNS) holds the MLflow database and artifacts; `language` (MULU_LANGUAGE) is `zh-CN` or `en`;
    `datasets` (MULU_DATASETS) is where tests find the real data; `today` (MULU_TODAY, ISO date) replaces the
    clock's date, for demonstrations and tests.

    An office's identity provider (OpenID Connect) is named by `oidc_issuer` (MULU_OIDC_ISSUER, the address before
    `/.well-known/openid-configuration`), `oidc_client_id`, `oidc_client_secret` and `public_url` (MULU_PUBLIC_URL, the
    address at which browsers reach the dashboard; the provider sends people back to its `/sign-in/callback`).
    `oidc_claim` is the claim that is an account's name (default `sub`, which never changes hands), `oidc_scope` what
    is asked for, `oidc_label` the words on the button.
    """

    model_config = SettingsConfigDict(env_prefix="MULU_", frozen=True, extra="ignore")

    home: Path = PROJECT / "data" / "local"
    database_url: str = ""
    mlruns: Path = Field(default=Path())
    mlflow_tracking_uri: str = ""
    language: Language = "zh-CN"
    datasets: Path = PROJECT.parent / "shared" / "datasets"
    today: date = Field(default_factory=date.today)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_claim: str = "sub"
    oidc_scope: str = "openid profile email"
    oidc_label: str = ""
    public_url: str = ""

    @field_validator("language", mode="before")
    @classmethod
    def _full_language(cls, value: object) -> object:
        return {"zh": "zh-CN", "zh_CN": "zh-CN", "zh-cn": "zh-CN", "en-US": "en", "en_US": "en"}.get(str(value), value)

    def model_post_init(self, _context: object) -> None:
        """Fill what follows from `home`: a home of its own gets models of its own."""
        home = self.home.expanduser().resolve()
        object.__setattr__(self, "home", home)
        if self.mlruns == Path():
            shared = home == PROJECT / "data" / "local"
            object.__setattr__(self, "mlruns", PROJECT / "mlruns" if shared else home / "mlruns")
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{home / 'mulu.db'}")
        if not self.mlflow_tracking_uri:
            object.__setattr__(self, "mlflow_tracking_uri", f"sqlite:///{self.mlruns / 'mlflow.db'}")
