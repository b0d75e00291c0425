/* kit.c - see kit.h. */
#include "tests/unit/rules/kit.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/digest.h"

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

static void *grown(void *p, size_t n, size_t size)
{
	p = realloc(p, (n + 1) * size);
	if (p == NULL)
		abort();
	memset((char *)p + n * size, 0, size);
	return p;
}

static void set_labels(struct sl_column *c, uint32_t n, const char *const *labels)
{
	c->labels = zeroed(n, sizeof *c->labels);
	for (c->nlabels = 0; c->nlabels < n; c->nlabels++)
		c->labels[c->nlabels].text = strdup(labels[c->nlabels]);
	c->has_domain = 1;
}

static void set_column(struct sl_column *c, const char *name, uint8_t type, int8_t scale, uint8_t uses)
{
	c->name = strdup(name);
	c->title = strdup(name);
	c->measured_in = strdup("EUR");
	c->type = type;
	c->scale = scale;
	c->uses = uses;
	c->lo = INT64_MIN;
	c->hi = INT64_MAX;
}

static void make_view(struct sl_view *view)
{
	static const char *const regions[] = { "A", "B", "C", "D" }, *const genders[] = { "m", "f" };
	static const struct {
		int64_t lo, hi;
		const char *label;
	} bands[] = { { 18, 39, "18-39" }, { 40, 64, "40-64" }, { 65, INT64_MAX, "65+" } };
	struct sl_table *t = view->tables = zeroed(1, sizeof *t);
	uint8_t all = SL_USE_GROUP | SL_USE_FILTER;

	view->ntables = 1;
	t->name = strdup("study.visits");
	t->space = strdup("person");
	t->unit_column = strdup("person_id");
	t->period = strdup("2010 to 2019");
	t->class_ = SL_CLASS_CONFIDENTIAL;
	t->columns = zeroed(KIT_COLUMNS, sizeof *t->columns);
	t->ncolumns = KIT_COLUMNS;
	set_column(&t->columns[KIT_REGION], "region", SL_TYPE_TEXT, 0, all);
	set_labels(&t->columns[KIT_REGION], 4, regions);
	set_column(&t->columns[KIT_GENDER], "gender", SL_TYPE_TEXT, 0, all);
	set_labels(&t->columns[KIT_GENDER], 2, genders);
	set_column(&t->columns[KIT_SICK], "sick", SL_TYPE_BOOLEAN, 0, all);
	t->columns[KIT_SICK].sensitive = 1;
	set_column(&t->columns[KIT_AMOUNT], "amount", SL_TYPE_INTEGER, 0, SL_USE_FILTER | SL_USE_MEASURE);
	t->columns[KIT_AMOUNT].nullable = 1;
	set_column(&t->columns[KIT_PRICE], "price", SL_TYPE_REAL, 2, SL_USE_MEASURE);
	set_column(&t->columns[KIT_AGE], "age", SL_TYPE_INTEGER, 0, all);
	t->columns[KIT_AGE].lo = 18;
	t->columns[KIT_AGE].bands = zeroed(3, sizeof *t->columns[KIT_AGE].bands);
	for (uint32_t i = 0; i < 3; i++)
		t->columns[KIT_AGE].bands[i] = (struct sl_band){ bands[i].lo, bands[i].hi, strdup(bands[i].label) };
	t->columns[KIT_AGE].nbands = 3;
}

void kit_levels(struct kit *k, const int64_t of[4][KIT_ATTRIBUTES])
{
	static const char *const districts[] = { "east", "west", "north" }, *const cities[] = { "old", "new" };
	struct sl_view *view = &k->setup.view;

	view->tables = grown(view->tables, 1, sizeof *view->tables);
	struct sl_table *t = &view->tables[view->ntables++];
	t->name = strdup("study.regions");
	t->space = strdup("");
	t->unit_column = strdup("");
	t->period = strdup("");
	t->class_ = SL_CLASS_OPEN;
	t->columns = zeroed(KIT_ATTRIBUTES, sizeof *t->columns);
	t->ncolumns = KIT_ATTRIBUTES;
	set_column(&t->columns[0], "district", SL_TYPE_TEXT, 0, SL_USE_GROUP | SL_USE_FILTER);
	set_labels(&t->columns[0], 3, districts);
	set_column(&t->columns[1], "city", SL_TYPE_TEXT, 0, SL_USE_GROUP | SL_USE_FILTER);
	set_labels(&t->columns[1], 2, cities);
	t->cells = zeroed(4 * KIT_ATTRIBUTES, sizeof *t->cells);
	for (uint32_t a = 0; a < KIT_ATTRIBUTES; a++)
		t->columns[a].nullable = 1;
	for (; t->ncells < 4 * KIT_ATTRIBUTES; t->ncells++) {
		int64_t value = of[t->ncells / KIT_ATTRIBUTES][t->ncells % KIT_ATTRIBUTES];
		t->cells[t->ncells] = (struct sl_reference_cell){ .value = value < 0 ? 0 : value, .missing = value < 0 };
	}
	view->tables[0].columns[KIT_REGION].reference = 2;
}

