"""What an office's table has of a card, own columns, saved views, and what imports learn and can take back."""

import cases.models.lookups
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0032_labels_of_all_models'),
    ]

    operations = [
        migrations.CreateModel(
            name='CardColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=8)),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('choice', 'Choice')], default='text', max_length=6, verbose_name='kind')),
                ('choices', models.JSONField(blank=True, default=list, verbose_name='choices')),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'own column of cards',
                'verbose_name_plural': 'own columns of cards',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CardView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('settings', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'saved view of cards',
                'verbose_name_plural': 'saved views of cards',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CarrierName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
            ],
            options={
                'verbose_name': 'remembered name of a carrier',
                'verbose_name_plural': 'remembered names of carriers',
            },
        ),
        migrations.CreateModel(
            name='ImportedCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'imported card',
                'verbose_name_plural': 'imported cards',
            },
        ),
        migrations.CreateModel(
            name='ImportMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titles', models.CharField(max_length=64)),
                ('columns', models.JSONField(default=dict)),
                ('used_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'remembered columns of a table',
                'verbose_name_plural': 'remembered columns of tables',
            },
        ),
        migrations.AddField(
            model_name='card',
            name='custom',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='own columns'),
        ),
        migrations.AddField(
            model_name='card',
            name='department',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='department'),
        ),
        migrations.AddField(
            model_name='card',
            name='handler_name',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='assignee, not yet a member'),
        ),
        migrations.AddField(
            model_name='card',
            name='iccid',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='ICCID'),
        ),
        migrations.AddField(
            model_name='card',
            name='note',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='note'),
        ),
        migrations.AddField(
            model_name='card',
            name='opened_on',
            field=models.DateField(blank=True, null=True, verbose_name='opened on'),
        ),
        migrations.AddField(
            model_name='card',
            name='user',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='user'),
        ),
        migrations.AddField(
            model_name='cardimport',
            name='carrier',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.carrier', verbose_name='carrier'),
        ),
        migrations.AddField(
            model_name='cardimport',
            name='fixes',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='cardimport',
            name='header_row',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='cardimport',
            name='sheet',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='cardimport',
            name='sheets',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='team',
            name='full_numbers',
            field=models.CharField(choices=[('switch', 'With a switch, for the session'), ('default', 'Always'), ('forbidden', 'Never on lists')], db_default='switch', default='switch', max_length=9, verbose_name='full numbers'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'Signed in'), ('sign_in_failed', 'Sign-in failed'), ('number_shown', 'Full number viewed'), ('exported', 'Exported'), ('numbers_shown', 'List with full numbers viewed'), ('imported', 'Imported'), ('import_undone', 'Import taken back'), ('member_added', 'Member added'), ('member_removed', 'Member removed'), ('role_changed', 'Role changed'), ('settings_changed', 'Settings changed'), ('token_made', 'API token created'), ('token_revoked', 'API token revoked'), ('name_changed', 'Name changed'), ('card_changed', 'Card details changed'), ('number_corrected', 'Number corrected'), ('card_deleted', 'Card deleted')], max_length=20, verbose_name='event'),
        ),
        migrations.AlterField(
            model_name='cardimport',
            name='state',
            field=models.CharField(choices=[('new', 'Previewed'), ('running', 'Importing'), ('cancelled', 'Stopped'), ('done', 'Imported'), ('undone', 'Taken back')], default='new', max_length=9, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('logged', 'Case logged'), ('checklist', 'Documents and checklist'), ('submitted', 'Submitted to the carrier'), ('resubmitted', 'Submitted again'), ('acknowledged', 'Acknowledged by the carrier'), ('under_review', 'Carrier: under review'), ('returned', 'Returned by the carrier'), ('promised', 'Carrier promised a date'), ('takes_effect', 'Carrier: takes effect later'), ('reported_done', 'Carrier reported it done'), ('follow_up', 'Follow-up'), ('receipt', 'Receipt added'), ('verified', 'Number verified'), ('confirmed', 'Confirmed as cancelled'), ('reopened', 'Reopened'), ('withdrawn', 'Withdrawn'), ('complaint', 'Complaint filed'), ('complaint_answered', 'Complaint answered'), ('appeal', 'Appeal filed'), ('appeal_decided', 'Appeal decision'), ('appeal_answered', 'Appeal answered'), ('snoozed', 'Reminders snoozed'), ('handed_over', 'Reassigned'), ('submission_corrected', 'Submission time corrected'), ('recalculated', 'Deadlines recalculated'), ('message', 'SMS from the carrier'), ('charge', 'Charge added'), ('refund', 'Charge refunded'), ('bill', 'Bill checked'), ('letter', 'Letter finalised'), ('kept', 'Retention changed'), ('erased', 'Content erased'), ('voided', 'Entry voided'), ('amended', 'Entry corrected'), ('card_changed', 'Card details changed'), ('number_corrected', 'Number corrected'), ('state', 'State recorded'), ('taken_over', 'Taken over from a table')], max_length=24, verbose_name='event'),
        ),
        migrations.AddField(
            model_name='cardcolumn',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='card_columns', to='cases.team', verbose_name='team'),
        ),
        migrations.AddField(
            model_name='cardview',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='card_views', to=settings.AUTH_USER_MODEL, verbose_name='saved by'),
        ),
        migrations.AddField(
            model_name='cardview',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='card_views', to='cases.team', verbose_name='team'),
        ),
        migrations.AddField(
            model_name='carriername',
            name='carrier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.carrier'),
        ),
        migrations.AddField(
            model_name='carriername',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='carrier_names', to='cases.team'),
        ),
        migrations.AddField(
            model_name='importedcard',
            name='card',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.card'),
        ),
        migrations.AddField(
            model_name='importedcard',
            name='card_import',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='cases.cardimport'),
        ),
        migrations.AddField(
            model_name='importedcard',
            name='case',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case'),
        ),
        migrations.AddField(
            model_name='importmapping',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='import_mappings', to='cases.team'),
        ),
        migrations.AddConstraint(
            model_name='cardcolumn',
            constraint=models.UniqueConstraint(fields=('team', 'key'), name='one_card_column_per_key'),
        ),
        migrations.AddConstraint(
            model_name='cardcolumn',
            constraint=models.UniqueConstraint(fields=('team', 'title'), name='one_card_column_per_title'),
        ),
        migrations.AddConstraint(
            model_name='carriername',
            constraint=models.UniqueConstraint(fields=('team', 'name'), name='one_carrier_per_name'),
        ),
        migrations.AddConstraint(
            model_name='importedcard',
            constraint=models.UniqueConstraint(fields=('card_import', 'card'), name='one_import_of_a_card'),
        ),
        migrations.AddConstraint(
            model_name='importmapping',
            constraint=models.UniqueConstraint(fields=('team', 'titles'), name='one_import_mapping_per_titles'),
        ),
    ]
