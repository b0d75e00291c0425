/*
 * release_get.c - sluice release get: copy a bundle to a directory, or to stdout as an archive.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "jobs/release.h"
#include "ui-cli/commands.h"
#include "ui-cli/tar.h"

/* Copied and checked as ever, then packed: the copy lies in a folder of our own only as long as this runs. */
static enum sl_rc to_stdout(struct sl_cli *c, int64_t id, struct sl_err *err)
{
	char folder[] = "/tmp/sluice-XXXXXX", path[64], name[32];
	enum sl_rc rc;

	if (c->args.json)
		return sl_err_set(err, SL_E_USAGE, "--json and --to - both want standard output");
	if (isatty(STDOUT_FILENO))
		return sl_err_set(err, SL_E_USAGE, "an archive is not for a terminal; send it to a file or to tar");
	if (!mkdtemp(folder))
		return sl_err_errno(err, SL_E_IO, errno, "cannot make a folder in /tmp");
	snprintf(name, sizeof name, "L-%" PRId64, id);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	/* A reader that goes away is an error to be told, not an end that leaves the folder behind. */
	signal(SIGPIPE, SIG_IGN);
	rc = sl_release_get(&c->enclave, &c->actor, id, path, err);
	if (!rc)
		rc = sl_tar_write(path, name, stdout, err);
	sl_tar_remove(folder);
	return rc;
}

static enum sl_rc to_directory(struct sl_cli *c, int64_t id, const char *to, struct sl_err *err)
{
	enum sl_rc rc = sl_release_get(&c->enclave, &c->actor, id, to, err);

	if (rc)
		return rc;
	sl_cli_set(c, "release", json_sprintf("L-%" PRId64, id));
	sl_cli_set(c, "to", sl_cli_text(to));
	sl_cli_changed(c, "L-%" PRId64 " is in %s", id, to);
	sl_cli_next(c, "sluice release verify %s --anchor FILE, with the anchor as the enclave published it", to);
	return SL_OK;
}

enum sl_rc sl_cmd_release_get(struct sl_cli *c, struct sl_err *err)
{
	const char *to = sl_args_flag(&c->args, "--to");
	int64_t id = 0;
	enum sl_rc rc = sl_args_id(sl_cli_word(c, 0), 'L', &id, err);

	if (rc)
		return rc;
	return strcmp(to, "-") == 0 ? to_stdout(c, id, err) : to_directory(c, id, to, err);
}
