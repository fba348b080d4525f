from django.db import migrations, models
import django.db.models.deletion

#: Old name, new name. The tables keep theirs, so that code of the release before goes on running beside this.
RENAMED = [
    ("Channel", "NotificationChannel"),
    ("Bundle", "ReminderGroup"),
    ("NoticeLine", "NoticeReminder"),
    ("Message", "CarrierMessage"),
    ("FirstAnswer", "IdempotencyRecord"),
    ("CompleteYear", "PublishedYear"),
]


def rename_permissions(apps, schema_editor):
    """Who may see messages in the admin still may: Django names permissions after models."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for old, new in RENAMED:
        for action in ("add", "change", "delete", "view"):
            permissions.filter(content_type__app_label="cases", codename=f"{action}_{old.lower()}").update(
                codename=f"{action}_{new.lower()}"
            )


def restore_permissions(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for old, new in RENAMED:
        for action in ("add", "change", "delete", "view"):
            permissions.filter(content_type__app_label="cases", codename=f"{action}_{new.lower()}").update(
                codename=f"{action}_{old.lower()}"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_overdue_on_an_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        *[migrations.AlterModelTable(old, f"cases_{old.lower()}") for old, _ in RENAMED],
        *[migrations.RenameModel(old, new) for old, new in RENAMED],
        migrations.RunPython(rename_permissions, restore_permissions),
    ]
