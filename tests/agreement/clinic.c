/* clinic.c - see clinic.h. */
#include "tests/agreement/clinic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/engine.h"
#include "policy/digest.h"

#define UNITS_MAX 130

static char empty[] = "", purpose[] = "to test", described[] = "described";
static struct sl_label wards[] = { { (char[]){ "w0" } }, { (char[]){ "w1" } }, { (char[]){ "w2" } },
	{ (char[]){ "w3" } } };
static struct sl_label ages[] = { { (char[]){ "0" } }, { (char[]){ "1" } }, { (char[]){ "2" } }, { (char[]){ "3" } },
	{ (char[]){ "4" } } };
static struct sl_label sexes[] = { { (char[]){ "f" } }, { (char[]){ "m" } } };
static struct sl_label towns[] = { { (char[]){ "t0" } }, { (char[]){ "t1" } }, { (char[]){ "t2" } } };
static struct sl_band gapped[] = { { 0, 1, (char[]){ "0-1" } }, { 3, 3, (char[]){ "3" } } };
static struct sl_band sizes[] = { { INT64_MIN, 9, (char[]){ "to 9" } }, { 10, 19, (char[]){ "10-19" } },
	{ 20, INT64_MAX, (char[]){ "from 20" } } };
static struct sl_band whole[] = { { INT64_MIN, 1, (char[]){ "to 1" } }, { 2, INT64_MAX, (char[]){ "from 2" } } };

uint32_t clinic_draw(struct clinic *c, uint32_t below)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return (uint32_t)((c->random >> 20) % below);
}

static struct sl_column column(char *name, enum sl_type type, struct sl_label *labels, uint32_t nlabels)
{
	return (struct sl_column){ .name = name, .title = name, .type = (uint8_t)type,
		.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .lo = INT64_MIN, .hi = INT64_MAX, .labels = labels,
		.nlabels = nlabels, .has_domain = nlabels > 0 };
}

/* Amounts: of one sign or of both, with bounds that everybody knows or without. */
static void make_view(struct clinic *c)
{
	static char names[CLINIC_TABLES][9] = { "s.visits", "s.people", "s.wards" }, space[] = "person", unit[] = "unit";
	static char column_names[][7] = { "ward", "flag", "age", "amount", "sex", "town", "income", "coast", "large", "beds" };

	c->visits[VISIT_WARD] = column(column_names[0], SL_TYPE_TEXT, wards, CLINIC_WARD_LABELS);
	c->visits[VISIT_WARD].reference = CLINIC_WARDS + 1;
	c->visits[VISIT_WARD].nullable = clinic_draw(c, 3) == 0;
	c->visits[VISIT_FLAG] = column(column_names[1], SL_TYPE_BOOLEAN, NULL, 0);
	c->visits[VISIT_AGE] = column(column_names[2], SL_TYPE_INTEGER, ages, CLINIC_AGES);
	c->visits[VISIT_AGE].nullable = clinic_draw(c, 3) == 0;
	c->visits[VISIT_AGE].lo = 0;
	c->visits[VISIT_AGE].hi = CLINIC_AGES - 1;
	c->visits[VISIT_AGE].bands = clinic_draw(c, 2) ? gapped : whole;
	c->visits[VISIT_AGE].nbands = 2;
	c->visits[VISIT_AMOUNT] = column(column_names[3], SL_TYPE_INTEGER, NULL, 0);
	c->visits[VISIT_AMOUNT].nullable = clinic_draw(c, 2) != 0;
	c->people[PERSON_SEX] = column(column_names[4], SL_TYPE_TEXT, sexes, 2);
	c->people[PERSON_SEX].sensitive = clinic_draw(c, 4) == 0;
	c->people[PERSON_TOWN] = column(column_names[5], SL_TYPE_TEXT, towns, 3);
	c->people[PERSON_INCOME] = column(column_names[6], SL_TYPE_INTEGER, NULL, 0);
	for (uint32_t i = 0; i < CLINIC_ATTRIBUTES; i++) {
		c->ward[i] = column(column_names[7 + i], i == 2 ? SL_TYPE_INTEGER : SL_TYPE_BOOLEAN, NULL, 0);
		c->ward[i].nullable = 1;
	}
	c->ward[2].bands = sizes;
	c->ward[2].nbands = 3;
	/* Three wards are on the coast, and two are large: not the same. Wards of a size are all on it, or none is. */
	for (uint32_t i = 0; i < CLINIC_WARD_LABELS; i++) {
		c->told[CLINIC_ATTRIBUTES * i].value = i > 0;
		c->told[CLINIC_ATTRIBUTES * i + 1].value = i < 2;
		c->told[CLINIC_ATTRIBUTES * i + 2].value = i == 0 ? CLINIC_BEDS_LEAST : i < 3 ? 13 : CLINIC_BEDS_MOST;
	}
	for (uint32_t t = 0; t < CLINIC_TABLES; t++)
		c->tables[t] = (struct sl_table){ .name = names[t], .space = t == CLINIC_WARDS ? empty : space,
			.unit_column = t == CLINIC_WARDS ? empty : unit, .one_row_per_unit = t == CLINIC_PEOPLE,
			.class_ = t == CLINIC_WARDS ? SL_CLASS_OPEN : SL_CLASS_CONFIDENTIAL };
	c->tables[CLINIC_VISITS].columns = c->visits;
	c->tables[CLINIC_VISITS].ncolumns = VISIT_COLUMNS;
	c->tables[CLINIC_PEOPLE].columns = c->people;
	c->tables[CLINIC_PEOPLE].ncolumns = PERSON_COLUMNS;
	c->tables[CLINIC_WARDS].columns = c->ward;
	c->tables[CLINIC_WARDS].ncolumns = CLINIC_ATTRIBUTES;
	c->tables[CLINIC_WARDS].cells = c->told;
	c->tables[CLINIC_WARDS].ncells = CLINIC_WARD_LABELS * CLINIC_ATTRIBUTES;
	c->setup.view = (struct sl_view){ .tables = c->tables, .ntables = CLINIC_TABLES };
}

