/* check_few_sides.c - see check_few.h: a plan less one column, its rows, and which of its cells are of which. */
#include <stdlib.h>
#include <string.h>

#include "policy/check_few.h"
#include "policy/history/predicate.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
}

/* --- conditions less those of the column ------------------------------------------------------------------- */

/* What a condition's columns are: inputs, or of a source its table's columns or its folds. */
enum scope { OF_INPUTS, OF_RAWS, OF_FOLDS };

struct cut {
	const struct sl_few_side *side;
	enum scope scope;
	struct sl_value values[SL_INPUTS_MAX]; /* by operand, of the atom that is asked about */
	struct sl_expr kept;                   /* ops are its own, sets are the condition's */
};

static bool is_operand(const struct cut *c, uint16_t arg)
{
	const struct sl_few_column *column = &c->side->column;

	switch (c->scope) {
	case OF_INPUTS:
		return c->side->at.plan->inputs[arg].source == column->source &&
		       c->side->at.plan->inputs[arg].column == column->column;
	case OF_RAWS:
		return c->side->at.plan->sources[column->source].raws[arg].column == column->of;
	default:
		return arg == column->column;
	}
}

static bool is_of_column(const struct cut *c, const struct sl_expr *e)
{
	bool any = false;

	for (uint32_t i = 0; i < e->nops; i++) {
		if (e->ops[i].op != SL_OP_COLUMN)
			continue;
		if (!is_operand(c, e->ops[i].arg))
			return false;
		any = true;
	}
	return any;
}

/* Where the operation begins whose last step is `end`. */
static uint32_t begin_of(const struct sl_expr *e, uint32_t end)
{
	size_t wanted = 1;

	for (uint32_t i = end;; i--) {
		wanted += sl_op_operands(&e->ops[i]);
		wanted--;
		if (wanted == 0)
			return i;
	}
}

static void keep(struct cut *c, const struct sl_expr *part)
{
	bool first = c->kept.nops == 0;

	memcpy(c->kept.ops + c->kept.nops, part->ops, part->nops * sizeof *part->ops);
	c->kept.nops += part->nops;
	if (!first)
		c->kept.ops[c->kept.nops++] = (struct sl_op){ .op = SL_OP_AND, .type = SL_TYPE_BOOLEAN };
}

/* A row whose value is the atom is left out where the condition is not true. */
static void ask_atoms(struct cut *c, struct sl_few_column *column, const struct sl_expr *part)
{
	for (uint32_t a = 0; a < column->natoms; a++) {
		if (c->scope == OF_INPUTS)
			sl_few_inputs(&c->side->at, column, column->atoms[a], c->values);
		for (uint32_t i = 0; i < SL_INPUTS_MAX && c->scope != OF_INPUTS; i++)
			c->values[i] = column->atoms[a];
		struct sl_value v = sl_expr_eval(part, c->values);
		column->in[a] = column->in[a] && !v.missing && v.v != 0;
	}
}

/* Parts that AND puts together, from the first step `from` to the last `to`. */
static void cut_part(struct cut *c, struct sl_few_side *s, const struct sl_expr *e, uint32_t from, uint32_t to)
{
	struct sl_expr part = { .ops = e->ops + from, .nops = to - from + 1, .sets = e->sets, .nsets = e->nsets };

	if (e->ops[to].op == SL_OP_AND) {
		uint32_t second = begin_of(e, to - 1);
		cut_part(c, s, e, from, second - 1);
		cut_part(c, s, e, second, to - 1);
	} else if (is_of_column(c, &part)) {
		ask_atoms(c, &s->column, &part);
		s->asks = true;
	} else {
		keep(c, &part);
	}
}

/* e becomes what it asks of others. */
static enum sl_rc cut_from(struct sl_few_side *s, enum scope scope, struct sl_expr *e, struct sl_err *err)
{
	struct cut c = { .side = s, .scope = scope, .kept = *e };

	c.kept.ops = calloc((size_t)e->nops + 1, sizeof *c.kept.ops);
	c.kept.nops = 0;
	if (c.kept.ops == NULL)
		return no_memory(err);
	if (e->nops > 0)
		cut_part(&c, s, e, 0, e->nops - 1);
	*e = c.kept;
	return SL_OK;
}

/* --- the plan less the column ------------------------------------------------------------------------------ */

