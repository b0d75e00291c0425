/* census.c - see census.h. */
#include "tests/agreement/census.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/atoms.h"
#include "enclave/engine/engine.h"
#include "policy/digest.h"
#include "policy/history/outputs.h"
#include "policy/history/reading.h"
#include "policy/rules/rule.h"
#include "tests/agreement/naive.h"

static char empty[] = "", described[] = "described";
static struct sl_label towns[] = { { (char[]){ "t0" } }, { (char[]){ "t1" } } };
static struct sl_label ages[] = { { (char[]){ "young" } }, { (char[]){ "grown" } }, { (char[]){ "old" } } };

uint32_t census_draw(struct census *c, uint32_t below)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return (uint32_t)((c->random >> 20) % below);
}

int64_t census_value(uint32_t type, enum census_column column)
{
	static const uint32_t sizes[CENSUS_COLUMNS] = { CENSUS_TOWNS, CENSUS_AGES, 2, CENSUS_DEBTS };

	static const int64_t debts[CENSUS_DEBTS] = { 0, 1, 3, 5, 7, 9 };

	for (uint32_t i = 0; i < (uint32_t)column; i++)
		type /= sizes[i];
	return column == CENSUS_DEBT ? debts[type % CENSUS_DEBTS] : type % sizes[column];
}

bool census_meets(uint32_t type, enum census_condition condition)
{
	switch (condition) {
	case CENSUS_IS_SICK:
		return census_value(type, CENSUS_SICK) == 1;
	case CENSUS_IS_WELL:
		return census_value(type, CENSUS_SICK) == 0;
	case CENSUS_OWES:
		return census_value(type, CENSUS_DEBT) >= 1;
	case CENSUS_OWES_MUCH:
		return census_value(type, CENSUS_DEBT) >= 5;
	case CENSUS_IN_TOWN_0:
		return census_value(type, CENSUS_TOWN) == 0;
	case CENSUS_NOT_OLD:
		return census_value(type, CENSUS_AGE) < 2;
	default:
		return true;
	}
}

int census_cell(const struct census *c, const struct census_release *r, uint32_t output, uint32_t type)
{
	const struct sl_plan *plan = &r->plans[output];
	int64_t cell = 0;

	if (!census_meets(type, r->outputs[output].asks))
		return -1;
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		uint32_t column = plan->inputs[plan->keys[k].input].column;
		cell = cell * sl_column_ngroups(&c->columns[column], false) + census_value(type, (enum census_column)column);
	}
	return (int)cell;
}

static struct sl_column column(char *name, enum sl_type type, struct sl_label *labels, uint32_t nlabels)
{
	return (struct sl_column){ .name = name, .title = name, .type = (uint8_t)type,
		.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .lo = INT64_MIN, .hi = INT64_MAX, .labels = labels,
		.nlabels = nlabels, .has_domain = nlabels > 0 };
}

static void make_view(struct census *c)
{
	static char name[] = "s.people", space[] = "person", unit[] = "unit";
	static char names[CENSUS_COLUMNS][5] = { "town", "age", "sick", "debt" };

	c->columns[CENSUS_TOWN] = column(names[0], SL_TYPE_TEXT, towns, CENSUS_TOWNS);
	c->columns[CENSUS_AGE] = column(names[1], SL_TYPE_TEXT, ages, CENSUS_AGES);
	c->columns[CENSUS_SICK] = column(names[2], SL_TYPE_BOOLEAN, NULL, 0);
	c->columns[CENSUS_SICK].sensitive = 1;
	c->columns[CENSUS_DEBT] = column(names[3], SL_TYPE_INTEGER, NULL, 0);
	c->columns[CENSUS_DEBT].lo = 0;
	c->table = (struct sl_table){ .name = name, .space = space, .unit_column = unit, .one_row_per_unit = 1,
		.class_ = SL_CLASS_CONFIDENTIAL, .columns = c->columns, .ncolumns = CENSUS_COLUMNS };
	c->setup.view = (struct sl_view){ .tables = &c->table, .ntables = 1 };
}

static int16_t draw_type(struct census *c)
{
	uint32_t town = census_draw(c, CENSUS_TOWNS), age = census_draw(c, 3) ? census_draw(c, CENSUS_AGES) : 0;
	uint32_t sick = census_draw(c, 3) == 0, debt = census_draw(c, CENSUS_DEBTS);

	return (int16_t)(town + CENSUS_TOWNS * (age + CENSUS_AGES * (sick + 2 * debt)));
}