/* The smaller numbers more often. */
static uint32_t skewed(struct clinic *c, uint32_t below)
{
	uint32_t a = clinic_draw(c, below), b = clinic_draw(c, below);

	return clinic_draw(c, 4) ? (a < b ? a : b) : a;
}

static void set(struct clinic *c, struct memory_table *t, uint32_t at, uint32_t row, int64_t value, bool missing)
{
	const struct sl_column *column = &c->tables[t == &c->store.tables[0] ? CLINIC_VISITS : CLINIC_PEOPLE].columns[at];

	t->nulls[at][row] = missing && column->nullable;
	t->values[at][row] = t->nulls[at][row] ? 0 : value;
}

static void make_rows(struct clinic *c)
{
	uint32_t nunits = 8 + clinic_draw(c, UNITS_MAX - 8), rows_of[UNITS_MAX], nrows = 0, r = 0;
	uint32_t one = clinic_draw(c, 2), sign = clinic_draw(c, 5), nulls = 1 + clinic_draw(c, 4);
	bool bounded = clinic_draw(c, 2) != 0, large = clinic_draw(c, 2) != 0, zeros = clinic_draw(c, 3) == 0;

	for (uint32_t u = 0; u < nunits; u++)
		nrows += rows_of[u] = one ? 1 : clinic_draw(c, 5);
	struct memory_table *visits = memory_store_table(&c->store, nrows, VISIT_COLUMNS);
	struct memory_table *people = memory_store_table(&c->store, nunits, PERSON_COLUMNS);
	for (uint32_t u = 0; u < nunits; u++) {
		uint32_t ward = skewed(c, CLINIC_WARD_LABELS), age = skewed(c, CLINIC_AGES);
		people->units[u] = u;
		set(c, people, PERSON_SEX, u, clinic_draw(c, 2), false);
		set(c, people, PERSON_TOWN, u, skewed(c, 3), false);
		set(c, people, PERSON_INCOME, u, 10 + clinic_draw(c, 30) * (clinic_draw(c, 9) ? 1 : 20), false);
		for (uint32_t i = 0; i < rows_of[u]; i++, r++) {
			int64_t amount = 5 + clinic_draw(c, 60) * (large && clinic_draw(c, 12) == 0 ? 30 : 1);
			amount = zeros && clinic_draw(c, 2) ? 0 : amount;
			visits->units[r] = u;
			/* Mostly the same at every visit. */
			set(c, visits, VISIT_WARD, r, clinic_draw(c, 8) ? ward : clinic_draw(c, CLINIC_WARD_LABELS),
			    clinic_draw(c, 12) == 0);
			set(c, visits, VISIT_FLAG, r, clinic_draw(c, 3) == 0, false);
			set(c, visits, VISIT_AGE, r, age, clinic_draw(c, 12) == 0);
			set(c, visits, VISIT_AMOUNT, r, sign == 0 || (sign == 1 && clinic_draw(c, 2)) ? -amount : amount,
			    clinic_draw(c, nulls) != 0);
		}
	}
	if (bounded && sign > 1) {
		c->visits[VISIT_AMOUNT].lo = zeros ? 0 : 5;
		c->visits[VISIT_AMOUNT].hi = large ? 2000 : 65;
	}
	if (bounded && sign == 0)
		c->visits[VISIT_AMOUNT].hi = zeros ? 0 : -5;
	if (bounded)
		c->people[PERSON_INCOME].lo = 10;
}

