from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.settings import Settings, SettingsRefused, read_settings
from tests.cli.conftest import Run


def test_flags_win_over_variables_over_the_file_over_defaults(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text('port = 1001\nthreads = 2\nhost = "::1"\n')
    environ = {"COMPTOIR_PORT": "1002", "COMPTOIR_HOST": "0.0.0.0", "COMPTOIR_CONFIG": str(file)}
    read = read_settings({"port": 1003, "host": None}, environ)
    settings = read.settings
    assert (settings.port, settings.host, settings.threads, settings.workers) == (1003, "0.0.0.0", 2, 1)
    assert {name: read.sources[name] for name in ("port", "host", "threads", "workers")} == {
        "port": "flag",
        "host": "COMPTOIR_HOST",
        "threads": str(file),
        "workers": "default",
    }


def test_shops_are_tables_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "comptoir.toml"
    file.write_text('[shops.main]\n[shops.books]\ndatabase = "postgresql://db/books"\n')
    settings = read_settings({"config": str(file)}, {}).settings
    assert settings.shops == (("main", ""), ("books", "postgresql://db/books"))
    assert read_settings({}, {"COMPTOIR_SHOPS": "main, b=postgresql://db/b"}).settings.shops == (
        ("main", ""),
        ("b", "postgresql://db/b"),
    )


def test_trusted_proxies_are_networks(tmp_path: Path) -> None:
    file = tmp_path / "comptoir.toml"
    file.write_text('trusted_proxies = ["10.0.0.5/8", "fd00::1"]\n')
    assert read_settings({"config": str(file)}, {}).settings.trusted_proxies == ("10.0.0.0/8", "fd00::1/128")
    given = read_settings({"trusted_proxies": "127.0.0.1, ::1"}, {"COMPTOIR_TRUSTED_PROXIES": "10.0.0.0/8"})
    assert given.settings.trusted_proxies == ("127.0.0.1/32", "::1/128")
    assert read_settings({}, {"COMPTOIR_TRUSTED_PROXIES": ""}).settings.trusted_proxies == ()


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"COMPTOIR_PROT": "1"}, "did you mean COMPTOIR_PORT"),
        ({"COMPTOIR_ZZZZ": "1"}, "comptoir settings"),
        ({"COMPTOIR_PORT": "eighty"}, "must be a whole number"),
        ({"COMPTOIR_PORT": "0"}, "must be between 1 and 65535"),
        ({"COMPTOIR_LOG_FORMAT": "xml"}, "must be one of auto, json, pretty"),
        ({"COMPTOIR_ACCESS_LOG": "maybe"}, "must be true or false"),
        ({"COMPTOIR_SECRET": "short"}, "at least 32 characters"),
        ({"COMPTOIR_CONFIG": "nowhere.toml"}, "there is no file nowhere.toml"),
        ({"COMPTOIR_TRUSTED_PROXIES": "10.0.0.1, proxy"}, "such as 10.0.0.0/8, not 'proxy'"),
        ({"COMPTOIR_TRUSTED_PROXIES": "10.0.0.0/33"}, "such as 10.0.0.0/8, not '10.0.0.0/33'"),
        ({"COMPTOIR_TRUSTED_PROXIES": "::/0"}, "must not hold ::/0: that is everybody"),
        ({"COMPTOIR_PROXY_HEADERS": "all"}, "must be one of x-forwarded, x-forwarded-host, forwarded"),
    ],
)
def test_a_wrong_variable_is_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsRefused, match=said):
        read_settings({}, environ)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "did you mean `port`"),
        ("port = true", "must be a whole number"),
        ("host = 1", "must be text"),
        ("trusted_proxies = 10", "must be a list"),
        ("trusted_proxies = ['10.0.0.1', 7.5]", "such as 10.0.0.0/8, not '7.5'"),
        ("allowed_url_hosts = true", "must be a list"),
        ("port = ", "cannot be read"),
        ("[shops.main]\nname = 'x'", "may hold `database` and nothing else"),
    ],
)
def test_a_wrong_line_of_the_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "comptoir.toml"
    file.write_text(text)
    with pytest.raises(SettingsRefused, match=said):
        read_settings({"config": str(file)}, {})


def test_what_is_not_set_is_the_default() -> None:
    assert read_settings({}, {"PATH": "/bin", "COMPTOIR_TEST_POSTGRES": "x"}).settings == Settings()


def test_the_command_shows_values_sources_and_no_secret(
    bare: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "comptoir.toml").write_text("threads = 7\n")
    monkeypatch.setenv("COMPTOIR_SECRET", "s" * 40)
    shown = bare("settings")
    assert "s" * 40 not in shown.out
    rows = {row["setting"]: row for row in bare("settings", "--json").told}
    assert rows["threads"] == {"setting": "threads", "value": 7, "source": "comptoir.toml"}
    assert rows["secret"] == {"setting": "secret", "value": "(set)", "source": "COMPTOIR_SECRET"}
    assert rows["port"]["source"] == "default"


def test_a_wrong_setting_is_a_sentence(bare: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_THREDS", "3")
    said = bare("settings", "--json")
    assert said.code == 1
    assert said.err == '{"error": "COMPTOIR_THREDS is no setting; did you mean COMPTOIR_THREADS?"}\n'
