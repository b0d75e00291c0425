/*
 * relation.c - see relation.h: the record, and what verbs put it together with. Names are in relation_names.c, uses in
 * relation_uses.c, the verbs in verbs.c, combine.c, lookup.c and finish.c.
 */
#include "enclave/script/relation.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

static const struct sl_field def_fields[] = {
	SL_TEXT(struct sl_def, name, SL_IDENT_BYTES, "author's name"),
	SL_SCALAR(struct sl_def, SL_KIND_U8, banded, 0, 1, "bands of the column"),
	SL_SCALAR(struct sl_def, SL_KIND_U8, type, 0, SL_TYPE_TEXT, "type of its value"),
	SL_SCALAR(struct sl_def, SL_KIND_I8, scale, 0, SL_SCALE_MAX, "scale of its value"),
	SL_REC(struct sl_def, expr, sl_expr_record, "over the plan's inputs"),
};
static SL_RECORD(def_record, sl_def, def_fields);

static const struct sl_field made_fields[] = {
	SL_TEXT(struct sl_made, name, SL_IDENT_BYTES, "author's name"),
	SL_SCALAR(struct sl_made, SL_KIND_U16, source, 0, SL_SOURCES_MAX, "source of the plan"),
	SL_SCALAR(struct sl_made, SL_KIND_U16, fold, 0, SL_FOLDS_MAX, "fold of the source"),
	SL_SCALAR(struct sl_made, SL_KIND_U8, type, 0, SL_TYPE_TEXT, "type of its value"),
	SL_SCALAR(struct sl_made, SL_KIND_I8, scale, 0, SL_SCALE_MAX, "scale of its value"),
};
static SL_RECORD(made_record, sl_made, made_fields);

static const struct sl_field looked_fields[] = {
	SL_SCALAR(struct sl_looked, SL_KIND_U16, table, 0, SL_TABLES_MAX, "reference table of the view"),
	SL_SCALAR(struct sl_looked, SL_KIND_U16, source, 0, SL_SOURCES_MAX, "source of the plan"),
	SL_SCALAR(struct sl_looked, SL_KIND_U16, column, 0, SL_COLUMNS_MAX, "column of the source's table"),
};
static SL_RECORD(looked_record, sl_looked, looked_fields);

#define MADE_MAX (SL_SOURCES_MAX * SL_FOLDS_MAX)
static const struct sl_field relation_fields[] = {
	SL_REC(struct sl_relation, plan, sl_plan_record, "so far"),
	SL_VEC(struct sl_relation, defs, ndefs, SL_DEFS_MAX, def_record, "derived names"),
	SL_VEC(struct sl_relation, made, nmade, MADE_MAX, made_record, "columns made by per_unit"),
	SL_VEC(struct sl_relation, looked, nlooked, SL_TABLES_MAX, looked_record, "reference tables looked up"),
};
SL_RECORD(sl_relation_record, sl_relation, relation_fields);

const struct sl_table *sl_relation_table(const struct sl_relation *rel, const struct sl_view *view, uint32_t source)
{
	return &view->tables[rel->plan.sources[source].table];
}

const struct sl_column *sl_relation_column(const struct sl_relation *rel, const struct sl_view *view, uint32_t input)
{
	return sl_plan_input_column(&rel->plan, view, input);
}

bool sl_relation_is_made(const struct sl_relation *rel, uint32_t input)
{
	return rel->plan.sources[rel->plan.inputs[input].source].nfolds > 0;
}

bool sl_relation_gives_rows(const struct sl_source *s)
{
	return s->join != SL_JOIN_SEMI && s->join != SL_JOIN_ANTI;
}

static enum sl_rc no_table(const struct sl_view *view, const char *name, struct sl_err *err)
{
	const char *names[SL_TABLES_MAX];

	for (uint32_t i = 0; i < view->ntables; i++)
		names[i] = view->tables[i].name;
	int near = sl_text_near(name, names, view->ntables);
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "no table \"%.120s\" is granted", name);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%.120s\"?", names[near]);
	else if (view->ntables > 0)
		sl_err_remedy(err, "granted are %.100s%s%.100s%s", names[0], view->ntables > 1 ? ", " : "",
		              view->ntables > 1 ? names[1] : "", view->ntables > 2 ? ", …" : "");
	else
		sl_err_remedy(err, "the project has no table yet: ask its data owner");
	return rc;
}

enum sl_rc sl_relation_from(struct sl_relation *out, struct sl_call *call, struct sl_err *err)
{
	const struct sl_view *view = call->view;
	uint32_t i = 0;

