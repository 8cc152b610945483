from typing import Any

from django.db import migrations


def open_cases(apps: Any, schema_editor: Any) -> None:
    """Make cases of messages that were reported, and not dealt with, before there were cases."""
    case_of = apps.get_model("cases", "Case").objects
    reports = apps.get_model("cases", "Report").objects
    waiting = apps.get_model("conversations", "Report").objects.filter(closed_at=None)
    for report in waiting.select_related("message").order_by("id").iterator():
        case, _ = case_of.get_or_create(
            kind="message",
            target_id=report.message_id,
            defaults={
                "subject_id": report.message.author_id,
                "opened_at": report.at,
                # As an item without title and words has it: nothing of a message is copied.
                "digest": "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
            },
        )
        reports.create(case=case, reporter_id=report.member_id, line=report.line, at=report.at)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("conversations", "0001_initial")]

    operations = [migrations.RunPython(open_cases, migrations.RunPython.noop, elidable=True)]
