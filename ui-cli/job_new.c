/*
 * job_new.c - sluice job new: a script to begin with, and hints for an editor beside it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/job_new.h"
#include "ui-cli/commands.h"

/* Hints of a project whose grant has changed are written anew; somebody's own file is not touched. */
static enum sl_rc clear_way(const char *path, struct sl_err *err)
{
	struct sl_buf old = {0};
	const size_t n = strlen(SL_JOB_HINTS_HEAD);
	enum sl_rc rc = SL_OK;

	if (access(path, F_OK) != 0)
		return SL_OK;
	rc = sl_file_read(path, 16u << 20, &old, err);
	if (rc == SL_OK && (old.len < n || memcmp(old.data, SL_JOB_HINTS_HEAD, n) != 0))
		rc = sl_err_set(err, SL_E_NO, "%s is there and is not of sluice job new", path);
	else if (rc == SL_OK && unlink(path) != 0)
		rc = sl_err_set(err, SL_E_IO, "cannot replace %s", path);
	sl_buf_free(&old);
	return rc;
}

static char *hints_path(const char *file, const char *project)
{
	const char *slash = strrchr(file, '/');
	char *path = NULL;

	if (asprintf(&path, "%.*ssluice-%s.d.lua", slash != NULL ? (int)(slash + 1 - file) : 0, file, project) < 0)
		return NULL;
	return path;
}

static enum sl_rc write_files(struct sl_cli *c, const char *file, const char *project, const struct sl_buf *script,
                              const struct sl_buf *hints, struct sl_err *err)
{
	char *beside = hints_path(file, project);
	enum sl_rc rc = beside != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (rc == SL_OK)
		rc = sl_file_write_new(file, 0644, script->data, script->len, err);
	if (rc == SL_OK)
		rc = clear_way(beside, err);
	if (rc == SL_OK)
		rc = sl_file_write_new(beside, 0644, hints->data, hints->len, err);
	if (rc == SL_OK) {
		sl_cli_set(c, "file", sl_cli_text(file));
		sl_cli_set(c, "hints", sl_cli_text(beside));
		sl_cli_changed(c, "%s and %s written", file, beside);
		sl_cli_next(c, "sluice job check %s --dummy -p %s", file, project);
	}
	free(beside);
	return rc;
}

enum sl_rc sl_cmd_job_new(struct sl_cli *c, struct sl_err *err)
{
	const char *project = sl_args_flag(&c->args, "--project"), *file = sl_cli_word(c, 0);
	bool only_hints = sl_args_flag(&c->args, "--hints") != NULL;
	struct sl_buf script = {0}, hints = {0};
	enum sl_rc rc = sl_job_new(&c->enclave, &c->actor, project, only_hints ? NULL : &script, &hints, err);

	if (file == NULL)
		file = only_hints || c->session ? "-" : "job.lua";
	if (rc == SL_OK && only_hints && strcmp(file, "-") != 0)
		rc = sl_err_set(err, SL_E_USAGE, "--hints prints them: without a file");
	if (rc == SL_OK && strcmp(file, "-") != 0)
		rc = write_files(c, file, project, &script, &hints, err);
	else if (rc == SL_OK && c->args.json)
		sl_cli_set(c, "text", only_hints ? sl_cli_bytes(hints.data, hints.len) : sl_cli_bytes(script.data, script.len));
	else if (rc == SL_OK && fwrite(only_hints ? hints.data : script.data, 1, only_hints ? hints.len : script.len,
	                               stdout) != (only_hints ? hints.len : script.len))
		rc = sl_err_set(err, SL_E_IO, "cannot write to standard output");
	sl_buf_free(&script);
	sl_buf_free(&hints);
	return rc;
}
