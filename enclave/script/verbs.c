/* verbs.c - the verbs that choose rows and groups: where derive join group_by; and the table of all verbs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/relation.h"

static enum sl_rc before_summarise(const struct sl_relation *rel, const char *verb, struct sl_err *err)
{
	if (rel->plan.nstats == 0)
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s comes before summarise", verb);
	sl_err_remedy(err, "after summarise stand calc, describe, order_by and limit");
	return rc;
}

static enum sl_rc parse(struct sl_relation *rel, struct sl_call *call, enum sl_parse_mode mode, const char *text,
                        struct sl_parsed *out, struct sl_err *err)
{
	struct sl_relation_names names = { .rel = rel,
		                           .view = call->view,
		                           .siblings = mode == SL_PARSE_DEFINITION ? call : NULL };
	struct sl_scope scope = sl_relation_scope(&names, call);

	call->culprit = text;
	return sl_parser_parse(mode, text, strlen(text), &scope, out, err);
}

/* where := where and more. */
static enum sl_rc conjoin(struct sl_expr *where, const struct sl_expr *more, uint32_t base, struct sl_err *err)
{
	static struct sl_op both = {.op = SL_OP_AND, .type = SL_TYPE_BOOLEAN};
	const struct sl_expr and = {.ops = &both, .nops = 1};
	bool first = where->nops == 0;
	enum sl_rc rc = sl_relation_append(where, more, base, err);

	return rc == SL_OK && !first ? sl_relation_append(where, &and, 0, err) : rc;
}

static enum sl_rc where(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct sl_parsed parsed = {0};
	enum sl_rc rc = before_summarise(rel, "where", err);

	if (rc == SL_OK)
		rc = parse(rel, call, SL_PARSE_CONDITION, call->text, &parsed, err);
	if (rc == SL_OK)
		rc = sl_relation_uses(rel, call->view, &parsed.expr, SL_USE_FILTER, err);
	if (rc == SL_OK)
		rc = conjoin(&rel->plan.where, &parsed.expr, 0, err);
	sl_codec_free(&sl_expr_record, &parsed.expr);
	return rc;
}

static const struct sl_def *def_of(const struct sl_relation *rel, const char *name)
{
	for (uint32_t i = 0; i < rel->ndefs; i++)
		if (strcmp(rel->defs[i].name, name) == 0)
			return &rel->defs[i];
	return NULL;
}

/* The first table, from source `from` on, that has a column of this name. */
static const struct sl_table *table_with(const struct sl_relation *rel, const struct sl_view *view, uint32_t from,
                                         const char *name)
{
	for (uint32_t s = from; s < rel->plan.nsources; s++) {
		const struct sl_table *t = sl_relation_table(rel, view, s);
		for (uint32_t c = 0; c < t->ncolumns; c++)
			if (strcmp(t->columns[c].name, name) == 0)
				return t;
	}
	return NULL;
}

static enum sl_rc name_is_free(const struct sl_relation *rel, const struct sl_view *view, const char *name,
                               struct sl_err *err)
{
	const struct sl_table *t = table_with(rel, view, 0, name);
	enum sl_rc rc = SL_OK;

	if (def_of(rel, name) != NULL)
		rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is derived already", name);
	else if (t != NULL)
		rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is a column of %.100s already", name, t->name);
	if (rc != SL_OK)
		sl_err_remedy(err, "choose another name");
	return rc;
}

static enum sl_rc has_bands(const struct sl_column *c, struct sl_err *err)
{
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
	enum sl_rc rc = name_is_free(rel, call->view, pair->name, err);

