"""URLs of the pages."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import path, register_converter, reverse

from cases.selectors.card_names import NAME_COLUMNS
from cases.web import auth_urls, first_start
from cases.web.views import (
    account,
    batches,
    bill_columns,
    bills,
    bulk_actions,
    calendar,
    calls,
    card_columns,
    card_imports,
    card_names,
    card_register,
    card_selection,
    card_views,
    cards,
    carriers,
    case,
    case_lists,
    channels,
    charges,
    corrections,
    dossiers,
    exports,
    forwarders,
    guide,
    language_models,
    letters,
    letters_for_many,
    message_imports,
    message_readings,
    messages,
    new_case,
    number_switch,
    palette,
    receipts,
    retention,
    search,
    sms_webhook,
    statistics,
    styleguide,
    teams,
    tokens,
    work_list,
)


class OwnerConverter:
    """The owner of channels: 'me' or 'teams'."""

    regex = "me|teams"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class NameColumnConverter:
    """A column of names in the register of cards."""

    regex = "|".join(NAME_COLUMNS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OwnerConverter, "whose")
register_converter(NameColumnConverter, "name_column")


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(static("cases/icon.svg"))


def change_password(request: HttpRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("account_change_password"))


urlpatterns = [
    path(".well-known/change-password", change_password),  # where password managers lead people to
    path("favicon.ico", favicon),  # browsers ask for it on pages that name no icon: a picture, the admin
    path("", work_list.work_list, name="work_list"),
    path("search/", search.search, name="search"),
    path("palette/", palette.palette_results, name="palette"),
    path("cases/", case_lists.case_list, name="case_list"),
    path("cases/new/", new_case.case_new, name="case_new"),
    path("cases/new/lookup/", new_case.case_lookup, name="case_lookup"),
    path("cases/new/deadlines/", new_case.deadline_preview, name="deadline_preview"),
    path("cases/dossier/", dossiers.dossier_new, name="dossier_new"),
    path("cases/many/", bulk_actions.bulk_action, name="bulk_action"),
    path("cases/export/", exports.case_export, name="case_export"),
    path("cases/show/", case_lists.case_columns_choose, name="case_columns_choose"),
    path("cases/views/", card_views.card_views, {"shows": "cases"}, name="case_views"),
    path("cases/views/<int:pk>/", card_views.card_view_change, {"shows": "cases"}, name="case_view_change"),
    path("cases/<slug:reference>/", case.case_detail, name="case_detail"),
    path("cases/<slug:reference>/number/", case.case_number, name="case_number"),
    path("cases/<slug:reference>/checklist/", case.checklist_item, name="checklist_item"),
    path("cases/<slug:reference>/record/", dossiers.case_record, name="case_record"),
    path("cases/<slug:reference>/dossier/", dossiers.case_dossier, name="case_dossier"),
    path("cases/<slug:reference>/receipts/", receipts.receipt_add, name="receipt_add"),
    path("cases/<slug:reference>/receipts/<int:pk>/", receipts.receipt_file, name="receipt_file"),
    path("cases/<slug:reference>/charges/<int:pk>/", charges.charge_refund, name="charge_refund"),
    path("cases/<slug:reference>/entries/<int:sequence>/undo/", corrections.entry_undo, name="entry_undo"),
    path("cases/<slug:reference>/entries/<int:sequence>/void/", corrections.entry_void, name="entry_void"),
    path("cases/<slug:reference>/entries/<int:sequence>/amend/", corrections.entry_amend, name="entry_amend"),
    path("cases/<slug:reference>/entries/<int:sequence>/move/", corrections.entry_move, name="entry_move"),
    path(
        "cases/<slug:reference>/entries/<int:sequence>/reading/", message_readings.entry_reading, name="entry_reading"
    ),
    path("acts/<uuid:token>/undo/", corrections.act_undo, name="act_undo"),
    path("cases/<slug:reference>/letters/<int:pk>/", letters.letter_final, name="letter_final"),
    path("cases/<slug:reference>/letters/<slug:kind>/", letters.letter_edit, name="letter_edit"),
    path("cases/<slug:reference>/letters/<slug:kind>/preview/", letters.letter_preview, name="letter_preview"),
    path(
        "cases/<slug:reference>/letters/<slug:kind>/throw-away/",
        letters.letter_draft_delete,
        name="letter_draft_delete",
    ),
    path("cases/<slug:reference>/<slug:action>/", case.case_action, name="case_action"),
    path("calls/", calls.call_list, name="call_list"),
    path("calls/<slug:slug>/<slug:purpose>/", calls.call_sheet, name="call_sheet"),
    path("letters/", letters_for_many.letter_bundles, name="letter_bundles"),
    path("letters/<int:pk>/", letters_for_many.letter_bundle, name="letter_bundle"),
    path("letters/new/<slug:kind>/", letters_for_many.letters_new, name="letters_new"),
    path("bills/", bills.bill_list, name="bill_list"),
    path("bills/new/", bills.bill_new, name="bill_new"),
    path("bills/<int:pk>/", bills.bill_detail, name="bill_detail"),
    path("bills/<int:pk>/columns/", bill_columns.bill_columns, name="bill_columns"),
    path("bills/<int:pk>/findings/", bills.bill_findings, name="bill_findings"),
    path("bills/<int:pk>/remove/", bills.bill_remove, name="bill_remove"),
    path("batches/", batches.batch_list, name="batch_list"),
    path("batches/new/", batches.batch_new, name="batch_new"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/answer/", batches.batch_reply, name="batch_reply"),
    path("cards/", card_register.card_list, name="card_list"),
    path("cards/show/", card_register.card_columns_choose, name="card_columns_choose"),
    path("cards/columns/", card_columns.card_columns, name="card_columns"),
    path("cards/columns/<int:pk>/", card_columns.card_column_edit, name="card_column_edit"),
    path("cards/columns/<int:pk>/move/", card_columns.card_column_move, name="card_column_move"),
    path("cards/columns/<int:pk>/delete/", card_columns.card_column_delete, name="card_column_delete"),
    path("cards/views/", card_views.card_views, name="card_views"),
    path("cards/views/<int:pk>/", card_views.card_view_change, name="card_view_change"),
    path("cards/many/values/", card_selection.card_values, name="card_values"),
    path("cards/many/cancel/", card_selection.card_cancellations, name="card_cancellations"),
    path("cards/export/", exports.card_export, name="card_export"),
    path("cards/import/", card_imports.card_import_new, name="card_import_new"),
    path("cards/import/template.xlsx", card_imports.card_import_template, name="card_import_template"),
    path("cards/import/<int:pk>/", card_imports.card_import_detail, name="card_import_detail"),
    path("cards/import/<int:pk>/do/", card_imports.card_import_action, name="card_import_action"),
    path("cards/import/<int:pk>/undo/", card_imports.card_import_undo, name="card_import_undo"),
    path("cards/import/<int:pk>/failed.xlsx", card_imports.card_import_failed, name="card_import_failed"),
    path("cards/names/<name_column:column>/", card_names.name_options, name="card_names"),
    path("cards/new/", cards.card_new, name="card_new"),
    path("cards/<int:pk>/", cards.card_detail, name="card_detail"),
    path("cards/<int:pk>/cell/", card_register.card_cell, name="card_cell"),
    path("cards/<int:pk>/number/", cards.card_number, name="card_number"),
    path("cards/<int:pk>/change/", cards.card_edit, name="card_edit"),
    path("cards/<int:pk>/correct/", cards.card_correct, name="card_correct"),
    path("cards/<int:pk>/delete/", cards.card_delete, name="card_delete"),
    path("messages/", messages.message_list, name="message_list"),
    path("messages/figures/", message_readings.message_figures, name="message_figures"),
    path("messages/<int:pk>/", messages.message_detail, name="message_detail"),
    path("messages/<int:pk>/case/", messages.message_assign, name="message_assign"),
    path("messages/<int:pk>/set-aside/", messages.message_set_aside, name="message_set_aside"),
    path("proof/", dossiers.dossier_check, name="dossier_check"),
    path("proof/key.pem", dossiers.dossier_key, name="dossier_key"),
    path("carriers/", carriers.carrier_list, name="carrier_list"),
    path("carriers/<slug:slug>/", carriers.carrier_detail, name="carrier_detail"),
    path("carriers/<slug:slug>/branches/new/", carriers.branch_new, name="branch_new"),
    path("carriers/<slug:slug>/branches/<int:pk>/", carriers.branch_edit, name="branch_edit"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/carriers/", statistics.scoreboard, name="scoreboard"),
    path("statistics/savings/", statistics.savings, name="savings"),
    path("statistics/month/", statistics.statement, name="statement"),
    path("me/", account.account, name="account"),
    path("me/reminders-now/", account.reminders_now, name="reminders_now"),
    path("me/data/", account.account_export, name="account_export"),
    path("me/close/", retention.account_close, name="account_close"),
    path("me/tokens/", tokens.my_tokens, name="my_tokens"),
    path("me/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("me/calendar/", calendar.calendar_change, name="calendar_change"),
    path("calendar/<str:secret>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("<whose:whose>/channels/", channels.channel_list, name="channel_list"),
    path("<whose:whose>/channels/new/<str:kind>/", channels.channel_new, name="channel_new"),
    path("<whose:whose>/channels/<int:pk>/", channels.channel_edit, name="channel_edit"),
    path("<whose:whose>/channels/<int:pk>/test/", channels.channel_test, name="channel_test"),
    path("<whose:whose>/channels/<int:pk>/switch/", channels.channel_toggle, name="channel_toggle"),
    path("<whose:whose>/channels/<int:pk>/remove/", channels.channel_remove, name="channel_remove"),
    path("<whose:whose>/notices/", channels.notice_list, name="notice_list"),
    path("in/<str:secret>/", sms_webhook.sms_webhook, name="sms_webhook"),
    path("in/<str:secret>", sms_webhook.sms_webhook),  # an app that drops the last slash would not follow a redirect
    path("messages/paste/", message_imports.message_paste, name="message_paste"),
    path("messages/import/", message_imports.message_import, name="message_import"),
    path("teams/forwarders/", forwarders.forwarder_list, name="forwarder_list"),
    path("teams/forwarders/new/<str:kind>/", forwarders.forwarder_new, name="forwarder_new"),
    path("teams/forwarders/<int:pk>/", forwarders.forwarder_detail, name="forwarder_detail"),
    path("teams/forwarders/<int:pk>/heard/", forwarders.forwarder_status, name="forwarder_status"),
    path("teams/forwarders/<int:pk>/do/", forwarders.forwarder_action, name="forwarder_action"),
    path("teams/language-model/", language_models.language_model, name="language_model"),
    path("teams/language-model/do/", language_models.language_model_action, name="language_model_action"),
    path("teams/", teams.current_team, name="current_team"),
    path("teams/new/", teams.team_new, name="team_new"),
    path("teams/switch/", teams.team_switch, name="team_switch"),
    path("teams/<int:pk>/", teams.team_detail, name="team_detail"),
    path("teams/<int:pk>/audit/", teams.team_audit, name="team_audit"),
    path("teams/<int:pk>/tokens/", tokens.team_tokens, name="team_tokens"),
    path("teams/<int:pk>/tokens/<int:token>/revoke/", tokens.team_token_revoke, name="team_token_revoke"),
    path("teams/<int:pk>/name/", teams.team_name, name="team_name"),
    path("teams/<int:pk>/sender/", teams.team_sender, name="team_sender"),
    path("teams/<int:pk>/numbers/", teams.team_full_numbers, name="team_full_numbers"),
    path("teams/<int:pk>/numbers/switch/", number_switch.number_switch, name="number_switch"),
    path("teams/<int:pk>/keep/", retention.team_retention, name="team_retention"),
    path("teams/<int:pk>/delete/", retention.team_delete, name="team_delete"),
    path("teams/<int:pk>/leave/", teams.team_leave, name="team_leave"),
    path("teams/<int:pk>/invitations/", teams.team_invite, name="team_invite"),
    path("teams/<int:pk>/invitations/<int:invitation>/revoke/", teams.invitation_revoke, name="invitation_revoke"),
    path("teams/<int:pk>/members/<int:member>/role/", teams.member_role, name="member_role"),
    path("teams/<int:pk>/members/<int:member>/remove/", teams.member_remove, name="member_remove"),
    path("invitations/<str:secret>/", teams.invitation, name="invitation"),
    path("guide/", guide.guide, name="guide"),
    path("guide/example/", guide.guide_example, name="guide_example"),
    path("guide/<slug:slug>/", guide.guide_chapter, name="guide_chapter"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),  # under DEBUG only
    path("language/", account.set_language, name="set_language"),
    *auth_urls.urlpatterns,
    path("welcome/<str:token>/", first_start.first_start, name="first_start"),
]
