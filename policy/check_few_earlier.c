/*
 * check_few_earlier.c - see check_few.h: what earlier releases tell of a column of few values, found by the conditions
 * of their sets. How many rows have one of its values was printed there, and is known here; what a sum was is not.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_few.h"
#include "policy/history/condition.h"
#include "policy/history/predicate.h"
#include "policy/history/reading.h"
#include "policy/transform.h"

/* A condition on the column alone, as the parts of a set say it. */
struct asked {
	struct sl_predicate_part *parts;  /* rising */
	uint32_t nparts;
	bool in[SL_FEW_ATOMS_MAX];        /* by atom: it is met */
};

/* An earlier output that may tell something. */
struct earlier {
	const struct sl_earlier_output *o;
	struct sl_side sets, rows;        /* all of them; its rows */
	bool *has;                        /* by condition: some set asks for it; NULL: of counts nothing is known here */
	uint32_t measures;                /* bit i: the output's measures[i] reads the column; */
	uint32_t sums;                    /* and is its sum or mean */
};

struct sl_few_past {
	const struct sl_few_side *side;
	struct asked *asked;
	uint32_t nasked, cap;
	struct earlier *outputs;
	uint32_t noutputs;
	sl_i128 column, sum;              /* as readings and measures have it */
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
}

/* --- conditions on the column ------------------------------------------------------------------------------ */

/* The column as an input of the plan, looked up by nothing. False: there is none. */
static bool find_input(const struct sl_few_side *s, uint16_t *input)
{
	for (uint16_t i = 0; i < s->at.plan->ninputs; i++)
		if (s->at.plan->inputs[i].source == s->column.source && s->at.plan->inputs[i].column == s->column.column &&
		    s->at.plan->inputs[i].lookup == 0) {
			*input = i;
			return true;
		}
	return false;
}

