"""Configuration: a wrong word stops the start and is named (REL-061, SEC-094)."""

import stat

import pytest

from rostra.project.config import ConfigError, load, secret_of
from rostra.project.services import database_of


def test_nothing_needs_to_be_set(tmp_path):
    config = load({}, tmp_path)
    assert config.base_url == "http://localhost:8000"
    assert database_of(config)["ENGINE"].endswith("sqlite3")


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "rostra.toml").write_text('site_name = "File"\nworkers = 3\n')
    config = load({"ROSTRA_SITE_NAME": "Harbour"}, tmp_path)
    assert (config.site_name, config.workers) == ("Harbour", 3)


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"ROSTRA_SITE_NAM": "x"}, "site_name"),
        ({"ROSTRA_WORKERS": "many"}, "workers"),
        ({"ROSTRA_WORKERS": "0"}, "workers"),
        ({"ROSTRA_BASE_URL": "forum.example"}, "base_url"),
        ({"ROSTRA_BASE_URL": "https://a.example/forum"}, "base_url"),
        ({"ROSTRA_LISTEN": "8000"}, "listen"),
        ({"DATABASE_URL": "mysql://x"}, "database_url"),
        ({"DATABASE_URL": "postgresql://h:abc/db"}, "database_url"),
        ({"ROSTRA_TRUSTED_PROXIES": "localhost"}, "trusted_proxies"),
        ({"ROSTRA_SECRET_KEY": "short"}, "secret_key"),
        ({"ROSTRA_SECRET_KEY": "change-me-" + "x" * 40}, "secret_key"),
        ({"ROSTRA_EMBEDS": "evil"}, "embeds"),
        ({"ROSTRA_UPLOAD_MEGABYTES": "0"}, "upload_megabytes"),
        ({"ROSTRA_UPLOAD_QUOTAS": "Moderators=5/10"}, "upload_quotas"),
        ({"ROSTRA_UPLOAD_STORE": "https://host/bucket"}, "upload_store"),
        ({"ROSTRA_UPLOAD_STORE": "s3://host"}, "upload_store"),
        ({"ROSTRA_UPLOAD_STORE": "s3://host/two/buckets"}, "upload_store"),
        ({"ROSTRA_CONFIG": "/nowhere/rostra.toml"}, "ROSTRA_CONFIG"),
    ],
)
def test_a_wrong_setting_is_named(environ, told, tmp_path):
    with pytest.raises(ConfigError, match=told):
        load(environ, tmp_path)


@pytest.mark.parametrize("body", ['sitename = "x"', "workers = true", "site_name = 3", "a = = b"])
def test_a_wrong_file_is_refused(body, tmp_path):
    (tmp_path / "rostra.toml").write_text(body)
    with pytest.raises(ConfigError):
        load({}, tmp_path)


def test_the_secret_is_made_once_and_is_the_owners_alone(tmp_path):
    """SEC-094: 256 bits, mode 0600, no default."""
    config = load({"ROSTRA_DATA": str(tmp_path / "data")}, tmp_path)
    secret = secret_of(config)
    assert len(bytes.fromhex(secret)) == 32
    assert secret_of(config) == secret
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert load({}, tmp_path).secret_key == ""


def test_postgresql_by_its_address(tmp_path):
    config = load({"DATABASE_URL": "postgresql://u:p%40ss@db.example:5433/forum"}, tmp_path)
    found = database_of(config)
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("u", "p@ss", "db.example")
    assert (found["PORT"], found["NAME"]) == ("5433", "forum")
