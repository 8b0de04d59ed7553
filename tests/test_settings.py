"""What the operator can set: documented, checked all at once, and silent about secrets."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.errors import Misconfigured
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
TOKEN = "123456:AAF-made-up-token-of-payung-desa-000"
VARIABLES = [f"PAYUNG_{name.upper()}" for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _empty(tmp_path: Path) -> Iterator[None]:
    """No variable of this machine, and no `.env`, reaches a test; what it sets is taken back."""
    before, folder = dict(os.environ), Path.cwd()
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.chdir(tmp_path)
    yield
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(before)


def _set(**values: str) -> None:
    os.environ.update({f"PAYUNG_{name}": value for name, value in values.items()})


def _wrong(**values: str) -> list[str]:
    """The lines with which these values are refused."""
    _set(**values)
    with pytest.raises(Misconfigured) as refused:
        settings.load()
    return str(refused.value).splitlines()


def test_the_example_file_is_current() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == settings.example()


def test_the_example_file_is_a_valid_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(settings.example(), encoding="utf-8")
    assert settings.load() == Settings()


@pytest.mark.parametrize("name", VARIABLES)
def test_each_variable_is_documented(name: str) -> None:
    read = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
    assert any(name in path.read_text(encoding="utf-8") for path in read)


def test_nothing_has_to_be_set() -> None:
    found = settings.load()
    assert found.district_codes == ("64.02", "61.08")
    assert found.is_official
    assert found.start is None


def test_every_problem_is_told_in_one_go() -> None:
    lines = _wrong(PORT="70000", TELEGRAM_MODE="carrier pigeon", NOW="yesterday", LOG_LEVEL="loud")
    named = {line.partition(":")[0] for line in lines}
    assert named == {"PAYUNG_PORT", "PAYUNG_TELEGRAM_MODE", "PAYUNG_NOW", "PAYUNG_LOG_LEVEL"}


def test_a_webhook_needs_a_secret_and_an_address_and_both_are_told() -> None:
    told = "\n".join(_wrong(TELEGRAM_MODE="webhook"))
    assert "PAYUNG_TELEGRAM_SECRET" in told
    assert "PAYUNG_PUBLIC_URL" in told


@pytest.mark.parametrize("secret", ["short", "with a space in it", "é" * 20, "x" * 257])
def test_a_secret_that_telegram_cannot_send_is_refused(secret: str) -> None:
    values = {"TELEGRAM_MODE": "webhook", "PUBLIC_URL": "https://payung.example", "TELEGRAM_SECRET": secret}
    told = "\n".join(_wrong(**values))
    assert "PAYUNG_TELEGRAM_SECRET" in told
    assert secret not in told


def test_a_moved_clock_is_refused_together_with_the_official_api() -> None:
    lines = _wrong(NOW="2026-12-08T09:00:00+08:00", TELEGRAM_TOKEN=TOKEN)
    assert len(lines) == 1
    assert "PAYUNG_NOW" in lines[0]


@pytest.mark.parametrize(
    "address", ["https://api.telegram.org/", "https://API.telegram.org", "http://api.telegram.org"]
)
def test_another_spelling_of_the_official_address_is_official_too(address: str) -> None:
    assert _wrong(NOW="2026-12-08", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=address)


def test_a_moved_clock_goes_with_another_api() -> None:
    _set(NOW="2026-12-08T09:00:00+08:00", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API="http://127.0.0.1:8081")
    start = settings.load().start
    assert start is not None
    assert start.isoformat() == "2026-12-08T01:00:00+00:00"


def test_a_clock_without_a_zone_is_utc() -> None:
    _set(NOW="2026-12-08T09:00:00")
    start = settings.load().start
    assert start is not None
    assert start.isoformat() == "2026-12-08T09:00:00+00:00"


def test_districts_may_be_written_with_spaces() -> None:
    _set(DISTRICTS=" 64.02 , ,61.08,")
    assert settings.load().district_codes == ("64.02", "61.08")


def test_secrets_are_not_shown() -> None:
    _set(TELEGRAM_TOKEN=TOKEN, TELEGRAM_SECRET="a-secret-of-the-webhook")
    shown = f"{settings.load()!r} {settings.load()}"
    assert TOKEN not in shown
    assert "a-secret-of-the-webhook" not in shown


def test_a_refusal_does_not_quote_a_secret() -> None:
    told = "\n".join(_wrong(TELEGRAM_TOKEN=TOKEN, TELEGRAM_MODE=TOKEN, PORT=TOKEN))
    assert TOKEN not in told


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.load().port = 1


def test_backups_lie_beside_the_database_unless_another_folder_is_named() -> None:
    database, disk = Path("somewhere/payung.db"), Path("/mnt/disk")
    assert Settings(database=database).backup_folder == Path("somewhere/backups")
    assert Settings(database=database, backups=disk).backup_folder == disk


@pytest.mark.parametrize("keep", ["0", "-1", "many", "100000"])
def test_a_number_of_backups_that_makes_no_sense_is_refused(keep: str) -> None:
    assert "PAYUNG_BACKUP_KEEP" in _wrong(BACKUP_KEEP=keep)[0]


@pytest.mark.parametrize("tier", ["2.000", "2,000", "2K", "unlimited", "tanpa batas", "-5"])
def test_a_tier_is_digits_only(tier: str) -> None:
    (line,) = _wrong(WHATSAPP_TIER=tier)
    assert line == "PAYUNG_WHATSAPP_TIER: digits only, as in 2000; where there is no limit: 1000000"


def test_a_tier_may_be_without_limit() -> None:
    _set(WHATSAPP_TIER=" 1000000 ")
    assert settings.load().whatsapp_tier == 1_000_000


REAL = {
    "WHATSAPP_TOKEN": "EAAmade-up",
    "WHATSAPP_PHONE_ID": "100",
    "WHATSAPP_BUSINESS_ID": "200",
    "WHATSAPP_APP_SECRET": "0123456789abcdef" * 2,
    "WHATSAPP_VERIFY_TOKEN": "v" * 16,
}


@pytest.mark.parametrize("secret", ["abc", "a,b", f"{REAL['WHATSAPP_APP_SECRET']},b"])
def test_an_app_secret_has_the_shape_of_metas(secret: str) -> None:
    (line,) = _wrong(**{**REAL, "WHATSAPP_APP_SECRET": secret})
    assert "PAYUNG_WHATSAPP_APP_SECRET must be" in line


def test_two_app_secrets_hold_while_it_is_changed() -> None:
    _set(**REAL)
    _set(WHATSAPP_APP_SECRET=", ".join([REAL["WHATSAPP_APP_SECRET"]] * 2))
    assert len(settings.load().whatsapp_secrets) == 2


def test_an_address_has_a_scheme() -> None:
    (line,) = _wrong(**{**REAL, "WHATSAPP_API": "graph.facebook.com"})
    assert line == "PAYUNG_WHATSAPP_API must be an address, as in https://graph.facebook.com"


def test_the_key_is_found_whatever_else_is_missing() -> None:
    _set(WHATSAPP_TOKEN="EAAmade-up", KEY_FILE="elsewhere.key")
    assert settings.key_place() == Path("elsewhere.key")