	memset(out, 0, sizeof *out);
	call->culprit = call->text;
	while (i < view->ntables && strcmp(view->tables[i].name, call->text) != 0)
		i++;
	if (i == view->ntables)
		return no_table(view, call->text, err);
	if (view->tables[i].space[0] == '\0') {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT,
		                           "%s has no privacy unit: it is a list of labels, not of units", call->text);
		sl_err_remedy(err, "begin with a table about units");
		return rc;
	}
	out->plan.sources = calloc(1, sizeof out->plan.sources[0]);
	if (out->plan.sources == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	out->plan.nsources = 1;
	out->plan.sources[0].table = (uint16_t)i;
	return SL_OK;
}

enum sl_rc sl_relation_grow(void **items, uint32_t n, size_t size, uint32_t max, const char *what, struct sl_err *err)
{
	if (n >= max)
		return sl_err_set(err, SL_E_LIMIT, "more than %u %s", max, what);
	char *p = realloc(*items, (n + 1) * size);
	if (p == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	*items = p;
	memset(p + n * size, 0, size);
	return SL_OK;
}

enum sl_rc sl_relation_text(char **out, const char *text, struct sl_err *err)
{
	*out = strdup(text);
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

enum sl_rc sl_relation_name(char **out, const char *name, struct sl_err *err)
{
	if (!sl_text_is_ident(name)) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is not a name for an output or its column", name);
		sl_err_remedy(err, "letters, digits, _ and -, beginning with a letter or _, at most %d bytes", SL_IDENT_BYTES);
		return rc;
	}
	return sl_relation_text(out, name, err);
}

enum sl_rc sl_relation_append(struct sl_expr *dst, const struct sl_expr *src, uint32_t base, struct sl_err *err)
{
	uint32_t nsets = dst->nsets;

	if (dst->nops + src->nops > SL_EXPR_OPS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "the conditions of one output have more than %d operations", SL_EXPR_OPS_MAX);
	for (uint32_t i = 0; i < src->nsets; i++) {
		enum sl_rc rc = sl_relation_grow((void **)&dst->sets, dst->nsets, sizeof dst->sets[0], SL_EXPR_SETS_MAX,
		                                 "comparisons with texts or lists", err);
		if (rc != SL_OK)
			return rc;
		struct sl_set *to = &dst->sets[dst->nsets++];
		to->scale = src->sets[i].scale;
		to->items = calloc(src->sets[i].nitems + 1, sizeof to->items[0]);
		if (to->items == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
		to->nitems = src->sets[i].nitems;
		for (uint32_t k = 0; k < to->nitems; k++)
			to->items[k] = src->sets[i].items[k];
	}
	for (uint32_t i = 0; i < src->nops; i++) {
		enum sl_rc rc = sl_relation_grow((void **)&dst->ops, dst->nops, sizeof dst->ops[0], SL_EXPR_OPS_MAX,
		                                 "operations", err);
		if (rc != SL_OK)
			return rc;
		struct sl_op op = src->ops[i];
		if (op.op == SL_OP_COLUMN)
			op.arg = (uint16_t)(op.arg + base);
		if (op.op == SL_OP_IN)
			op.arg = (uint16_t)(op.arg + nsets);
		dst->ops[dst->nops++] = op;
	}
	return SL_OK;
}

enum sl_rc sl_relation_before_summarise(const struct sl_relation *rel, const char *verb, struct sl_err *err)
{
	if (rel->plan.nstats == 0)
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s comes before summarise", verb);
	sl_err_remedy(err, "after summarise stand calc, describe, order_by and limit");
	return rc;
}

enum sl_rc sl_relation_parse(struct sl_relation *rel, struct sl_call *call, enum sl_parse_mode mode, const char *text,
                             struct sl_parsed *out, struct sl_err *err)
{
	struct sl_relation_names names = { .rel = rel,
		                           .view = call->view,
		                           .siblings = mode == SL_PARSE_DEFINITION ? call : NULL };
	struct sl_scope scope = sl_relation_scope(&names, call);

	call->culprit = text;
	return sl_parser_parse(mode, text, strlen(text), &scope, out, err);
}

enum sl_rc sl_relation_conjoin(struct sl_expr *where, const struct sl_expr *more, uint32_t base, struct sl_err *err)
{
	static struct sl_op both = {.op = SL_OP_AND, .type = SL_TYPE_BOOLEAN};
	const struct sl_expr and = {.ops = &both, .nops = 1};
	bool first = where->nops == 0;
	enum sl_rc rc = sl_relation_append(where, more, base, err);

	return rc == SL_OK && !first ? sl_relation_append(where, &and, 0, err) : rc;
}

void sl_relation_mark(const struct sl_expr *x, bool used[static SL_INPUTS_MAX])
{
	for (uint32_t i = 0; i < x->nops; i++)
		if (x->ops[i].op == SL_OP_COLUMN)
			used[x->ops[i].arg] = true;
}

void sl_relation_renumber(struct sl_expr *x, const uint16_t to[static SL_INPUTS_MAX])
{
	for (uint32_t i = 0; i < x->nops; i++)
		if (x->ops[i].op == SL_OP_COLUMN)
			x->ops[i].arg = to[x->ops[i].arg];
}