void census_begin(struct census *c, uint64_t seed)
{
	memset(c, 0, sizeof *c);
	c->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	for (uint32_t i = 0; i < 8; i++)
		(void)census_draw(c, 2);
	make_view(c);
	c->setup.secondary_work = SL_SECONDARY_WORK_USUAL;
	c->setup.purpose = described;
	c->setup.context = empty;
	c->setup.rules = (struct sl_rules){ .threshold = 2 + census_draw(c, 3), .dof = 2, .group_percent = 90000, .context = 1,
		.small_complement = census_draw(c, 2) != 0 };
	if (census_draw(c, 4) == 0)
		c->setup.rules.p_percent = 10000;
	c->plain = census_draw(c, 3) == 0;
	c->npersons = 5 + census_draw(c, CENSUS_PERSONS - 5 + 1);
	for (uint32_t p = 0; p < c->npersons; p++)
		c->type[0][p] = census_draw(c, 8) ? draw_type(c) : -1;
}

/* Whoever is there owes another amount, or the same: all else is as it was. */
static int16_t draw_debt(struct census *c, int16_t type)
{
	int others = CENSUS_TYPES / CENSUS_DEBTS;

	return (int16_t)(type < 0 ? type : type % others + others * (int)census_draw(c, CENSUS_DEBTS));
}

void census_change(struct census *c)
{
	uint32_t from = c->nreleases - 1, n = c->setup.rules.threshold + census_draw(c, 6);
	bool debts = c->plain || census_draw(c, 2) == 0;

	memcpy(c->type[from + 1], c->type[from], sizeof c->type[0]);
	for (uint32_t i = 0; i < n; i++) {
		int16_t *type = &c->type[from + 1][census_draw(c, c->npersons)];
		if (debts)
			*type = draw_debt(c, *type);
		else
			*type = census_draw(c, 4) ? draw_type(c) : -1;
	}
}

struct census_release *census_release(struct census *c)
{
	struct census_release *r = &c->releases[c->nreleases];

	r->version = c->nreleases++;
	return r;
}

/* --- what is asked --------------------------------------------------------------------------------------- */

static uint16_t input(struct sl_plan *plan, enum census_column column)
{
	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (plan->inputs[i].column == column)
			return (uint16_t)i;
	plan->inputs[plan->ninputs] = (struct sl_input){ .column = (uint16_t)column };
	return (uint16_t)plan->ninputs++;
}

static struct sl_op read_column(struct sl_plan *plan, enum census_column column, enum sl_type type)
{
	return (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .arg = input(plan, column) };
}

static struct sl_expr condition(struct sl_plan *plan, struct census_expr *e, enum census_condition what)
{
	struct sl_op *op = e->ops;

	if (what == CENSUS_ALL)
		return (struct sl_expr){ .ops = NULL };
	if (what == CENSUS_IS_SICK || what == CENSUS_IS_WELL)
		*op++ = read_column(plan, CENSUS_SICK, SL_TYPE_BOOLEAN);
	if (what == CENSUS_IS_WELL)
		*op++ = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	if (what == CENSUS_OWES || what == CENSUS_OWES_MUCH) {
		*op++ = read_column(plan, CENSUS_DEBT, SL_TYPE_INTEGER);
		*op++ = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = what == CENSUS_OWES ? 1 : 5 };
		*op++ = (struct sl_op){ .op = SL_OP_GE, .type = SL_TYPE_BOOLEAN };
	}
	if (what == CENSUS_IN_TOWN_0 || what == CENSUS_NOT_OLD) {
		*op++ = read_column(plan, what == CENSUS_NOT_OLD ? CENSUS_AGE : CENSUS_TOWN, SL_TYPE_TEXT);
		*op++ = (struct sl_op){ .op = SL_OP_IN, .type = SL_TYPE_BOOLEAN };
		e->items[0].value = 0;
		e->items[1].value = 1;
		e->set = (struct sl_set){ .items = e->items, .nitems = what == CENSUS_NOT_OLD ? 2 : 1 };
	}
	return (struct sl_expr){ .ops = e->ops, .nops = (uint32_t)(op - e->ops), .sets = &e->set, .nsets = e->set.nitems > 0 };
}

void census_output(struct census *c, struct census_release *r, const enum census_column *keys, uint32_t nkeys,
                   enum census_condition asks)
{
	static char names[CENSUS_OUTPUTS][5] = { "out0", "out1", "out2" }, key_names[3][3] = { "k0", "k1", "k2" };
	uint32_t i = r->noutputs++;
	struct census_output *o = &r->outputs[i];
	struct sl_plan *plan = &r->plans[i];