static uint16_t input(struct sl_plan *plan, struct clinic_plan *p, uint32_t source, uint32_t column, uint32_t lookup)
{
	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (p->inputs[i].source == source && p->inputs[i].column == column && p->inputs[i].lookup == lookup)
			return (uint16_t)i;
	p->inputs[plan->ninputs] = (struct sl_input){ .source = (uint16_t)source, .column = (uint16_t)column,
		.lookup = (uint16_t)lookup };
	return (uint16_t)plan->ninputs++;
}

static void add_key(struct clinic *c, uint32_t i, const struct clinic_key *what)
{
	static char names[CLINIC_KEYS][3] = { "k0", "k1", "k2" };
	struct sl_plan *plan = &c->plans[i];
	struct clinic_plan *p = &c->parts[i];
	uint32_t source = c->ask.folded ? what->table != CLINIC_PEOPLE : what->table == CLINIC_PEOPLE;

	p->what[plan->nkeys] = *what;
	p->keys[plan->nkeys] = (struct sl_key){ .name = names[plan->nkeys], .description = empty, .banded = what->banded,
		.input = input(plan, p, source, what->column, what->lookup) };
	plan->nkeys++;
}

static struct sl_op column_op(struct sl_plan *plan, struct clinic_plan *p, uint32_t source, uint32_t column,
                              enum sl_type type)
{
	return (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .arg = input(plan, p, source, column, 0) };
}

/* The first column, raw or fold is greater than a number. */
static struct sl_expr greater(struct sl_op ops[static 3], enum sl_type type, int8_t scale, int64_t than)
{
	ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .scale = scale };
	ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = than };
	ops[2] = (struct sl_op){ .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN };
	return (struct sl_expr){ .ops = ops, .nops = 3 };
}

static void add_where(struct clinic *c, uint32_t i)
{
	struct sl_plan *plan = &c->plans[i];
	struct clinic_plan *p = &c->parts[i];
	struct sl_op *op = p->where_ops;

	if (c->ask.where_key || c->ask.where_two)
		*op++ = column_op(plan, p, 0, VISIT_FLAG, SL_TYPE_BOOLEAN);
	if (c->ask.where_two || c->ask.where_amount) {
		*op++ = column_op(plan, p, 0, c->ask.where_two ? VISIT_AGE : VISIT_AMOUNT, SL_TYPE_INTEGER);
		*op++ = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER,
			.value = c->ask.where_two ? 2 : CLINIC_AMOUNT_OVER };
		*op++ = (struct sl_op){ .op = c->ask.where_two ? SL_OP_LT : SL_OP_GT, .type = SL_TYPE_BOOLEAN };
	}
	if (c->ask.where_two)
		*op++ = (struct sl_op){ .op = SL_OP_OR, .type = SL_TYPE_BOOLEAN };
	plan->where = (struct sl_expr){ .ops = p->where_ops, .nops = (uint32_t)(op - p->where_ops) };
}

static void add_stat(struct clinic *c, uint32_t i)
{
	static char name[] = "n";
	struct sl_plan *plan = &c->plans[i];
	struct clinic_plan *p = &c->parts[i];
	bool sum = c->ask.fn == SL_STAT_SUM || c->ask.fn == SL_STAT_MEAN;
	uint32_t source = c->ask.income || c->ask.folded;
	uint32_t column = c->ask.folded ? 0 : c->ask.income ? (uint32_t)PERSON_INCOME : (uint32_t)VISIT_AMOUNT;

	p->stat = (struct sl_stat){ .name = name, .fn = (uint8_t)c->ask.fn, .description = described };
	plan->stats = &p->stat;
	plan->nstats = 1;
	if (!sum)
		return;
	p->stat.arg = (struct sl_expr){ .ops = p->arg_ops, .nops = 1 };
	p->arg_ops[0] = column_op(plan, p, source, column, SL_TYPE_INTEGER);
	if (c->ask.fold == SL_FOLD_MEAN) {
		p->arg_ops[0].type = SL_TYPE_REAL;
		p->arg_ops[0].scale = 2;
	}
	if (c->ask.beds)
		p->arg_ops[0].arg = input(plan, p, 0, VISIT_WARD, CLINIC_ATTRIBUTES);
	if (c->ask.constant) {
		p->arg_ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 100 };
		p->arg_ops[2] = (struct sl_op){ .op = SL_OP_MUL, .type = p->arg_ops[0].type, .scale = p->arg_ops[0].scale };
		p->stat.arg.nops = 3;
	}
}

