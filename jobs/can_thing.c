/* can_thing.c - see can_thing.h. */
#include "jobs/can_thing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/data_quality.h"
#include "jobs/ledger.h"
#include "jobs/owner_holding.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/request_move.h"
#include "jobs/store/job.h"
#include "jobs/store/release.h"
#include "jobs/unseen.h"

struct asking {
	struct sl_enclave *e;
	const struct sl_standing *s;
	const struct sl_can_question *q;
	const char *command, *thing;
	struct sl_actor person; /* as who would come over SSH */
	int64_t id;
};

bool sl_can_is_thing(const char *word)
{
	return strchr(word, '.') != NULL || (word[0] != '\0' && strchr("JRLAG", word[0]) != NULL && word[1] == '-');
}

static enum sl_rc none(const struct asking *a, const char *what, struct sl_err *err)
{
	return sl_err_set(err, SL_E_NO, "there is no %s %.60s", what, a->thing);
}

static enum sl_rc no_matter(const struct asking *a, const char *what, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_USAGE, "\"%s\" is about no %s", a->command, what);
	sl_err_remedy(err, "sluice help %s", a->command);
	return SL_E_USAGE;
}

/* The log names jobs, requests, projects and people: who may read it learns nothing by asking. */
static bool asker_sees(const struct asking *a, enum sl_action list, const char *project, const char *author)
{
	const struct sl_actor *asker = a->q->asker;

	return asker != NULL && (sl_pack_is_operator(asker, a->s) || sl_pack_sees(asker, a->s, list, project, author) ||
	                         sl_actor_may(asker, a->s, SL_ACTION_AUDIT_READ, NULL) == SL_OK);
}

static enum sl_rc not_shown(const struct asking *a, const char *project, struct sl_err *no)
{
	(void)sl_err_set(no, SL_E_DENIED, "\"%s\" is not shown what is of project \"%s\"", a->q->person, project);
	sl_err_rule(no, SL_GRANT_NOT_AN_ANALYST);
	sl_err_remedy(no, "ask an officer to add them to the project");
	return SL_E_DENIED;
}

/* Which move of a request a command is. */
static enum sl_move move_of(const char *command)
{
	static const struct {
		const char *command;
		enum sl_move move;
	} others[] = {
		{ "review comment", SL_MOVE_COMMENT },   { "request comment", SL_MOVE_COMMENT },
		{ "review statement", SL_MOVE_APPROVE }, { "data statement", SL_MOVE_OWNER_APPROVE },
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(others[i].command, command) == 0)
			return others[i].move;
	for (int m = SL_MOVE_NONE + 1; m < SL_MOVE_COUNT_; m++)
		if (strcmp(sl_moves_row((enum sl_move)m)->name, command) == 0)
			return (enum sl_move)m;
	return SL_MOVE_NONE;
}

/* What nobody has looked at may be too much for more. */
static enum sl_rc has_room(const struct asking *a, const char *project, struct sl_err *no)
{
	enum sl_rc rc = sl_unseen_ask_job(a->e, &a->s->policy, project, no);

	return rc == SL_OK && a->q->action == SL_ACTION_REQUEST_NEW ? sl_unseen_ask(a->e, &a->s->policy, project, no) : rc;
}

static enum sl_rc of_job(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	struct sl_store_job row = { 0 };
	struct sl_grant grant = { 0 };
	enum sl_rc rc = sl_store_job_get(&a->e->db, a->id, false, &row, err);

	if (rc == SL_E_NO || (rc == SL_OK && !asker_sees(a, SL_ACTION_JOB_LIST, row.project, row.author)))
		rc = none(a, "job", err);
	else if (rc == SL_OK && a->q->action == SL_ACTION_JOB_LIST)
		rc = sl_pack_is_operator(&a->person, a->s) ||
		                     sl_pack_sees(&a->person, a->s, SL_ACTION_JOB_LIST, row.project, row.author)
		             ? SL_OK : not_shown(a, row.project, no);
	else if (rc == SL_OK && a->q->action == SL_ACTION_DATA_VERIFY)
		rc = sl_standing_grant(a->s, row.project, row.author, &grant, no);
	else if (rc == SL_OK && sl_can_about(a->q->action) == SL_CAN_ABOUT_GRANT) {
		rc = sl_standing_grant(a->s, row.project, a->q->person, &grant, no);
		if (rc == SL_OK && strcmp(row.author, a->q->person) != 0) {
			rc = sl_err_set(no, SL_E_DENIED, "\"%s\" is not the author of %s", a->q->person, a->thing);
			sl_err_rule(no, "author");
			sl_err_remedy(no, "only the author of a job speaks for it");
		}
		if (rc == SL_OK)
			rc = has_room(a, row.project, no);
	} else if (rc == SL_OK)
		rc = no_matter(a, "job", err);
	sl_grant_free(&grant);
	sl_store_job_free(&row);
	return rc;
}