struct kit *kit_new(void)
{
	struct kit *k = zeroed(1, sizeof *k);

	make_view(&k->setup.view);
	k->setup.purpose = strdup("to test");
	k->setup.context = strdup("for the yearly report");
	k->setup.rules = (struct sl_rules){
		.threshold = 10,
		.dof = 10,
		.dominance_n = 2,
		.dominance_k = 90000,
		.p_percent = 10000,
		.group_percent = 90000,
	};
	(void)kit_plan(k);
	return k;
}

void kit_quiet(struct kit *k)
{
	k->setup.rules = (struct sl_rules){
		.threshold = 1,
		.dof = 1,
		.numerator = 1,
		.group_disclosure = 1,
		.within_group = 1,
		.all_equal = 1,
		.small_complement = 1,
		.context = 1,
		.group_percent = 90000,
	};
}

static void free_results(struct kit *k)
{
	for (size_t i = 0; i < KIT_PLANS_MAX; i++)
		sl_codec_free(&sl_result_record, &k->results[i]);
}

void kit_free(struct kit *k)
{
	free_results(k);
	for (size_t i = 0; i < KIT_PLANS_MAX; i++)
		sl_codec_free(&sl_plan_record, &k->plans[i]);
	sl_codec_free(&sl_check_setup_record, &k->setup);
	free(k);
}

struct kit_row *kit_add(struct kit *k, uint32_t n, int64_t region, int64_t gender)
{
	struct kit_row *first = &k->rows[k->nrows];

	assert_true(k->nrows + n <= KIT_ROWS_MAX);
	for (uint32_t i = 0; i < n; i++, k->nrows++)
		k->rows[k->nrows] = (struct kit_row){
			.unit = k->nrows + 1,
			.value = { [KIT_REGION] = region,
			           [KIT_GENDER] = gender,
			           [KIT_SICK] = i % 2,
			           [KIT_AMOUNT] = 100 + i,
			           [KIT_PRICE] = 1000 + 7 * i,
			           [KIT_AGE] = 20 + i % 60 },
		};
	return first;
}

struct sl_plan *kit_plan(struct kit *k)
{
	char name[16];
	struct sl_plan *plan = &k->plans[k->setup.nplans];

	assert_true(k->setup.nplans < KIT_PLANS_MAX);
	(void)snprintf(name, sizeof name, "out%u", k->setup.nplans++);
	plan->output = strdup(name);
	plan->purpose = strdup("");
	plan->sources = zeroed(1, sizeof *plan->sources);
	plan->nsources = 1;
	plan->line = 1;
	return plan;
}

uint16_t kit_input(struct sl_plan *plan, enum kit_column column)
{
	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (plan->inputs[i].column == column && plan->inputs[i].lookup == 0)
			return (uint16_t)i;
	plan->inputs = grown(plan->inputs, plan->ninputs, sizeof *plan->inputs);
	plan->inputs[plan->ninputs].column = (uint16_t)column;
	return (uint16_t)plan->ninputs++;
}

void kit_key(struct sl_plan *plan, const char *name, enum kit_column column, bool banded)
{
	plan->keys = grown(plan->keys, plan->nkeys, sizeof *plan->keys);
	plan->keys[plan->nkeys++] = (struct sl_key){
		.name = strdup(name),
		.input = kit_input(plan, column),
		.banded = banded,
		.description = strdup(""),
	};
}

