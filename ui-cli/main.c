/*
 * main.c - sluice: the command line of an enclave.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/program.h"
#include "ui-cli/commands.h"
#include "ui-cli/help.h"

static bool wants_json(int argc, const char *const *argv)
{
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv + 1;
	struct sl_err err = {0};
	struct sl_cli c = {0};
	const char *dir, *key;

	sl_program_begin();
	/*
	 * Text is UTF-8 whatever the account's language: widths of CJK text depend on it. Nothing else of a locale is
	 * taken.
	 */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		setlocale(LC_CTYPE, "");
	argc = argc > 0 ? argc - 1 : 0;
	if (argc == 0) {
		sl_help_all(stderr);
		return sl_rc_exit(SL_E_USAGE);
	}
	if (sl_args_parse(sl_commands, sl_commands_count, argc, words, false, &c.args, &err) != SL_OK)
		return sl_cli_fail(&err, "", wants_json(argc, words));
	if (sl_help_asked(&c.args, false))
		return 0;
	dir = getenv("SLUICE_DIR");
	key = getenv("SLUICE_KEY");
	if (!c.args.dir && dir && *dir)
		c.args.dir = dir;
	if (!c.args.key && key && *key)
		c.args.key = key;
	return sl_cli_run(&c);
}