/* Reviewers hear first whether it is theirs to judge at all, then whether this can be done now. */
static enum sl_rc request_move(const struct asking *a, const struct sl_store_request *row, struct sl_err *no)
{
	enum sl_move move = move_of(a->command);
	bool review = sl_can_about(a->q->action) == SL_CAN_ABOUT_REVIEW;
	enum sl_rc rc = SL_OK;

	if (review)
		rc = sl_gate_may_review(&a->s->policy, row->project, row->author, a->q->person, no);
	else if (!sl_pack_sees(&a->person, a->s, SL_ACTION_REQUEST_LIST, row->project, row->author))
		rc = not_shown(a, row->project, no);
	if (rc == SL_OK && move != SL_MOVE_NONE)
		rc = sl_request_may(a->s, row, a->q->person, false, move, no);
	return rc == SL_OK && move == SL_MOVE_REVISE ? has_room(a, row->project, no) : rc;
}

static enum sl_rc of_request(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	struct sl_store_request row = { 0 };
	enum sl_action action = a->q->action;
	enum sl_rc rc = sl_store_request_head(&a->e->db, a->id, &row, err);

	if (rc == SL_E_NO || (rc == SL_OK && !asker_sees(a, SL_ACTION_REQUEST_LIST, row.project, row.author)))
		rc = none(a, "request", err);
	else if (rc == SL_OK && action == SL_ACTION_REQUEST_NEW && move_of(a->command) == SL_MOVE_NONE)
		rc = no_matter(a, "request", err);
	else if (rc == SL_OK && (action == SL_ACTION_REQUEST_NEW || action == SL_ACTION_REQUEST_LIST ||
	                         sl_can_about(action) == SL_CAN_ABOUT_REVIEW))
		rc = request_move(a, &row, no);
	else if (rc == SL_OK && (action == SL_ACTION_DATA_APPROVE || action == SL_ACTION_DATA_GRANT))
		rc = sl_owner_may_answer(a->e, &a->person, a->s, a->id, move_of(a->command), no);
	else if (rc == SL_OK)
		rc = no_matter(a, "request", err);
	sl_store_request_free(&row);
	return rc;
}

/* What left is no secret inside: whoever may list it may ask. */
static enum sl_rc of_release(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	struct sl_store_release row = { 0 };
	enum sl_rc rc = sl_store_release_get(&a->e->db, a->id, &row, err);

	if (rc == SL_E_NO || (rc == SL_OK && !asker_sees(a, SL_ACTION_RELEASE_LIST, row.project, "")))
		rc = none(a, "release", err);
	else if (rc == SL_OK && a->q->action == SL_ACTION_RELEASE_GET)
		rc = sl_release_may_get(a->e, &a->person, a->s, a->id, no);
	else if (rc == SL_OK && a->q->action == SL_ACTION_RELEASE_REVOKE)
		rc = sl_release_may_revoke(a->e, &a->person, a->s, a->id, no);
	else if (rc == SL_OK && a->q->action != SL_ACTION_RELEASE_LIST)
		rc = no_matter(a, "release", err);
	sl_store_release_free(&row);
	return rc;
}

static enum sl_rc of_application(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	struct sl_store_application row = { 0 };
	enum sl_rc rc = sl_store_application_get(&a->e->db, a->id, &row, err);
	const struct sl_actor *asker = a->q->asker;

	if (rc == SL_E_NO ||
	    (rc == SL_OK && (asker == NULL || !sl_owner_sees(asker, a->s, row.project, row.author, row.table))))
		rc = none(a, "application", err);
	else if (rc == SL_OK && a->q->action == SL_ACTION_DATA_GRANT)
		rc = sl_owner_may_decide(a->e, &a->person, a->s, a->id, no);
	else if (rc == SL_OK && a->q->action != SL_ACTION_DATA_REQUESTS)
		rc = no_matter(a, "application", err);
	else if (rc == SL_OK && !sl_owner_sees(&a->person, a->s, row.project, row.author, row.table))
		rc = not_shown(a, row.project, no);
	sl_store_application_free(&row);
	return rc;
}

static enum sl_rc of_grant(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	const struct sl_owner_grant *g = NULL;

	for (uint32_t i = 0; i < a->s->nowner_grants && g == NULL; i++)
		if (a->s->owner_grants[i].id == a->id)
			g = &a->s->owner_grants[i];
	if (g == NULL || a->q->asker == NULL || !sl_owner_sees(a->q->asker, a->s, g->project, "", g->table))
		return none(a, "grant", err);
	return strcmp(a->command, "data withdraw") == 0 ? sl_owner_may_withdraw(&a->person, a->s, a->id, no)
	                                                : no_matter(a, "grant", err);
}

/* Whom the policy gives the table to, and whose class asks for its owner. */
static enum sl_rc may_apply(const struct asking *a, const struct sl_cat_table *t, struct sl_err *no, struct sl_err *err)
{
	struct sl_owner_holding *h = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_owner_holdings(a->s, a->q->person, t, &h, &n, err);