static int order(const void *a, const void *b)
{
	const struct sl_predicate_part *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Room for one more, and its parts. */
static enum sl_rc open_asked(struct sl_few_past *p, const struct sl_predicate_part *parts, uint32_t n,
                             struct sl_err *err)
{
	if (p->nasked == p->cap) {
		struct asked *more = realloc(p->asked, ((size_t)p->cap + 64) * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		p->asked = more;
		p->cap += 64;
	}
	struct asked *a = &p->asked[p->nasked];
	*a = (struct asked){ .parts = malloc(n * sizeof *parts), .nparts = n };
	if (a->parts == NULL)
		return no_memory(err);
	memcpy(a->parts, parts, n * sizeof *parts);
	qsort(a->parts, n, sizeof *a->parts, order);
	p->nasked++;
	return SL_OK;
}

static enum sl_rc add_asked(struct sl_few_past *p, const struct sl_expr *e, struct sl_err *err)
{
	struct sl_operands inputs = { p->side->at.plan, &p->side->at.setup->view, NULL, SL_OPERANDS_INPUTS };
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	struct sl_value in[SL_INPUTS_MAX];
	uint32_t n = 0;
	enum sl_rc rc = sl_condition_parts(&inputs, e, parts, &n, err);

	if (rc == SL_OK && n > 0)
		rc = open_asked(p, parts, n, err);
	for (uint32_t k = 0; rc == SL_OK && n > 0 && k < p->side->column.natoms; k++) {
		sl_few_inputs(&p->side->at, &p->side->column, p->side->column.atoms[k], in);
		struct sl_value v = sl_expr_eval(e, in);
		p->asked[p->nasked - 1].in[k] = !v.missing && v.v != 0;
	}
	return rc;
}

/* That the column is a value, or is not: as a set of values, which every type has. */
static enum sl_rc add_value(struct sl_few_past *p, const struct sl_op *column, int64_t v, struct sl_err *err)
{
	struct sl_set_item item = { .value = v };
	struct sl_set set = { .scale = column->scale, .items = &item, .nitems = 1 };
	struct sl_op ops[3] = { *column, { .op = SL_OP_IN, .type = SL_TYPE_BOOLEAN },
		                { .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN } };
	struct sl_expr e = { .ops = ops, .nops = 2, .sets = &set, .nsets = 1 };

	enum sl_rc rc = add_asked(p, &e, err);
	e.nops = 3;
	return rc == SL_OK ? add_asked(p, &e, err) : rc;
}

/* column >= v, column <= v. */
static enum sl_rc add_bound(struct sl_few_past *p, const struct sl_op *column, enum sl_opcode op, int64_t v,
                            struct sl_err *err)
{
	struct sl_op ops[3] = { *column, { .op = SL_OP_CONST, .type = column->type, .scale = column->scale, .value = v },
		                { .op = (uint8_t)op, .type = SL_TYPE_BOOLEAN } };
	struct sl_expr e = { .ops = ops, .nops = 3 };

	return add_asked(p, &e, err);
}

static enum sl_rc add_flag(struct sl_few_past *p, const struct sl_op *column, struct sl_err *err)
{
	struct sl_op ops[2] = { *column, { .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN } };
	struct sl_expr e = { .ops = ops, .nops = 1 };
	enum sl_rc rc = add_asked(p, &e, err);

	e.nops = 2;
	return rc == SL_OK ? add_asked(p, &e, err) : rc;
}

static enum sl_rc add_missing(struct sl_few_past *p, const struct sl_op *column, struct sl_err *err)
{
	struct sl_op ops[2] = { *column, { .op = SL_OP_IS_NULL, .type = SL_TYPE_BOOLEAN } };
	struct sl_expr e = { .ops = ops, .nops = 2 };

	return add_asked(p, &e, err);
}

static enum sl_rc list_asked(struct sl_few_past *p, uint16_t input, struct sl_err *err)
{
	const struct sl_few_column *c = &p->side->column;
	const struct sl_view *view = &p->side->at.setup->view;
	const struct sl_column *column = &view->tables[p->side->at.plan->sources[c->source].table].columns[c->of];
	struct sl_op op = { .op = SL_OP_COLUMN, .type = column->type, .scale = column->scale, .arg = input };
	bool ordered = column->type != SL_TYPE_TEXT && column->type != SL_TYPE_BOOLEAN;
	enum sl_rc rc = SL_OK;

	if (column->type == SL_TYPE_BOOLEAN)
		return add_flag(p, &op, err);
	for (uint32_t a = 0; a < c->natoms && rc == SL_OK; a++) {
		if (c->atoms[a].missing) {
			rc = add_missing(p, &op, err);
			continue;
		}
		rc = add_value(p, &op, c->atoms[a].v, err);
		if (rc == SL_OK && ordered)
			rc = add_bound(p, &op, SL_OP_GE, c->atoms[a].v, err);
		if (rc == SL_OK && ordered)
			rc = add_bound(p, &op, SL_OP_LE, c->atoms[a].v, err);
	}
	return rc;
}

/* --- earlier outputs --------------------------------------------------------------------------------------- */

/* What a sum of the column is called, and the column. */
static enum sl_rc name_sum(struct sl_few_past *p, uint16_t input, struct sl_err *err)
{
	const struct sl_view *view = &p->side->at.setup->view;
	struct sl_input_type types[SL_INPUTS_MAX];
	struct sl_op op = { .op = SL_OP_COLUMN, .arg = input };
	struct sl_stat stat = { .fn = SL_STAT_SUM, .arg = { .ops = &op, .nops = 1 } };
	struct sl_plan plan = p->side->less;
	struct sl_predicate_part part;
	struct sl_reading *readings = NULL;
	uint32_t n = 0;
	bool has;
	enum sl_rc rc = sl_plan_inputs(&plan, view, types, err);

	op.type = types[input].type;
	op.scale = types[input].scale;
	plan.stats = &stat;
	plan.nstats = 1;
	if (rc == SL_OK && op.type != SL_TYPE_INTEGER && op.type != SL_TYPE_REAL)
		return SL_OK; /* nobody adds it up as it stands */
	if (rc == SL_OK)
		rc = sl_predicate_measure(&plan, view, 0, &part, &has, err);
	if (rc == SL_OK)
		rc = sl_reading_list(&plan, view, &part, 1, &readings, &n, err);
	if (rc == SL_OK && n > 0) {
		p->sum = part.hash;
		p->column = readings[0].column;
	}
	free(readings);
	return rc;
}

/* A condition of its own that is met by some of the values: each of them is one that is known. */
static enum sl_rc add_union(struct sl_few_past *p, const struct sl_condition_union *u, uint32_t nvalues,
                            struct sl_err *err)
{
	bool in[SL_FEW_ATOMS_MAX] = { false };

	for (uint32_t v = 0; v < u->nvalues; v++) {
		uint32_t a = 0;
		while (a < nvalues && (p->asked[a].nparts != 1 || p->asked[a].parts[0].hash != u->values[v].hash))
			a++;
		if (a == nvalues)
			return SL_OK;
		for (uint32_t k = 0; k < p->side->column.natoms; k++)
			in[k] = in[k] || p->asked[a].in[k];
	}
	enum sl_rc rc = u->nvalues > 1 ? open_asked(p, &u->whole, 1, err) : SL_OK;
	if (rc == SL_OK && u->nvalues > 1)
		memcpy(p->asked[p->nasked - 1].in, in, sizeof in);
	return rc;
}

static enum sl_rc add_unions(struct sl_few_past *p, const struct sl_history *h, struct sl_err *err)
{
	uint32_t nvalues = p->nasked;
	enum sl_rc rc = SL_OK;

	for (uint32_t o = 0; o < h->noutputs; o++)
		for (uint32_t u = 0; u < h->outputs[o].nunions && rc == SL_OK; u++)
			rc = add_union(p, &h->outputs[o].unions[u], nvalues, err);
	return rc;
}

/* Bits of an output's measures that are made of the column. */
static uint32_t reads(const struct sl_few_past *p, const struct sl_earlier_output *o, uint32_t *sums)
{
	uint32_t bits = 0;

	*sums = 0;
	for (uint32_t i = 0; i < o->nreadings && p->column != 0; i++)
		if (o->readings[i].column == p->column && o->readings[i].measure < 32)
			bits |= UINT32_C(1) << o->readings[i].measure;
	for (uint32_t m = 0; m < o->nmeasures && m < 32; m++)
		if ((bits >> m & 1) != 0 && o->measures[m].hash == p->sum)
			*sums |= UINT32_C(1) << m;
	return bits;
}

/* Counts as they are, of the same version of the tables: a set's condition is among those on the column. */
static enum sl_rc find_asked(const struct sl_few_past *p, struct earlier *e, struct sl_err *err)
{
	bool any = false;

	e->has = calloc((size_t)p->nasked + 1, sizeof *e->has);
	if (e->has == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < e->o->nsets; s++)
		for (uint32_t a = 0; a < p->nasked && e->o->sets[s].counted != 0; a++)
			if (!e->has[a] && sl_parts_among(p->asked[a].parts, p->asked[a].nparts, e->o->sets[s].parts,
			                                 e->o->sets[s].nparts))
				any = e->has[a] = true;
	if (!any) {
		free(e->has);
		e->has = NULL;
	}
	return SL_OK;
}

static enum sl_rc add_output(struct sl_few_past *p, const struct sl_history_plan *own,
                             const struct sl_earlier_output *o, bool counted, struct sl_err *err)
{
	struct earlier *e = &p->outputs[p->noutputs];
	enum sl_rc rc = SL_OK;

	if (sl_earlier_is_public(o) || sl_versions_differ(o->versions, o->nversions, own->versions, own->nversions))
		return SL_OK;
	*e = (struct earlier){ .o = o };
	e->measures = reads(p, o, &e->sums);
	if (counted && sl_few_side_once(p->side) && !sl_transform_is_on(&o->rules))
		rc = find_asked(p, e, err);
	if (rc != SL_OK || (e->has == NULL && e->measures == 0))
		return rc;
	p->noutputs++;
	rc = sl_side_init(&e->sets, o, true, err);
	return rc == SL_OK ? sl_side_init(&e->rows, o, false, err) : rc;
}

static const struct sl_history_plan *find_plan(const struct sl_check_state *st, uint32_t output,
                                               const struct sl_history **history)
{
	for (uint32_t s = 0; s < st->setup->nspaces; s++)
		for (uint32_t k = 0; k < st->spaces[s].history.nplans; k++)
			if (st->spaces[s].history.plans[k].plan == output) {
				*history = &st->spaces[s].history;
				return &st->spaces[s].history.plans[k];
			}
	return NULL;
}

enum sl_rc sl_few_past_open(struct sl_few_past **out, const struct sl_check_state *st, const struct sl_few_side *side,
                            bool counted, struct sl_err *err)
{
	const struct sl_history *h = NULL;
	const struct sl_history_plan *own = find_plan(st, side->output, &h);
	uint16_t input = 0;

	*out = NULL;
	if (own == NULL || h->noutputs == 0 || !find_input(side, &input))
		return SL_OK;
	struct sl_few_past *p = calloc(1, sizeof *p);
	if (p == NULL)
		return no_memory(err);
	p->side = side;
	p->outputs = calloc(h->noutputs, sizeof *p->outputs);
	enum sl_rc rc = p->outputs != NULL ? name_sum(p, input, err) : no_memory(err);
	if (rc == SL_OK)
		rc = list_asked(p, input, err);
	if (rc == SL_OK)
		rc = add_unions(p, h, err);
	for (uint32_t o = 0; o < h->noutputs && rc == SL_OK; o++)
		rc = add_output(p, own, &h->outputs[o], counted, err);
	if (rc == SL_OK && p->noutputs > 0)
		*out = p;
	else
		sl_few_past_close(p);
	return rc;
}

void sl_few_past_close(struct sl_few_past *p)
{
	for (uint32_t a = 0; p != NULL && p->asked != NULL && a < p->nasked; a++)
		free(p->asked[a].parts);
	for (uint32_t o = 0; p != NULL && o < p->noutputs; o++) {
		free(p->outputs[o].has);
		sl_side_free(&p->outputs[o].sets);
		sl_side_free(&p->outputs[o].rows);
	}
	if (p != NULL) {
		free(p->asked);
		free(p->outputs);
	}
	free(p);
}

/* --- what they tell of a row ------------------------------------------------------------------------------- */

/* The row's conditions, and those of the column. */
static bool join(const struct sl_earlier_set *row, const struct asked *a, struct sl_predicate_part *parts, uint32_t *n)
{
	uint32_t i = 0, k = 0;

	*n = 0;
	while (i < row->nparts || k < a->nparts) {
		bool first = k == a->nparts || (i < row->nparts && row->parts[i].hash <= a->parts[k].hash);
		if (*n == SL_PREDICATE_PARTS_MAX)
			return false;
		struct sl_predicate_part next = first ? row->parts[i++] : a->parts[k++];
		if (*n == 0 || parts[*n - 1].hash != next.hash)
			parts[(*n)++] = next;
	}
	return true;
}

static void add_counts(const struct sl_few_past *p, const struct earlier *e, const struct sl_earlier_set *row,
                       struct sl_few_before *out, uint32_t max, uint32_t *n)
{
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	struct sl_earlier_set like = { .parts = parts };

	for (uint32_t a = 0; a < p->nasked && e->has != NULL; a++) {
		if (!e->has[a] || !join(row, &p->asked[a], parts, &like.nparts))
			continue;
		const struct sl_earlier_set *set = sl_side_find_counted(&e->sets, &like);
		if (set == NULL || set->count < 0 || *n == max)
			continue;
		out[(*n)++] = (struct sl_few_before){
			.number = { .fn = SL_STAT_COUNT, .in = p->asked[a].in, .rows = (uint64_t)set->count },
			.release = e->o->release, .output = e->o->output,
			.cell = (uint32_t)(set - e->o->sets) / e->o->per_cell,
		};
	}
}

uint32_t sl_few_past_counts(const struct sl_few_past *p, const struct sl_earlier_set *row, struct sl_few_before *out,
                            uint32_t max)
{
	uint32_t n = 0;

	for (uint32_t o = 0; o < p->noutputs; o++)
		add_counts(p, &p->outputs[o], row, out, max, &n);
	return n;
}

bool sl_few_past_sum(const struct sl_few_past *p, const struct sl_earlier_set *row, uint32_t *at,
                     struct sl_few_before *out)
{
	for (; *at < p->noutputs; ++*at) {
		const struct earlier *e = &p->outputs[*at];
		const struct sl_earlier_set *set = e->measures != 0 ? sl_side_find(&e->rows, row) : NULL;
		if (set == NULL || (set->measures & e->measures) == 0)
			continue;
		*out = (struct sl_few_before){
			.number = { .fn = SL_STAT_SUM, .is = p->side->column.atoms, .stride = 1, .has_sums = true },
			.is_known = (set->measures & e->measures & ~e->sums) == 0,
			.release = e->o->release, .output = e->o->output,
			.cell = (uint32_t)(set - e->o->sets) / e->o->per_cell,
		};
		++*at;
		return true;
	}
	return false;
}