void kit_level(struct sl_plan *plan, const char *name, uint16_t attribute)
{
	plan->inputs = grown(plan->inputs, plan->ninputs, sizeof *plan->inputs);
	plan->inputs[plan->ninputs] = (struct sl_input){ .column = KIT_REGION, .lookup = (uint16_t)(attribute + 1) };
	plan->keys = grown(plan->keys, plan->nkeys, sizeof *plan->keys);
	plan->keys[plan->nkeys++] = (struct sl_key){ .name = strdup(name), .input = (uint16_t)plan->ninputs++,
		.description = strdup("") };
}

static void push(struct sl_expr *e, struct sl_op op)
{
	e->ops = grown(e->ops, e->nops, sizeof *e->ops);
	e->ops[e->nops++] = op;
}

static void push_column(struct sl_plan *plan, struct sl_expr *e, enum kit_column column)
{
	static const uint8_t types[] = { SL_TYPE_TEXT,    SL_TYPE_TEXT, SL_TYPE_BOOLEAN,
		                         SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_INTEGER };
	uint16_t input = kit_input(plan, column);

	push(e,
	     (struct sl_op){
		     .op = SL_OP_COLUMN, .type = types[column], .scale = column == KIT_PRICE ? 2 : 0, .arg = input });
}

static void push_condition(struct sl_plan *plan, struct sl_expr *e, enum kit_column column, int64_t bound)
{
	push_column(plan, e, column);
	if (column == KIT_SICK)
		return;
	push(e, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = bound });
	push(e, (struct sl_op){ .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN });
}

struct sl_stat *kit_stat(struct sl_plan *plan, const char *name, enum sl_stat_fn fn, enum kit_column column,
                         int64_t bound)
{
	plan->stats = grown(plan->stats, plan->nstats, sizeof *plan->stats);
	struct sl_stat *s = &plan->stats[plan->nstats++];

	s->name = strdup(name);
	s->fn = (uint8_t)fn;
	s->description = strdup("described");
	if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
		push_condition(plan, &s->arg, column, bound);
	else if (fn != SL_STAT_UNITS && fn != SL_STAT_COUNT)
		push_column(plan, &s->arg, column);
	if (fn == SL_STAT_QUANTILE)
		s->p = (uint16_t)bound;
	return s;
}

void kit_second(struct sl_plan *plan, struct sl_stat *s, enum kit_column column)
{
	push_column(plan, &s->arg2, column);
}

void kit_second_condition(struct sl_plan *plan, struct sl_stat *s, enum kit_column column, int64_t bound)
{
	push_condition(plan, &s->arg2, column, bound);
}

void kit_divide(struct sl_stat *s, int64_t by)
{
	push(&s->arg, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = by });
	push(&s->arg, (struct sl_op){ .op = SL_OP_IDIV, .type = SL_TYPE_INTEGER });
}

void kit_more(struct sl_stat *s, int64_t more)
{
	push(&s->arg, (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = more });
	push(&s->arg, (struct sl_op){ .op = SL_OP_ADD, .type = SL_TYPE_INTEGER });
}

void kit_where(struct sl_plan *plan, enum kit_column column, int64_t bound)
{
	push_condition(plan, &plan->where, column, bound);
}

void kit_calc_difference(struct sl_plan *plan, const char *name, uint32_t a, uint32_t b)
{
	plan->calcs = grown(plan->calcs, plan->ncalcs, sizeof *plan->calcs);
	struct sl_calc *c = &plan->calcs[plan->ncalcs++];

	c->name = strdup(name);
	c->description = strdup("a difference; unit: none");
	push(&c->expr, (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = (uint16_t)a });
	push(&c->expr, (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = (uint16_t)b });
	push(&c->expr, (struct sl_op){ .op = SL_OP_SUB, .type = SL_TYPE_INTEGER });
}

/* Counting. */

static struct sl_value evaluate(const struct sl_plan *plan, const struct sl_expr *e, const struct kit_row *row)
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };

	for (uint32_t i = 0; i < plan->ninputs; i++) {
		uint16_t c = plan->inputs[i].column;
		in[i] = (struct sl_value){ .v = row->missing[c] ? 0 : row->value[c], .missing = row->missing[c] };
	}
	return sl_expr_eval(e, in);
}