	if (rc == SL_OK && n == 0) {
		rc = sl_err_set(no, SL_E_DENIED, "no project of \"%s\" is given \"%s\" by the policy", a->q->person, t->name);
		sl_err_rule(no, SL_GRANT_NO_SUCH_TABLE);
		sl_err_remedy(no, "ask an officer to grant it to a project");
	} else if (rc == SL_OK && h[0].word.say == SL_OWNER_NOT_ASKED)
		rc = sl_err_set(no, SL_E_NO, "\"%s\" is %s: no application is needed", t->name,
		                sl_class_name((enum sl_class)t->class_));
	free(h);
	return rc;
}

static enum sl_rc of_table(const struct asking *a, struct sl_err *no, struct sl_err *err)
{
	const struct sl_cat_table *t = sl_owner_table(a->s, a->thing);

	if (t == NULL) {
		(void)none(a, "table", err);
		sl_err_remedy(err, "sluice data ls lists them");
		return SL_E_NO;
	}
	switch (a->q->action) {
	case SL_ACTION_DATA_LEDGER:
		return sl_ledger_may(a->s, &a->person, a->thing, no);
	case SL_ACTION_DATA_QUALITY:
		return sl_data_quality_may(a->s, &a->person, a->thing, no);
	case SL_ACTION_DATA_REQUEST:
		return may_apply(a, t, no, err);
	case SL_ACTION_DATA_IMPORT:
	case SL_ACTION_DATA_LIST:
	case SL_ACTION_DATA_VERIFY:
	case SL_ACTION_DATA_FORGET:
		return SL_OK; /* the role alone decides */
	default:
		return no_matter(a, "table", err);
	}
}

static enum sl_rc of_thing(struct asking *a, struct sl_err *no, struct sl_err *err)
{
	if (strchr(a->thing, '.') != NULL)
		return of_table(a, no, err);
	if (!sl_parse_int(a->thing + 2, strlen(a->thing + 2), &a->id) || a->id < 1)
		return sl_err_set(err, SL_E_USAGE, "\"%.60s\" is no number of a job, request, release, application or grant",
		                  a->thing);
	switch (a->thing[0]) {
	case 'J':
		return of_job(a, no, err);
	case 'R':
		return of_request(a, no, err);
	case 'L':
		return of_release(a, no, err);
	case 'A':
		return of_application(a, no, err);
	default:
		return of_grant(a, no, err);
	}
}

/* The rule that decided last. */
static void say_yes(const struct asking *a, struct sl_can_answer *out)
{
	static const char *const rules[] = {
		[SL_CAN_ABOUT_NOTHING] = "role",
		[SL_CAN_ABOUT_GRANT] = "grant",
		[SL_CAN_ABOUT_SIGHT] = "sight",
		[SL_CAN_ABOUT_REVIEW] = "independent",
	};
	char reason[512];

	bool review = sl_can_about(a->q->action) == SL_CAN_ABOUT_REVIEW;
	const char *besides = review && a->s->policy.reviews.apart ? ", and of another organisation than the author" : "";

	(void)snprintf(reason, sizeof reason, "\"%s\" %s%s: %s %s", a->q->person,
	               review ? "is a reviewer and no analyst of the project" : "may", besides, a->command, a->thing);
	sl_can_yes(out, rules[sl_can_about(a->q->action)], reason);
}

/* Whose a table is, and what a project grants of it, the catalogues say: reading them takes longer than the rest. */
static bool asks_catalogues(const struct sl_can_question *q, const char *thing)
{
	switch (q->action) {
	case SL_ACTION_DATA_APPROVE:
	case SL_ACTION_DATA_GRANT:
	case SL_ACTION_DATA_VERIFY:
	case SL_ACTION_RELEASE_REVOKE:
		return true;
	default:
		return strchr(thing, '.') != NULL || thing[0] == 'A' || thing[0] == 'G' ||
		       (sl_can_about(q->action) == SL_CAN_ABOUT_GRANT && thing[0] == 'J');
	}
}

enum sl_rc sl_can_of(struct sl_enclave *e, const struct sl_can_question *q, const char *command, const char *thing,
                     struct sl_can_answer *out, struct sl_err *err)
{
	struct sl_standing s = { 0 };
	struct sl_can_question of = *q;
	struct sl_err no = { 0 }, why = { 0 };
	struct asking a = { .e = e, .s = &s, .q = q, .command = command, .thing = thing,
		                .person = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)q->person } };
	enum sl_rc rc = asks_catalogues(q, thing) ? sl_standing_load(e, &s, err) : sl_standing_people(e, &s, err);

	/* What may be done with a table in a project is the grant's question. */
	if (strchr(thing, '.') != NULL && sl_can_about(q->action) == SL_CAN_ABOUT_GRANT)
		of.table = thing;
	if (rc == SL_OK)
		rc = sl_can_ask(&s, &of, out, err);
	if (rc == SL_OK && out->yes && of.table == NULL) {
		rc = of_thing(&a, &no, &why);
		if (rc == SL_OK)
			say_yes(&a, out);
		else if (no.rc != SL_OK)
			rc = sl_can_no(out, &no, err);
		else if (err != NULL)
			*err = why;
	}
	sl_standing_free(&s);
	return rc;
}
