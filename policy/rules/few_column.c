/* few_column.c - see few_column.h: which values a column has, and what a plan's numbers are by them. */
#include "policy/rules/few_column.h"

#include <stdlib.h>

#include "policy/rules/rules.h"

bool sl_few_is_counted(const struct sl_stat *s)
{
	return sl_rule_is_magnitude(s) || sl_rule_is_spread(s);
}

bool sl_few_is_of(const struct sl_stat *s)
{
	return sl_few_is_counted(s) || sl_rule_is_condition(s);
}

bool sl_few_has_values_of(const struct sl_source *s, uint16_t column, uint16_t *of)
{
	*of = column;
	if (s->nfolds == 0)
		return true;
	const struct sl_fold *f = &s->folds[column];
	if ((f->fn != SL_FOLD_MIN && f->fn != SL_FOLD_MAX) || f->arg.nops != 1 || f->arg.ops[0].op != SL_OP_COLUMN)
		return false;
	*of = s->raws[f->arg.ops[0].arg].column;
	return true;
}

bool sl_few_same_column(const struct sl_plan *a, const struct sl_few_column *c, const struct sl_plan *b,
                        uint16_t source, uint16_t column)
{
	const struct sl_source *x = &a->sources[c->source], *y = &b->sources[source];
	uint16_t of;

	return x->table == y->table && (x->nfolds > 0) == (y->nfolds > 0) && sl_few_has_values_of(y, column, &of) &&
	       of == c->of && (x->nfolds == 0 || x->folds[c->column].fn == y->folds[column].fn);
}

bool sl_few_reads_one(const struct sl_plan *plan, const struct sl_expr *e, uint16_t *source, uint16_t *column)
{
	bool any = false;
	uint16_t of;

	for (uint32_t i = 0; i < e->nops; i++) {
		if (e->ops[i].op != SL_OP_COLUMN)
			continue;
		const struct sl_input *in = &plan->inputs[e->ops[i].arg];
		if (!sl_few_has_values_of(&plan->sources[in->source], in->column, &of) ||
		    (any && (in->source != *source || in->column != *column)))
			return false;
		*source = in->source;
		*column = in->column;
		any = true;
	}
	return any;
}

static const struct sl_table *table_of(const struct sl_few_plan *p, const struct sl_few_column *c)
{
	return &p->setup->view.tables[p->plan->sources[c->source].table];
}

/* --- its values -------------------------------------------------------------------------------------------- */

/* How many values from *lo on it is declared to have, those of no label among them; 0: too many, or nobody says. */
static uint64_t declared(const struct sl_column *c, int64_t *lo)
{
	*lo = c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN ? 0 : c->lo;
	if (c->type == SL_TYPE_BOOLEAN)
		return 2;
	if (c->type == SL_TYPE_TEXT)
		return c->nlabels <= SL_FEW_VALUES_MAX ? (uint64_t)c->nlabels + c->has_other : 0;
	if (c->lo == INT64_MIN || c->hi == INT64_MAX || (sl_i128)c->hi - c->lo >= SL_FEW_VALUES_MAX)
		return 0;
	return (uint64_t)(c->hi - c->lo) + 1;
}

/* The values that the column has in the whole table, where they are few. NULL: they are many, or nobody looked. */
static const struct sl_distinct *seen(const struct sl_few_plan *p, const struct sl_few_column *c)
{
	uint16_t inputs[SL_INPUTS_MAX];
	uint32_t n = sl_result_distinct(p->plan, &p->setup->view, inputs);

	for (uint32_t i = 0; i < n && i < p->result->ndistinct; i++) {
		const struct sl_input *in = &p->plan->inputs[inputs[i]];
		if (in->source == c->source && in->column == c->column && p->result->distinct[i].n > 0)
			return &p->result->distinct[i];
	}
	return NULL;
}

void sl_few_atoms(const struct sl_few_plan *p, struct sl_few_column *c)
{
	const struct sl_column *column = &table_of(p, c)->columns[c->of];
	const struct sl_distinct *d = seen(p, c);
	int64_t lo = 0;
	uint64_t n = d != NULL ? d->n : declared(column, &lo);

	c->natoms = 0;
	for (uint64_t i = 0; i < n; i++)
		c->atoms[c->natoms++] = (struct sl_value){ .v = d != NULL ? d->v[i] : lo + (int64_t)i };
	if (n > 0 && (column->nullable || p->plan->sources[c->source].join != SL_JOIN_INNER))
		c->atoms[c->natoms++] = (struct sl_value){ .missing = true };
}

/* --- what is made of them ---------------------------------------------------------------------------------- */

/* What an input of the column is where it has the value. */
static struct sl_value input_of(const struct sl_few_plan *p, const struct sl_few_column *c, uint32_t input,
                                struct sl_value value)
{
	const struct sl_input *in = &p->plan->inputs[input];
	const struct sl_column *column = &table_of(p, c)->columns[c->of];