static bool is_kept(const struct sl_plan *plan, const struct kit_row *row)
{
	if (plan->where.nops == 0)
		return true;
	struct sl_value v = evaluate(plan, &plan->where, row);
	return !v.missing && v.v == 1;
}

/* leave_out: a key to ignore, or UINT32_MAX. */
static uint64_t cell_of(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row, uint32_t leave_out)
{
	uint64_t cell = 0;

	for (uint32_t i = 0; i < plan->nkeys; i++) {
		const struct sl_column *c = sl_plan_key_column(plan, &k->setup.view, i);
		const struct sl_input *in = &plan->inputs[plan->keys[i].input];
		int64_t value = row->value[in->column];
		bool missing = row->missing[in->column];
		if (i == leave_out)
			continue;
		if (in->lookup > 0) {
			const struct sl_reference_cell *told =
				&k->setup.view.tables[1].cells[value * KIT_ATTRIBUTES + in->lookup - 1];
			value = told->value;
			missing = missing || told->missing;
		}
		cell = cell * sl_column_ngroups(c, plan->keys[i].banded != 0) +
		       sl_column_group(c, plan->keys[i].banded != 0, value, missing);
	}
	return cell;
}

uint64_t kit_cell_of(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row)
{
	return is_kept(plan, row) ? cell_of(k, plan, row, UINT32_MAX) : UINT64_MAX;
}

bool kit_meets(const struct sl_plan *plan, const struct sl_stat *stat, const struct kit_row *row)
{
	struct sl_value v = evaluate(plan, &stat->arg, row);

	return !v.missing && ((stat->fn != SL_STAT_COUNT_IF && stat->fn != SL_STAT_SHARE) || v.v == 1);
}

struct unit_total {
	bool in_cell, meets, misses;
	uint64_t rows;
	sl_i128 total;
};

static bool is_condition(uint8_t fn)
{
	return fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE;
}

/* One of arg2's list is missing. */
static bool lacks_second(const struct sl_plan *plan, const struct sl_stat *s, const struct kit_row *row)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);

	for (uint32_t i = 0; i < n; i++)
		if (evaluate(plan, &parts[i], row).missing)
			return true;
	return false;
}

static struct unit_total total_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat,
                                  uint32_t unit, struct sl_evidence *e, int64_t *first, bool *have_first)
{
	struct unit_total u = { 0 };
	const struct sl_stat *s = &plan->stats[stat];

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (row->unit != unit || !is_kept(plan, row) || cell_of(k, plan, row, UINT32_MAX) != cell)
			continue;
		u.in_cell = true;
		e->cell_rows++;
		struct sl_value v = s->arg.nops > 0 ? evaluate(plan, &s->arg, row) : (struct sl_value){ .v = 1 };
		v.missing = v.missing || lacks_second(plan, s, row);
		bool counts = !v.missing && (!is_condition(s->fn) || v.v == 1);
		u.meets = u.meets || counts;
		u.misses = u.misses || (is_condition(s->fn) && !counts);
		u.rows += counts;
		e->rows += counts;
		e->known_rows += s->fn == SL_STAT_SHARE ? !v.missing : counts;
		if (counts && s->arg.nops > 0 && !is_condition(s->fn)) {
			u.total += v.v;
			e->all_equal = *have_first ? e->all_equal && v.v == *first : 1;
			*first = *have_first ? *first : v.v;
			*have_first = true;
		}
	}
	return u;
}

static void add_total(struct sl_evidence *e, const struct unit_total *u)
{
	int64_t t = (int64_t)u->total, abs = t < 0 ? -t : t;

	e->sum += u->total;
	e->sum_abs += abs;
	e->negatives += t < 0;
	e->zeros += t == 0;
	e->unit_min = e->contributors == 1 || t < e->unit_min ? t : e->unit_min;
	e->unit_max = e->contributors == 1 || t > e->unit_max ? t : e->unit_max;
	if (abs > e->top1) {
		e->top3 = e->top2;
		e->top2 = e->top1;
		e->top1 = abs;
	} else if (abs > e->top2) {
		e->top3 = e->top2;
		e->top2 = abs;
	} else if (abs > e->top3) {
		e->top3 = abs;
	}
}

