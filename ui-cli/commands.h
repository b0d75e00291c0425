/*
 * commands.h - the one list of commands, in the order of help. Behind each name are two things: its row, which says
 * what it takes and wants (ui-cli/commands/), and its function (ui-cli/NOUN_VERB.c).
 */
#ifndef SL_UI_COMMANDS_H
#define SL_UI_COMMANDS_H

#include "ui-cli/cli.h"

#define SL_COMMANDS(X) \
	X(init) \
	X(doctor) \
	X(anchor) \
	X(recover) \
	X(data_import) X(data_attach) X(data_append) X(data_refresh) X(data_verify) X(data_forget) X(data_ls) \
	X(data_search) X(data_show) X(data_dummy) X(data_request) X(data_requests) X(data_grant) \
	X(data_refuse) X(data_withdraw) X(data_statement) X(data_review) X(data_approve) X(data_reject) \
	X(data_ledger) X(data_quality) \
	X(policy_new) X(policy_lint) X(policy_sign) X(policy_apply) X(policy_show) X(policy_matrix) \
	X(policy_eval) X(policy_diff) X(policy_log) X(policy_test) X(policy_schema) \
	X(can_i) \
	X(principals_authorized_keys) \
	X(session) \
	X(job_new) X(job_check) X(job_run) X(job_ls) X(job_show) X(job_replay) \
	X(request_new) X(request_submit) X(request_revise) X(request_withdraw) X(request_comment) \
	X(request_ls) X(request_show) \
	X(review_ls) X(review_show) X(review_next) X(review_return) X(review_comment) X(review_statement) \
	X(review_approve) X(review_reject) \
	X(release_ls) X(release_get) X(release_export) X(release_revoke) X(release_verify) \
	X(audit_log) X(audit_verify) X(audit_prove) X(audit_export) X(audit_checkpoint) \
	X(help) \
	X(explain) \
	X(completion)

#define SL_COMMAND(name) \
	extern const struct sl_command sl_row_##name; \
	SL_MUST_CHECK enum sl_rc sl_cmd_##name(struct sl_cli *c, struct sl_err *err);
SL_COMMANDS(SL_COMMAND)
#undef SL_COMMAND

extern const struct sl_command *const sl_commands[];
extern const size_t sl_commands_count;

#endif
