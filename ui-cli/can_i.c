/*
 * can_i.c - sluice can-i: may somebody do something, and which rule says so.
 */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/policy_can.h"
#include "jobs/request.h"
#include "ui-cli/commands.h"

/* "job run" from one word or two; *used: how many words it took. */
static enum sl_rc find_action(const struct sl_cli *c, enum sl_action *out, uint32_t *used, struct sl_err *err)
{
	const char *names[SL_ACTION_COUNT_], *first = sl_cli_word(c, 0), *second = sl_cli_word(c, 1);
	char joined[128], dotted[128];
	size_t n = 0;
	int near;

	snprintf(joined, sizeof joined, "%s %s", first, second ? second : "");
	/* "job.run", too: one word for scripts. */
	if (strchr(first, '.') != NULL) {
		snprintf(dotted, sizeof dotted, "%s", first);
		*strchr(dotted, '.') = ' ';
		first = dotted;
	}
	for (int a = SL_ACTION_NONE + 1; a < SL_ACTION_COUNT_; a++) {
		const struct sl_action_row *row = sl_roles_action((enum sl_action)a);

		names[n++] = row->name;
		*out = row->action;
		*used = strcmp(row->name, first) == 0 ? 1 : strcmp(row->name, joined) == 0 ? 2 : 0;
		if (*used)
			return SL_OK;
	}
	near = sl_text_near(joined, names, n);
	sl_err_set(err, SL_E_USAGE, "there is no action \"%.80s\"", joined);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice policy matrix lists them");
	return SL_E_USAGE;
}

/* Of a job or request only those know who sees it themselves: asking tells nobody more. */
static enum sl_rc take_thing(struct sl_cli *c, const char *thing, struct sl_can_question *q, struct sl_job *job,
                             struct sl_request *request, struct sl_err *err)
{
	int64_t id = 0;
	enum sl_rc rc;

	/* A project's name has no dot, and a table's has one. */
	if (strchr(thing, '.') != NULL) {
		q->table = thing;
		q->asker = &c->actor;
		return SL_OK;
	}
	q->project = thing;
	if (sl_can_about(q->action) == SL_CAN_ABOUT_NOTHING || (strncmp(thing, "J-", 2) != 0 && strncmp(thing, "R-", 2) != 0))
		return SL_OK;
	rc = sl_args_id(thing, thing[0], &id, err);
	if (!rc && thing[0] == 'J')
		rc = sl_job_show(&c->enclave, &c->actor, id, job, NULL, err);
	else if (!rc)
		rc = sl_request_show(&c->enclave, &c->actor, id, request, err);
	q->project = thing[0] == 'J' ? job->project : request->project;
	q->author = thing[0] == 'J' ? job->author : request->author;
	return rc;
}

/* The catalogues that the answer is made of: reading all of them takes longer than the rest. */
static enum sl_rc load_catalogues(struct sl_cli *c, const struct sl_can_question *q, struct sl_err *err)
{
	if (sl_can_about(q->action) != SL_CAN_ABOUT_GRANT)
		return SL_OK;
	if (q->table)
		return sl_standing_table(&c->enclave, q->table, &c->standing, err);
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

enum sl_rc sl_cmd_can_i(struct sl_cli *c, struct sl_err *err)
{
	struct sl_can_question q = {.person = sl_args_flag(&c->args, "--as"), .author = ""};
	struct sl_can_answer answer;
	struct sl_job job = {0};
	struct sl_request request = {0};
	uint32_t used = 0;
	enum sl_rc rc = find_action(c, &q.action, &used, err);

	if (!q.person)
		q.person = c->actor.person;
	if (!rc && (!q.person || !*q.person)) {
		rc = sl_err_set(err, SL_E_IDENT, "can-i: of whom is it asked?");
		sl_err_remedy(err, "of yourself, with your key: --key PATH, or SLUICE_KEY; of somebody else: --as WHO");
	}
	if (!rc && c->args.nwords > used + 1)
		rc = sl_err_set(err, SL_E_USAGE, "nothing is to be done with \"%.80s\"", sl_cli_word(c, used + 1));
	if (!rc && sl_cli_word(c, used))
		rc = take_thing(c, sl_cli_word(c, used), &q, &job, &request, err);
	if (!rc)
		rc = load_catalogues(c, &q, err);
	if (!rc)
		rc = sl_can_ask(&c->standing, &q, &answer, err);
	if (!rc)
		tell(c, &answer);
	sl_job_free(&job);
	sl_request_free(&request);
	return rc;
}
