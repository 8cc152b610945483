"""Which settings are chosen on the web, what each may be, and which colours can be read."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.forum.choices import colours, rules
from rostra.forum.sanctions.rules import steps_in
from rostra.kernel.errors import Invalid
from rostra.project.config import Config, ConfigError, load

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_there_are_fewer_than_forty_on_five_pages_and_each_is_a_setting():
    assert len(rules.SETTINGS) < 40 and len(rules.PAGES) == 5
    assert {one.page for one in rules.SETTINGS} == set(rules.PAGES)
    assert set(rules.BY_NAME) <= {field.name for field in dataclasses.fields(Config)}


def test_every_default_may_be_chosen():
    for setting in rules.SETTINGS:
        usual = str(getattr(Config(), setting.name))
        assert rules.checked(setting, usual) == usual


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("site_name", "  The   Quay ", "The Quay"),
        ("edit_days", " 007 ", "7"),
        ("accent", " #0A7F3F ", "#0a7f3f"),
        ("accent", "", ""),
        ("warning_steps", "3 limit 30\r\n\r\n 8 suspend 7 ", "3 limit 30; 8 suspend 7"),
        ("warning_steps", "", ""),
        ("upload_quotas", "5/10; Moderators=20/50", "5/10; Moderators=20/50"),
        ("embeds", "", ""),
    ],
)
def test_what_is_typed_is_kept_in_one_form(name, typed, kept):
    assert rules.checked(rules.BY_NAME[name], typed) == kept


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("site_name", " \u200b ", "empty"),
        ("site_name", "x" * 61, "too_long"),
        ("edit_days", "seven", "not_a_whole_number"),
        ("edit_days", "-1", "not_a_whole_number"),
        ("edit_days", "٧", "not_a_whole_number"),
        ("edit_days", "1e3", "not_a_whole_number"),
        ("signups_per_day", "0", "number_out_of_bounds"),
        ("registration", "everybody", "not_a_choice"),
        ("accent", "red", "not_a_colour"),
        ("accent", "#fff; } body { display: none", "not_a_colour"),
        ("accent", "#ffff00", "colour_too_pale"),
        ("upload_quotas", "many", "quotas_odd"),
        ("warning_steps", "3 ban 1", "steps_odd"),
        ("warning_steps", "3 limit 30; 3 suspend 1", "steps_odd"),
        ("logo", "../secret", "not_a_picture"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name, typed, reason):
    with pytest.raises(Invalid) as refused:
        rules.checked(rules.BY_NAME[name], typed)
    assert refused.value.fields == {name: reason}


@pytest.mark.parametrize("steps", ["1", "0 limit 3", "3 suspend 99999", "3 limit 10081", "x" * 9])
def test_steps_of_warnings_are_whole_or_nothing(steps):
    with pytest.raises(ValueError, match=r"must|knows"):
        steps_in(steps)


@pytest.mark.parametrize(
    ("name", "value"),
    [("accent", "#ffff00"), ("accent", "red"), ("logo", "x"), ("warning_steps", "3 x"),
     ("site_name", ""), ("site_description", "two\nlines")],
)  # fmt: skip
def test_a_file_may_hold_no_more_than_a_form(name, value, tmp_path):
    with pytest.raises(ConfigError, match=name):
        load({f"ROSTRA_{name.upper()}": value}, tmp_path)


@given(COLOURS)
def test_the_nearest_colour_can_be_read_by_day_and_by_night(colour):
    near = colours.nearest(colour)
    assert colours.is_readable(near) and (near == colour or not colours.is_readable(colour))
    made = colours.palette(near)
    for ground in (*colours.DAY, made.day_wash):
        assert colours.contrast(made.day, ground) >= colours.CONTRAST
    for ground in (*colours.NIGHT, made.night_wash):
        assert colours.contrast(made.night, ground) >= colours.CONTRAST
    assert colours.contrast(made.day, "#ffffff") >= colours.CONTRAST
    assert colours.contrast(made.night, "#10131a") >= colours.CONTRAST


def test_the_grounds_are_those_of_the_pages():
    from rostra.web.assets import SOURCES

    tokens = (SOURCES / "css" / "tokens.css").read_text()
    for day, night in zip(colours.DAY, colours.NIGHT, strict=True):
        assert f"light-dark({day}, {night})" in tokens
