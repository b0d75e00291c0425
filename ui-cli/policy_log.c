/*
 * policy_log.c - sluice policy log: every policy that was in force, newest first, and who put it there.
 */
#include <inttypes.h>

#include "enclave/base/text.h"
#include "jobs/policy_apply.h"
#include "ui-cli/commands.h"

static enum sl_rc print_entries(const struct sl_policy_entry *entries, uint32_t n, struct sl_err *err)
{
	const char *const names[] = {">SERIAL", "IN FORCE SINCE", "OFFICERS", "SHA256"};
	struct sl_grid grid;
	enum sl_rc rc;

	sl_grid_open(&grid, names, 4);
	for (uint32_t i = 0; i < n; i++) {
		char serial[32], at[SL_TIME_TEXT], hex[65];
		const char *texts[] = {serial, at, entries[i].officers, hex};

		snprintf(serial, sizeof serial, "%" PRIu64, entries[i].serial);
		sl_enclave_time_text(entries[i].at, at);
		sl_text_hex(entries[i].digest, 32, hex);
		sl_grid_row(&grid, texts);
	}
	rc = sl_grid_print(&grid, stdout, err);
	sl_grid_free(&grid);
	return rc;
}

enum sl_rc sl_cmd_policy_log(struct sl_cli *c, struct sl_err *err)
{
	struct sl_policy_entry *entries = NULL;
	json_t *list = json_array();
	uint32_t n = 0;
	enum sl_rc rc = sl_policy_log(&c->enclave, &entries, &n, err);

	for (uint32_t i = 0; i < n && !rc; i++)
		json_array_append_new(list, json_pack("{s:I, s:o, s:o, s:o}", "serial", (json_int_t)entries[i].serial, "at",
		                                      sl_cli_time(entries[i].at), "officers", sl_cli_text(entries[i].officers),
		                                      "sha256", sl_cli_hex(entries[i].digest, 32)));
	sl_cli_set(c, "policies", list);
	if (!rc && !c->args.json)
		rc = print_entries(entries, n, err);
	sl_policy_log_free(entries, n);
	return rc;
}