	(void)c;
	*plan = (struct sl_plan){ .output = names[i], .purpose = empty, .line = 1, .sources = &o->source, .nsources = 1,
		.inputs = o->inputs, .keys = o->keys, .stats = o->stats };
	o->asks = asks;
	for (uint32_t k = 0; k < nkeys; k++)
		o->keys[plan->nkeys++] = (struct sl_key){ .name = key_names[k], .description = empty,
			.input = input(plan, keys[k]) };
	plan->where = condition(plan, &o->where, asks);
}

void census_stat(struct census *c, struct census_release *r, enum sl_stat_fn fn, enum census_condition counts)
{
	static char names[CENSUS_STATS][3] = { "n0", "n1", "n2" };
	struct census_output *o = &r->outputs[r->noutputs - 1];
	struct sl_plan *plan = &r->plans[r->noutputs - 1];
	uint32_t s = plan->nstats++;

	(void)c;
	o->stats[s] = (struct sl_stat){ .name = names[s], .fn = (uint8_t)fn, .description = described };
	o->counts[s] = counts;
	if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE) {
		o->stats[s].arg = condition(plan, &o->args[s], counts);
	} else if (fn != SL_STAT_UNITS && fn != SL_STAT_COUNT) {
		o->args[s].ops[0] = read_column(plan, CENSUS_DEBT, SL_TYPE_INTEGER);
		o->stats[s].arg = (struct sl_expr){ .ops = o->args[s].ops, .nops = 1 };
		o->stats[s].p = fn == SL_STAT_QUANTILE ? 5000 : 0;
	}
}

/* What is owed, of all, of each town, of one, of the sick and the well: that is apart what the versions are. */
static void draw_plain(struct census *c, struct census_release *r)
{
	static const struct {
		enum census_column key;
		uint32_t nkeys;
		enum census_condition asks;
	} outputs[] = { { CENSUS_TOWN, 0, CENSUS_ALL }, { CENSUS_TOWN, 0, CENSUS_IN_TOWN_0 }, { CENSUS_TOWN, 1, CENSUS_ALL },
		{ CENSUS_SICK, 1, CENSUS_ALL }, { CENSUS_SICK, 1, CENSUS_IN_TOWN_0 } };

	for (uint32_t n = 1 + census_draw(c, CENSUS_OUTPUTS); n > 0; n--) {
		uint32_t i = census_draw(c, sizeof outputs / sizeof outputs[0]);
		census_output(c, r, &outputs[i].key, outputs[i].nkeys, outputs[i].asks);
		census_stat(c, r, SL_STAT_UNITS, CENSUS_ALL);
		census_stat(c, r, SL_STAT_SUM, CENSUS_ALL);
	}
}

void census_draw_request(struct census *c, struct census_release *r)
{
	if (c->plain) {
		draw_plain(c, r);
		return;
	}
	static const enum sl_stat_fn fns[] = { SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_COUNT_IF, SL_STAT_SHARE, SL_STAT_SUM,
		SL_STAT_SUM, SL_STAT_MEAN, SL_STAT_QUANTILE };

	for (uint32_t n = 1 + census_draw(c, CENSUS_OUTPUTS); n > 0; n--) {
		enum census_column keys[3];
		uint32_t nkeys = 0;
		for (enum census_column k = 0; k < CENSUS_DEBT; k++)
			if (nkeys < 2 && census_draw(c, k == CENSUS_SICK ? 5 : 2) == 0)
				keys[nkeys++] = k;
		census_output(c, r, keys, nkeys, census_draw(c, 3) ? CENSUS_ALL : census_draw(c, CENSUS_CONDITIONS));
		if (census_draw(c, 4))
			census_stat(c, r, SL_STAT_UNITS, CENSUS_ALL);
		for (uint32_t s = census_draw(c, CENSUS_STATS), was = 0; s > 0 || r->plans[r->noutputs - 1].nstats == 0;
		     s -= s > 0) {
			enum sl_stat_fn fn = fns[census_draw(c, 8)];
			if (was != fn)
				census_stat(c, r, fn, 1 + census_draw(c, CENSUS_CONDITIONS - 1));
			was = fn;
		}
	}
}

/* --- judging --------------------------------------------------------------------------------------------- */

static void fill(const struct census *c, uint32_t version, struct memory_store *store)
{
	uint32_t n = 0;

	memory_store_init(store);
	for (uint32_t p = 0; p < c->npersons; p++)
		n += c->type[version][p] >= 0;
	struct memory_table *t = memory_store_table(store, n, CENSUS_COLUMNS);
	for (uint32_t p = 0, row = 0; p < c->npersons; p++) {
		if (c->type[version][p] < 0)
			continue;
		t->units[row] = p;
		for (enum census_column k = 0; k < CENSUS_COLUMNS; k++)
			t->values[k][row] = census_value((uint32_t)c->type[version][p], k);
		row++;
	}
}

