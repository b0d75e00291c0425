/* relation.c - see relation.h; the record, its names and its uses. The verbs are in verbs.c and finish.c. */
#include "enclave/script/relation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/lexer.h"

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

static const struct sl_made *made_at(const struct sl_relation *rel, uint32_t source, uint32_t fold)
{
	for (uint32_t i = 0; i < rel->nmade; i++)
		if (rel->made[i].source == source && rel->made[i].fold == fold)
			return &rel->made[i];
	return NULL;
}

/* The names of a source's columns: its table's, or those that per_unit made of it. */
static uint32_t nnames(const struct sl_relation *rel, const struct sl_view *view, uint32_t source)
{
	uint32_t nfolds = rel->plan.sources[source].nfolds;

	return nfolds > 0 ? nfolds : sl_relation_table(rel, view, source)->ncolumns;
}

static const char *name_of(const struct sl_relation *rel, const struct sl_view *view, uint32_t source, uint32_t column)
{
	return rel->plan.sources[source].nfolds > 0 ? made_at(rel, source, column)->name
	                                            : sl_relation_table(rel, view, source)->columns[column].name;
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

/* qualifier is dataset.table, or what stands behind its last dot. */
static bool is_table(const char *table, const char *qualifier)
{
	const char *dot = strrchr(table, '.');

	return qualifier == NULL || strcmp(table, qualifier) == 0 || (dot != NULL && strcmp(dot + 1, qualifier) == 0);
}

/* The input of a column; a new one when it is read for the first time. */
static enum sl_rc input_of(struct sl_relation *rel, struct sl_input found, uint16_t *input, struct sl_err *err)
{
	struct sl_plan *p = &rel->plan;
	uint32_t i = 0;

	while (i < p->ninputs && (p->inputs[i].source != found.source || p->inputs[i].column != found.column ||
	                          p->inputs[i].lookup != found.lookup))
		i++;
	*input = (uint16_t)i;
	if (i < p->ninputs)
		return SL_OK;
	if (i == SL_INPUTS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "one output reads more than %d columns", SL_INPUTS_MAX);
	struct sl_input *inputs = realloc(p->inputs, (i + 1) * sizeof *inputs);
	if (inputs == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	p->inputs = inputs;
	p->ninputs = i + 1;
	inputs[i] = found;
	return SL_OK;
}

/* A column's name as an expression must write it. */
const char *sl_relation_quote(const char *name)
{
	for (const char *s = name; *s != '\0'; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_' || (unsigned char)*s >= 0x80 ||
		      (s > name && *s >= '0' && *s <= '9')))
			return "\"";
	return sl_lexer_is_keyword(name) ? "\"" : "";
}

/* A column that is there, but cannot be read: of a side that only keeps or drops units, or folded away by per_unit. */
static bool out_of_reach(const struct sl_relation_names *self, const char *qualifier, const char *name,
                         struct sl_err *err)
{
	for (uint32_t s = 0; s < self->rel->plan.nsources; s++) {
		const struct sl_source *source = &self->rel->plan.sources[s];
		const struct sl_table *t = sl_relation_table(self->rel, self->view, s);
		bool rows = sl_relation_gives_rows(source), here = false;
		for (uint32_t c = 0; c < t->ncolumns && !here && !(rows && source->nfolds == 0); c++)
			here = strcmp(t->columns[c].name, name) == 0;
		for (uint32_t c = 0; c < source->nfolds && !here && !rows; c++)
			here = strcmp(name_of(self->rel, self->view, s, c), name) == 0;
		if (!here || !is_table(t->name, qualifier))
			continue;
		if (rows) {
			sl_err_set(err, SL_E_INPUT, "per_unit made one row per unit of %.100s: \"%.100s\" is gone", t->name, name);
			sl_err_remedy(err, "use it before per_unit, or inside: per_unit{ first = \"min(%.60s)\" }", name);
		} else {
			sl_err_set(err, SL_E_INPUT, "\"%.100s\" is of %.100s, in which the join only looks for units", name, t->name);
			sl_err_remedy(err, "put the condition before the join, or join \"inner\" or \"left\"");
		}
		return true;
	}
	return false;
}

#define NEAR_NAMES_MAX 2048
static enum sl_rc no_column(struct sl_relation_names *self, const char *qualifier, const char *name, struct sl_err *err)
{
	const struct sl_relation *rel = self->rel;
	const char *where = qualifier;
	size_t n = 0;

	if (out_of_reach(self, qualifier, name, err))
		return SL_E_INPUT;
	const char **names = calloc(NEAR_NAMES_MAX, sizeof *names);
	if (names == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < rel->ndefs && qualifier == NULL; i++)
		names[n++] = rel->defs[i].name;
	for (uint32_t s = 0; s < rel->plan.nsources; s++) {
		const struct sl_table *t = sl_relation_table(rel, self->view, s);
		if (!is_table(t->name, qualifier) || !sl_relation_gives_rows(&rel->plan.sources[s]))
			continue;
		where = t->name;
		for (uint32_t c = 0; c < nnames(rel, self->view, s) && n < NEAR_NAMES_MAX; c++)
			names[n++] = name_of(rel, self->view, s, c);
	}
	for (uint32_t l = 0; l < rel->nlooked; l++) {
		const struct sl_table *t = &self->view->tables[rel->looked[l].table];
		for (uint32_t c = 0; c < t->ncolumns && n < NEAR_NAMES_MAX && is_table(t->name, qualifier); c++)
			names[n++] = t->columns[c].name;
	}
	int near = sl_text_near(name, names, n);
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "no column \"%.120s\" is granted%s%.120s", name,
	                           rel->plan.nsources == 1 || qualifier != NULL ? " in " : "",
	                           rel->plan.nsources == 1 || qualifier != NULL ? where : "");
	if (near >= 0)
		sl_err_remedy(err, "did you mean %s%s%s?", sl_relation_quote(names[near]), names[near],
		              sl_relation_quote(names[near]));
	free(names);
	return rc;
}

