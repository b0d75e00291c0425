/* kit.c - see kit.h: the table, its rows, and what is judged of them. How plans are made is in kit_plan.c. */
#include "tests/unit/rules/kit_parts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/refusable.h"

void *kit_zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

void *kit_grown(void *p, size_t n, size_t size)
{
	p = realloc(p, (n + 1) * size);
	if (p == NULL)
		abort();
	memset((char *)p + n * size, 0, size);
	return p;
}

static void set_labels(struct sl_column *c, uint32_t n, const char *const *labels)
{
	c->labels = kit_zeroed(n, sizeof *c->labels);
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
	struct sl_table *t = view->tables = kit_zeroed(1, sizeof *t);
	uint8_t all = SL_USE_GROUP | SL_USE_FILTER;

	view->ntables = 1;
	t->name = strdup("study.visits");
	t->space = strdup("person");
	t->unit_column = strdup("person_id");
	t->period = strdup("2010 to 2019");
	t->class_ = SL_CLASS_CONFIDENTIAL;
	t->columns = kit_zeroed(KIT_COLUMNS, sizeof *t->columns);
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
	t->columns[KIT_AGE].bands = kit_zeroed(3, sizeof *t->columns[KIT_AGE].bands);
	for (uint32_t i = 0; i < 3; i++)
		t->columns[KIT_AGE].bands[i] = (struct sl_band){ bands[i].lo, bands[i].hi, strdup(bands[i].label) };
	t->columns[KIT_AGE].nbands = 3;
}

void kit_levels(struct kit *k, const int64_t of[4][KIT_ATTRIBUTES])
{
	static const char *const districts[] = { "east", "west", "north" }, *const cities[] = { "old", "new" };
	struct sl_view *view = &k->setup.view;

	view->tables = kit_grown(view->tables, 1, sizeof *view->tables);
	struct sl_table *t = &view->tables[view->ntables++];
	t->name = strdup("study.regions");
	t->space = strdup("");
	t->unit_column = strdup("");
	t->period = strdup("");
	t->class_ = SL_CLASS_OPEN;
	t->columns = kit_zeroed(KIT_ATTRIBUTES, sizeof *t->columns);
	t->ncolumns = KIT_ATTRIBUTES;
	set_column(&t->columns[0], "district", SL_TYPE_TEXT, 0, SL_USE_GROUP | SL_USE_FILTER);
	set_labels(&t->columns[0], 3, districts);
	set_column(&t->columns[1], "city", SL_TYPE_TEXT, 0, SL_USE_GROUP | SL_USE_FILTER);
	set_labels(&t->columns[1], 2, cities);
	t->cells = kit_zeroed(4 * KIT_ATTRIBUTES, sizeof *t->cells);
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
	struct kit *k = kit_zeroed(1, sizeof *k);

	make_view(&k->setup.view);
	k->setup.secondary_work = SL_SECONDARY_WORK_USUAL;
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

void kit_free_results(struct kit *k)
{
	for (size_t i = 0; i < KIT_PLANS_MAX; i++)
		sl_codec_free(&sl_result_record, &k->results[i]);
}

void kit_free(struct kit *k)
{
	kit_free_results(k);
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

struct kit *kit_magnitudes(const int64_t *amounts, uint32_t n)
{
	struct kit *k = kit_new();
	struct kit_row *row;

	kit_quiet(k);
	row = kit_add(k, n, 0, 0);
	for (uint32_t i = 0; i < n; i++)
		row[i].value[KIT_AMOUNT] = amounts[i];
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	return k;
}

void kit_refusable(const struct sl_check_setup *setup, const struct sl_plan *plans, const struct sl_publication *p)
{
	const struct sl_refusable r = { plans, setup->nplans, &setup->view, &setup->rules };

	for (uint32_t i = 0; i < p->nfindings; i++) {
		const struct sl_finding *f = &p->findings[i];
		bool told = f->rule == SL_RULE_EXTREMES || (f->rule == SL_RULE_CONTEXT && f->limit == 0);
		if (f->severity == SL_SEVERITY_REFUSE && !told && !sl_refusable_by(&r, f->rule, f->output))
			fail_msg("%s refuses an output that it is said not to", sl_rule_find(f->rule)->id);
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
	kit_refusable(&k->setup, k->plans, &p);
	return p;
}

const struct sl_finding *kit_find(const struct sl_publication *p, enum sl_rule rule)
{
	for (uint32_t i = 0; i < p->nfindings; i++)
		if (p->findings[i].rule == rule)
			return &p->findings[i];
	return NULL;
}

bool kit_has(const struct sl_publication *p, enum sl_rule rule)
{
	return kit_find(p, rule) != NULL;
}

const struct sl_published_cell *kit_cell(const struct kit *k, const struct sl_publication *p, uint32_t output,
                                         uint32_t cell, uint32_t column)
{
	const struct sl_plan *plan = &k->plans[output];

	return &p->outputs[output].cells[cell * (plan->nstats + plan->ncalcs) + column];
}

bool kit_first_is_hidden(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool hidden = !p.outputs[0].cells[0].shown;

	sl_codec_free(&sl_publication_record, &p);
	return hidden;
}

bool kit_dominated(const int64_t *amounts, uint32_t n, uint32_t dn, uint32_t dk, uint32_t p)
{
	struct kit *k = kit_magnitudes(amounts, n);
	bool hidden;

	k->setup.rules.dominance_n = dn;
	k->setup.rules.dominance_k = dk;
	k->setup.rules.p_percent = p;
	hidden = kit_first_is_hidden(k);
	kit_free(k);
	return hidden;
}