static uint32_t units_of(const struct kit *k)
{
	uint32_t most = 0;

	for (uint32_t i = 0; i < k->nrows; i++)
		most = k->rows[i].unit > most ? k->rows[i].unit : most;
	return most;
}

static struct sl_evidence count_cell(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat)
{
	struct sl_evidence e = { 0 };
	int64_t first = 0;
	bool have_first = false;
	uint8_t fn = plan->stats[stat].fn;

	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		struct unit_total u = total_of(k, plan, cell, stat, unit, &e, &first, &have_first);
		e.cell_units += u.in_cell;
		e.contributors += u.meets;
		e.complement_units += u.misses;
		e.rows_by_one_max = u.rows > e.rows_by_one_max ? u.rows : e.rows_by_one_max;
		if (u.meets && fn != SL_STAT_UNITS && fn != SL_STAT_COUNT && !is_condition(fn))
			add_total(&e, &u);
	}
	return e;
}

static void count_population(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		bool in = false, out = false;
		for (uint32_t i = 0; i < k->nrows; i++)
			if (k->rows[i].unit == unit) {
				in = in || is_kept(plan, &k->rows[i]);
				out = out || !is_kept(plan, &k->rows[i]);
			}
		r->population += in;
		r->complement += !in && out;
		r->partly += in && out;
	}
}

static void count_margins(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	for (uint32_t key = 0; key < plan->nkeys; key++) {
		const struct sl_column *c = sl_plan_key_column(plan, &k->setup.view, key);
		if (!c->sensitive)
			continue;
		r->margins = grown(r->margins, r->nmargins, sizeof *r->margins);
		struct sl_margin *m = &r->margins[r->nmargins++];
		m->key = (uint16_t)key;
		m->ncells = (uint32_t)(sl_plan_cells(plan, &k->setup.view) /
		                       sl_column_ngroups(c, plan->keys[key].banded != 0));
		m->cells = zeroed(m->ncells, sizeof *m->cells);
		for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++)
			for (uint32_t cell = 0; cell < m->ncells; cell++) {
				bool in = false;
				for (uint32_t i = 0; i < k->nrows; i++)
					in = in || (k->rows[i].unit == unit && is_kept(plan, &k->rows[i]) &&
					            cell_of(k, plan, &k->rows[i], key) == cell);
				m->cells[cell].units += in;
			}
	}
}

/* Rows of the cell with a value below (-1), at (0) or above (1) it; units of them in *units. */
static uint64_t side_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                        int64_t value, int side, uint64_t *units)
{
	uint64_t rows = 0;

	*units = 0;
	for (uint32_t unit = 1, n = units_of(k); unit <= n; unit++) {
		uint64_t before = rows;
		for (uint32_t i = 0; i < k->nrows; i++) {
			const struct kit_row *row = &k->rows[i];
			if (row->unit != unit || !is_kept(plan, row) || cell_of(k, plan, row, UINT32_MAX) != cell)
				continue;
			struct sl_value v = evaluate(plan, &s->arg, row);
			rows += !v.missing && (v.v > value) - (v.v < value) == side;
		}
		*units += rows > before;
	}
	return rows;
}

/* Tries the value of every row: the smallest with at least p of the cell's at or below it. */
static struct sl_quantile quantile_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell,
                                      const struct sl_stat *s)
{
	struct sl_quantile best = { 0 };
	bool found = false;

	for (uint32_t i = 0; i < k->nrows; i++) {
		struct sl_value v = evaluate(plan, &s->arg, &k->rows[i]);
		struct sl_quantile q = { .value = v.v };
		if (v.missing || !is_kept(plan, &k->rows[i]) || cell_of(k, plan, &k->rows[i], UINT32_MAX) != cell)
			continue;
		uint64_t below = side_of(k, plan, cell, s, v.v, -1, &q.below_units);
		uint64_t at = side_of(k, plan, cell, s, v.v, 0, &q.at_units);
		uint64_t all = below + at + side_of(k, plan, cell, s, v.v, 1, &q.above_units);
		if ((below + at) * SL_QUANTILE_ONE < all * s->p || (found && v.v >= best.value))
			continue;
		best = q;
		found = true;
	}
	return best;
}

