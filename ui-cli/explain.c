/*
 * explain.c - sluice explain: what a stable id means, who can cure it, and how.
 */
#include <string.h>

#include "enclave/base/num.h"
#include "enclave/base/text.h"
#include "jobs/explain.h"
#include "ui-cli/commands.h"

#define NAMES_MAX 256

/* By id, or an exit code by its number. */
static bool is_asked(const struct sl_explained *x, const char *code)
{
	int64_t number;

	return strcmp(x->id, code) == 0 || (x->exit >= 0 && sl_parse_int(code, strlen(code), &number) && number == x->exit);
}

static void print_one(const struct sl_explained *x)
{
	if (x->exit >= 0)
		printf("%s (exit code %d): %s\n", x->id, x->exit, x->meaning);
	else
		printf("%s (%s): %s\n", x->id, x->kind, x->meaning);
	if (x->allowed)
		printf("  limit:  %s, must be %s what policy says\n", x->unit, x->allowed);
	if (*x->who)
		printf("  who:    %s\n", x->who);
	if (*x->remedy)
		printf("  remedy: %s\n", x->remedy);
}

static enum sl_rc unknown(const char *code, struct sl_err *err)
{
	const char *names[NAMES_MAX];
	struct sl_explained x;
	size_t n = 0;

	while (n < NAMES_MAX && sl_explain_at(n, &x))
		names[n++] = x.id;
	int near = sl_text_near(code, names, n);
	(void)sl_err_set(err, SL_E_NO, "no answer carries the code \"%.60s\"", code);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice explain lists them");
	return SL_E_NO;
}

enum sl_rc sl_cmd_explain(struct sl_cli *c, struct sl_err *err)
{
	const char *code = sl_cli_word(c, 0);
	json_t *list = json_array();
	struct sl_explained x;
	bool any = false;

	for (size_t i = 0; sl_explain_at(i, &x); i++) {
		if (code && !is_asked(&x, code))
			continue;
		any = true;
		if (c->args.json)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", x.id, "kind", x.kind, "meaning",
			                                      x.meaning, "who", x.who, "remedy", x.remedy));
		else if (code)
			print_one(&x);
		else
			printf("%-20s  %s\n", x.id, x.meaning);
	}
	sl_cli_set(c, "codes", list);
	return any ? SL_OK : unknown(code, err);
}