/* Evidence from the naive reference; who is behind it from the engine. */
static void count(struct census *c, struct census_release *r)
{
	struct memory_store store;
	struct sl_engine_setup setup = { .view = c->setup.view, .cells_max = 10000, .memory_bytes = UINT64_MAX };
	struct sl_err err = { 0 };

	fill(c, r->version, &store);
	for (uint32_t i = 0; i < r->noutputs; i++) {
		struct sl_buf bytes = { .max = SL_PLAN_WIRE_MAX };
		if (sl_plan_check(&r->plans[i], &c->setup.view, &err) != SL_OK)
			fail_msg("%s", err.text);
		naive_run(&r->plans[i], &c->setup.view, &store, &r->results[i]);
		assert_int_equal(sl_codec_encode(&sl_plan_record, &r->plans[i], &bytes, NULL), SL_OK);
		sl_digest_sha256(bytes.data, bytes.len, r->results[i].plan_digest);
		sl_buf_free(&bytes);
		if (sl_engine_members(&setup, &store.store, &r->plans[i], &c->members[c->nearlier + i], &err) != SL_OK)
			fail_msg("%s", err.text);
	}
	memory_store_fini(&store);
}

/* What leaves is history from now on. */
static void let_go(struct census *c, struct census_release *r)
{
	struct sl_err err = { 0 };

	r->released = true;
	for (uint32_t i = 0; i < r->noutputs; i++) {
		struct sl_earlier_output *o = &c->earlier[c->nearlier++];
		if (sl_history_output(&r->plans[i], &c->setup.view, &r->pub, &c->setup.rules, c->nreleases, i, o, &err) != SL_OK)
			fail_msg("%s", err.text);
		o->versions = calloc(1, sizeof *o->versions);
		assert_non_null(o->versions);
		o->versions[o->nversions++] = (struct sl_table_version){ .table = 1, .version = r->version };
	}
}

/* What is printed of rows, of all outputs: where one is of another version than the request. */
struct prints {
	struct sl_members_print list[CENSUS_RELEASES * CENSUS_OUTPUTS * SL_PRINTS_MAX];
	sl_i128 ways[CENSUS_COLUMNS + 1];
	uint32_t n, nways;
};

static void add_prints(struct prints *p, uint32_t output, const struct sl_reading *printed, uint32_t n, bool renewed)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = 0;
		assert_int_equal(printed[i].measure, i); /* nothing is folded here */
		while (k < p->nways && p->ways[k] != printed[i].way)
			k++;
		if (k == p->nways)
			p->ways[p->nways++] = printed[i].way;
		p->list[p->n++] = (struct sl_members_print){ output, k, renewed };
	}
}

static void list_prints(const struct census *c, const struct census_release *r, uint32_t nearlier, struct prints *p)
{
	struct sl_err err = { 0 };
	bool any = false;

	*p = (struct prints){ .n = 0 };
	for (uint32_t i = 0; i < nearlier; i++)
		any = any || c->earlier[i].versions[0].version != r->version;
	for (uint32_t i = 0; i < nearlier && any; i++)
		add_prints(p, i, c->earlier[i].printed, c->earlier[i].nprinted, c->earlier[i].versions[0].version != r->version);
	for (uint32_t i = 0; i < r->noutputs && any; i++) {
		struct sl_reading *printed;
		uint32_t n;
		if (sl_reading_printed(&r->plans[i], &c->setup.view, &printed, &n, &err) != SL_OK)
			fail_msg("%s", err.text);
		add_prints(p, nearlier + i, printed, n, false);
		free(printed);
	}
}