static void count_quantiles(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	r->quantiles = zeroed((size_t)ncells * plan->nstats, sizeof *r->quantiles);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (plan->stats[s].fn == SL_STAT_QUANTILE)
				r->quantiles[r->nquantiles++] = quantile_of(k, plan, cell, &plan->stats[s]);
}

static struct sl_moments moments_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell,
                                    const struct sl_stat *s)
{
	struct sl_moments m = { 0 };

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (!is_kept(plan, row) || cell_of(k, plan, row, UINT32_MAX) != cell)
			continue;
		struct sl_value y = evaluate(plan, &s->arg, row);
		struct sl_value x = s->arg2.nops > 0 ? evaluate(plan, &s->arg2, row) : y;
		if (x.missing || y.missing)
			continue;
		m.x += x.v;
		m.xx += (sl_i128)x.v * x.v;
		m.y += s->arg2.nops > 0 ? y.v : 0;
		m.xy += s->arg2.nops > 0 ? (sl_i128)x.v * y.v : 0;
		m.yy += s->arg2.nops > 0 ? (sl_i128)y.v * y.v : 0;
	}
	return m;
}

static void count_moments(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	r->moments = zeroed((size_t)ncells * plan->nstats, sizeof *r->moments);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (sl_stat_has_moments(plan->stats[s].fn))
				r->moments[r->nmoments++] = moments_of(k, plan, cell, &plan->stats[s]);
}

/* Whether the unit of row `at` has a row off the extreme. */
static bool unit_is_off(uint32_t n, const int64_t *values, const uint32_t *units, uint32_t at, int64_t extreme)
{
	for (uint32_t i = 0; i < n; i++)
		if (units[i] == units[at] && values[i] != extreme)
			return true;
	return false;
}

static bool is_first_row(const uint32_t *units, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (units[i] == units[at])
			return false;
	return true;
}

/* The values that a model takes from the rows of a cell; how many rows. */
static uint32_t model_rows(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                           int64_t values[SL_REGRESSORS_MAX + 1][KIT_ROWS_MAX], uint32_t *units)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts), rows = 0;

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (!is_kept(plan, row) || cell_of(k, plan, row, UINT32_MAX) != cell || lacks_second(plan, s, row) ||
		    evaluate(plan, &s->arg, row).missing)
			continue;
		values[0][rows] = evaluate(plan, &s->arg, row).v;
		for (uint32_t j = 0; j < n; j++)
			values[j + 1][rows] = evaluate(plan, &parts[j], row).v;
		units[rows++] = row->unit;
	}
	return rows;
}

static void count_model(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                        struct sl_model_place size, struct sl_result *r)
{
	static int64_t values[SL_REGRESSORS_MAX + 1][KIT_ROWS_MAX];
	static uint32_t units[KIT_ROWS_MAX];
	uint32_t rows = model_rows(k, plan, cell, s, values, units);

	for (uint32_t a = 0; a < size.nvariables; a++) {
		struct sl_variable v = { .lo = rows > 0 ? INT64_MAX : 0, .hi = rows > 0 ? INT64_MIN : 0 };
		sl_i128 sum = 0;
		for (uint32_t i = 0; i < rows; i++) {
			sum += values[a][i];
			v.lo = values[a][i] < v.lo ? values[a][i] : v.lo;
			v.hi = values[a][i] > v.hi ? values[a][i] : v.hi;
		}
		for (uint32_t i = 0; i < rows; i++) {
			v.above_units += is_first_row(units, i) && unit_is_off(rows, values[a], units, i, v.lo);
			v.below_units += is_first_row(units, i) && unit_is_off(rows, values[a], units, i, v.hi);
		}
		r->variables[r->nvariables++] = v;
		r->sums[r->nsums++].v = sum;
	}
	for (uint32_t a = 0; a < size.nvariables; a++)
		for (uint32_t b = a; b < size.nvariables; b++) {
			sl_i128 sum = 0;
			for (uint32_t i = 0; i < rows; i++)
				sum += (sl_i128)values[a][i] * values[b][i];
			r->sums[r->nsums++].v = sum;
		}
}

