/*
 * audit_export.c - sluice audit export: the whole log as one text, for those who verify without the enclave.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "jobs/audit_proof.h"
#include "ui-cli/commands.h"

static enum sl_rc to_file(struct sl_cli *c, const char *path, struct sl_err *err)
{
	FILE *out = fopen(path, "wxe");
	enum sl_rc rc;

	if (!out && errno == EEXIST)
		return sl_err_set(err, SL_E_NO, "\"%s\" exists already", path);
	if (!out)
		return sl_err_errno(err, SL_E_IO, errno, "cannot make \"%s\"", path);
	rc = sl_audit_export(&c->enclave, out, err);
	if (fclose(out) != 0 && !rc)
		rc = sl_err_errno(err, SL_E_IO, errno, "cannot write \"%s\"", path);
	if (rc)
		unlink(path);
	return rc;
}

enum sl_rc sl_cmd_audit_export(struct sl_cli *c, struct sl_err *err)
{
	const char *path = sl_cli_word(c, 0);
	enum sl_rc rc;

	if (strcmp(path, "-") == 0 && c->args.json)
		return sl_err_set(err, SL_E_USAGE, "an export on standard output is its own text: without --json");
	if (strcmp(path, "-") == 0)
		return sl_audit_export(&c->enclave, stdout, err);
	rc = to_file(c, path, err);
	if (!rc) {
		sl_cli_set(c, "file", sl_cli_text(path));
		sl_cli_changed(c, "the log is in %s", path);
		sl_cli_next(c, "sluice audit verify --export %s --anchor ANCHOR --against CHECKPOINT, on any machine", path);
	}
	return rc;
}
