/*
 * policy_test.c - sluice policy test: the cases beside a policy, and which rules they try.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/pact/setup.h"
#include "jobs/policy_cases.h"
#include "ui-cli/commands.h"

/* Scripts lie beside the cases that name them. */
static enum sl_rc read_script(void *self, const char *name, struct sl_buf *out, struct sl_err *err)
{
	const char *cases = self, *slash = strrchr(cases, '/');
	char *path = NULL;
	enum sl_rc rc;

	if (*name == '/' || !slash)
		return sl_file_read(name, SL_SCRIPT_BYTES_MAX, out, err);
	if (asprintf(&path, "%.*s/%s", (int)(slash - cases), cases, name) < 0)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_file_read(path, SL_SCRIPT_BYTES_MAX, out, err);
	free(path);
	return rc;
}

static void tell_case(struct sl_cli *c, const char *file, const struct sl_policy_case *x, json_t *list)
{
	json_array_append_new(list, json_pack("{s:o, s:b, s:s, s:o, s:o}", "name", sl_cli_text(x->name), "passed", x->passed,
	                                      "got", x->got, "rule", sl_cli_text(x->got_rule), "reason",
	                                      sl_cli_text(x->reason)));
	sl_cli_changed(c, "%s  %s", x->passed ? "ok    " : "FAILED", x->name);
	if (x->passed)
		return;
	sl_cli_changed(c, "  at %s:%u:%u", file, x->line, x->col);
	sl_cli_changed(c, "  expected %s%s%s%s", x->expect, *x->rule ? " [" : "", x->rule, *x->rule ? "]" : "");
	sl_cli_changed(c, "  got      %s [%s]: %s", x->got, x->got_rule, x->reason);
}

/* A rule that no case is decided by could be gone, and no case would say so. */
static void tell_coverage(struct sl_cli *c, const struct sl_policy_cases *cases)
{
	json_t *covered = json_array(), *never = json_array();
	struct sl_buf names = {0};
	size_t n = 0;

	for (size_t i = 0; i < sl_policy_case_rules_count; i++) {
		const char *rule = sl_policy_case_rules[i];
		bool has = sl_policy_cases_covers(cases, rule);

		n += has;
		json_array_append_new(has ? covered : never, json_string(rule));
		if (!has)
			sl_buf_printf(&names, " %s", rule);
	}
	sl_cli_changed(c, "%u of %u cases passed; %zu of %zu rules decided one; never:%s", cases->nitems - cases->failed,
	               cases->nitems, n, sl_policy_case_rules_count, sl_buf_cstr(&names));
	sl_cli_set(c, "covered", covered);
	sl_cli_set(c, "never", never);
	sl_buf_free(&names);
}

enum sl_rc sl_cmd_policy_test(struct sl_cli *c, struct sl_err *err)
{
	const char *file = sl_cli_word(c, 0);
	struct sl_buf cases_text = {0}, policy_text = {0};
	struct sl_policy_cases cases = {0};
	struct sl_cases_files files = {
		.cases_file = file,
		.cases = &cases_text,
		.policy_file = sl_args_flag(&c->args, "--policy"),
		.read = read_script,
		.self = (void *)(uintptr_t)file,
	};
	json_t *list = json_array();
	enum sl_rc rc = sl_file_read(file, SL_CASES_BYTES_MAX, &cases_text, err);

	if (!rc && files.policy_file) {
		rc = sl_file_read(files.policy_file, SL_POLICY_BYTES_MAX, &policy_text, err);
		files.policy = &policy_text;
	}
	if (!rc)
		rc = sl_policy_cases_run(&c->enclave, &files, &cases, err);
	for (uint32_t i = 0; i < cases.nitems && !rc; i++)
		tell_case(c, file, &cases.items[i], list);
	sl_cli_set(c, "cases", list);
	if (!rc)
		tell_coverage(c, &cases);
	if (!rc && cases.failed)
		c->code = sl_rc_exit(SL_E_NO);
	sl_policy_cases_free(&cases);
	sl_buf_free(&cases_text);
	sl_buf_free(&policy_text);
	return rc;
}