static bool is_key(const struct sl_few_column *c, uint32_t k)
{
	for (uint32_t i = 0; i < c->nkeys; i++)
		if (c->keys[i] == k)
			return true;
	return false;
}

/* Conditions of a source leave out rows only where no row stands for those that it leaves out. */
static enum sl_rc cut_source(struct sl_few_side *s, struct sl_source *source, struct sl_err *err)
{
	if (source->join != SL_JOIN_INNER)
		return SL_OK;
	return source->nfolds == 0 ? cut_from(s, OF_RAWS, &source->where, err) : cut_from(s, OF_FOLDS, &source->having, err);
}

static enum sl_rc make_less(struct sl_few_side *s, struct sl_err *err)
{
	const struct sl_plan *plan = s->at.plan;
	struct sl_plan *less = &s->less;
	enum sl_rc rc;

	*less = *plan;
	less->nstats = less->ncalcs = less->nkeys = 0;
	less->keys = calloc((size_t)plan->nkeys + 1, sizeof *less->keys);
	less->sources = calloc(plan->nsources, sizeof *less->sources);
	less->where.ops = NULL;
	if (less->keys == NULL || less->sources == NULL)
		return no_memory(err);
	for (uint32_t k = 0; k < plan->nkeys; k++)
		if (!is_key(&s->column, k))
			less->keys[less->nkeys++] = plan->keys[k];
	s->asks = s->asks || less->nkeys < plan->nkeys;
	memcpy(less->sources, plan->sources, plan->nsources * sizeof *less->sources);
	less->where = plan->where;
	rc = cut_from(s, OF_INPUTS, &less->where, err);
	if (rc != SL_OK)
		less->where.ops = NULL;
	return rc == SL_OK ? cut_source(s, &less->sources[s->column.source], err) : rc;
}

/* What cut_source made is the side's own. */
static void free_less(struct sl_few_side *s)
{
	const struct sl_plan *plan = s->at.plan;

	for (uint32_t i = 0; s->less.sources != NULL && i < plan->nsources; i++) {
		if (s->less.sources[i].where.ops != plan->sources[i].where.ops)
			free(s->less.sources[i].where.ops);
		if (s->less.sources[i].having.ops != plan->sources[i].having.ops)
			free(s->less.sources[i].having.ops);
	}
	free(s->less.sources);
	free(s->less.keys);
	free(s->less.where.ops);
}

/* --- its rows ---------------------------------------------------------------------------------------------- */

static enum sl_rc list_rows(struct sl_few_side *s, struct sl_err *err)
{
	const struct sl_view *view = &s->at.setup->view;
	uint32_t n = (uint32_t)sl_plan_cells(&s->less, view);
	struct sl_predicate p;
	enum sl_rc rc = sl_predicate_init(&p, &s->less, view, err);

	s->rows.per_cell = 1;
	s->rows.sets = calloc((size_t)n + 1, sizeof *s->rows.sets);
	if (rc == SL_OK && s->rows.sets == NULL)
		rc = no_memory(err);
	for (; s->rows.nsets < n && rc == SL_OK; s->rows.nsets++)
		rc = sl_predicate_set(&p, s->rows.nsets, &s->rows.sets[s->rows.nsets].parts,
		                      &s->rows.sets[s->rows.nsets].nparts, err);
	sl_predicate_fini(&p);
	return rc == SL_OK ? sl_side_init(&s->found, &s->rows, false, err) : rc;
}

static uint32_t keys_by_column(const struct sl_few_side *s)
{
	uint32_t keys = 0;

	for (uint32_t k = 0; k < s->at.plan->nkeys; k++)
		keys |= is_key(&s->column, k) ? 1u << k : 0;
	return keys;
}

static enum sl_rc list_cells(struct sl_few_side *s, struct sl_err *err)
{
	const struct sl_plan *plan = s->at.plan;
	const struct sl_view *view = &s->at.setup->view;
	uint32_t n = (uint32_t)sl_plan_cells(plan, view), nrows = s->rows.nsets, by_column = keys_by_column(s);
	const struct sl_few_column *c = &s->column;

