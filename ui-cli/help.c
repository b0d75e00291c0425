/*
 * help.c - `sluice help`, from the table of commands.
 */
#include "ui-cli/help.h"

#include <string.h>

#include "enclave/base/version.h"
#include "ui-cli/commands.h"

const struct sl_help_exit sl_help_exits[14] = {
	{0, "done"},
	{1, "the answer is no"},
	{2, "wrong words on the command line"},
	{3, "denied by policy or grant"},
	{4, "nobody identified, or not who they say"},
	{5, "not decided yet, or the signer is unknown"},
	{6, "integrity failure"},
	{7, "a limit was met"},
	{65, "bad input, told with file and line"},
	{69, "the host lacks a required layer"},
	{70, "a bug, or out of memory"},
	{74, "disk or system call failed"},
	{75, "somebody else holds it"},
	{130, "interrupted"},
};

static void usage_line(const struct sl_command *c, FILE *f)
{
	struct sl_buf b = {0};
	char *text;

	sl_args_usage(c, &b);
	text = sl_buf_cstr(&b);
	fprintf(f, "%s", text ? text : c->noun);
	sl_buf_free(&b);
}

static void flag_line(const struct sl_flag *flag, FILE *f)
{
	char left[64];

	snprintf(left, sizeof left, "%s%s%s", flag->name, flag->value ? " " : "", flag->value ? flag->value : "");
	fprintf(f, "  %-22s %s\n", left, flag->help);
}

static void globals(FILE *f)
{
	fputs("\nEvery command takes:\n", f);
	for (const struct sl_flag *flag = sl_args_globals; flag->name; flag++)
		flag_line(flag, f);
}

static void brief(const struct sl_command *c, FILE *f)
{
	char name[64];

	snprintf(name, sizeof name, "%s %s", c->noun, c->verb);
	fprintf(f, "  %-28s %s\n", name, c->brief);
}

void sl_help_all(FILE *f)
{
	fputs("sluice - an analytics enclave: data does not leave, results do\n\nusage: sluice NOUN VERB …\n\n", f);
	for (size_t i = 0; i < sl_commands_count; i++)
		brief(sl_commands[i], f);
	globals(f);
	fputs("\nsluice help COMMAND says more, sluice help --man prints the manual page.\n", f);
}

void sl_help_session(FILE *f)
{
	fputs("This session may:\n\n", f);
	for (size_t i = 0; i < sl_commands_count; i++)
		if (sl_commands[i]->session)
			brief(sl_commands[i], f);
	fputs("\nFiles go in on standard input, named \"-\", and come out on standard output.\n", f);
}

bool sl_help_noun(const char *noun, FILE *f)
{
	bool any = false;

	for (size_t i = 0; i < sl_commands_count; i++) {
		if (strcmp(sl_commands[i]->noun, noun) != 0)
			continue;
		any = true;
		fputs("  ", f);
		usage_line(sl_commands[i], f);
		fprintf(f, "\n      %s\n", sl_commands[i]->brief);
	}
	return any;
}

void sl_help_one(const struct sl_command *c, FILE *f)
{
	fputs("usage: ", f);
	usage_line(c, f);
	fprintf(f, "\n\n%s.\n", c->brief);
	if (*c->more)
		fprintf(f, "%s\n", c->more);
	if (c->flags[0].name)
		fputc('\n', f);
	for (const struct sl_flag *flag = c->flags; flag->name; flag++)
		flag_line(flag, f);
	globals(f);
	fputs(c->session ? "\nMay be run in a session over SSH.\n" : "\nIs not run in a session over SSH.\n", f);
}

bool sl_help_asked(const struct sl_args *args, bool session)
{
	if (args->version)
		puts("sluice " SL_VERSION);
	else if (args->help && args->command != NULL)
		sl_help_one(args->command, stdout);
	else if (args->help && session)
		sl_help_session(stdout);
	else if (args->help)
		sl_help_all(stdout);
	return args->version || args->help;
}