static void judge(struct census *c, struct census_release *r, uint32_t nearlier)
{
	struct sl_history_plan plans[CENSUS_OUTPUTS] = { 0 };
	struct sl_check_space space = { .history = { .plans = plans, .nplans = r->noutputs, .outputs = c->earlier,
		                                     .noutputs = nearlier } };
	struct sl_table_version version = { .table = 1, .version = r->version };
	struct sl_atoms_packed packed;
	struct sl_err err = { 0 };
	struct prints prints;

	count(c, r);
	for (uint16_t i = 0; i < r->noutputs; i++)
		plans[i] = (struct sl_history_plan){ .plan = i, .versions = &version, .nversions = 1 };
	list_prints(c, r, nearlier, &prints);
	if (nearlier + r->noutputs > 1 &&
	    (sl_atoms_make(c->members + c->nearlier - nearlier, nearlier + r->noutputs,
	                   &(struct sl_atoms_prints){ prints.list, prints.n, nearlier }, &packed, &err) != SL_OK ||
	     sl_atoms_unpack(&packed, &space.atoms, &err) != SL_OK))
		fail_msg("%s", err.text);
	c->setup.nplans = r->noutputs;
	c->setup.nspaces = 1;
	if (sl_check_after(&c->setup, r->plans, r->results, &space, &r->pub, &err) != SL_OK)
		fail_msg("%s", err.text);
	sl_codec_free(&sl_atoms_record, &space.atoms);
	if (r->pub.releasable)
		let_go(c, r);
	for (uint32_t i = 0; i < r->noutputs && !r->released; i++)
		sl_codec_free(&sl_members_record, &c->members[c->nearlier + i]);
}

void census_judge(struct census *c, struct census_release *r)
{
	judge(c, r, c->nearlier);
}

void census_judge_alone(struct census *c, struct census_release *r)
{
	judge(c, r, 0);
}

void census_fini(struct census *c)
{
	for (uint32_t n = 0; n < c->nreleases; n++) {
		struct census_release *r = &c->releases[n];
		for (uint32_t i = 0; i < r->noutputs; i++)
			sl_codec_free(&sl_result_record, &r->results[i]);
		sl_codec_free(&sl_publication_record, &r->pub);
	}
	for (uint32_t i = 0; i < c->nearlier; i++) {
		sl_codec_free(&sl_members_record, &c->members[i]);
		sl_history_output_free(&c->earlier[i]);
	}
}

/* --- told ------------------------------------------------------------------------------------------------ */

static const char *const conditions[CENSUS_CONDITIONS] = { "", "sick", "well", "debt>=1", "debt>=5", "town=t0",
	"age<old" };

static void tell_output(const struct census *c, const struct census_release *r, uint32_t i)
{
	const struct sl_plan *plan = &r->plans[i];
	uint32_t ncells = (uint32_t)sl_plan_cells(plan, &c->setup.view);

	print_error("  %s by", plan->output);
	for (uint32_t k = 0; k < plan->nkeys; k++)
		print_error(" %s", c->columns[plan->inputs[plan->keys[k].input].column].name);
	print_error("%s%s:", r->outputs[i].asks ? " where " : "", conditions[r->outputs[i].asks]);
	for (uint32_t s = 0; s < plan->nstats; s++)
		print_error(" %s(%s)", sl_stat_fn_name((enum sl_stat_fn)plan->stats[s].fn), conditions[r->outputs[i].counts[s]]);
	for (uint32_t cell = 0; cell < ncells; cell++) {
		print_error("\n    cell %u (%llu units):", cell,
		            (unsigned long long)r->results[i].evidence[cell * plan->nstats].cell_units);
		for (uint32_t s = 0; s < plan->nstats; s++) {
			const struct sl_published_cell *p = &r->pub.outputs[i].cells[cell * plan->nstats + s];
			if (p->shown)
				print_error(" %lld", (long long)p->value);
			else
				print_error(" [c]");
		}
	}
	print_error("\n");
}

void census_tell(const struct census *c)
{
	const struct sl_rules *rules = &c->setup.rules;

	print_error("threshold %u, p %u, small complement %s\n", rules->threshold, rules->p_percent,
	            rules->small_complement ? "off" : "on");
	for (uint32_t n = 0; n < c->nreleases; n++) {
		const struct census_release *r = &c->releases[n];
		print_error("request %u%s, version %u: ", n, r->released ? ", released" : ", refused", r->version);
		for (uint32_t p = 0; p < c->npersons; p++)
			if (c->type[r->version][p] >= 0)
				print_error(" %u:%lld%lld%lld%lld", p, (long long)census_value((uint32_t)c->type[r->version][p], 0),
				            (long long)census_value((uint32_t)c->type[r->version][p], 1),
				            (long long)census_value((uint32_t)c->type[r->version][p], 2),
				            (long long)census_value((uint32_t)c->type[r->version][p], 3));
		print_error("\n");
		for (uint32_t i = 0; i < r->noutputs; i++)
			tell_output(c, r, i);
		for (uint32_t f = 0; f < r->pub.nfindings; f++)
			print_error("  finding: output %u cell %d rule %s\n", r->pub.findings[f].output, (int)r->pub.findings[f].cell,
			            sl_rules_table[r->pub.findings[f].rule].id);
	}
}
