/*
 * help_command.c - sluice help and sluice completion.
 */
#include <string.h>

#include "enclave/base/text.h"
#include "ui-cli/commands.h"
#include "ui-cli/help.h"

static enum sl_rc unknown(const char *noun, struct sl_err *err)
{
	const char *names[128];
	size_t n = 0;
	int near;

	for (size_t i = 0; i < sl_commands_count && n < 128; i++)
		names[n++] = sl_commands[i]->noun;
	near = sl_text_near(noun, names, n);
	sl_err_set(err, SL_E_USAGE, "there is no command \"%.80s\"", noun);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice help lists them");
	return SL_E_USAGE;
}

enum sl_rc sl_cmd_help(struct sl_cli *c, struct sl_err *err)
{
	const char *noun = sl_cli_word(c, 0), *verb = sl_cli_word(c, 1);

	if (sl_args_flag(&c->args, "--man")) {
		sl_help_manual(stdout);
		return SL_OK;
	}
	if (sl_args_flag(&c->args, "--completion")) {
		sl_help_completion(stdout);
		return SL_OK;
	}
	if (!noun) {
		if (c->session)
			sl_help_session(stdout);
		else
			sl_help_all(stdout);
		return SL_OK;
	}
	for (size_t i = 0; i < sl_commands_count; i++) {
		const struct sl_command *row = sl_commands[i];

		if (strcmp(row->noun, noun) == 0 && (!*row->verb || (verb && strcmp(row->verb, verb) == 0))) {
			sl_help_one(row, stdout);
			return SL_OK;
		}
	}
	return !verb && sl_help_noun(noun, stdout) ? SL_OK : unknown(noun, err);
}
