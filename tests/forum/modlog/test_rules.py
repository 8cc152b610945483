"""The rules of the forum: versions that stay, acts that cite the one of their day."""

from __future__ import annotations

import dataclasses

import pytest

from rostra.forum.access.actions import change_rule
from rostra.forum.modlog import actions, queries, rulebook
from rostra.forum.modlog.models import LogEntry, RuleVersion, Statement
from rostra.forum.modlog.rules import RESTRICTIONS, Wording, checked
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, remove_post
from rostra.forum.threads.actions.threads import lock_thread, move_thread, pin_thread
from rostra.forum.threads.models import Post
from rostra.kernel.errors import Invalid, Refused
from rostra.kernel.models import Job

REASON = "Because the test wants to see it."


def _change(cast, code="R2", **changes):
    asked = {
        "wording": Wording("No insults at all", "None."), "is_in_force": True, "seen": 1,
        "reason": REASON, **changes,
    }  # fmt: skip
    return change_rule(cast.view(cast.admin), code, asked.pop("wording"), **asked)


def test_a_new_version_leaves_the_old_one_readable_and_is_one_entry(cast):
    before = LogEntry.objects.count()
    n = _change(cast)
    new, old = rulebook.versions_of("R2")
    assert (new.version, new.title, old.version, old.title) == (
        2, "No insults at all", 1, "No insults of persons or groups",
    )  # fmt: skip
    assert old.effective_at < new.effective_at
    assert LogEntry.objects.count() == before + 1
    entry = LogEntry.objects.get(n=n)
    assert (entry.kind, entry.public["facts"]["version"]) == ("rule.change", 2)


def test_two_who_change_a_rule_at_once_do_not_overwrite_each_other(cast):
    _change(cast)
    with pytest.raises(Invalid) as caught:
        _change(cast, wording=Wording("Another", "Other words."))
    assert caught.value.fields == {"seen": "rule_changed_meanwhile"}
    assert len(rulebook.versions_of("R2")) == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"wording": Wording("", "x")}, {"title": "empty"}),
        ({"wording": Wording("x" * 121, "")},
         {"title": "rule_title_too_long", "text": "empty"}),
        ({"wording": Wording("x", "y" * 4001)}, {"text": "rule_text_too_long"}),
        ({"reason": "short"}, {"reason": "reason_too_short"}),
    ],
)  # fmt: skip
def test_what_a_rule_may_not_be(cast, changes, wrong):
    with pytest.raises(Invalid) as caught:
        _change(cast, **changes)
    assert caught.value.fields == wrong
    assert len(rulebook.versions_of("R2")) == 1


@pytest.mark.parametrize("who", ["quay", "mod"])
def test_only_who_manages_the_forum_changes_rules(cast, who):
    with pytest.raises(Refused):
        change_rule(
            cast.view(getattr(cast, who)), "R2", Wording("x", "y"), is_in_force=True, seen=1,
            reason=REASON,
        )  # fmt: skip


def test_a_new_rule_gets_the_next_number_and_one_can_be_taken_back(cast):
    _change(cast, code="", seen=0)
    assert rulebook.rules_in_force()[-1].code == "R6"
    wording = Wording(*rulebook.versions_of("R6")[0][2:4])
    _change(cast, code="R6", wording=wording, is_in_force=False)
    assert "R6" not in [rule.code for rule in rulebook.rules_in_force()]
    assert rulebook.find_in_force("R6") is None
    with pytest.raises(Invalid):
        actions.append("post.remove", role="moderator", reason=REASON, rule="R6")


def test_an_act_cites_the_version_of_its_moment(cast):
    """LAW-002: what an entry says of its rule does not change with the rule."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    remove_post(cast.view(cast.mod), post.pk, REASON, why=Why(rule="R2"))
    _change(cast)
    row = next(row for row in queries.entries() if row.kind == "post.remove")
    assert row.rule == ("R2", 1)
    assert rulebook.history()[row.rule].title == "No insults of persons or groups"
    assert queries.first_fault() is None


def test_a_rule_written_over_in_the_table_of_entries_breaks_the_chain(cast):
    post = Post.objects.get(thread=cast.barrier, number=2)
    remove_post(cast.view(cast.mod), post.pk, REASON, why=Why(rule="R2"))
    n = queries.head()[0]
    LogEntry.objects.filter(n=n).update(rule="R4")
    assert queries.first_fault() is not None


ACTS = {
    "post.remove": lambda view, thread, post: remove_post(view, post.pk, REASON),
    "post.edit": lambda view, thread, post: edit_post(view, post.pk, "Other.", reason=REASON),
    "thread.lock": lambda view, thread, post: lock_thread(
        view, thread.pk, locked=True, reason=REASON
    ),
    "thread.pin": lambda view, thread, post: pin_thread(
        view, thread.pk, pinned=True, reason=REASON
    ),
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_is_one_entry_and_a_restriction_one_statement(cast, kind):
    """LAW-002: DECISIONS 22's acts write one row each, and tell whom they restrict."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    before = LogEntry.objects.count()
    ACTS[kind](cast.view(cast.mod), cast.barrier, post)
    assert LogEntry.objects.count() == before + 1
    n = queries.head()[0]
    stated = list(Statement.objects.filter(entry_id=n).values_list("member_id", flat=True))
    subject = post.author_id if kind.startswith("post.") else cast.barrier.starter_id
    assert stated == ([subject] if kind in RESTRICTIONS else [])
    told = [job.payload for job in Job.objects.filter(name="modlog.statement_made")]
    assert [one["log_n"] for one in told] == ([n] if stated else [])


def test_moving_restricts_and_own_posts_do_not(cast):
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.region.pk, reason=REASON)
    assert Statement.objects.filter(member_id=cast.quay.pk).count() == 1
    move_thread(cast.view(cast.mod), cast.secret.pk, cast.region.pk, reason=REASON)
    assert not Statement.objects.filter(member_id=cast.mod.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("en", "Stay with the matter"), ("ar", "التزم")])
def test_a_forum_begins_with_rules_in_its_own_language(settings, language, title):
    """They are the operator's texts from then on: another language chosen later changes none."""
    RuleVersion.objects.all().delete()
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, language=language)
    actions.ensure_rules()
    rules = {rule.code: rule for rule in rulebook.rules_in_force()}
    assert list(rules) == ["R1", "R2", "R3", "R4", "R5"]
    assert rules["R3"].title.startswith(title)
    assert all(checked(Wording(rule.title, rule.text)) for rule in rules.values())
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, language="en")
    actions.ensure_rules()
    assert {rule.code: rule for rule in rulebook.rules_in_force()} == rules
