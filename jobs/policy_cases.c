/* policy_cases.c - see policy_cases.h. */
#include "jobs/policy_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/policy_can.h"
#include "jobs/policy_eval.h"
#include "policy/json/json.h"
#include "policy/implied.h"
#include "policy/plan_grant.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const file_keys[] = {"sluice_policy_cases", "cases"};
static const char *const case_keys[] = {"name", "as", "project", "action", "job", "expect", "rule"};
static const char *const answers[] = {"yes", "no", "permitted", "not permitted", "forbidden", "error"};

const char *const sl_policy_case_rules[] = {
	"role", "grant", "author", "sight", "independent", "not-granted", SL_GRANT_NO_SUCH_PERSON, SL_GRANT_NO_SUCH_PROJECT,
	SL_GRANT_NOT_AN_ANALYST, SL_GRANT_EXPIRED, SL_GRANT_CATALOGUE_MISSING, SL_GRANT_CATALOGUE_MOVED,
	SL_GRANT_NO_SUCH_TABLE, SL_GRANT_NO_SUCH_COLUMN, SL_GRANT_CLASS, SL_GRANT_NOTHING, SL_PLAN_CELLS, SL_PLAN_NODES,
	SL_PLAN_MEMORY, SL_PLAN_OUTPUTS, SL_PLAN_BYTES, SL_PLAN_TWICE, SL_PLAN_EXTREMES, SL_PLAN_IMPLIED,
};
const size_t sl_policy_case_rules_count = COUNT(sl_policy_case_rules);

bool sl_policy_cases_covers(const struct sl_policy_cases *c, const char *rule)
{
	for (uint32_t i = 0; i < c->nitems; i++)
		if (strcmp(c->items[i].got_rule, rule) == 0)
			return true;
	return false;
}

/* A member as text, "" when it may be absent and is. */
static enum sl_rc text_of(const struct sl_json_at *at, const char *key, bool needed, char **out, struct sl_err *err)
{
	struct sl_json_at m;

	if (!needed && !sl_json_opt(at, key, &m))
		return sl_pack_dup("", out, err);
	enum sl_rc rc = sl_json_get(at, key, &m, err);
	return rc == SL_OK ? sl_json_text(&m, SL_TITLE_BYTES, false, out, err) : rc;
}

static enum sl_rc read_expect(const struct sl_json_at *at, struct sl_policy_case *c, struct sl_err *err)
{
	struct sl_json_at m;
	size_t i = 0;
	enum sl_rc rc = sl_json_get(at, "expect", &m, err);

	if (rc == SL_OK)
		rc = sl_json_choice(&m, answers, COUNT(answers), &i, err);
	if (rc == SL_OK && (i < 2) != (*c->action != '\0'))
		return sl_json_fault(&m, false, err,
		                     "an action is answered yes or no, a job permitted, not permitted, forbidden or error");
	return rc == SL_OK ? sl_pack_dup(answers[i], &c->expect, err) : rc;
}

static enum sl_rc read_case(const struct sl_json_at *at, struct sl_policy_case *c, struct sl_err *err)
{
	enum sl_rc rc = sl_json_keys(at, case_keys, COUNT(case_keys), err);

	sl_json_where(at, false, &c->line, &c->col);
	if (rc == SL_OK)
		rc = text_of(at, "name", true, &c->name, err);
	if (rc == SL_OK)
		rc = text_of(at, "as", true, &c->person, err);
	if (rc == SL_OK)
		rc = text_of(at, "action", false, &c->action, err);
	if (rc == SL_OK)
		rc = text_of(at, "job", false, &c->job, err);
	if (rc == SL_OK && (*c->action == '\0') == (*c->job == '\0'))
		return sl_json_fault(at, false, err, "a case has an \"action\" or a \"job\"");
	if (rc == SL_OK)
		rc = text_of(at, "project", *c->job != '\0', &c->project, err);
	if (rc == SL_OK)
		rc = text_of(at, "rule", false, &c->rule, err);
	return rc == SL_OK ? read_expect(at, c, err) : rc;
}

static enum sl_rc read_cases(const struct sl_cases_files *f, struct sl_policy_cases *out, struct sl_err *err)
{
	struct sl_json_doc doc = {0};
	struct sl_json_at m;
	uint64_t version;
	enum sl_rc rc = sl_json_open(f->cases_file, f->cases->data != NULL ? (const char *)f->cases->data : "", f->cases->len,
	                             SL_CASES_BYTES_MAX, &doc, err);
	struct sl_json_at root = sl_json_root(&doc);

