/* relation_names.c - what a name in an expression means: a definition, a column, an attribute; and the nearest else. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/lexer.h"
#include "enclave/script/relation.h"

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