static enum sl_rc unit_column(const struct sl_table *t, struct sl_err *err)
{
	enum sl_rc rc =
		sl_err_set(err, SL_E_INPUT, "%s is the privacy unit of %s: it cannot be read", t->unit_column, t->name);

	sl_err_remedy(err, "units() counts distinct units; join uses it by itself");
	return rc;
}

static const char *short_name(const struct sl_table *t)
{
	const char *dot = strrchr(t->name, '.');

	return dot != NULL ? dot + 1 : t->name;
}

enum sl_rc sl_relation_sibling(const struct sl_call *call, const char *verb, const char *name, struct sl_err *err)
{
	for (size_t i = 0; call != NULL && i < call->npairs; i++) {
		if (strcmp(call->pairs[i].name, name) != 0)
			continue;
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT,
		                           "\"%.100s\" stands in the same table, and a Lua table has no order", name);
		sl_err_remedy(err, "use it in a second %s", verb);
		return rc;
	}
	return SL_OK;
}

static enum sl_rc two_columns(const struct sl_table *a, const struct sl_table *b, const char *name, struct sl_err *err)
{
	enum sl_rc rc =
		sl_err_set(err, SL_E_INPUT, "\"%.100s\" is a column of %.100s and of %.100s", name, a->name, b->name);

	sl_err_remedy(err, "write %s.%s or %s.%s", short_name(a), name, short_name(b), name);
	return rc;
}

/* The attribute of this name of a table that was looked up; *table is whose column was found before. */
static enum sl_rc find_attribute(const struct sl_relation_names *self, const char *qualifier, const char *name,
                                 struct sl_input *out, const struct sl_table **table, struct sl_err *err)
{
	for (uint32_t l = 0; l < self->rel->nlooked; l++) {
		const struct sl_looked *looked = &self->rel->looked[l];
		const struct sl_table *t = &self->view->tables[looked->table];
		for (uint32_t c = 0; c < t->ncolumns && is_table(t->name, qualifier); c++) {
			if (strcmp(t->columns[c].name, name) != 0)
				continue;
			if (*table != NULL)
				return two_columns(*table, t, name, err);
			*table = t;
			*out = (struct sl_input){ .source = looked->source, .column = looked->column, .lookup = (uint16_t)(c + 1) };
		}
	}
	return SL_OK;
}