	s->ngroups = n / nrows;
	s->row_of = calloc(n, sizeof *s->row_of);
	s->group_of = calloc(n, sizeof *s->group_of);
	s->cells = calloc(n, sizeof *s->cells);
	s->first = calloc((size_t)nrows + 2, sizeof *s->first);
	s->in = calloc((size_t)s->ngroups * c->natoms, sizeof *s->in);
	s->sums = calloc((size_t)s->ngroups * (c->nstats + 1), sizeof *s->sums);
	if (s->row_of == NULL || s->group_of == NULL || s->cells == NULL || s->first == NULL || s->in == NULL ||
	    s->sums == NULL)
		return no_memory(err);
	for (uint32_t cell = 0; cell < n; cell++) {
		s->row_of[cell] = sl_plan_cell_by(plan, view, cell, ~by_column);
		s->group_of[cell] = sl_plan_cell_by(plan, view, cell, by_column);
		s->first[s->row_of[cell] + 2]++;
		for (uint32_t a = 0; s->row_of[cell] == 0 && a < c->natoms; a++)
			s->in[(size_t)s->group_of[cell] * c->natoms + a] = sl_few_is_in_cell(&s->at, c, a, cell);
	}
	for (uint32_t r = 2; r <= nrows; r++)
		s->first[r] += s->first[r - 1];
	for (uint32_t cell = 0; cell < n; cell++)
		s->cells[s->first[s->row_of[cell] + 1]++] = cell;
	return SL_OK;
}

/* --- the column -------------------------------------------------------------------------------------------- */

/* The same column of the output's plan, or the same fold of it. */
static bool find_column(struct sl_few_side *s, const struct sl_few_plan *owner, const struct sl_few_column *like)
{
	const struct sl_plan *plan = s->at.plan;

	for (uint16_t i = 0; i < plan->nsources; i++) {
		uint32_t n = plan->sources[i].nfolds > 0 ? plan->sources[i].nfolds : like->of + 1u;
		for (uint16_t k = plan->sources[i].nfolds > 0 ? 0 : like->of; k < n; k++) {
			s->column = (struct sl_few_column){ .source = i, .column = k, .of = like->of };
			if (sl_few_same_column(owner->plan, like, plan, i, k))
				return true;
		}
	}
	return false;
}

static void find_stats(struct sl_few_side *s)
{
	struct sl_few_column *c = &s->column;
	uint16_t source = 0, column = 0;

	for (uint32_t i = 0; i < s->at.plan->nstats; i++)
		if (sl_few_is_of(&s->at.plan->stats[i]) &&
		    sl_few_reads_one(s->at.plan, &s->at.plan->stats[i].arg, &source, &column) && source == c->source &&
		    column == c->column)
			c->stats[c->nstats++] = i;
	s->asks = s->asks || c->nstats > 0;
}

enum sl_rc sl_few_side_open(struct sl_few_side *s, const struct sl_check_state *st, uint32_t output,
                            const struct sl_few_plan *owner, const struct sl_few_column *column, struct sl_err *err)
{
	*s = (struct sl_few_side){ .output = output, .at = { st->setup, &st->plans[output], &st->results[output] } };
	if (!find_column(s, owner, column))
		return SL_OK;
	memcpy(s->column.atoms, column->atoms, sizeof s->column.atoms);
	s->column.natoms = column->natoms;
	find_stats(s);
	enum sl_rc rc = sl_few_fill(&s->at, &s->column, err);
	return rc == SL_OK ? make_less(s, err) : rc;
}

enum sl_rc sl_few_side_list(struct sl_few_side *s, struct sl_err *err)
{
	enum sl_rc rc = list_rows(s, err);

	return rc == SL_OK ? list_cells(s, err) : rc;
}

bool sl_few_side_once(const struct sl_few_side *s)
{
	for (uint32_t i = 0; i < s->at.plan->nsources; i++) {
		const struct sl_source *source = &s->at.plan->sources[i];
		bool gives_rows = source->join != SL_JOIN_SEMI && source->join != SL_JOIN_ANTI && source->nfolds == 0;
		if (gives_rows && s->at.setup->view.tables[source->table].one_row_per_unit == 0)
			return false;
	}
	return true;
}

void sl_few_side_close(struct sl_few_side *s)
{
	if (s->at.plan != NULL)
		free_less(s);
	for (uint32_t r = 0; s->rows.sets != NULL && r < s->rows.nsets; r++)
		free(s->rows.sets[r].parts);
	free(s->rows.sets);
	sl_side_free(&s->found);
	sl_few_column_free(&s->column);
	free(s->row_of);
	free(s->group_of);
	free(s->cells);
	free(s->first);
	free(s->in);
	free(s->sums);
	*s = (struct sl_few_side){ .output = 0 };
}