	if (in->lookup == 0 || value.missing)
		return value;
	const struct sl_table *t = &p->setup->view.tables[column->reference - 1];
	if ((uint64_t)value.v >= t->ncells / t->ncolumns)
		return (struct sl_value){ .missing = true };
	const struct sl_reference_cell *cell = &t->cells[(size_t)value.v * t->ncolumns + in->lookup - 1];
	return (struct sl_value){ .v = cell->value, .missing = cell->missing != 0 };
}

void sl_few_inputs(const struct sl_few_plan *p, const struct sl_few_column *c, struct sl_value value,
                   struct sl_value in[static SL_INPUTS_MAX])
{
	for (uint32_t i = 0; i < p->plan->ninputs; i++) {
		bool of_it = p->plan->inputs[i].source == c->source && p->plan->inputs[i].column == c->column;
		in[i] = of_it ? input_of(p, c, i, value) : (struct sl_value){ .missing = true };
	}
}

/* Of what is unknown it says unknown: a row that it leaves out, it leaves out whatever else is in it. */
static bool is_plain(const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_IS_NULL || e->ops[i].op == SL_OP_COALESCE || e->ops[i].op == SL_OP_CASE)
			return false;
	return e->nops > 0;
}

static bool leaves_out(const struct sl_expr *where, const struct sl_value *in)
{
	if (!is_plain(where))
		return false;
	struct sl_value v = sl_expr_eval(where, in);
	return !v.missing && v.v == 0;
}

static bool is_left_out(const struct sl_few_plan *p, const struct sl_few_column *c, struct sl_value value)
{
	const struct sl_source *s = &p->plan->sources[c->source];
	struct sl_value in[SL_INPUTS_MAX];

	sl_few_inputs(p, c, value, in);
	if (leaves_out(&p->plan->where, in))
		return true;
	for (uint32_t r = 0; r < s->nraws; r++)
		in[r] = s->raws[r].column == c->of ? value : (struct sl_value){ .missing = true };
	return leaves_out(&s->where, in);
}

static void find_groups(const struct sl_few_plan *p, struct sl_few_column *c)
{
	for (uint32_t k = 0; k < p->plan->nkeys; k++) {
		const struct sl_key *key = &p->plan->keys[k];
		const struct sl_input *in = &p->plan->inputs[key->input];
		if (in->source != c->source || in->column != c->column)
			continue;
		const struct sl_column *column = sl_plan_key_column(p->plan, &p->setup->view, k);
		for (uint32_t a = 0; a < c->natoms; a++) {
			struct sl_value v = input_of(p, c, key->input, c->atoms[a]);
			c->groups[c->nkeys][a] = sl_column_group(column, key->banded != 0, v.v, v.missing);
		}
		c->keys[c->nkeys++] = (uint16_t)k;
	}
}

enum sl_rc sl_few_fill(const struct sl_few_plan *p, struct sl_few_column *c, struct sl_err *err)
{
	struct sl_value in[SL_INPUTS_MAX];

	find_groups(p, c);
	c->is = calloc((size_t)c->natoms * c->nstats + 1, sizeof *c->is);
	if (c->is == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the values of a column");
	for (uint32_t a = 0; a < c->natoms; a++) {
		c->in[a] = !is_left_out(p, c, c->atoms[a]);
		sl_few_inputs(p, c, c->atoms[a], in);
		for (uint32_t i = 0; i < c->nstats; i++)
			c->is[a * c->nstats + i] = sl_expr_eval(&p->plan->stats[c->stats[i]].arg, in);
	}
	return SL_OK;
}

void sl_few_column_free(struct sl_few_column *c)
{
	free(c->is);
	c->is = NULL;
}

bool sl_few_is_in_cell(const struct sl_few_plan *p, const struct sl_few_column *c, uint32_t atom, uint32_t cell)
{
	for (uint32_t k = 0; k < c->nkeys; k++)
		if (c->groups[k][atom] != sl_plan_cell_group(p->plan, &p->setup->view, cell, c->keys[k]))
			return false;
	return c->in[atom];
}

bool sl_few_number(const struct sl_few_plan *p, const struct sl_few_column *c, uint32_t i, uint32_t cell,
                   struct sl_few_number *out)
{
	const struct sl_result *r = p->result;
	uint32_t stat = c->stats[i], moments = sl_result_moments_at(p->plan, p->plan->nstats);
	const struct sl_evidence *e = &r->evidence[(size_t)cell * p->plan->nstats + stat];

	*out = (struct sl_few_number){ .fn = (enum sl_stat_fn)p->plan->stats[stat].fn, .is = c->is + i,
		                       .stride = c->nstats, .rows = e->rows, .known_rows = e->known_rows,
		                       .has_sums = true, .x = e->sum };
	if (sl_rule_is_spread(&p->plan->stats[stat])) {
		const struct sl_moments *m = &r->moments[(size_t)cell * moments + sl_result_moments_at(p->plan, stat)];
		out->has_sums = !m->overflow;
		out->x = m->x;
		out->xx = m->xx;
	}
	return !e->overflow;
}
