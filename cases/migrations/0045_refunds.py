"""Balances that a carrier owes back after a cancellation, and China Unicom's terms for them (facts.md, confidence M)."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

UNICOM_FACT = {
    "statement": (
        "在 App 销户的，余额最晚在次月 20 日、号码注销后退到所选的号码、银行卡或钱包，用过漫游的再晚一个月；充值卡充的余额只能到营业厅取现"
    ),
    "statement_en": (
        "After a cancellation in the app the balance goes to the chosen number, bank card or wallet once the number is "
        "cancelled, by the 20th of the next month, a month later if roaming was used; a balance from top-up cards is "
        "paid only in cash at a branch"
    ),
    "source": "网页 gongchengliangzi.com/baike/61001.html，未向运营商核实",
    "source_en": "web page gongchengliangzi.com/baike/61001.html, not confirmed by the carrier",
    "confidence": "M",
}


def add_refund_terms(apps, schema_editor):
    """To carriers that are loaded already; what somebody has edited stays."""
    carrier, fact = apps.get_model("cases", "Carrier"), apps.get_model("cases", "CarrierFact")
    for row in carrier.objects.filter(slug="china-unicom"):
        row.refund_day = 20
        row.save(update_fields=["refund_day"])
        fact.objects.create(carrier=row, topic="other", **UNICOM_FACT)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0044_letters_for_many'),
    ]

    operations = [
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, help_text='Blank: not known.', max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='amount (yuan)')),
                ('way', models.CharField(choices=[('another_number', 'To another number'), ('bank_card', 'To a bank card'), ('cash', 'In cash'), ('original', 'The way it was paid'), ('wallet', 'To a wallet (WeChat, Alipay)'), ('unknown', 'Not known')], default='unknown', max_length=16, verbose_name='refund method')),
                ('account_ending', models.CharField(blank=True, default='', max_length=4, verbose_name='account ending')),
                ('due_on', models.DateField(verbose_name='refund due')),
                ('due_basis', models.CharField(choices=[('carrier_word', 'The carrier said so'), ('carrier_terms', 'The carrier’s terms'), ('working_days', '15 working days')], max_length=16, verbose_name='basis of the date')),
                ('received', models.DecimalField(decimal_places=2, default=0, max_digits=10, verbose_name='received (yuan)')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('written_off', models.BooleanField(default=False, verbose_name='written off')),
                ('words', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('sequence', models.IntegerField(default=0)),
            ],
            options={
                'verbose_name': 'refund',
                'verbose_name_plural': 'refunds',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='carrier',
            name='refund_day',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For a cancellation requested in the app. One month later where roaming was used.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(28)], verbose_name='day of the next month by which balances are refunded'),
        ),
        migrations.AddField(
            model_name='case',
            name='refund_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='refund due'),
        ),
        migrations.AddField(
            model_name='case',
            name='refund_no',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('ack_missing', 'Not acknowledged yet'), ('window_open', 'Time for a first call'), ('overdue', 'Overdue'), ('promise_broken', 'Promise not kept'), ('still_overdue', 'Still overdue'), ('complain', 'Time to complain'), ('verify', 'To verify'), ('returned', 'Returned: action needed'), ('complaint_unanswered', 'Complaint unanswered'), ('appeal_decision', 'Appeal decision overdue'), ('appeal_answer', 'Appeal answer overdue'), ('final_bill', 'Check the final bill'), ('refund_due', 'Refund overdue'), ('message', 'SMS to handle'), ('erasure', 'Will be erased soon')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='kind',
            field=models.CharField(choices=[('logged', 'Case logged'), ('checklist', 'Documents and checklist'), ('submitted', 'Submitted to the carrier'), ('resubmitted', 'Submitted again'), ('acknowledged', 'Acknowledged by the carrier'), ('under_review', 'Carrier: under review'), ('returned', 'Returned by the carrier'), ('promised', 'Carrier promised a date'), ('takes_effect', 'Carrier: takes effect later'), ('reported_done', 'Carrier reported it done'), ('follow_up', 'Follow-up'), ('receipt', 'Receipt added'), ('verified', 'Number verified'), ('confirmed', 'Confirmed as cancelled'), ('reopened', 'Reopened'), ('withdrawn', 'Withdrawn'), ('complaint', 'Complaint filed'), ('complaint_answered', 'Complaint answered'), ('appeal', 'Appeal filed'), ('appeal_decided', 'Appeal decision'), ('appeal_answered', 'Appeal answered'), ('snoozed', 'Reminders snoozed'), ('handed_over', 'Reassigned'), ('submission_corrected', 'Submission time corrected'), ('recalculated', 'Deadlines recalculated'), ('message', 'SMS from the carrier'), ('charge', 'Charge added'), ('refund', 'Charge refunded'), ('bill', 'Bill checked'), ('refund_expected', 'Refund expected'), ('refund_promised', 'Refund promised for a date'), ('refund_received', 'Refund received'), ('refund_written_off', 'Refund written off'), ('letter', 'Letter finalised'), ('kept', 'Retention changed'), ('erased', 'Content erased'), ('voided', 'Entry voided'), ('amended', 'Entry corrected'), ('card_changed', 'Card details changed'), ('number_corrected', 'Number corrected'), ('state', 'State recorded'), ('taken_over', 'Taken over from a table')], max_length=24, verbose_name='event'),
        ),
        migrations.AddField(
            model_name='refund',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('case',), name='one_open_refund'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), ('amount__gt', 0), _connector='OR'), name='refund_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('received__gte', 0)), name='received_not_negative'),
        ),
        migrations.RunPython(add_refund_terms, migrations.RunPython.noop),
    ]
