/*
 * can_i.c - sluice can-i: may somebody do something, and which rule says so.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/can_thing.h"
#include "jobs/unseen.h"
#include "ui-cli/commands.h"

#define NAMES_MAX (SL_ACTION_COUNT_ + 128)

/* What is asked about: an action of the matrix, or a command, which has one. */
struct asked {
	char name[128];
	enum sl_action action; /* NONE: of everybody */
	uint32_t used;         /* words that it took */
};

/* One word, as "job.run" for scripts, or two. */
static uint32_t words_of(const struct sl_cli *c, const char *name)
{
	const char *first = sl_cli_word(c, 0), *second = sl_cli_word(c, 1);
	char joined[128], spaced[128];

	snprintf(joined, sizeof joined, "%s %s", first, second ? second : "");
	snprintf(spaced, sizeof spaced, "%s", first);
	if (strchr(spaced, '.') != NULL)
		*strchr(spaced, '.') = ' ';
	return strcmp(name, spaced) == 0 ? 1 : strcmp(name, joined) == 0 ? 2 : 0;
}

static bool is_asked(const struct sl_cli *c, const char *name, enum sl_action action, struct asked *out)
{
	out->used = words_of(c, name);
	if (out->used == 0)
		return false;
	snprintf(out->name, sizeof out->name, "%s", name);
	out->action = action;
	return true;
}

static enum sl_rc find_action(const struct sl_cli *c, struct asked *out, struct sl_err *err)
{
	const char *names[NAMES_MAX], *first = sl_cli_word(c, 0), *second = sl_cli_word(c, 1);
	char commands[NAMES_MAX][64], joined[128];
	size_t n = 0;
	int near;

	for (int a = SL_ACTION_NONE + 1; a < SL_ACTION_COUNT_; a++) {
		names[n++] = sl_roles_action((enum sl_action)a)->name;
		if (is_asked(c, names[n - 1], (enum sl_action)a, out))
			return SL_OK;
	}
	for (size_t i = 0; i < sl_commands_count && n < NAMES_MAX; i++) {
		const struct sl_command *row = sl_commands[i];

		snprintf(commands[n], sizeof commands[n], "%s%s%s", row->noun, row->verb[0] ? " " : "", row->verb);
		names[n] = commands[n];
		if (is_asked(c, names[n++], (enum sl_action)row->action, out))
			return SL_OK;
	}
	snprintf(joined, sizeof joined, "%s %s", first, second ? second : "");
	near = sl_text_near(joined, names, n);
	sl_err_set(err, SL_E_USAGE, "there is no action \"%.80s\"", joined);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice policy matrix lists them");
	return SL_E_USAGE;
}

/* The catalogues that the answer is made of: reading all of them takes longer than the rest. */
static enum sl_rc load_catalogues(struct sl_cli *c, const struct sl_can_question *q, struct sl_err *err)
{
	if (sl_can_about(q->action) != SL_CAN_ABOUT_GRANT)
		return SL_OK;
	return q->project ? sl_standing_tables(&c->enclave, q->project, &c->standing, err) : SL_OK;
}

static void tell(struct sl_cli *c, const struct sl_can_answer *a)
{
	c->code = sl_rc_exit(a->yes ? SL_OK : SL_E_NO);
	sl_cli_set(c, "answer", json_string(a->yes ? "yes" : "no"));
	sl_cli_set(c, "rule", sl_cli_text(a->rule));
	sl_cli_set(c, "reason", sl_cli_text(a->reason));
	sl_cli_set(c, "remedy", sl_cli_text(a->remedy));
	sl_cli_changed(c, "%s: %s [%s]", a->yes ? "yes" : "no", a->reason, a->rule);
	if (*a->remedy)
		sl_cli_changed(c, "  remedy: %s", a->remedy);
}

static enum sl_rc ask(struct sl_cli *c, struct sl_can_question *q, const struct asked *what,
                      struct sl_can_answer *answer, struct sl_err *err)
{
	const char *thing = sl_cli_word(c, what->used);

	if (what->action == SL_ACTION_NONE) {
		*answer = (struct sl_can_answer){0};
		sl_can_yes(answer, "everybody", "no role is asked for this");
		return SL_OK;
	}
	q->action = what->action;
	if (thing && sl_can_is_thing(thing))
		return sl_can_of(&c->enclave, q, what->name, thing, answer, err);
	q->project = thing;
	struct sl_err no = {0};
	enum sl_rc rc = load_catalogues(c, q, err);
	if (!rc)
		rc = sl_can_ask(&c->standing, q, answer, err);
	/* The rest of the answer is not of policy, but of what was run; job check reads no row. */
	if (!rc && answer->yes && strcmp(what->name, "job run") == 0 && q->project &&
	    sl_unseen_ask_job(&c->enclave, &c->standing.policy, q->project, &no))
		rc = sl_can_no(answer, &no, err);
	return rc;
}

enum sl_rc sl_cmd_can_i(struct sl_cli *c, struct sl_err *err)
{
	struct sl_can_question q = {.person = sl_args_flag(&c->args, "--as"), .author = "", .asker = &c->actor};
	struct sl_can_answer answer;
	struct asked what;
	enum sl_rc rc = find_action(c, &what, err);

	if (!q.person)
		q.person = c->actor.person;
	if (!rc && (!q.person || !*q.person)) {
		rc = sl_err_set(err, SL_E_IDENT, "can-i: of whom is it asked?");
		sl_err_remedy(err, "of yourself, with your key: --key PATH, or SLUICE_KEY; of somebody else: --as WHO");
	}
	if (!rc && c->args.nwords > what.used + 1)
		rc = sl_err_set(err, SL_E_USAGE, "nothing is to be done with \"%.80s\"", sl_cli_word(c, what.used + 1));
	if (!rc)
		rc = ask(c, &q, &what, &answer, err);
	if (!rc)
		tell(c, &answer);
	return rc;
}
