"""Mail without a server: shown, and kept for its owner's eyes (SEC-111)."""

from __future__ import annotations

import email
import stat
from email import policy

import pytest

from rostra.kernel import mailing


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAILERS = {
        "default": {
            "BACKEND": "rostra.kernel.mailing.FolderBackend",
            "OPTIONS": {"folder": tmp_path / "mail"},
        }
    }
    return tmp_path / "mail"


def test_a_letter_is_shown_and_kept(folder, capsys):
    mailing.send("wren@example.org", "Grüße", "Open the link.", "<p>Open the link.</p>")
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["Subject"] == "Grüße"
    assert letter["To"] == "wren@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().strip() == "Open the link."
    assert "<p>" in letter.get_body(("html",)).get_content()
    assert "wren@example.org: Grüße" in capsys.readouterr().out


@pytest.mark.parametrize(
    "subject", ["a\r\nBcc: x@e.example", "a\nb", "a\0b", "a\u2028Bcc: x", "x" * 9000]
)
def test_a_subject_is_one_line(folder, subject):
    mailing.send("wren@example.org", subject, "Text")
    (file,) = folder.iterdir()
    letter = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["Bcc"] is None
    assert len(letter["Subject"]) <= 180


@pytest.mark.parametrize(
    "to", ["a@b.example\nBcc: c@d.example", "a@b.example\r\n\r\nbody", "a@good.example)b@evil.example"]
)  # fmt: skip
def test_no_other_gets_it(folder, to):
    with pytest.raises(ValueError):
        mailing.send(to, "Subject", "Text")


def test_no_legacy_classes():
    """SEC-111: the old classes of mail fold headers by rules of their own."""
    from pathlib import Path

    import rostra

    found = [
        path
        for path in Path(rostra.__file__).parent.rglob("*.py")
        if any(
            word in path.read_text() for word in ("email.mime", "MIMEText", "SafeMIME", "compat32")
        )
    ]
    assert found == []
