/*
 * data_dummy.c - sluice data dummy: a table of invented rows, to write and try programs with.
 */
#include <string.h>
#include <strings.h>

#include "ui-cli/commands.h"
#include "ui-cli/dummy_words.h"

/* A file outlives the words beside it: its name has to say what it is. */
static enum sl_rc check_name(const char *out, struct sl_err *err)
{
	const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
	enum sl_rc rc;

	for (const char *s = name; *s; s++)
		if (strncasecmp(s, "dummy", 5) == 0)
			return SL_OK;
	rc = sl_err_set(err, SL_E_USAGE, "the name of a file of dummy data says so, and \"%.100s\" does not", name);
	sl_err_remedy(err, "call it DUMMY-%.100s", name);
	return rc;
}

static enum sl_rc give(struct sl_cli *c, const char *out, const struct sl_buf *csv, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (out && strcmp(out, "-") != 0) {
		rc = sl_file_write_new(out, 0644, csv->data, csv->len, err);
		sl_cli_set(c, "out", sl_cli_text(out));
		if (!rc)
			sl_cli_changed(c, SL_DUMMY_MARK " of %s is in %s", sl_cli_word(c, 0), out);
		return rc;
	}
	if (c->args.json)
		sl_cli_set(c, "text", sl_cli_bytes(csv->data, csv->len));
	else if (fwrite(csv->data, 1, csv->len, stdout) != csv->len)
		rc = sl_err_set(err, SL_E_IO, "cannot write to standard output");
	return rc;
}

enum sl_rc sl_cmd_data_dummy(struct sl_cli *c, struct sl_err *err)
{
	const char *table = sl_cli_word(c, 0), *out = sl_args_flag(&c->args, "--out");
	struct sl_dummy_size size = {0};
	struct sl_buf csv = {0};
	enum sl_rc rc = sl_dummy_words_take(c, &size, err);

	if (!rc && out && strcmp(out, "-") != 0)
		rc = check_name(out, err);
	if (!rc)
		rc = sl_dummy_table(&c->enclave, &c->actor, sl_args_flag(&c->args, "--project"), table, &size, &csv, err);
	if (!rc) {
		sl_dummy_words_say(&size);
		sl_cli_set(c, "marking", json_string(SL_DUMMY_MARK));
		sl_cli_set(c, "table", sl_cli_text(table));
		sl_cli_set(c, "seed", json_integer((json_int_t)size.seed));
		sl_cli_set(c, "units", json_integer(size.units));
		sl_cli_set(c, "rows", json_integer(size.rows));
		rc = give(c, out, &csv, err);
	}
	sl_buf_free(&csv);
	return rc;
}
