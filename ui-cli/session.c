/*
 * session.c - sluice session: what came over SSH, as the person whose key sshd saw. The forced command of
 * authorized_keys.
 */
#include <stdlib.h>
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/help.h"
#include "ui-cli/split.h"

static bool wants_json(const struct sl_split *line)
{
	for (uint32_t i = 0; i < line->nwords; i++)
		if (strcmp(line->words[i], "--json") == 0)
			return true;
	return false;
}

/* The words are judged like a command line, and then run with the session's directory and name. */
static int run_words(const struct sl_cli *outer, const struct sl_split *line)
{
	uint32_t skip = line->nwords && strcmp(line->words[0], "sluice") == 0 ? 1 : 0;
	struct sl_err err = {0};
	struct sl_cli c = {0};

	if (line->nwords == skip) {
		sl_help_session(stdout);
		return 0;
	}
	if (sl_args_parse(sl_commands, sl_commands_count, (int)(line->nwords - skip), line->words + skip, true, &c.args,
	                  &err) != SL_OK)
		return sl_cli_fail(&err, "", wants_json(line));
	if (sl_help_asked(&c.args, true))
		return 0;
	c.args.dir = outer->args.dir;
	c.session = sl_args_flag(&outer->args, "--as");
	return sl_cli_run(&c);
}

enum sl_rc sl_cmd_session(struct sl_cli *c, struct sl_err *err)
{
	const char *command = getenv("SSH_ORIGINAL_COMMAND");
	struct sl_split line;
	enum sl_rc rc;

	if (!c->args.dir) {
		sl_err_set(err, SL_E_USAGE, "a session wants --dir DIR");
		sl_err_remedy(err, "sluice principals authorized-keys prints the line for authorized_keys");
		return SL_E_USAGE;
	}
	if (c->args.json)
		return sl_err_set(err, SL_E_USAGE, "--json belongs to the command that comes over SSH");
	rc = sl_split_line(command ? command : "", &line, err);
	if (rc)
		return rc;
	/* What the person's command answers is this process's answer; their words never name a key or a pager. */
	unsetenv("SLUICE_KEY");
	c->code = run_words(c, &line);
	sl_split_free(&line);
	return SL_OK;
}