static void count_models(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	uint32_t first[SL_STATS_MAX];
	struct sl_model_place all;
	uint32_t n = sl_result_models(plan, first, &all);

	r->variables = zeroed((size_t)ncells * all.nvariables, sizeof *r->variables);
	r->sums = zeroed((size_t)ncells * all.nsums, sizeof *r->sums);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t m = 0; m < n; m++)
			count_model(k, plan, cell, &plan->stats[first[m]], sl_result_model(plan, first[m]), r);
}

/* As any keyed hash would do: this one is no secret's. */
static uint64_t mixed(uint64_t v)
{
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	return v ^ v >> 31;
}

/* Of the units of the rows that are counted; of units, each once. */
static struct sl_draw draw_cell(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat)
{
	const struct sl_stat *s = &plan->stats[stat];
	uint64_t counted = 0, known = 0;
	bool seen[KIT_ROWS_MAX + 1] = { false };

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		uint64_t one = mixed(k->drawn_with + row->unit * UINT64_C(0x9e3779b97f4a7c15));
		if (!is_kept(plan, row) || cell_of(k, plan, row, UINT32_MAX) != cell)
			continue;
		struct sl_value v = s->arg.nops > 0 ? evaluate(plan, &s->arg, row) : (struct sl_value){ .v = 1 };
		bool missing = v.missing || lacks_second(plan, s, row);
		known += missing ? 0 : one;
		counted += missing || (is_condition(s->fn) && v.v != 1) || (s->fn == SL_STAT_UNITS && seen[row->unit]) ? 0 : one;
		seen[row->unit] = true;
	}
	return (struct sl_draw){ mixed(~k->drawn_with ^ counted), s->fn == SL_STAT_SHARE ? mixed(~k->drawn_with ^ known) : 0 };
}

static void draw_counts(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	if (k->setup.rules.transform != SL_TRANSFORM_RANDOM)
		return;
	r->drawn = 1;
	r->ndraws = r->nevidence;
	r->draws = zeroed(r->ndraws, sizeof *r->draws);
	for (uint32_t i = 0; i < r->ndraws; i++)
		r->draws[i] = draw_cell(k, plan, i / plan->nstats, i % plan->nstats);
}

static void bind(const struct sl_plan *plan, struct sl_result *r)
{
	struct sl_buf bytes = { 0 };
	struct sl_err err = { 0 };

	assert_int_equal(sl_codec_encode(&sl_plan_record, plan, &bytes, &err), SL_OK);
	sl_digest_sha256(bytes.data, bytes.len, r->plan_digest);
	sl_buf_free(&bytes);
}

void kit_count(struct kit *k)
{
	free_results(k);
	for (uint32_t p = 0; p < k->setup.nplans; p++) {
		const struct sl_plan *plan = &k->plans[p];
		struct sl_result *r = &k->results[p];
		uint32_t ncells = (uint32_t)sl_plan_cells(plan, &k->setup.view);
		r->filtered = sl_plan_is_filtered(plan);
		r->nevidence = ncells * plan->nstats;
		r->evidence = zeroed(r->nevidence, sizeof *r->evidence);
		for (uint32_t i = 0; i < r->nevidence; i++)
			r->evidence[i] = count_cell(k, plan, i / plan->nstats, i % plan->nstats);
		count_population(k, plan, r);
		count_margins(k, plan, r);
		count_quantiles(k, plan, ncells, r);
		count_moments(k, plan, ncells, r);
		count_models(k, plan, ncells, r);
		draw_counts(k, plan, r);
		bind(plan, r);
	}
}

struct sl_publication kit_check(struct kit *k, enum sl_rule without)
{
	struct sl_publication p;
	struct sl_err err = { 0 };

	kit_count(k);
	if (sl_check_without(without, &k->setup, k->plans, k->results, &p, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_int_equal(sl_publication_check(&p, k->plans, k->setup.nplans, &k->setup.view, &err), SL_OK);
	return p;
}

bool kit_has(const struct sl_publication *p, enum sl_rule rule)
{
	for (uint32_t i = 0; i < p->nfindings; i++)
		if (p->findings[i].rule == rule)
			return true;
	return false;
}

const struct sl_published_cell *kit_cell(const struct kit *k, const struct sl_publication *p, uint32_t output,
                                         uint32_t cell, uint32_t column)
{
	const struct sl_plan *plan = &k->plans[output];

	return &p->outputs[output].cells[cell * (plan->nstats + plan->ncalcs) + column];
}
