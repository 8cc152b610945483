"""The settings that say who may vouch for members (SEC-087)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from rostra.project.config import ConfigError, load
from rostra.web.accounts.providers import all_in
from tests.web.test_oauth import GITHUB, OPENID, SETTING, WORDS

GOOD = "like=github&client=a&secret=b"


@pytest.mark.parametrize(
    "text",
    [
        "x", "like=nobody&client=a&secret=b", "like=github&client=a", f"{GOOD}&token=https://a",
        f"{GOOD}; {GOOD}", f"{GOOD};{GOOD}&key=hub", f"{GOOD}&key=A b", f"{GOOD}&client=c",
        *(urlencode({k: v for k, v in WORDS.items() if k != lacking})
          for lacking in ("key", "issuer", "authorize", "token", "user", "client", "secret",
                          "email", "checked")),
        *(urlencode(WORDS | more) for more in (
            {"token": "http://acme.example/token"}, {"user": "ftp://acme.example"},
            {"authorize": "javascript:alert(1)"}, {"issuer": "acme"}, {"user": "https://a#b"},
            {"id": "login"}, {"id": "data.Username"}, {"id": "email"}, {"basic": "no"},
            {"colour": "red"}, {"issuer": "https://" + "a" * 300}, {"emails": "http://a.example"},
            {"user": "https://[a"},
        )),
    ],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start(text):
    with pytest.raises(ConfigError, match="oauth"):
        load({"ROSTRA_OAUTH": text})


def test_two_providers_are_told_apart_over_both_settings():
    """SEC-087: neither key nor issuer twice, or one would vouch for the other's members."""
    config = load({"ROSTRA_OAUTH": SETTING, "ROSTRA_OIDC": OPENID})
    assert list(all_in(config.oidc, config.oauth)) == ["open", "github", "discord", "acme"]
    for wrong in (OPENID.replace("key=open", "key=github"),
                  OPENID.replace("https://open.example", GITHUB)):  # fmt: skip
        with pytest.raises(ConfigError, match="oauth"):
            load({"ROSTRA_OAUTH": SETTING, "ROSTRA_OIDC": wrong})
