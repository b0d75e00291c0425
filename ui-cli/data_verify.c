/*
 * data_verify.c - sluice data verify: whether what is kept is what was sealed, one line a version.
 */
#include <inttypes.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/data.h"
#include "ui-cli/commands.h"

static const char *const states[] = {
	[SL_VERSION_NONE] = "", [SL_VERSION_OLD] = "old", [SL_VERSION_IN_FORCE] = "in force", [SL_VERSION_WAITS] = "waits",
};

static void print(const struct sl_data_verified *seen)
{
	char hex[65];

	if (seen->note != NULL) {
		fputs("note: ", stdout);
		sl_say_text(stdout, seen->note, strlen(seen->note));
		fputc('\n', stdout);
		return;
	}
	if (seen->table != NULL) {
		sl_text_hex(seen->version, 32, hex);
		sl_say_text(stdout, seen->table, strlen(seen->table));
		printf("  sha256:%.16s  %s  %" PRIu64 " rows: ", hex, states[seen->state], seen->rows);
	} else {
		fputs("registry of ", stdout);
		sl_say_text(stdout, seen->space, strlen(seen->space));
		printf("  %" PRIu64 " units: ", seen->units);
	}
	if (seen->fault != NULL)
		sl_say_text(stdout, seen->fault, strlen(seen->fault));
	else
		fputs("every byte is what was sealed", stdout);
	fputc('\n', stdout);
}

static void tell(void *self, const struct sl_data_verified *seen)
{
	struct sl_cli *c = self;
	json_t *list = json_object_get(c->answer, "verified");

	if (!c->args.json)
		print(seen);
	if (seen->note != NULL)
		sl_cli_set(c, "note", sl_cli_text(seen->note));
	else if (seen->table != NULL)
		json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:o}", "table", sl_cli_text(seen->table), "version",
		                                      sl_cli_hex(seen->version, 32), "state", states[seen->state], "fault",
		                                      sl_cli_text(seen->fault)));
	else
		json_array_append_new(list, json_pack("{s:o, s:o}", "registry", sl_cli_text(seen->space), "fault",
		                                      sl_cli_text(seen->fault)));
}

enum sl_rc sl_cmd_data_verify(struct sl_cli *c, struct sl_err *err)
{
	const struct sl_data_verify watch = { .self = c, .seen = tell };

	enum sl_rc rc;

	sl_cli_set(c, "verified", json_array());
	rc = sl_data_verify(&c->enclave, &c->actor, c->args.words, c->args.nwords, &watch, err);
	/* For --json the findings are the answer, and the exit code says that there are some. */
	if (rc == SL_E_INTEGRITY && c->args.json) {
		c->code = sl_rc_exit(rc);
		sl_err_clear(err);
		rc = SL_OK;
	}
	return rc;
}
