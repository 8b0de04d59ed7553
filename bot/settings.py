"""Everything the operator can set, read once from the environment (and `.env`)."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import Misconfigured

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_WHOLE = re.compile(r"[0-9]{1,9}")
#: Meta's own: whatever else stands there was copied from the wrong field, or not to its end.
_APP_SECRET = re.compile(r"[0-9a-f]{32}")

DISTRICT_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}")

OFFICIAL_TELEGRAM = "https://api.telegram.org"
OFFICIAL_WHATSAPP = "https://graph.facebook.com"


class Settings(BaseSettings):
    """Each field is the variable PAYUNG_<NAME>; its description is its help in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="PAYUNG_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database: Path = Field(
        Path("data/payung.db"),
        description="The database file. Its folder must exist and belong to the bot; nobody else may write there.",
    )
    key_file: Path = Field(
        Path("keys/payung.key"),
        description="The key that personal data is encrypted with. Keep it outside the data folder and out of backups.",
    )
    backups: Path | None = Field(
        None,
        description="Folder of the nightly backups. Default: backups beside the database; another disk is better.",
    )
    backup_keep: int = Field(
        14,
        ge=1,
        le=1000,
        description="How many of the newest backups stay, besides the last one of each of twelve months.",
    )
    rules: Path | None = Field(
        None,
        description="Folder of the district's own rule files (*.toml): their rows go before those of the program.",
    )
    districts: str = Field(
        "64.02,61.08", description="Codes of the districts (kabupaten) that are served, with commas between."
    )
    telegram_token: SecretStr = Field(
        SecretStr(""), description="From @BotFather. Empty switches Telegram off."
    )
    telegram_api: str = Field(OFFICIAL_TELEGRAM, description="Address of the Bot API.")
    telegram_mode: Literal["poll", "webhook"] = Field(
        "poll",
        description="poll: the bot asks Telegram (no public address needed); webhook: Telegram calls us.",
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        description="Webhook only: 16 to 256 letters, digits, _ or - that Telegram must send along.",
    )
    telegram_rate: float = Field(
        25.0,
        gt=0,
        description="Messages a second to Telegram, over all chats. Telegram asks for less than 30.",
    )
    telegram_chat_rate: float = Field(
        1.0, gt=0, description="Messages a second to one private chat; five at once are let through."
    )
    whatsapp_token: SecretStr = Field(
        SecretStr(""),
        description="The permanent token of a system user at Meta. Empty switches WhatsApp off.",
    )
    whatsapp_phone_id: str = Field(
        "", description="The id of our number in WhatsApp Manager: digits, not the number itself."
    )
    whatsapp_business_id: str = Field(
        "", description="The id of our WhatsApp business account: its message templates."
    )
    whatsapp_app_secret: SecretStr = Field(
        SecretStr(""),
        description="The secret of our app at Meta, which signs what it brings. While it is changed: new,old.",
    )
    whatsapp_verify_token: SecretStr = Field(
        SecretStr(""),
        description="16 to 256 letters, digits, _ or -: the same as entered at Meta for the webhook.",
    )
    whatsapp_api: str = Field(OFFICIAL_WHATSAPP, description="Address of the Graph API.")
    whatsapp_rate: float = Field(20.0, gt=0, description="Messages a second to WhatsApp. Meta allows 80.")
    whatsapp_tier: int = Field(
        250,
        ge=1,
        description="How many people Meta lets us write to first within 24 hours: WhatsApp Manager shows it. "
        "Digits only, as in 2000; where it shows no limit: 1000000.",
    )
    public_url: str = Field("", description="Webhook only: our address as the platforms see it, https://…")
    host: str = Field("127.0.0.1", description="Where the web server listens. Keep it behind a TLS proxy.")
    port: int = Field(8080, ge=1, le=65535, description="Port of the web server.")
    now: datetime | None = Field(
        None, description="Start the clock here, for trying out. Refused together with the official Bot API."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")

    @property
    def district_codes(self) -> tuple[str, ...]:
        """The codes in `districts`, in the order given."""
        return tuple(code.strip() for code in self.districts.split(",") if code.strip())

    @property
    def rule_folders(self) -> tuple[Path, ...]:
        """Whose rows are laid over the program's own."""
        return (self.rules,) if self.rules else ()

    @property
    def backup_folder(self) -> Path:
        """Where the nightly backups go."""
        return self.backups or self.database.parent / "backups"

    @field_validator("whatsapp_tier", mode="before")
    @classmethod
    def _in_digits(cls, written: object) -> object:
        """A full stop between thousands would be read as a fraction: 2.000 people would be two."""
        if isinstance(written, str) and not _WHOLE.fullmatch(written.strip()):
            raise PydanticCustomError("digits", "digits only, as in 2000; where there is no limit: 1000000")
        return written

    @model_validator(mode="after")
    def _fits_together(self) -> "Settings":
        wrong = self._wrong_with_whatsapp()
        if not self.district_codes or not all(map(DISTRICT_CODE.fullmatch, self.district_codes)):
            wrong.append("PAYUNG_DISTRICTS must name districts by their codes, as in 64.02,61.08")
        if self.now is not None and self._speaks_to_people:
            wrong.append("PAYUNG_NOW shifts the clock: it is refused together with a real token")
        if self.telegram_mode == "webhook":
            if not _SECRET.fullmatch(self.telegram_secret.get_secret_value()):
                wrong.append("PAYUNG_TELEGRAM_SECRET must be 16 to 256 letters, digits, _ or - for a webhook")
            if not self.public_url.startswith("https://" if self.is_official else "http"):
                wrong.append("PAYUNG_PUBLIC_URL must be our https:// address for a webhook")
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    def _wrong_with_whatsapp(self) -> list[str]:
        """What is missing, as soon as there is a token: nothing unsigned is ever taken for WhatsApp's."""
        if not self.whatsapp_token.get_secret_value():
            return []
        wrong = [
            f"PAYUNG_WHATSAPP_{name.upper()} must be the id that WhatsApp Manager shows: digits only"
            for name in ("phone_id", "business_id")
            if not getattr(self, f"whatsapp_{name}").isdecimal()
        ]
        if not self.whatsapp_api.startswith(("https://", "http://")):
            wrong.append("PAYUNG_WHATSAPP_API must be an address, as in https://graph.facebook.com")
        real = _same_host(self.whatsapp_api, OFFICIAL_WHATSAPP)
        if not self.whatsapp_secrets:
            wrong.append("PAYUNG_WHATSAPP_APP_SECRET must be the secret of the app at Meta")
        elif real and not all(map(_APP_SECRET.fullmatch, self.whatsapp_secrets)):
            wrong.append("PAYUNG_WHATSAPP_APP_SECRET must be the app's secret: 32 letters a to f and digits")
        if not _SECRET.fullmatch(self.whatsapp_verify_token.get_secret_value()):
            wrong.append("PAYUNG_WHATSAPP_VERIFY_TOKEN must be 16 to 256 letters, digits, _ or -")
        return wrong

    @property
    def whatsapp_secrets(self) -> tuple[str, ...]:
        """What may sign an event, the newest first."""
        found = self.whatsapp_app_secret.get_secret_value().split(",")
        return tuple(secret.strip() for secret in found if secret.strip())

    @property
    def is_official(self) -> bool:
        """Whether the Bot API is the real one."""
        return _same_host(self.telegram_api, OFFICIAL_TELEGRAM)

    @property
    def _speaks_to_people(self) -> bool:
        """Whether a token is set for the real address of its platform."""
        return bool(
            (self.telegram_token.get_secret_value() and self.is_official)
            or (self.whatsapp_token.get_secret_value() and _same_host(self.whatsapp_api, OFFICIAL_WHATSAPP))
        )

    @property
    def start(self) -> datetime | None:
        """Where the clock starts, in UTC; None for the machine's own time."""
        if self.now is None:
            return None
        return self.now.replace(tzinfo=UTC) if self.now.tzinfo is None else self.now.astimezone(UTC)


def _same_host(address: str, other: str) -> bool:
    return urlsplit(address).hostname == urlsplit(other).hostname


class _KeyPlace(BaseSettings):
    """Where the key is, whatever is missing elsewhere: it is made before anything else is filled in."""

    model_config = Settings.model_config
    key_file: Path = Settings.model_fields["key_file"].default


def key_place() -> Path:
    """The file of the key."""
    return _KeyPlace().key_file


def load() -> Settings:
    """The settings, or `Misconfigured` with all that is wrong, a line each."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        lines = []
        for found in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in found["loc"]).upper()
            lines.append(
                f"PAYUNG_{name}: {found['msg']}" if name else found["msg"].removeprefix("Value error, ")
            )
        raise Misconfigured("\n".join(lines)) from None


def example() -> str:
    """The text of `.env.example`; a test keeps the file equal to it."""
    lines = ["# Copy to .env and fill in. Every line is optional; what stands here is the default.", ""]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default is None or isinstance(default, SecretStr) else default
        lines += [f"# {field.description}", f"PAYUNG_{name.upper()}={shown}", ""]
    return "\n".join(lines)
