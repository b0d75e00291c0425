/* verbs.c - the verbs that choose rows and groups: where derive group_by; and the table of all verbs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/relation.h"

/* A condition on one folded table chooses its units, before any join. */
static enum sl_rc having(struct sl_relation *rel, struct sl_expr *condition, struct sl_err *err)
{
	uint16_t folds[SL_INPUTS_MAX] = {0};

	for (uint32_t i = 0; i < rel->plan.ninputs; i++)
		folds[i] = rel->plan.inputs[i].column;
	sl_relation_renumber(condition, folds);
	return sl_relation_conjoin(&rel->plan.sources[0].having, condition, 0, err);
}

static enum sl_rc where(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct sl_parsed parsed = {0};
	enum sl_rc rc = sl_relation_before_summarise(rel, "where", err);

	if (rc == SL_OK)
		rc = sl_relation_parse(rel, call, SL_PARSE_CONDITION, call->text, &parsed, err);
	if (rc == SL_OK)
		rc = sl_relation_uses(rel, call->view, &parsed.expr, SL_USE_FILTER, err);
	if (rc == SL_OK)
		rc = rel->plan.nsources == 1 && rel->plan.sources[0].nfolds > 0
		             ? having(rel, &parsed.expr, err)
		             : sl_relation_conjoin(&rel->plan.where, &parsed.expr, 0, err);
	sl_parsed_free(&parsed);
	return rc;
}

static const struct sl_def *def_of(const struct sl_relation *rel, const char *name)
{
	for (uint32_t i = 0; i < rel->ndefs; i++)
		if (strcmp(rel->defs[i].name, name) == 0)
			return &rel->defs[i];
	return NULL;
}

static enum sl_rc refuse_made(struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "what per_unit made has no declared domain, so it makes no groups");

	sl_err_remedy(err, "count it instead, count_if(n > 3), or keep units with where");
	return rc;
}

static enum sl_rc has_bands(const struct sl_relation *rel, const struct sl_view *view, uint32_t input,
                            struct sl_err *err)
{
	if (sl_relation_is_made(rel, input))
		return refuse_made(err);
	const struct sl_column *c = sl_relation_column(rel, view, input);
	if (c->nbands > 0)
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "the catalogue declares no bands for %.100s", c->name);
	if (c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN)
		sl_err_remedy(err, "group by %.100s itself: it has a domain", c->name);
	else
		sl_err_remedy(err, "ask the data owner to declare bands, or group by a column with a domain");
	return rc;
}

/* Definitions of one table see what stood before the call, not one another: a Lua table has no order. */
static enum sl_rc derive_one(struct sl_relation *rel, struct sl_call *call, const struct sl_pair *pair,
                             uint32_t visible, struct sl_err *err)
{
	struct sl_parsed parsed = {0};
	uint32_t all = rel->ndefs;
	enum sl_rc rc = sl_relation_name_is_free(rel, call->view, pair->name, err);

	call->culprit = pair->name;
	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&rel->defs, all, sizeof rel->defs[0], SL_DEFS_MAX, "derived names", err);
	if (rc != SL_OK)
		return rc;
	rel->ndefs = visible;
	rc = sl_relation_parse(rel, call, SL_PARSE_DEFINITION, pair->text, &parsed, err);
	rel->ndefs = all;
	if (rc == SL_OK && parsed.banded)
		rc = has_bands(rel, call->view, parsed.expr.ops[0].arg, err);
	struct sl_def *d = &rel->defs[all];
	if (rc == SL_OK)
		rc = sl_relation_name(&d->name, pair->name, err);
	if (rc != SL_OK) {
		sl_parsed_free(&parsed);
		return rc;
	}
	d->banded = parsed.banded;
	d->type = parsed.type.type;
	d->scale = parsed.type.scale;
	d->expr = parsed.expr;
	rel->ndefs = all + 1;
	return SL_OK;
}

