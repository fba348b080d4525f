"""Labels of the glossary, and the product's own clock as a default."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.clock
import cases.domain.roles
import cases.models.cases


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cases", "0025_heartbeat_of_each_worker"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="carriermessage",
            options={"ordering": ["-received_at", "-id"], "verbose_name": "SMS", "verbose_name_plural": "SMS"},
        ),
        migrations.AlterModelOptions(
            name="forwarder",
            options={
                "ordering": ["id"],
                "verbose_name": "SMS forwarding phone",
                "verbose_name_plural": "SMS forwarding phones",
            },
        ),
        migrations.AlterModelOptions(
            name="idempotencyrecord",
            options={"verbose_name": "idempotency record", "verbose_name_plural": "idempotency records"},
        ),
        migrations.AlterModelOptions(
            name="notice",
            options={
                "ordering": ["-made_at"],
                "verbose_name": "reminder message",
                "verbose_name_plural": "reminder messages",
            },
        ),
        migrations.AlterModelOptions(
            name="notificationchannel",
            options={
                "ordering": ["id"],
                "verbose_name": "reminder channel",
                "verbose_name_plural": "reminder channels",
            },
        ),
        migrations.AlterModelOptions(
            name="publishedyear",
            options={
                "ordering": ["-year"],
                "verbose_name": "year with a complete holiday schedule",
                "verbose_name_plural": "years with a complete holiday schedule",
            },
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="expires_at",
            field=models.DateTimeField(verbose_name="valid until"),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="made_at",
            field=models.DateTimeField(verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="appealbody",
            name="channels",
            field=models.CharField(blank=True, max_length=300, verbose_name="other ways to appeal"),
        ),
        migrations.AlterField(
            model_name="appealbody",
            name="confidence",
            field=models.CharField(
                choices=[
                    ("H", "High: original text, or tested"),
                    ("M", "Medium: one reliable source"),
                    ("L", "Low: one unverified page"),
                ],
                max_length=1,
                verbose_name="confidence",
            ),
        ),
        migrations.AlterField(
            model_name="appealbody",
            name="phone",
            field=models.CharField(blank=True, max_length=30, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="at",
            field=models.DateTimeField(verbose_name="time"),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("signed_in", "Signed in"),
                    ("sign_in_failed", "Sign-in failed"),
                    ("number_shown", "Full number viewed"),
                    ("exported", "Exported"),
                    ("imported", "Imported"),
                    ("member_added", "Member added"),
                    ("member_removed", "Member removed"),
                    ("role_changed", "Role changed"),
                    ("settings_changed", "Settings changed"),
                    ("token_made", "API token created"),
                    ("token_revoked", "API token revoked"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="channel",
            field=models.CharField(
                choices=[
                    ("hotline", "Hotline"),
                    ("branch", "Branch (营业厅)"),
                    ("app", "App or website"),
                    ("agent", "Reseller (代理商)"),
                    ("letter", "Letter"),
                ],
                max_length=8,
                verbose_name="request channel",
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="reference",
            field=models.CharField(blank=True, max_length=60, verbose_name="carrier reference number (受理单号)"),
        ),
        migrations.AlterField(
            model_name="branch",
            name="phone",
            field=models.CharField(blank=True, max_length=30, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="calendaroverride",
            name="working",
            field=models.BooleanField(default=False, verbose_name="is a working day"),
        ),
        migrations.AlterField(
            model_name="card",
            name="purpose",
            field=models.CharField(
                blank=True,
                choices=[
                    ("marketing", "Telemarketing"),
                    ("care", "Customer care"),
                    ("data", "Data collection"),
                    ("other", "Something else"),
                ],
                max_length=16,
                verbose_name="used for",
            ),
        ),
        migrations.AlterField(
            model_name="cardimport",
            name="made_at",
            field=models.DateTimeField(verbose_name="uploaded"),
        ),
        migrations.AlterField(
            model_name="cardimport",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AlterField(
            model_name="cardimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Previewed"),
                    ("running", "Importing"),
                    ("cancelled", "Stopped"),
                    ("done", "Imported"),
                ],
                default="new",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="carrierfact",
            name="confidence",
            field=models.CharField(
                choices=[
                    ("H", "High: original text, or tested"),
                    ("M", "Medium: one reliable source"),
                    ("L", "Low: one unverified page"),
                ],
                max_length=1,
                verbose_name="confidence",
            ),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="forwarder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="messages",
                to="cases.forwarder",
                verbose_name="SMS forwarding phone",
            ),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="late",
            field=models.BooleanField(default=False, verbose_name="received with delay"),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="meaning",
            field=models.CharField(
                blank=True,
                choices=[
                    ("registered", "Acknowledged"),
                    ("under_review", "Under review"),
                    ("more_papers", "More documents needed"),
                    ("refused", "Refused"),
                    ("promised", "Date promised"),
                    ("precancelled", "Pending cancellation (can be revoked)"),
                    ("done", "Done"),
                    ("code", "Verification code"),
                    ("marketing", "Marketing"),
                    ("unrelated", "Something else"),
                    ("ambiguous", "Unclear: needs a person"),
                ],
                max_length=12,
                verbose_name="meaning",
            ),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="source",
            field=models.CharField(
                choices=[("forwarder", "Forwarded"), ("pasted", "Pasted"), ("imported", "Imported from a file")],
                max_length=9,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="carriermessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "Being read"),
                    ("proposed", "Needs confirmation"),
                    ("unmatched", "No matching case"),
                    ("recorded", "Recorded"),
                    ("set_aside", "Dismissed"),
                ],
                default="new",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="acknowledged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="acknowledged"),
        ),
        migrations.AlterField(
            model_name="case",
            name="carrier_reference",
            field=models.CharField(blank=True, max_length=60, verbose_name="carrier reference number (受理单号)"),
        ),
        migrations.AlterField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("hotline", "Hotline"),
                    ("branch", "Branch (营业厅)"),
                    ("app", "App or website"),
                    ("agent", "Reseller (代理商)"),
                    ("letter", "Letter"),
                ],
                max_length=8,
                verbose_name="request channel",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="handler",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="handled_cases",
                to=settings.AUTH_USER_MODEL,
                verbose_name="assignee",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="message_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="unhandled SMS since"),
        ),
        migrations.AlterField(
            model_name="case",
            name="promised_on",
            field=models.DateField(blank=True, null=True, verbose_name="promised date"),
        ),
        migrations.AlterField(
            model_name="case",
            name="reason",
            field=models.CharField(
                choices=[
                    ("cost", "Cost: paying for an unused card"),
                    ("harassment", "Harassing calls"),
                    ("business", "Business change"),
                    ("switching", "Switching carrier"),
                    ("other", "Another reason"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="reference",
            field=models.CharField(
                default=cases.models.cases.new_reference, max_length=12, unique=True, verbose_name="case reference"
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="reply_by",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reply due"),
        ),
        migrations.AlterField(
            model_name="case",
            name="reported_done_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reported done"),
        ),
        migrations.AlterField(
            model_name="case",
            name="retain",
            field=models.BooleanField(db_column="kept", default=False, verbose_name="kept indefinitely"),
        ),
        migrations.AlterField(
            model_name="case",
            name="return_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("arrears", "Unpaid bill"),
                    ("contract", "Contract or bundle still running"),
                    ("papers", "Documents missing"),
                    ("special", "Premium number, or primary and secondary SIMs not separated"),
                    ("home", "Home branch or province only"),
                    ("other", "Another reason"),
                ],
                max_length=10,
                verbose_name="return reason",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="snoozed_until",
            field=models.DateField(blank=True, null=True, verbose_name="snoozed until"),
        ),
        migrations.AlterField(
            model_name="case",
            name="was_late",
            field=models.BooleanField(default=False, verbose_name="was overdue"),
        ),
        migrations.AlterField(
            model_name="charge",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fee", "Monthly fee"),
                    ("arrears", "Arrears"),
                    ("penalty", "Early termination fee"),
                    ("prepayment", "Prepayment"),
                    ("other", "Another charge"),
                ],
                max_length=10,
                verbose_name="type of charge",
            ),
        ),
        migrations.AlterField(
            model_name="checklistmark",
            name="state",
            field=models.CharField(
                choices=[("done", "Done"), ("waived", "Not needed")], max_length=6, verbose_name="state"
            ),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="codes",
            field=models.PositiveIntegerField(default=0, verbose_name="verification codes (discarded)"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="is_on",
            field=models.BooleanField(default=True, verbose_name="turned on"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="kept",
            field=models.PositiveIntegerField(default=0, verbose_name="saved"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("smsforwarder", "SmsForwarder (Android)"),
                    ("gateway", "Incoming SMS to URL forwarder (Android)"),
                    ("json", "Other apps (JSON)"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="last_refusal",
            field=models.CharField(blank=True, max_length=200, verbose_name="last rejection"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="last_seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last received"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="refused",
            field=models.PositiveIntegerField(default=0, verbose_name="rejected"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="repeated",
            field=models.PositiveIntegerField(default=0, verbose_name="duplicates"),
        ),
        migrations.AlterField(
            model_name="forwarder",
            name="strangers",
            field=models.PositiveIntegerField(default=0, verbose_name="unrelated (discarded)"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="email"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="expires_at",
            field=models.DateTimeField(editable=False, verbose_name="valid until"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="role",
            field=models.CharField(
                choices=[("manager", "Manager"), ("agent", "Case worker"), ("viewer", "Viewer")],
                default=cases.domain.roles.Role["AGENT"],
                max_length=8,
                verbose_name="role",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[("manager", "Manager"), ("agent", "Case worker"), ("viewer", "Viewer")],
                default=cases.domain.roles.Role["AGENT"],
                max_length=8,
                verbose_name="role",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="made_at",
            field=models.DateTimeField(verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="notice",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Waiting to be sent"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("cancelled", "No longer needed"),
                ],
                default="pending",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="notificationchannel",
            name="is_on",
            field=models.BooleanField(default=True, verbose_name="turned on"),
        ),
        migrations.AlterField(
            model_name="notificationchannel",
            name="kind",
            field=models.CharField(
                choices=[
                    ("email", "Email"),
                    ("wecombot", "WeCom group bot (企业微信)"),
                    ("dingtalk", "DingTalk group bot (钉钉)"),
                    ("feishu", "Feishu group bot (飞书)"),
                    ("bark", "Bark (iPhone)"),
                    ("schan", "ServerChan (Server酱, WeChat)"),
                    ("pushplus", "PushPlus (WeChat)"),
                    ("webhook", "Webhook (JSON)"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ack_missing", "Not acknowledged yet"),
                    ("window_open", "Time for a first call"),
                    ("overdue", "Overdue"),
                    ("promise_broken", "Promise not kept"),
                    ("still_overdue", "Still overdue"),
                    ("complain", "Time to complain"),
                    ("verify", "To verify"),
                    ("returned", "Returned: action needed"),
                    ("complaint_unanswered", "Complaint unanswered"),
                    ("appeal_decision", "Appeal decision overdue"),
                    ("appeal_answer", "Appeal answer overdue"),
                    ("final_bill", "Check the final bill"),
                    ("message", "SMS to handle"),
                    ("erasure", "Will be erased soon"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="keep_months",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="retention after closing (months)"
            ),
        ),
        migrations.AlterField(
            model_name="timelineentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("logged", "Case logged"),
                    ("checklist", "Documents and checklist"),
                    ("submitted", "Submitted to the carrier"),
                    ("resubmitted", "Submitted again"),
                    ("acknowledged", "Acknowledged by the carrier"),
                    ("under_review", "Carrier: under review"),
                    ("returned", "Returned by the carrier"),
                    ("promised", "Carrier promised a date"),
                    ("takes_effect", "Carrier: takes effect later"),
                    ("reported_done", "Carrier reported it done"),
                    ("follow_up", "Follow-up"),
                    ("receipt", "Receipt added"),
                    ("verified", "Number verified"),
                    ("confirmed", "Confirmed as cancelled"),
                    ("reopened", "Reopened"),
                    ("withdrawn", "Withdrawn"),
                    ("complaint", "Complaint filed"),
                    ("complaint_answered", "Complaint answered"),
                    ("appeal", "Appeal filed"),
                    ("appeal_decided", "Appeal decision"),
                    ("appeal_answered", "Appeal answered"),
                    ("snoozed", "Reminders snoozed"),
                    ("handed_over", "Reassigned"),
                    ("submission_corrected", "Submission time corrected"),
                    ("recalculated", "Deadlines recalculated"),
                    ("message", "SMS from the carrier"),
                    ("charge", "Charge added"),
                    ("refund", "Charge refunded"),
                    ("bill", "Bill checked"),
                    ("letter", "Letter finalised"),
                    ("kept", "Retention changed"),
                    ("erased", "Content erased"),
                ],
                max_length=24,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(max_length=254, unique=True, verbose_name="email"),
        ),
        migrations.AlterField(
            model_name="verification",
            name="finding",
            field=models.CharField(
                choices=[("cancelled", "Cancelled"), ("alive", "Still in use"), ("inconclusive", "Inconclusive")],
                max_length=12,
                verbose_name="finding",
            ),
        ),
        migrations.AlterField(
            model_name="verification",
            name="happened_at",
            field=models.DateTimeField(verbose_name="time"),
        ),
        migrations.AlterConstraint(
            model_name="branch",
            name="branch_answer_has_a_day",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes", "unknown"), ("asked_on__isnull", False), _connector="OR"),
                name="branch_answer_has_a_day",
                violation_error_message="Enter the date you asked. Without a date the information may be out of date.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="user",
            name="user_quiet_hours_in_order",
            constraint=models.CheckConstraint(
                condition=models.Q(("remind_from__lt", models.F("remind_until"))),
                name="user_quiet_hours_in_order",
                violation_error_message="Reminder hours must begin before they end.",
            ),
        ),
        # The default is Python's: no table needs to be made anew for it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="batch",
                    name="made_at",
                    field=models.DateTimeField(default=cases.clock.now, verbose_name="recorded"),
                ),
                migrations.AlterField(
                    model_name="calendaraddress",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="calendaroverride",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False, verbose_name="created"),
                ),
                migrations.AlterField(
                    model_name="card",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="case",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="forwarder",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="notificationchannel",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="team",
                    name="created_at",
                    field=models.DateTimeField(default=cases.clock.now, editable=False, verbose_name="created"),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="date_joined",
                    field=models.DateTimeField(default=cases.clock.now, verbose_name="joined"),
                ),
            ]
        ),
    ]