static enum sl_rc find_column(struct sl_relation_names *self, const char *qualifier, const char *name,
                              struct sl_input *out, struct sl_err *err)
{
	const struct sl_table *found = NULL, *unit = NULL;

	for (uint32_t s = 0; s < self->rel->plan.nsources; s++) {
		const struct sl_table *t = sl_relation_table(self->rel, self->view, s);
		if (!is_table(t->name, qualifier))
			continue;
		if (strcmp(t->unit_column, name) == 0)
			unit = t;
		if (!sl_relation_gives_rows(&self->rel->plan.sources[s]))
			continue;
		for (uint32_t c = 0; c < nnames(self->rel, self->view, s); c++) {
			if (strcmp(name_of(self->rel, self->view, s, c), name) != 0)
				continue;
			if (found != NULL)
				return two_columns(found, t, name, err);
			found = t;
			*out = (struct sl_input){ .source = (uint16_t)s, .column = (uint16_t)c };
		}
	}
	enum sl_rc rc = find_attribute(self, qualifier, name, out, &found, err);
	if (rc != SL_OK || found != NULL)
		return rc;
	if (unit != NULL)
		return unit_column(unit, err);
	rc = sl_relation_sibling(qualifier == NULL ? self->siblings : NULL, "derive", name, err);
	return rc == SL_OK ? no_column(self, qualifier, name, err) : rc;
}

static enum sl_rc resolve(void *ctx, const char *qualifier, const char *name, struct sl_named *out, struct sl_err *err)
{
	struct sl_relation_names *self = ctx;
	const struct sl_relation *rel = self->rel;
	struct sl_input found = {0};

	for (uint32_t i = 0; i < rel->ndefs && qualifier == NULL; i++) {
		const struct sl_def *d = &rel->defs[i];
		if (strcmp(d->name, name) != 0)
			continue;
		*out = (struct sl_named){.kind = d->banded ? SL_NAMED_BANDS : SL_NAMED_EXPR, .expr = &d->expr};
		out->type = (struct sl_input_type){.type = d->type, .scale = d->scale};
		return SL_OK;
	}
	enum sl_rc rc = find_column(self, qualifier, name, &found, err);
	if (rc == SL_OK)
		rc = input_of(self->rel, found, &out->input, err);
	if (rc != SL_OK)
		return rc;
	out->kind = SL_NAMED_INPUT;
	if (rel->plan.sources[found.source].nfolds > 0) {
		const struct sl_made *made = made_at(rel, found.source, found.column);
		out->type = (struct sl_input_type){.type = made->type, .scale = made->scale};
		return SL_OK;
	}
	const struct sl_column *c = sl_relation_column(rel, self->view, out->input);
	out->type = (struct sl_input_type){.type = c->type, .scale = c->scale};
	return SL_OK;
}

static const struct sl_column *column_of(void *ctx, uint16_t input)
{
	struct sl_relation_names *self = ctx;

	return sl_relation_column(self->rel, self->view, input);
}

struct sl_scope sl_relation_scope(struct sl_relation_names *self, const struct sl_call *call)
{
	return (struct sl_scope){
		.self = self,
		.name = resolve,
		.column = column_of,
		.arguments = call->arguments,
		.narguments = call->narguments,
	};
}

static enum sl_rc refuse_use(const struct sl_table *t, const struct sl_column *c, enum sl_use use, struct sl_err *err)
{
	static const char *const doing[] = {
		[SL_USE_GROUP] = "group by", [SL_USE_FILTER] = "put a condition on", [SL_USE_MEASURE] = "sum or average"};
	static const char *const rules[] = {
		[SL_USE_GROUP] = "use-group", [SL_USE_FILTER] = "use-filter", [SL_USE_MEASURE] = "use-measure"};
	char allowed[64] = "";
	size_t n = 0;

