/*
 * finding_text.c - see finding_text.h. Called by review show and by job check --dummy.
 */
#include "ui-cli/finding_text.h"

#include <string.h>

static void field(const char *name, const char *text)
{
	if (!text || !*text)
		return;
	printf("   %s: ", name);
	sl_say_text(stdout, text, strlen(text));
	fputc('\n', stdout);
}

void sl_finding_text_print(const struct sl_finding_text *f, uint32_t number, const char *mark)
{
	printf("%s%u. %s", mark, number, f->rule);
	if (f->acro && *f->acro)
		printf(" (%s)", f->acro);
	printf(", %s\n", f->severity);
	field("output", f->output);
	field("column", f->column);
	field("cell", f->cell);
	field("measure", f->measure);
	field("reason", f->reason);
	field("remedy", f->remedy);
	field("tried", f->tried);
}

json_t *sl_finding_text_object(const struct sl_finding_text *f, uint32_t number)
{
	return json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "number", (int)number, "rule", f->rule,
	                 "severity", f->severity, "output", sl_cli_text(f->output), "column", sl_cli_text(f->column),
	                 "cell", sl_cli_text(f->cell), "measure", sl_cli_text(f->measure), "reason",
	                 sl_cli_text(f->reason), "remedy", sl_cli_text(f->remedy), "tried", sl_cli_text(f->tried));
}
