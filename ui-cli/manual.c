/*
 * manual.c - `sluice help --man`: sluice(1) in roff, from the table of commands.
 */
#include <string.h>

#include "enclave/base/version.h"
#include "ui-cli/commands.h"
#include "ui-cli/help.h"

/* Text as roff takes it: backslash and minus are escaped, a leading dot or quote is no request. */
static void roff(FILE *f, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", f);
	for (const char *p = text; *p; p++) {
		if (*p == '\\')
			fputs("\\e", f);
		else if (*p == '-')
			fputs("\\-", f);
		else if (*p == '\n')
			fputs("\n.br\n", f);
		else
			fputc(*p, f);
	}
}

static void flag(FILE *f, const struct sl_flag *flag)
{
	fputs(".TP\n.B ", f);
	roff(f, flag->name);
	if (flag->value) {
		fputs(" \\fI", f);
		roff(f, flag->value);
		fputs("\\fR", f);
	}
	fputs("\n", f);
	roff(f, flag->help);
	fputs("\n", f);
}

static void command(FILE *f, const struct sl_command *c)
{
	struct sl_buf b = {0};
	char *usage;

	sl_args_usage(c, &b);
	usage = sl_buf_cstr(&b);
	fputs(".SS ", f);
	roff(f, usage ? usage : c->noun);
	fputs("\n", f);
	sl_buf_free(&b);
	roff(f, c->brief);
	fputs(".\n", f);
	if (*c->more) {
		roff(f, c->more);
		fputs("\n", f);
	}
	for (const struct sl_flag *own = c->flags; own->name; own++)
		flag(f, own);
}

void sl_help_manual(FILE *f)
{
	fputs(".TH SLUICE 1 \"\" \"sluice " SL_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\nsluice \\- an analytics enclave: data does not leave, results do\n"
	      ".SH SYNOPSIS\n.B sluice\n.I NOUN VERB\n[\\fIargument\\fR ...]\n"
	      ".SH DESCRIPTION\n"
	      "Analysts send Lua query jobs to where sensitive tables are; the jobs run confined. What comes out is "
	      "aggregated,\n"
	      "checked for disclosure, reviewed, signed, and only then released. Anyone can verify a release offline.\n"
	      ".PP\nResults go to standard output; what is to be done next and errors go to standard error. With\n"
	      "\\fB\\-\\-json\\fR one object {\"sluice\":1,...} is printed; an error is its member \"error\".\n"
	      ".SH OPTIONS\n",
	      f);
	for (const struct sl_flag *global = sl_args_globals; global->name; global++)
		flag(f, global);
	fputs(".SH COMMANDS\n", f);
	for (size_t i = 0; i < sl_commands_count; i++)
		command(f, sl_commands[i]);
	fputs(".SH EXIT STATUS\n", f);
	for (size_t i = 0; i < sizeof sl_help_exits / sizeof *sl_help_exits; i++)
		fprintf(f, ".TP\n.B %d\n%s\n", sl_help_exits[i].code, sl_help_exits[i].meaning);
	fputs(".SH ENVIRONMENT\n"
	      ".TP\n.B SLUICE_DIR\nthe enclave's directory, where \\-\\-dir is not given\n"
	      ".TP\n.B SLUICE_KEY\nyour SSH key, where \\-\\-key is not given\n"
	      ".TP\n.B NO_COLOR\nwhen set, nothing is coloured\n"
	      ".TP\n.B SSH_ORIGINAL_COMMAND\nread by \\fBsluice session\\fR\n"
	      ".SH SEE ALSO\n.BR ssh\\-keygen (1),\n.BR sshd (8)\n",
	      f);
}