int64_t clinic_having(const struct clinic *c)
{
	return c->ask.fold == SL_FOLD_COUNT ? 1 : CLINIC_AMOUNT_OVER;
}

static void begin_plan(struct clinic *c, uint32_t i)
{
	static char names[CLINIC_PLANS][5] = { "out0", "out1", "out2", "out3" };
	struct clinic_plan *p = &c->parts[i];

	c->plans[i] = (struct sl_plan){ .output = names[i], .purpose = empty, .line = 1, .sources = p->sources,
		.nsources = 1 + (c->ask.joined || c->ask.folded), .inputs = p->inputs, .keys = p->keys };
	p->sources[0].table = c->ask.folded ? CLINIC_PEOPLE : CLINIC_VISITS;
	p->sources[1].table = c->ask.folded ? CLINIC_VISITS : CLINIC_PEOPLE;
	if (!c->ask.folded)
		return;
	p->raws[0].column = VISIT_AMOUNT;
	p->fold_ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER };
	p->folds[0] = (struct sl_fold){ .fn = (uint8_t)c->ask.fold, .arg = { .ops = p->fold_ops, .nops = 1 } };
	if (c->ask.fold == SL_FOLD_COUNT)
		p->folds[0].arg = (struct sl_expr){ 0 };
	if (c->ask.where_source)
		p->sources[1].where = greater(p->inner_ops, SL_TYPE_INTEGER, 0, CLINIC_AMOUNT_OVER);
	if (c->ask.having)
		p->sources[1].having = greater(p->having_ops, c->ask.fold == SL_FOLD_MEAN ? SL_TYPE_REAL : SL_TYPE_INTEGER,
		                               c->ask.fold == SL_FOLD_MEAN ? 2 : 0, clinic_having(c));
	p->sources[1].raws = p->raws;
	p->sources[1].nraws = 1;
	p->sources[1].folds = p->folds;
	p->sources[1].nfolds = 1;
}

void clinic_plan(struct clinic *c, const struct clinic_key *keys, uint32_t n)
{
	uint32_t i = c->setup.nplans++;

	begin_plan(c, i);
	for (uint32_t k = 0; k < n; k++)
		add_key(c, i, &keys[k]);
	add_stat(c, i);
	add_where(c, i);
}

/* Up to three ways to group, so that outputs have them in common now and then. */
static void make_plans(struct clinic *c)
{
	static const struct clinic_key all[] = {
		{ CLINIC_VISITS, VISIT_WARD, false, 0 },   { CLINIC_VISITS, VISIT_FLAG, false, 0 },
		{ CLINIC_VISITS, VISIT_AGE, true, 0 },     { CLINIC_VISITS, VISIT_WARD, false, 1 },
		{ CLINIC_VISITS, VISIT_WARD, false, 2 },   { CLINIC_VISITS, VISIT_WARD, true, 3 },
		{ CLINIC_PEOPLE, PERSON_SEX, false, 0 },   { CLINIC_PEOPLE, PERSON_TOWN, false, 0 },
	};
	uint32_t from = c->ask.folded ? 6 : 0, to = c->ask.folded || c->ask.joined ? 8 : 6, pick[3];

	/* Now and then A × B, A × C and B × C. */
	static const uint32_t cyclic[] = { 3, 5, 6, 0 };
	bool is_cyclic = clinic_draw(c, 8) == 0;

	for (uint32_t i = 0; i < 3; i++)
		pick[i] = from + clinic_draw(c, to - from);
	for (uint32_t i = 0, n = 2 + clinic_draw(c, CLINIC_PLANS - 1); i < n; i++) {
		uint32_t which = is_cyclic ? cyclic[i] : clinic_draw(c, 8), nkeys = 0;
		struct clinic_key keys[CLINIC_KEYS];
		for (uint32_t k = 0; k < 3; k++)
			if (which >> k & 1 && (k < 1 || pick[k] != pick[0]) && (k < 2 || pick[k] != pick[1]))
				keys[nkeys++] = all[pick[k]];
		clinic_plan(c, keys, nkeys);
	}
}