	call->culprit = pair->name;
	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&rel->defs, all, sizeof rel->defs[0], SL_DEFS_MAX, "derived names", err);
	if (rc != SL_OK)
		return rc;
	rel->ndefs = visible;
	rc = parse(rel, call, SL_PARSE_DEFINITION, pair->text, &parsed, err);
	rel->ndefs = all;
	if (rc == SL_OK && parsed.banded)
		rc = has_bands(sl_relation_column(rel, call->view, parsed.expr.ops[0].arg), err);
	struct sl_def *d = &rel->defs[all];
	if (rc == SL_OK)
		rc = sl_relation_name(&d->name, pair->name, err);
	if (rc != SL_OK) {
		sl_codec_free(&sl_expr_record, &parsed.expr);
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
	enum sl_rc rc = before_summarise(rel, "derive", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = derive_one(rel, call, &call->pairs[i], visible, err);
	return rc;
}

static enum sl_rc refuse_join(struct sl_err *err, const char *remedy, const char *fmt, const char *a, const char *b)
{
	char text[400];

	snprintf(text, sizeof text, "join: %.120s %s %.120s", a, fmt, b);
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s", text);
	sl_err_remedy(err, "%s", remedy);
	return rc;
}

static enum sl_rc joinable(const struct sl_relation *rel, const struct sl_relation *other, const struct sl_view *view,
                           struct sl_err *err)
{
	for (uint32_t a = 0; a < rel->plan.nsources; a++)
		for (uint32_t b = 0; b < other->plan.nsources; b++) {
			const struct sl_table *x = sl_relation_table(rel, view, a), *y = sl_relation_table(other, view, b);
			if (x == y)
				return refuse_join(err, "a table stands once in an output", "would be joined with itself:", x->name, y->name);
			if (strcmp(x->space, y->space) != 0)
				return refuse_join(err, "only tables about the same kind of unit join",
				                   "and another unit space:", x->name, y->name);
			if (!x->one_row_per_unit && !y->one_row_per_unit)
				return refuse_join(err, "join with a table that has one row per unit", "and, both several rows per unit:", x->name,
				                   y->name);
		}
	return SL_OK;
}

static enum sl_rc join_names(const struct sl_relation *rel, const struct sl_relation *other, const struct sl_view *view,
                             struct sl_err *err)
{
	for (uint32_t i = 0; i < other->ndefs; i++) {
		enum sl_rc rc = name_is_free(rel, view, other->defs[i].name, err);
		if (rc != SL_OK)
			return rc;
	}
	for (uint32_t i = 0; i < rel->ndefs; i++) {
		enum sl_rc rc = name_is_free(other, view, rel->defs[i].name, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

/* Sources and inputs of other go behind rel's: no table stands on both sides, so no input is double. */
static enum sl_rc join_sources(struct sl_plan *p, const struct sl_plan *o, struct sl_err *err)
{
	uint32_t nsources = p->nsources;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < o->nsources && rc == SL_OK; i++) {
		rc = sl_relation_grow((void **)&p->sources, p->nsources, sizeof p->sources[0], SL_SOURCES_MAX,
		                      "tables in one output", err);
		if (rc == SL_OK)
			p->sources[p->nsources++] = (struct sl_source){ .table = o->sources[i].table };
	}
	for (uint32_t i = 0; i < o->ninputs && rc == SL_OK; i++) {
		rc = sl_relation_grow((void **)&p->inputs, p->ninputs, sizeof p->inputs[0], SL_INPUTS_MAX,
		                      "columns in one output", err);
		if (rc != SL_OK)
			break;
		p->inputs[p->ninputs] = o->inputs[i];
		p->inputs[p->ninputs].source = (uint16_t)(o->inputs[i].source + nsources);
		p->ninputs++;
	}
	return rc;
}

static enum sl_rc join_defs(struct sl_relation *rel, const struct sl_relation *other, uint32_t base, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < other->ndefs && rc == SL_OK; i++) {
		const struct sl_def *from = &other->defs[i];
		rc = sl_relation_grow((void **)&rel->defs, rel->ndefs, sizeof rel->defs[0], SL_DEFS_MAX, "derived names", err);
		if (rc != SL_OK)
			return rc;
		struct sl_def *d = &rel->defs[rel->ndefs++];
		d->banded = from->banded;
		d->type = from->type;
		d->scale = from->scale;
		rc = sl_relation_text(&d->name, from->name, err);
		if (rc == SL_OK)
			rc = sl_relation_append(&d->expr, &from->expr, base, err);
	}
	return rc;
}

static enum sl_rc join(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	const struct sl_relation *other = call->other;
	uint32_t base = rel->plan.ninputs;
	enum sl_rc rc = before_summarise(rel, "join", err);

	if (rc == SL_OK && (other->plan.nkeys > 0 || other->plan.nstats > 0)) {
		rc = sl_err_set(err, SL_E_INPUT, "join takes tables with where and derive, not groups or results");
		sl_err_remedy(err, "group after the join");
	}
	if (rc == SL_OK)
		rc = joinable(rel, other, call->view, err);
	if (rc == SL_OK)
		rc = join_names(rel, other, call->view, err);
	if (rc == SL_OK)
		rc = join_sources(&rel->plan, &other->plan, err);
	if (rc == SL_OK && other->plan.where.nops > 0)
		rc = conjoin(&rel->plan.where, &other->plan.where, base, err);
	return rc == SL_OK ? join_defs(rel, other, base, err) : rc;
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
		enum sl_rc rc = parse(rel, call, SL_PARSE_KEY, quoted, out, err);
		call->culprit = text;
		return rc;
	}
	return parse(rel, call, SL_PARSE_KEY, text, out, err);
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
	const struct sl_column *c = sl_relation_column(rel, call->view, x->ops[0].arg);
	enum sl_rc rc = parsed->banded ? has_bands(c, err) : SL_OK;
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
	sl_codec_free(&sl_expr_record, &parsed.expr);
	return rc;
}

static enum sl_rc group_by(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = before_summarise(rel, "group_by", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = add_key(rel, call, call->pairs[i].text, err);
	return rc;
}

const struct sl_verb sl_relation_verbs[] = {
	{"where", SL_CALL_TEXT, where, ":where(\"age >= 18\"), :where(\"age >= $min\", {min = 18})"},
	{"derive", SL_CALL_PAIRS, derive, ":derive{ band = \"bands(age)\" }"},
	{"join", SL_CALL_RELATION, join, ":join(from \"study.persons\")"},
	{"group_by", SL_CALL_NAMES, group_by, ":group_by(\"event\", \"band\")"},
	{"summarise", SL_CALL_PAIRS, sl_finish_summarise, ":summarise{ persons = \"units()\" }"},
	{"calc", SL_CALL_PAIRS, sl_finish_calc, ":calc{ per_person = \"rows / persons\" }"},
	{"describe", SL_CALL_PAIRS, sl_finish_describe, ":describe{ persons = \"distinct persons\" }"},
	{"order_by", SL_CALL_NAMES, sl_finish_order_by, ":order_by(\"-persons\")"},
	{"limit", SL_CALL_NUMBER, sl_finish_limit, ":limit(10)"},
};
const size_t sl_relation_nverbs = sizeof sl_relation_verbs / sizeof sl_relation_verbs[0];