	if (rc == SL_OK)
		rc = sl_json_keys(&root, file_keys, COUNT(file_keys), err);
	if (rc == SL_OK)
		rc = sl_json_get(&root, "sluice_policy_cases", &m, err);
	if (rc == SL_OK)
		rc = sl_json_u64(&m, 1, 1, &version, err);
	if (rc == SL_OK)
		rc = sl_json_get(&root, "cases", &m, err);
	if (rc == SL_OK)
		rc = sl_json_is_array(&m, SL_CASES_MAX, err);
	if (rc == SL_OK && (out->items = sl_json_calloc(json_array_size(m.value), sizeof *out->items, err)) == NULL)
		rc = SL_E_NOMEM;
	for (size_t i = 0; rc == SL_OK && i < json_array_size(m.value); i++) {
		struct sl_json_at item = sl_json_item(&m, i);
		rc = read_case(&item, &out->items[out->nitems++], err);
	}
	sl_json_close(&doc);
	return rc;
}

static void take(struct sl_policy_case *c, const char *got, const char *rule, const char *reason)
{
	(void)snprintf(c->got, sizeof c->got, "%s", got);
	(void)snprintf(c->got_rule, sizeof c->got_rule, "%s", rule);
	(void)snprintf(c->reason, sizeof c->reason, "%s", reason);
	c->passed = strcmp(c->got, c->expect) == 0 && (*c->rule == '\0' || strcmp(c->rule, c->got_rule) == 0);
}

static enum sl_rc ask_action(const struct sl_standing *s, const struct sl_cases_files *f, struct sl_policy_case *c,
                             struct sl_err *err)
{
	struct sl_can_question q = {.person = c->person, .project = *c->project ? c->project : NULL, .author = ""};
	struct sl_can_answer a;
	struct sl_err why = {0};

	for (int i = SL_ACTION_NONE + 1; i < SL_ACTION_COUNT_; i++)
		if (strcmp(sl_roles_action((enum sl_action)i)->name, c->action) == 0)
			q.action = (enum sl_action)i;
	if (q.action == SL_ACTION_NONE) {
		(void)sl_err_set(err, SL_E_INPUT, "there is no action \"%s\"", c->action);
		sl_err_at(err, f->cases_file, c->line, c->col);
		return SL_E_INPUT;
	}
	enum sl_rc rc = sl_can_ask(s, &q, &a, &why);
	if (rc == SL_OK)
		take(c, a.yes ? "yes" : "no", a.rule, a.reason);
	else if (rc == SL_E_IDENT)
		take(c, "no", why.rule, why.text);
	else
		rc = sl_err_set(err, rc, "%s", why.text);
	if (rc == SL_E_USAGE)
		sl_err_at(err, f->cases_file, c->line, c->col);
	return rc == SL_E_IDENT ? SL_OK : rc;
}

static enum sl_rc ask_job(struct sl_enclave *e, const struct sl_standing *s, const struct sl_cases_files *f,
                          struct sl_policy_case *c, struct sl_err *err)
{
	struct sl_buf script = {.max = SL_SCRIPT_BYTES_MAX};
	struct sl_job_spec spec = {.file = c->job, .project = c->project};
	struct sl_eval_question q = {.person = c->person, .spec = &spec};
	struct sl_eval v = {0};
	enum sl_rc rc = f->read(f->self, c->job, &script, err);

	spec.script = script.data != NULL ? script.data : (const void *)"";
	spec.nscript = script.len;
	if (rc == SL_OK)
		rc = sl_policy_eval(e, s, &q, &v, err);
	if (rc == SL_OK)
		take(c, sl_eval_verdict_name((enum sl_eval_verdict)v.verdict), v.verdict == SL_EVAL_PERMITTED ? "grant" : v.why.rule,
		     v.why.text);
	sl_eval_free(&v);
	sl_buf_free(&script);
	return rc;
}

enum sl_rc sl_policy_cases_run(struct sl_enclave *e, const struct sl_cases_files *f, struct sl_policy_cases *out,
                               struct sl_err *err)
{
	struct sl_standing s = {0};

	memset(out, 0, sizeof *out);
	enum sl_rc rc = read_cases(f, out, err);
	if (rc == SL_OK)
		rc = sl_policy_stand(e, f->policy_file, f->policy, &s, err);
	for (uint32_t i = 0; i < out->nitems && rc == SL_OK; i++) {
		struct sl_policy_case *c = &out->items[i];

		rc = *c->action != '\0' ? ask_action(&s, f, c, err) : ask_job(e, &s, f, c, err);
		out->failed += !c->passed;
	}
	sl_standing_free(&s);
	return rc;
}

void sl_policy_cases_free(struct sl_policy_cases *c)
{
	for (uint32_t i = 0; i < c->nitems; i++) {
		struct sl_policy_case *x = &c->items[i];
		char *texts[] = {x->name, x->person, x->project, x->action, x->job, x->expect, x->rule};

		for (size_t k = 0; k < COUNT(texts); k++)
			free(texts[k]);
	}
	free(c->items);
	memset(c, 0, sizeof *c);
}
