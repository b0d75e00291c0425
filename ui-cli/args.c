/*
 * args.c - judges command line words against the command table. Called by main and by a session; opens nothing.
 */
#include "ui-cli/args.h"

#include <string.h>

#include "enclave/base/buf.h"
#include "enclave/base/num.h"
#include "enclave/base/text.h"

#define NAMES_MAX 128

const struct sl_flag sl_args_globals[] = {
	{.name = "--dir", .value = "DIR", .file = true, .help = "the enclave's directory; else the variable SLUICE_DIR"},
	{.name = "--key", .value = "PATH", .file = true,
	 .help = "your SSH key, private or the .pub of one in the agent; else the variable SLUICE_KEY"},
	{.name = "--json", .help = "print one JSON object instead of text"},
	{.name = "--help", .help = "say what the command does"},
	{.name = "--version", .help = "print the version"},
	{0},
};

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const struct sl_flag *find_flag(const struct sl_flag *flags, const char *name, size_t len)
{
	for (const struct sl_flag *f = flags; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return NULL;
}

/* A name that nobody knows: the nearest of names[0..n) is the remedy. */
static enum sl_rc unknown(struct sl_err *err, const char *what, const char *word, const char *const *names, size_t n,
                          const char *help)
{
	int near = sl_text_near(word, names, n);

	sl_err_set(err, SL_E_USAGE, "unknown %s \"%.80s\"", what, word);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice %s", help);
	return SL_E_USAGE;
}

static void add_name(const char **names, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (is(names[i], name))
			return;
	if (*n < NAMES_MAX)
		names[(*n)++] = name;
}

static enum sl_rc unknown_flag(struct sl_err *err, const struct sl_command *command, const char *word)
{
	const char *names[NAMES_MAX];
	size_t n = 0;

	for (const struct sl_flag *f = command ? command->flags : NULL; f && f->name; f++)
		add_name(names, &n, f->name);
	for (const struct sl_flag *f = sl_args_globals; f->name; f++)
		add_name(names, &n, f->name);
	return unknown(err, "flag", word, names, n, "help lists every command with its flags");
}

/* The command that noun and verb name; *used words were theirs. */
static enum sl_rc find_command(const struct sl_command *const *commands, size_t ncommands, const char *noun,
                               const char *verb, const struct sl_command **out, uint32_t *used, struct sl_err *err)
{
	const char *names[NAMES_MAX];
	size_t n = 0;
	bool noun_known = false;

	for (size_t i = 0; i < ncommands; i++) {
		if (!is(commands[i]->noun, noun))
			continue;
		noun_known = true;
		if (!*commands[i]->verb || (verb && is(commands[i]->verb, verb))) {
			*out = commands[i];
			*used = *commands[i]->verb ? 2 : 1;
			return SL_OK;
		}
	}
	for (size_t i = 0; i < ncommands; i++) {
		if (!noun_known)
			add_name(names, &n, commands[i]->noun);
		else if (is(commands[i]->noun, noun))
			add_name(names, &n, commands[i]->verb);
	}
	if (!noun_known)
		return unknown(err, "command", noun, names, n, "help lists them");
	if (verb)
		return unknown(err, "command", verb, names, n, "help lists them");
	sl_err_set(err, SL_E_USAGE, "\"sluice %s\" wants a verb", noun);
	sl_err_remedy(err, "sluice help %s lists them", noun);
	return SL_E_USAGE;
}

/* Where a global flag's value goes. */
static void take_global(struct sl_args *a, const struct sl_flag *f, const char *value)
{
	if (is(f->name, "--dir"))
		a->dir = value;
	else if (is(f->name, "--key"))
		a->key = value;
	else if (is(f->name, "--json"))
		a->json = true;
	else if (is(f->name, "--help"))
		a->help = true;
	else
		a->version = true;
}

static enum sl_rc take_own(struct sl_args *a, const struct sl_flag *f, const char *value, struct sl_err *err)
{
	if (!f->many && sl_args_flag(a, f->name))
		return sl_err_set(err, SL_E_USAGE, "%s is given twice", f->name);
	if (a->ngiven == SL_GIVEN_MAX)
		return sl_err_set(err, SL_E_USAGE, "more than %d flags", SL_GIVEN_MAX);
	a->given[a->ngiven++] = (struct sl_given){.flag = f, .value = value};
	return SL_OK;
}

/* A path in a session would name a file of the enclave's own account. */
static enum sl_rc judge_path(bool session, const char *what, const char *value, struct sl_err *err)
{
	if (!session || is(value, "-"))
		return SL_OK;
	sl_err_set(err, SL_E_DENIED, "a session takes no path for %s", what);
	sl_err_rule(err, "session-path");
	sl_err_remedy(err, "give \"-\" and send the file on standard input");
	return SL_E_DENIED;
}

struct walk {
	int argc;
	const char *const *argv;
	int at;
	bool session;
};

static enum sl_rc one_flag(struct walk *w, struct sl_args *a, struct sl_err *err)
{
	const char *word = w->argv[w->at];
	const char *name = is(word, "-p") ? "--project" : is(word, "-h") ? "--help" : word;
	const char *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct sl_flag *own = a->command ? find_flag(a->command->flags, name, len) : NULL;
	const struct sl_flag *f = own ? own : find_flag(sl_args_globals, name, len);
	const char *value = "";
	enum sl_rc rc;

	if (!f)
		return unknown_flag(err, a->command, word);
	if (!f->value && equals)
		return sl_err_set(err, SL_E_USAGE, "%s takes no value", f->name);
	if (f->value && equals)
		value = equals + 1;
	else if (f->value && w->at + 1 < w->argc)
		value = w->argv[++w->at];
	else if (f->value)
		return sl_err_set(err, SL_E_USAGE, "%s wants %s behind it", f->name, f->value);
	if (f->value && !*value)
		return sl_err_set(err, SL_E_USAGE, "%s is given an empty %s", f->name, f->value);
	if (w->session && !own && f->file) {
		sl_err_set(err, SL_E_DENIED, "a session takes no %s: it is the enclave's and yours already", f->name);
		sl_err_rule(err, "session-flag");
		return SL_E_DENIED;
	}
	if (w->session && f->offline) {
		sl_err_set(err, SL_E_DENIED, "%s is for those without the enclave", f->name);
		sl_err_rule(err, "session-flag");
		return SL_E_DENIED;
	}
	if (f->file && own && (rc = judge_path(w->session, f->name, value, err)))
		return rc;
	if (own)
		return take_own(a, f, value, err);
	take_global(a, f, value);
	return SL_OK;
}

/* Words and flags are all there? */
static enum sl_rc judge_complete(const struct sl_args *a, bool session, struct sl_err *err)
{
	const struct sl_command *c = a->command;
	uint32_t i = 0;
	enum sl_rc rc;

	for (const struct sl_word *w = c->words; w < c->words + 3 && w->name; w++) {
		if (i >= a->nwords && !w->optional) {
			sl_err_set(err, SL_E_USAGE, "an argument is missing: %s", w->name);
			break;
		}
		for (bool first = true; i < a->nwords && (first || w->many); first = false, i++)
			if (w->file && (rc = judge_path(session, w->name, a->words[i], err)))
				return rc;
	}
	if (err->rc == SL_OK && i < a->nwords)
		sl_err_set(err, SL_E_USAGE, "nothing is to be done with \"%.80s\"", a->words[i]);
	for (const struct sl_flag *f = c->flags; f->name; f++)
		if (f->needed && !sl_args_flag(a, f->name) && !(f->unless && sl_args_flag(a, f->unless)))
			sl_err_set(err, SL_E_USAGE, "%s %s is missing", f->name, f->value ? f->value : "");
	if (err->rc != SL_OK)
		sl_err_remedy(err, "sluice help %s%s%s", c->noun, *c->verb ? " " : "", c->verb);
	return err->rc;
}

/* The first two words that are no flags name the command; a global flag may stand before them. */
static enum sl_rc name_command(const struct sl_command *const *commands, size_t ncommands, const struct walk *w,
                               struct sl_args *out, uint32_t *used, struct sl_err *err)
{
	const char *first[2] = {NULL, NULL};
	uint32_t n = 0;

	for (int i = 0; i < w->argc && n < 2; i++) {
		const struct sl_flag *f;

		if (w->argv[i][0] != '-' || !w->argv[i][1]) {
			first[n++] = w->argv[i];
			continue;
		}
		if (is(w->argv[i], "--"))
			break;
		f = find_flag(sl_args_globals, w->argv[i], strlen(w->argv[i]));
		if (f && f->value)
			i++;
		else if (n == 1 && !f)
			break; /* a flag of the command: a command without a verb */
	}
	if (n == 0)
		return SL_OK;
	return find_command(commands, ncommands, first[0], first[1], &out->command, used, err);
}

enum sl_rc sl_args_parse(const struct sl_command *const *commands, size_t ncommands, int argc, const char *const *argv,
                         bool session, struct sl_args *out, struct sl_err *err)
{
	struct walk w = {.argc = argc, .argv = argv, .session = session};
	uint32_t skip = 0;
	bool flags = true;
	enum sl_rc rc = name_command(commands, ncommands, &w, out, &skip, err);

	if (rc)
		return rc;
	if (session && out->command && !out->command->session) {
		sl_err_set(err, SL_E_DENIED, "\"sluice %s%s%s\" is not done over a session", out->command->noun,
		           *out->command->verb ? " " : "", out->command->verb);
		sl_err_rule(err, "session-command");
		sl_err_remedy(err, "help lists what a session may do; the rest is done on the enclave's own account");
		return SL_E_DENIED;
	}
	for (; w.at < argc; w.at++) {
		const char *word = argv[w.at];

		if (flags && is(word, "--")) {
			flags = false;
			continue;
		}
		if (flags && word[0] == '-' && word[1]) {
			rc = one_flag(&w, out, err);
			if (rc)
				return rc;
			continue;
		}
		if (skip) {
			skip--;
			continue;
		}
		if (out->nwords == SL_WORDS_MAX)
			return sl_err_set(err, SL_E_USAGE, "more than %d words", SL_WORDS_MAX);
		out->words[out->nwords++] = word;
	}
	if (out->help || out->version)
		return SL_OK;
	if (!out->command) {
		sl_err_set(err, SL_E_USAGE, "no command");
		sl_err_remedy(err, "sluice help lists them");
		return SL_E_USAGE;
	}
	return judge_complete(out, session, err);
}

const char *sl_args_next(const struct sl_args *a, const char *name, uint32_t *at)
{
	while (*at < a->ngiven) {
		const struct sl_given *g = &a->given[(*at)++];

		if (is(g->flag->name, name))
			return g->value;
	}
	return NULL;
}

enum sl_need sl_args_need(const struct sl_args *a)
{
	for (uint32_t i = 0; i < a->ngiven; i++)
		if (a->given[i].flag->offline)
			return SL_NEED_NOTHING;
	return a->command->need;
}

const char *sl_args_flag(const struct sl_args *a, const char *name)
{
	uint32_t at = 0;

	return sl_args_next(a, name, &at);
}

enum sl_rc sl_args_id(const char *text, char letter, int64_t *out, struct sl_err *err)
{
	if (text[0] == letter && text[1] == '-' && text[2] >= '1' && text[2] <= '9' &&
	    sl_parse_int(text + 2, strlen(text + 2), out))
		return SL_OK;
	sl_err_set(err, SL_E_USAGE, "\"%.40s\" is not a number like %c-1", text, letter);
	return SL_E_USAGE;
}

void sl_args_usage(const struct sl_command *command, struct sl_buf *out)
{
	sl_buf_printf(out, "sluice %s%s%s", command->noun, *command->verb ? " " : "", command->verb);
	for (const struct sl_word *w = command->words; w < command->words + 3 && w->name; w++)
		sl_buf_printf(out, w->optional ? " [%s]%s" : " %s%s", w->name, w->many ? "…" : "");
	for (const struct sl_flag *f = command->flags; f->name; f++) {
		const char *name = is(f->name, "--project") ? "-p" : f->name;

		bool needed = f->needed && !f->unless;

		sl_buf_text(out, needed ? " " : " [");
		sl_buf_text(out, name);
		if (f->value)
			sl_buf_printf(out, " %s", f->value);
		sl_buf_printf(out, "%s%s", needed ? "" : "]", f->many ? "…" : "");
	}
}
