/*
 * commands.h - the one table of commands, and the function behind each row: noun_verb.c holds sl_cmd_noun_verb.
 */
#ifndef SL_UI_COMMANDS_H
#define SL_UI_COMMANDS_H

#include "ui-cli/cli.h"

extern const struct sl_command sl_commands[];
extern const size_t sl_commands_count;

#define SL_COMMAND(name) SL_MUST_CHECK enum sl_rc sl_cmd_##name(struct sl_cli *c, struct sl_err *err)
SL_COMMAND(init);
SL_COMMAND(doctor);
SL_COMMAND(anchor);
SL_COMMAND(data_import);
SL_COMMAND(data_attach);
SL_COMMAND(data_append);
SL_COMMAND(data_refresh);
SL_COMMAND(data_verify);
SL_COMMAND(data_forget);
SL_COMMAND(data_ls);
SL_COMMAND(data_search);
SL_COMMAND(data_show);
SL_COMMAND(data_dummy);
SL_COMMAND(data_request);
SL_COMMAND(data_requests);
SL_COMMAND(data_grant);
SL_COMMAND(data_refuse);
SL_COMMAND(data_withdraw);
SL_COMMAND(data_statement);
SL_COMMAND(data_review);
SL_COMMAND(data_approve);
SL_COMMAND(data_reject);
SL_COMMAND(data_ledger);
SL_COMMAND(policy_new);
SL_COMMAND(policy_lint);
SL_COMMAND(policy_sign);
SL_COMMAND(policy_apply);
SL_COMMAND(policy_show);
SL_COMMAND(policy_matrix);
SL_COMMAND(policy_eval);
SL_COMMAND(policy_diff);
SL_COMMAND(policy_log);
SL_COMMAND(policy_test);
SL_COMMAND(policy_schema);
SL_COMMAND(can_i);
SL_COMMAND(principals_authorized_keys);
SL_COMMAND(session);
SL_COMMAND(job_new);
SL_COMMAND(job_check);
SL_COMMAND(job_run);
SL_COMMAND(job_ls);
SL_COMMAND(job_show);
SL_COMMAND(job_replay);
SL_COMMAND(request_new);
SL_COMMAND(request_submit);
SL_COMMAND(request_revise);
SL_COMMAND(request_withdraw);
SL_COMMAND(request_comment);
SL_COMMAND(request_ls);
SL_COMMAND(request_show);
SL_COMMAND(review_ls);
SL_COMMAND(review_show);
SL_COMMAND(review_statement);
SL_COMMAND(review_approve);
SL_COMMAND(review_reject);
SL_COMMAND(review_return);
SL_COMMAND(review_next);
SL_COMMAND(review_comment);
SL_COMMAND(release_ls);
SL_COMMAND(release_get);
SL_COMMAND(release_revoke);
SL_COMMAND(release_export);
SL_COMMAND(release_verify);
SL_COMMAND(audit_log);
SL_COMMAND(audit_verify);
SL_COMMAND(audit_prove);
SL_COMMAND(audit_export);
SL_COMMAND(audit_checkpoint);
SL_COMMAND(explain);
SL_COMMAND(help);
SL_COMMAND(completion);
#undef SL_COMMAND

#endif