	for (int bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (c->uses & bit)
			n += (size_t)snprintf(allowed + n, sizeof allowed - n, "%s%s", n > 0 ? " and " : "", sl_use_name((enum sl_use)bit));
	enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "you may not %s %.100s of %.100s: the grant gives it %s",
	                           doing[use], c->name, t->name, n > 0 ? allowed : "no use");
	sl_err_rule(err, rules[use]);
	sl_err_remedy(err, "ask the data owner for the use \"%s\", or do without the column here", sl_use_name(use));
	return rc;
}

static enum sl_rc column_uses(const struct sl_table *t, uint32_t column, enum sl_use use, struct sl_err *err)
{
	const struct sl_column *c = &t->columns[column];

	return (c->uses & use) != 0 ? SL_OK : refuse_use(t, c, (use & SL_USE_MEASURE) != 0 ? SL_USE_MEASURE : use, err);
}

static enum sl_rc fold_uses(const struct sl_source *s, const struct sl_table *t, const struct sl_fold *f,
                            enum sl_use use, struct sl_err *err)
{
	bool value = f->fn == SL_FOLD_SUM || f->fn == SL_FOLD_MEAN || f->fn == SL_FOLD_MIN || f->fn == SL_FOLD_MAX;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < f->arg.nops && value && rc == SL_OK; i++)
		if (f->arg.ops[i].op == SL_OP_COLUMN)
			rc = column_uses(t, s->raws[f->arg.ops[i].arg].column, use, err);
	return rc;
}

/* What the attribute tells it tells of its key: a sum of it is what a condition on the key would count. */
static enum sl_rc attribute_uses(const struct sl_view *view, const struct sl_table *t, const struct sl_input *in,
                                 enum sl_use use, struct sl_err *err)
{
	const struct sl_table *reference = &view->tables[t->columns[in->column].reference - 1];
	enum sl_rc rc = column_uses(t, in->column, (use & SL_USE_MEASURE) != 0 ? SL_USE_FILTER : use, err);

	return rc == SL_OK ? column_uses(reference, in->lookup - 1u, use, err) : rc;
}

enum sl_rc sl_relation_uses(const struct sl_relation *rel, const struct sl_view *view, const struct sl_expr *expr,
                            enum sl_use use, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < expr->nops && rc == SL_OK; i++) {
		if (expr->ops[i].op != SL_OP_COLUMN)
			continue;
		const struct sl_input *in = &rel->plan.inputs[expr->ops[i].arg];
		const struct sl_source *s = &rel->plan.sources[in->source];
		const struct sl_table *t = sl_relation_table(rel, view, in->source);
		if (in->lookup > 0)
			rc = attribute_uses(view, t, in, use, err);
		else
			rc = s->nfolds > 0 ? fold_uses(s, t, &s->folds[in->column], use, err) : column_uses(t, in->column, use, err);
	}
	return rc;
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

enum sl_rc sl_relation_name_is_free(const struct sl_relation *rel, const struct sl_view *view, const char *name,
                                    struct sl_err *err)
{
	const char *owner = NULL;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < rel->ndefs; i++)
		if (strcmp(rel->defs[i].name, name) == 0)
			rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is derived already", name);
	for (uint32_t s = 0; s < rel->plan.nsources && owner == NULL && rc == SL_OK; s++)
		for (uint32_t c = 0; c < nnames(rel, view, s) && sl_relation_gives_rows(&rel->plan.sources[s]); c++)
			if (strcmp(name_of(rel, view, s, c), name) == 0)
				owner = sl_relation_table(rel, view, s)->name;
	for (uint32_t l = 0; l < rel->nlooked && owner == NULL && rc == SL_OK; l++)
		for (uint32_t c = 0; c < view->tables[rel->looked[l].table].ncolumns; c++)
			if (strcmp(view->tables[rel->looked[l].table].columns[c].name, name) == 0)
				owner = view->tables[rel->looked[l].table].name;
	if (owner != NULL)
		rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is a column of %.100s already", name, owner);
	if (rc != SL_OK)
		sl_err_remedy(err, "choose another name");
	return rc;
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
