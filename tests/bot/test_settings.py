"""The environment is read in one place, typed, and never lets a token go elsewhere than to Discord."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "DISCORD_TOKEN",
        "RECEIPTS_DATABASE_URL",
        "DISCORD_API_BASE",
        "DISCORD_GATEWAY_URL",
        "RECEIPTS_ABOUT_URL",
        "RECEIPTS_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_everything_has_a_default_but_the_token() -> None:
    settings = Settings.load()

    assert settings.discord_token is None
    assert settings.database_url == "sqlite:///receipts.db"
    assert settings.discord_api_base is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", " abc.def.ghi \n")
    monkeypatch.setenv("RECEIPTS_DATABASE_URL", "sqlite:////srv/articles.db")

    settings = Settings.load()

    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "abc.def.ghi"
    assert settings.database_url == "sqlite:////srv/articles.db"


def test_the_page_that_sites_are_told_of_is_a_web_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIPTS_ABOUT_URL", "https://example.org/bot?a=1")
    assert Settings.load().about_url == "https://example.org/bot?a=1"

    for address in (
        "example.org",
        "javascript:alert(1)",
        "https://example.org/a b",
        "https://example.org/\r\nA: b",
        "https://example.org/)",
    ):
        monkeypatch.setenv("RECEIPTS_ABOUT_URL", address)
        with pytest.raises(SettingsError, match="RECEIPTS_ABOUT_URL: this is no web address"):
            Settings.load()


def test_a_dotenv_file_is_read_and_the_environment_wins_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=from.the.file\nRECEIPTS_DATABASE_URL=sqlite:///file.db\nOTHER=1\n")
    monkeypatch.setenv("RECEIPTS_DATABASE_URL", "sqlite:///environment.db")

    settings = Settings.load()

    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "from.the.file"
    assert settings.database_url == "sqlite:///environment.db"


def test_the_example_file_can_be_used_as_it_is(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / ".env.example"
    (tmp_path / ".env").write_bytes(example.read_bytes())

    assert Settings.load() == Settings()


@pytest.mark.parametrize("token", ["", "   ", "\t\n"])
def test_an_empty_token_is_a_missing_one(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)

    assert Settings.load().discord_token is None


def test_a_token_that_cannot_be_one_is_refused_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret-part\r\nX-Header: 1")

    with pytest.raises(SettingsError, match=r"^DISCORD_TOKEN: this is not a bot token") as refused:
        Settings.load()

    assert "secret-part" not in str(refused.value)


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def.ghi")

    assert "abc.def.ghi" not in repr(Settings.load())


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8787/api/v10", "http://127.9.9.9/api/v10/", "http://[::1]:1/api/v10", "http://localhost:80/api"],
)
def test_discord_may_be_on_this_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DISCORD_API_BASE", url)

    assert Settings.load().discord_api_base == url.rstrip("/")


@pytest.mark.parametrize("name", ["DISCORD_API_BASE", "DISCORD_GATEWAY_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/v10",
        "http://127.0.0.1.example.org/api",
        "http://127.0.0.1@example.org/api",
        "http://user@127.0.0.1/api",
        "http://127.0.0.1\\@example.org/api",
        "http://example.org#@127.0.0.1/",
        "http://10.0.0.1/api",
        "http://0.0.0.0/api",
        "http://localhost.example.org/",
        "ftp://127.0.0.1/",
        "127.0.0.1:8787",
        "http://[::1",
        "nonsense",
    ],
)
def test_discord_may_not_be_anywhere_else(monkeypatch: pytest.MonkeyPatch, name: str, url: str) -> None:
    monkeypatch.setenv(name, url)

    with pytest.raises(SettingsError, match=rf"^{name}: only a loopback address is allowed here"):
        Settings.load()


def test_a_dotenv_file_of_another_encoding_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")

    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        Settings.load()


@given(host=st.from_regex(r"[a-z0-9.:@\[\]/#?-]{1,30}", fullmatch=True))
def test_no_host_name_passes_for_this_machine_by_looking_like_it(host: str) -> None:
    try:
        settings = Settings(discord_api_base=f"http://{host}/api")
    except ValueError:
        return
    authority = (settings.discord_api_base or "").removeprefix("http://").split("/")[0].split("#")[0].split("?")[0]
    assert authority.startswith(("127.", "localhost", "[")), authority


def test_a_key_that_somebody_could_guess_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIPTS_KEY", "swordfish")

    with pytest.raises(SettingsError, match="RECEIPTS_KEY: a key has at least 32 characters") as failure:
        Settings.load()
    assert "swordfish" not in str(failure.value)