static enum sl_rc derive(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	uint32_t visible = rel->ndefs;
	enum sl_rc rc = sl_relation_before_summarise(rel, "derive", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = derive_one(rel, call, &call->pairs[i], visible, err);
	return rc;
}

static enum sl_rc parse_key(struct sl_relation *rel, struct sl_call *call, const char *text, struct sl_parsed *out,
                            struct sl_err *err)
{
	struct sl_err unused = {0};
	struct sl_named named = {0};
	struct sl_relation_names names = {.rel = rel, .view = call->view};
	struct sl_scope scope = sl_relation_scope(&names, call);
	char quoted[SL_NAME_BYTES + 3];

	/* A column whose name has odd characters may be named as it is, without its double quotes. */
	if (*sl_relation_quote(text) != '\0' && strlen(text) <= SL_NAME_BYTES && strchr(text, '"') == NULL &&
	    scope.name(&names, NULL, text, &named, &unused) == SL_OK) {
		snprintf(quoted, sizeof quoted, "\"%s\"", text);
		enum sl_rc rc = sl_relation_parse(rel, call, SL_PARSE_KEY, quoted, out, err);
		call->culprit = text;
		return rc;
	}
	return sl_relation_parse(rel, call, SL_PARSE_KEY, text, out, err);
}

static enum sl_rc no_domain(const struct sl_column *c, struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%.100s has no finite domain to group by", c->name);

	if (c->nbands > 0)
		sl_err_remedy(err, "group by its bands: derive{ band = \"bands(%.60s)\" }, group_by(\"band\")", c->name);
	else
		sl_err_remedy(err, "group by a text, true/false or banded column, or put it in sum, mean or where");
	return rc;
}

static enum sl_rc key_allowed(const struct sl_relation *rel, struct sl_call *call, const struct sl_parsed *parsed,
                              struct sl_err *err)
{
	const struct sl_expr *x = &parsed->expr;

	if (x->nops != 1 || x->ops[0].op != SL_OP_COLUMN) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT,
		                           "\"%.100s\" is computed: groups come from columns and bands", call->culprit);
		sl_err_remedy(err, "count it instead: count_if(…) or share(…)");
		return rc;
	}
	if (sl_relation_is_made(rel, x->ops[0].arg))
		return refuse_made(err);
	const struct sl_column *c = sl_relation_column(rel, call->view, x->ops[0].arg);
	enum sl_rc rc = parsed->banded ? has_bands(rel, call->view, x->ops[0].arg, err) : SL_OK;
	if (rc == SL_OK && sl_column_ngroups(c, parsed->banded) == 0)
		rc = no_domain(c, err);
	return rc == SL_OK ? sl_relation_uses(rel, call->view, x, SL_USE_GROUP, err) : rc;
}

static enum sl_rc key_name(const struct sl_relation *rel, const char *text, const struct sl_column *c, char **out,
                           struct sl_err *err)
{
	const char *name = def_of(rel, text) != NULL ? text : c->name;

	if (!sl_text_is_ident(name)) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" cannot be the name of an output column", name);
		sl_err_remedy(err, "give it one: derive{ kind = '\"%.60s\"' }, group_by(\"kind\")", name);
		return rc;
	}
	return sl_relation_text(out, name, err);
}

static enum sl_rc add_key(struct sl_relation *rel, struct sl_call *call, const char *text, struct sl_err *err)
{
	struct sl_plan *p = &rel->plan;
	struct sl_parsed parsed = {0};
	char *name = NULL;
	enum sl_rc rc = parse_key(rel, call, text, &parsed, err);

	if (rc == SL_OK)
		rc = key_allowed(rel, call, &parsed, err);
	if (rc == SL_OK)
		rc = key_name(rel, text, sl_relation_column(rel, call->view, parsed.expr.ops[0].arg), &name, err);
	for (uint32_t i = 0; i < p->nkeys && rc == SL_OK; i++)
		if (strcmp(p->keys[i].name, name) == 0 ||
		    (p->keys[i].input == parsed.expr.ops[0].arg && p->keys[i].banded == parsed.banded))
			rc = sl_err_set(err, SL_E_INPUT, "group_by names \"%.100s\" twice", name);
	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&p->keys, p->nkeys, sizeof p->keys[0], SL_KEYS_MAX, "keys", err);
	if (rc == SL_OK) {
		p->keys[p->nkeys++] = (struct sl_key){.name = name, .input = parsed.expr.ops[0].arg, .banded = parsed.banded};
		name = NULL;
	}
	free(name);
	sl_parsed_free(&parsed);
	return rc;
}

static enum sl_rc group_by(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = sl_relation_before_summarise(rel, "group_by", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = add_key(rel, call, call->pairs[i].text, err);
	return rc;
}

const struct sl_verb sl_relation_verbs[] = {
	{"where", SL_CALL_TEXT, where, ":where(\"age >= 18\"), :where(\"age >= $min\", {min = 18})"},
	{"derive", SL_CALL_PAIRS, derive, ":derive{ band = \"bands(age)\" }"},
	{"per_unit", SL_CALL_PAIRS, sl_combine_per_unit, ":per_unit{ visits = \"count()\" }"},
	{"join", SL_CALL_RELATION, sl_combine_join, ":join(from \"study.persons\"), :join(from \"study.visits\", \"semi\")"},
	{"lookup", SL_CALL_NAMES, sl_lookup_verb, ":lookup(\"study.districts\", \"district\")"},
	{"group_by", SL_CALL_NAMES, group_by, ":group_by(\"event\", \"band\")"},
	{"summarise", SL_CALL_PAIRS, sl_summarise, ":summarise{ persons = \"units()\" }"},
	{"calc", SL_CALL_PAIRS, sl_finish_calc, ":calc{ per_person = \"rows / persons\" }"},
	{"describe", SL_CALL_PAIRS, sl_finish_describe, ":describe{ persons = \"distinct persons\" }"},
	{"order_by", SL_CALL_NAMES, sl_finish_order_by, ":order_by(\"-persons\")"},
	{"limit", SL_CALL_NUMBER, sl_finish_limit, ":limit(10)"},
};
const size_t sl_relation_nverbs = sizeof sl_relation_verbs / sizeof sl_relation_verbs[0];
