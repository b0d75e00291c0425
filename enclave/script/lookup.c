/*
 * lookup.c - the verb lookup: a column's reference table brings the attributes of its rows as columns.
 *
 * Nothing is joined: the column's code is the number of the row. Names are found in relation.c.
 */
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/relation.h"

static enum sl_rc no_reference(const struct sl_view *view, const char *name, struct sl_err *err)
{
	const char *names[SL_TABLES_MAX];
	size_t n = 0;

	for (uint32_t i = 0; i < view->ntables; i++)
		if (view->tables[i].space[0] == '\0')
			names[n++] = view->tables[i].name;
	int near = sl_text_near(name, names, n);
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "no reference table \"%.120s\" is granted", name);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%.120s\"?", names[near]);
	else if (n > 0)
		sl_err_remedy(err, "granted is \"%.120s\"%s", names[0], n > 1 ? ", …" : "");
	else
		sl_err_remedy(err, "the project has none: ask its data owner");
	return rc;
}

static enum sl_rc find_reference(const struct sl_view *view, const char *name, uint16_t *table, struct sl_err *err)
{
	uint32_t i = 0;

	while (i < view->ntables && strcmp(view->tables[i].name, name) != 0)
		i++;
	if (i == view->ntables)
		return no_reference(view, name, err);
	*table = (uint16_t)i;
	if (view->tables[i].space[0] == '\0')
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%.120s is about units: it is joined, not looked up", name);
	sl_err_remedy(err, "join(from \"%.120s\")", name);
	return rc;
}

enum sl_rc sl_lookup_add(struct sl_relation *rel, const struct sl_view *view, struct sl_looked looked,
                         struct sl_err *err)
{
	const struct sl_table *t = &view->tables[looked.table];
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < rel->nlooked; i++)
		if (rel->looked[i].table == looked.table) {
			rc = sl_err_set(err, SL_E_INPUT, "%.120s is looked up already", t->name);
			sl_err_remedy(err, "a reference table is looked up once in an output");
			return rc;
		}
	for (uint32_t d = 0; d < rel->ndefs; d++)
		for (uint32_t c = 0; c < t->ncolumns; c++)
			if (strcmp(rel->defs[d].name, t->columns[c].name) == 0) {
				rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" of %.120s is a derived name already", t->columns[c].name,
				                t->name);
				sl_err_remedy(err, "give the derived one another name");
				return rc;
			}
	rc = sl_relation_grow((void **)&rel->looked, rel->nlooked, sizeof rel->looked[0], SL_TABLES_MAX,
	                      "reference tables in one output", err);
	if (rc == SL_OK)
		rel->looked[rel->nlooked++] = looked;
	return rc;
}

static enum sl_rc other_domain(const struct sl_relation *rel, const struct sl_view *view, const char *column,
                               uint16_t table, struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%.100s is no column whose domain is %.120s", column,
	                           view->tables[table].name);

	for (uint32_t s = 0; s < rel->plan.nsources; s++) {
		const struct sl_table *t = sl_relation_table(rel, view, s);
		for (uint32_t c = 0; c < t->ncolumns; c++)
			if (t->columns[c].reference == table + 1)
				sl_err_remedy(err, "look it up by \"%.100s\" of %.120s", t->columns[c].name, t->name);
	}
	return rc;
}

/* The column that is looked up by: of a table, as the table has it. */
static enum sl_rc find_key(struct sl_relation *rel, struct sl_call *call, const char *text, struct sl_looked *looked,
                           struct sl_err *err)
{
	struct sl_parsed parsed = {0};
	enum sl_rc rc = sl_relation_parse(rel, call, SL_PARSE_KEY, text, &parsed, err);

	if (rc == SL_OK) {
		const struct sl_expr *x = &parsed.expr;
		bool is_column = x->nops == 1 && x->ops[0].op == SL_OP_COLUMN && !parsed.banded &&
		                 !sl_relation_is_made(rel, x->ops[0].arg);
		const struct sl_input *in = is_column ? &rel->plan.inputs[x->ops[0].arg] : NULL;
		if (in == NULL || in->lookup != 0 ||
		    sl_relation_column(rel, call->view, x->ops[0].arg)->reference != looked->table + 1)
			rc = other_domain(rel, call->view, text, looked->table, err);
		else
			looked->source = in->source, looked->column = in->column;
	}
	sl_parsed_free(&parsed);
	return rc;
}

enum sl_rc sl_lookup_verb(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct sl_looked looked = {0};
	enum sl_rc rc = sl_relation_before_summarise(rel, "lookup", err);

	if (rc == SL_OK && call->npairs != 2) {
		rc = sl_err_set(err, SL_E_INPUT, "lookup takes a reference table and the column to look it up by");
		sl_err_remedy(err, ":lookup(\"study.districts\", \"district\")");
	}
	if (rc != SL_OK)
		return rc;
	call->culprit = call->pairs[0].text;
	rc = find_reference(call->view, call->pairs[0].text, &looked.table, err);
	if (rc == SL_OK)
		rc = find_key(rel, call, call->pairs[1].text, &looked, err);
	return rc == SL_OK ? sl_lookup_add(rel, call->view, looked, err) : rc;
}