static void draw_ask(struct clinic *c)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT, SL_STAT_SUM, SL_STAT_SUM,
		SL_STAT_MEAN };
	static const enum sl_fold_fn folds[] = { SL_FOLD_SUM, SL_FOLD_SUM, SL_FOLD_COUNT, SL_FOLD_MEAN, SL_FOLD_MAX };
	uint32_t where = clinic_draw(c, 12);

	c->ask = (struct clinic_ask){ .fn = fns[clinic_draw(c, 6)], .joined = clinic_draw(c, 3) == 0 };
	c->ask.folded = !c->ask.joined && clinic_draw(c, 6) == 0;
	if (c->ask.folded) {
		c->ask.fold = folds[clinic_draw(c, 5)];
		c->ask.where_source = where == 3;
		c->ask.having = where == 4;
	}
	c->ask.beds = !c->ask.folded && clinic_draw(c, 12) == 0;
	c->ask.income = c->ask.joined && !c->ask.beds && clinic_draw(c, 2);
	c->ask.where_key = !c->ask.folded && where == 0;
	c->ask.where_two = !c->ask.folded && where == 1;
	c->ask.where_amount = !c->ask.folded && where == 2;
	c->ask.constant = clinic_draw(c, 10) == 0;
	c->setup.secondary_work = SL_SECONDARY_WORK_USUAL;
	c->setup.purpose = purpose;
	c->setup.context = empty;
	c->setup.rules = (struct sl_rules){ .threshold = 2 + clinic_draw(c, 4), .dof = 1, .numerator = 1, .all_equal = 1,
		.small_complement = 1, .context = 1, .group_percent = 90000, .zeros_show = clinic_draw(c, 2) != 0 };
	c->setup.rules.group_disclosure = clinic_draw(c, 2) != 0;
	c->setup.rules.within_group = clinic_draw(c, 2) != 0;
	c->setup.rules.p_percent = clinic_draw(c, 3) ? 10000 : 0;
	if (clinic_draw(c, 3) == 0) {
		c->setup.rules.dominance_n = 1 + clinic_draw(c, 2);
		c->setup.rules.dominance_k = 80000;
	}
}

void clinic_count(struct clinic *c)
{
	struct sl_engine_setup engine = { .view = c->setup.view, .cells_max = 10000, .memory_bytes = 64 << 20 };
	struct sl_err err = { 0 };

	for (uint32_t i = 0; i < c->setup.nplans; i++) {
		struct sl_buf bytes = { .max = SL_PLAN_WIRE_MAX };
		sl_codec_free(&sl_result_record, &c->results[i]);
		if (sl_engine_run(&engine, &c->store.store, &c->plans[i], &c->results[i], &err) != SL_OK)
			fail_msg("%s", err.text);
		assert_int_equal(sl_codec_encode(&sl_plan_record, &c->plans[i], &bytes, NULL), SL_OK);
		sl_digest_sha256(bytes.data, bytes.len, c->results[i].plan_digest);
		sl_buf_free(&bytes);
	}
}

void clinic_begin(struct clinic *c, uint64_t seed)
{
	memset(c, 0, sizeof *c);
	c->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	for (uint32_t i = 0; i < 8; i++)
		(void)clinic_draw(c, 2);
	memory_store_init(&c->store);
	draw_ask(c);
	make_view(c);
	make_rows(c);
}

void clinic_init(struct clinic *c, uint64_t seed)
{
	clinic_begin(c, seed);
	make_plans(c);
	clinic_count(c);
}

void clinic_fini(struct clinic *c)
{
	for (uint32_t i = 0; i < c->setup.nplans; i++)
		sl_codec_free(&sl_result_record, &c->results[i]);
	memory_store_fini(&c->store);
}

static void swap_rows(struct memory_table *t, uint32_t a, uint32_t b)
{
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		int64_t value = t->values[c][a];
		uint8_t null = t->nulls[c][a];
		t->values[c][a] = t->values[c][b];
		t->values[c][b] = value;
		t->nulls[c][a] = t->nulls[c][b];
		t->nulls[c][b] = null;
	}
}

void clinic_shuffle(struct clinic *c)
{
	struct memory_table *t = &c->store.tables[CLINIC_VISITS];

	for (uint32_t r = 1; r < t->rows; r++)
		if (t->units[r] == t->units[r - 1] && clinic_draw(c, 2))
			swap_rows(t, r, r - 1);
}
