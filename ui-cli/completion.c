/*
 * completion.c - sluice completion bash, zsh and words: the scripts, and what they ask while somebody types.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs/complete.h"
#include "jobs/explain.h"
#include "ui-cli/commands.h"
#include "ui-cli/help.h"

#define WORDS_MAX 64

/* What the last of some words is. */
struct completing {
	enum sl_complete_kind kind; /* of the enclave's names and ids; NOTHING: none of them */
	const char *dir, *key;      /* given on the line; NULL: not */
	bool codes;                 /* a code of explain */
};

/* What the table calls a word or a flag's value, and what that is. */
static const struct {
	const char *name;
	enum sl_complete_kind kind;
} kinds[] = {
	{"TABLE", SL_COMPLETE_TABLES},    {"PROJECT", SL_COMPLETE_PROJECTS},  {"WHO", SL_COMPLETE_PEOPLE},
	{"J-1", SL_COMPLETE_JOBS},        {"R-1", SL_COMPLETE_REQUESTS},      {"L-1", SL_COMPLETE_RELEASES},
	{"A-1", SL_COMPLETE_APPLICATIONS}, {"G-1", SL_COMPLETE_GRANTS},       {"THING", SL_COMPLETE_PROJECTS},
};

static enum sl_complete_kind kind_of(const struct sl_command *row, const char *name)
{
	if (strcmp(name, "R-1") == 0 && strcmp(row->noun, "review") == 0)
		return SL_COMPLETE_TO_REVIEW;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return SL_COMPLETE_NOTHING;
}

static const struct sl_command *find_command(const char *const *words, size_t n, size_t *first)
{
	for (size_t i = 0; i < sl_commands_count && n > 0; i++) {
		const struct sl_command *row = sl_commands[i];
		bool verb = row->verb[0] != '\0';
		if (strcmp(row->noun, words[0]) != 0 || (verb && (n < 2 || strcmp(row->verb, words[1]) != 0)))
			continue;
		*first = verb ? 2 : 1;
		return row;
	}
	return NULL;
}

static const struct sl_flag *find_flag(const struct sl_flag *list, const char *word)
{
	const char *name = strcmp(word, "-p") == 0 ? "--project" : word;

	for (; list->name != NULL; list++)
		if (strcmp(list->name, name) == 0)
			return list;
	return NULL;
}

static const struct sl_word *word_at(const struct sl_command *row, size_t i)
{
	const struct sl_word *w = row->words;

	for (; i > 0 && w->name != NULL && !w->many; i--)
		w++;
	return w->name != NULL ? w : NULL;
}

/* words[n - 1] is being typed and may be "". */
static struct completing judge(const char *const *words, size_t n)
{
	struct completing out = {0};
	const struct sl_flag *open = NULL;
	size_t first = 0, position = 0;
	const struct sl_command *row = n > 1 ? find_command(words, n - 1, &first) : NULL;

	if (row == NULL)
		return out;
	for (size_t i = first; i + 1 < n; i++) {
		if (open != NULL) {
			out.dir = strcmp(open->name, "--dir") == 0 ? words[i] : out.dir;
			out.key = strcmp(open->name, "--key") == 0 ? words[i] : out.key;
			open = NULL;
			continue;
		}
		const struct sl_flag *flag = find_flag(row->flags, words[i]);
		if (flag == NULL)
			flag = find_flag(sl_args_globals, words[i]);
		if (flag == NULL)
			position++;
		else if (flag->value != NULL)
			open = flag;
	}
	const struct sl_word *word = open == NULL ? word_at(row, position) : NULL;
	const char *name = open != NULL ? open->value : word != NULL ? word->name : "";
	out.kind = kind_of(row, name);
	out.codes = strcmp(name, "CODE") == 0;
	return out;
}

static void print_beginning(const char *word, const char *prefix)
{
	if (strncmp(word, prefix, strlen(prefix)) == 0)
		puts(word);
}

static void print_flags(const struct sl_flag *list, const char *prefix)
{
	for (; list->name != NULL; list++)
		print_beginning(list->name, prefix);
}

/* Nouns, verbs and flags: what the table alone knows. */
static void print_commands(const char *const *words, size_t n)
{
	const char *prefix = words[n - 1];
	size_t first = 0;
	const struct sl_command *row = n > 1 ? find_command(words, n - 1, &first) : NULL;

	for (size_t i = 0; i < sl_commands_count && n <= 2; i++)
		if (n == 1 && (i == 0 || strcmp(sl_commands[i - 1]->noun, sl_commands[i]->noun) != 0))
			print_beginning(sl_commands[i]->noun, prefix);
		else if (n == 2 && sl_commands[i]->verb[0] != '\0' && strcmp(sl_commands[i]->noun, words[0]) == 0)
			print_beginning(sl_commands[i]->verb, prefix);
	if (prefix[0] != '-')
		return;
	if (row != NULL)
		print_flags(row->flags, prefix);
	print_flags(sl_args_globals, prefix);
}

/* SLUICE_COMPLETE holds the words behind "sluice", a line each; the last is being typed. */
static void print_words(const struct sl_cli *c)
{
	const char *line = getenv("SLUICE_COMPLETE"), *words[WORDS_MAX];
	char *copy = line != NULL ? strdup(line) : NULL, *at = copy;
	struct sl_buf out = {0};
	size_t n = 0;

	while (at != NULL && n < WORDS_MAX)
		words[n++] = strsep(&at, "\n");
	if (n > 0 && at == NULL) {
		struct completing asked = judge(words, n);
		const char *dir = asked.dir != NULL ? asked.dir : c->args.dir, *key = asked.key != NULL ? asked.key : c->args.key;
		struct sl_explained code;
		print_commands(words, n);
		for (size_t i = 0; asked.codes && sl_explain_at(i, &code); i++)
			print_beginning(code.id, words[n - 1]);
		if (dir != NULL)
			sl_complete(dir, key, asked.kind, words[n - 1], &out);
		if (out.len > 0 && !out.failed)
			(void)!fwrite(out.data, 1, out.len, stdout);
	}
	sl_buf_free(&out);
	free(copy);
}

enum sl_rc sl_cmd_completion(struct sl_cli *c, struct sl_err *err)
{
	const char *shell = sl_cli_word(c, 0);

	if (strcmp(shell, "words") == 0) {
		print_words(c);
		return SL_OK;
	}
	if (strcmp(shell, "zsh") == 0) {
		sl_help_completion_zsh(stdout);
		return SL_OK;
	}
	if (strcmp(shell, "bash") != 0) {
		sl_err_set(err, SL_E_USAGE, "there is a completion for bash and zsh, not for \"%.40s\"", shell);
		return SL_E_USAGE;
	}
	sl_help_completion(stdout);
	return SL_OK;
}
