/* survey.c - see survey.h: units, and how requests about them are judged. What is asked for is in survey_ask.c. */
#include "tests/agreement/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/atoms.h"
#include "enclave/engine/engine.h"
#include "policy/digest.h"
#include "policy/history/outputs.h"
#include "policy/implied.h"

static char empty[] = "", described[] = "described";
static struct sl_label wards[SURVEY_WARDS] = { { (char[]){ "w0" } }, { (char[]){ "w1" } }, { (char[]){ "w2" } },
	{ (char[]){ "w3" } }, { (char[]){ "w4" } }, { (char[]){ "w5" } } };
static struct sl_label sexes[] = { { (char[]){ "f" } }, { (char[]){ "m" } } };
static struct sl_band ages[SURVEY_AGES / 2] = { { 0, 1, (char[]){ "0-1" } }, { 2, 3, (char[]){ "2-3" } },
	{ 4, 5, (char[]){ "4-5" } } };
static struct sl_label districts[] = { { (char[]){ "d0" } }, { (char[]){ "d1" } }, { (char[]){ "d2" } } };
static struct sl_label cities[] = { { (char[]){ "c0" } }, { (char[]){ "c1" } } };

uint32_t survey_draw(struct survey *s, uint32_t below)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint32_t)((s->random >> 20) % below);
}

/* --- units ------------------------------------------------------------------------------------------------- */

static struct sl_column column(char *name, enum sl_type type, struct sl_label *labels, uint32_t nlabels)
{
	return (struct sl_column){ .name = name, .title = name, .type = (uint8_t)type,
		.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .lo = INT64_MIN, .hi = INT64_MAX, .labels = labels,
		.nlabels = nlabels, .has_domain = nlabels > 0 };
}

static void make_view(struct survey *s)
{
	static char table_names[2][9] = { "s.people", "s.wards" }, space[] = "person", unit[] = "unit";
	static char names[SURVEY_COLUMNS][5] = { "ward", "sex", "age", "pay", "rent", "sick" };
	static char levels[SURVEY_LEVELS][9] = { "district", "city" };
	static const int64_t of[SURVEY_WARDS][SURVEY_LEVELS] = { { 0, 0 }, { 0, 0 }, { 1, 0 }, { 1, 0 }, { 2, 1 },
		{ 2, 1 } };

	s->columns[SURVEY_WARD] = column(names[SURVEY_WARD], SL_TYPE_TEXT, wards, SURVEY_WARDS);
	s->columns[SURVEY_WARD].reference = 2;
	s->columns[SURVEY_SEX] = column(names[SURVEY_SEX], SL_TYPE_TEXT, sexes, 2);
	s->columns[SURVEY_AGE] = column(names[SURVEY_AGE], SL_TYPE_INTEGER, NULL, 0);
	s->columns[SURVEY_AGE].bands = ages;
	s->columns[SURVEY_AGE].nbands = SURVEY_AGES / 2;
	s->columns[SURVEY_AGE].lo = 0;
	s->columns[SURVEY_AGE].hi = SURVEY_AGES - 1;
	for (enum survey_column c = SURVEY_PAY; c <= SURVEY_RENT; c++) {
		s->columns[c] = column(names[c], SL_TYPE_INTEGER, NULL, 0);
		s->columns[c].nullable = survey_draw(s, 3) != 0;
		s->columns[c].lo = 0;
		s->columns[c].hi = 1000000;
	}
	s->columns[SURVEY_SICK] = column(names[SURVEY_SICK], SL_TYPE_BOOLEAN, NULL, 0);
	s->columns[SURVEY_SICK].nullable = survey_draw(s, 3) == 0;
	s->columns[SURVEY_SICK].sensitive = survey_draw(s, 2) != 0;
	s->attributes[0] = column(levels[0], SL_TYPE_TEXT, districts, 3);
	s->attributes[1] = column(levels[1], SL_TYPE_TEXT, cities, 2);
	for (uint32_t i = 0; i < SURVEY_WARDS * SURVEY_LEVELS; i++)
		s->levels[i].value = of[i / SURVEY_LEVELS][i % SURVEY_LEVELS];
	for (uint32_t i = 0; i < SURVEY_LEVELS; i++)
		s->attributes[i].nullable = 1;
	s->tables[0] = (struct sl_table){ .name = table_names[0], .space = space, .unit_column = unit, .one_row_per_unit = 1,
		.class_ = SL_CLASS_CONFIDENTIAL, .columns = s->columns, .ncolumns = SURVEY_COLUMNS };
	s->tables[1] = (struct sl_table){ .name = table_names[1], .space = empty, .unit_column = empty,
		.class_ = SL_CLASS_OPEN, .columns = s->attributes, .ncolumns = SURVEY_LEVELS, .cells = s->levels,
		.ncells = SURVEY_WARDS * SURVEY_LEVELS };
	s->setup.view = (struct sl_view){ .tables = s->tables, .ntables = 2 };
}

/* The smaller numbers more often. */
static uint32_t skewed(struct survey *s, uint32_t below)
{
	uint32_t a = survey_draw(s, below), b = survey_draw(s, below);

	return survey_draw(s, 3) ? (a < b ? a : b) : a;
}

static void set(struct survey *s, struct survey_row *row, enum survey_column c, int64_t value, bool missing)
{
	row->missing[c] = missing && s->columns[c].nullable;
	row->value[c] = row->missing[c] ? 0 : value;
}

/* A unit is mostly in the same ward, and of one sex and age. */
static void make_unit(struct survey *s, uint32_t u, uint32_t few)
{
	int64_t ward = skewed(s, SURVEY_WARDS), sex = survey_draw(s, 2), age = skewed(s, SURVEY_AGES);

	for (uint32_t n = s->several ? 1 + survey_draw(s, 3) : 1; n > 0; n--) {
		struct survey_row *row = &s->rows[s->nrows++];
		row->unit = u;
		row->value[SURVEY_WARD] = s->several && survey_draw(s, 4) == 0 ? skewed(s, SURVEY_WARDS) : ward;
		row->value[SURVEY_SEX] = sex;
		row->value[SURVEY_AGE] = age;
		set(s, row, SURVEY_PAY, 100 + survey_draw(s, 200), survey_draw(s, few) == 0);
		set(s, row, SURVEY_RENT, 10 + survey_draw(s, 90), survey_draw(s, 5) == 0);
		set(s, row, SURVEY_SICK, survey_draw(s, 3) == 0, survey_draw(s, 8) == 0);
	}
}

static void make_rows(struct survey *s)
{
	uint32_t few = 2 + survey_draw(s, 14); /* one in so many has no pay */

	s->nunits = survey_draw(s, 3) ? SURVEY_UNITS - survey_draw(s, 10) : 20 + survey_draw(s, SURVEY_UNITS - 20 + 1);
	for (uint32_t u = 0; u < s->nunits; u++)
		make_unit(s, u, few);
}

void survey_begin(struct survey *s, uint64_t seed)
{
	memset(s, 0, sizeof *s);
	s->random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
	for (uint32_t i = 0; i < 8; i++)
		(void)survey_draw(s, 2);
	make_view(s);
	s->setup.secondary_work = SL_SECONDARY_WORK_USUAL;
	s->setup.purpose = described;
	s->setup.context = empty;
	uint32_t threshold = 3 + survey_draw(s, 3);
	s->setup.rules = (struct sl_rules){ .threshold = threshold, .dof = threshold, .group_percent = 90000, .context = 1 };
	if (survey_draw(s, 4) == 0)
		s->setup.rules.p_percent = 10000;
	s->several = survey_draw(s, 4) == 0;
	s->tables[0].one_row_per_unit = !s->several;
	make_rows(s);
	s->theme = survey_draw(s, 3) ? SURVEY_MEASURE_PAY : survey_draw(s, SURVEY_MEASURES);
	s->about = 1 + survey_draw(s, SURVEY_SECRETS - 1);
	s->plain = survey_draw(s, 3) != 0;
}

/* --- judging ----------------------------------------------------------------------------------------------- */

static void fill(const struct survey *s, struct memory_store *store)
{
	memory_store_init(store);
	struct memory_table *t = memory_store_table(store, s->nrows, SURVEY_COLUMNS);
	for (uint32_t r = 0; r < s->nrows; r++) {
		t->units[r] = s->rows[r].unit;
		for (uint32_t c = 0; c < SURVEY_COLUMNS; c++) {
			t->values[c][r] = s->rows[r].value[c];
			t->nulls[c][r] = s->rows[r].missing[c];
		}
	}
}

/* What the numbers that are asked for tell besides is appended, as before any job; on the heap, like what is. */
static void imply(struct survey *s, struct sl_plan *plan)
{
	struct sl_stat *stats = calloc(plan->nstats + 1, sizeof *stats);
	struct sl_err err = { 0 };

	assert_non_null(stats);
	memcpy(stats, plan->stats, plan->nstats * sizeof *stats);
	plan->stats = stats;
	if (sl_implied_add(plan, &s->setup.view, &err) != SL_OK)
		fail_msg("%s", err.text);
}

static void imply_free(struct sl_plan *plan)
{
	for (uint32_t i = sl_plan_printed(plan); i < plan->nstats; i++) {
		free(plan->stats[i].name);
		free(plan->stats[i].description);
		sl_codec_free(&sl_expr_record, &plan->stats[i].arg);
	}
	free(plan->stats);
}

static void count(struct survey *s, struct survey_request *r)
{
	struct memory_store store;
	struct sl_engine_setup setup = { .view = s->setup.view, .cells_max = 10000, .memory_bytes = 256 << 20 };
	struct sl_err err = { 0 };

	fill(s, &store);
	for (uint32_t i = 0; i < r->noutputs; i++) {
		struct sl_buf bytes = { .max = SL_PLAN_WIRE_MAX };
		imply(s, &r->plans[i]);
		if (sl_plan_check(&r->plans[i], &s->setup.view, &err) != SL_OK ||
		    sl_engine_run(&setup, &store.store, &r->plans[i], &r->results[i], &err) != SL_OK ||
		    sl_engine_members(&setup, &store.store, &r->plans[i], &s->members[s->nearlier + i], &err) != SL_OK)
			fail_msg("%s", err.text);
		assert_int_equal(sl_codec_encode(&sl_plan_record, &r->plans[i], &bytes, NULL), SL_OK);
		sl_digest_sha256(bytes.data, bytes.len, r->results[i].plan_digest);
		sl_buf_free(&bytes);
	}
	memory_store_fini(&store);
}

/* What leaves is history from now on. */
static void let_go(struct survey *s, struct survey_request *r)
{
	struct sl_err err = { 0 };

	r->answer = SURVEY_RELEASED;
	for (uint32_t i = 0; i < r->noutputs; i++)
		if (sl_history_output(&r->plans[i], &s->setup.view, &r->pub, &s->setup.rules, s->nrequests, i,
		                      &s->earlier[s->nearlier++], &err) != SL_OK)
			fail_msg("%s", err.text);
}

/* Who is told that conditions differ, that a number may count in its digits, or that proof is missing, says no. */
static bool is_for_a_person(const struct sl_publication *pub)
{
	for (uint32_t f = 0; f < pub->nfindings; f++) {
		uint8_t rule = pub->findings[f].rule;
		if (rule == SL_RULE_DIFFERENCING || rule == SL_RULE_DEPTH || rule == SL_RULE_EXPRESSION)
			return true;
	}
	return false;
}

void survey_judge(struct survey *s, struct survey_request *r)
{
	struct sl_history_plan plans[SURVEY_OUTPUTS] = { 0 };
	uint32_t nearlier = s->forgets ? 0 : s->nearlier;
	struct sl_check_space space = { .history = { .plans = plans, .nplans = r->noutputs, .outputs = s->earlier,
		                                     .noutputs = nearlier } };
	struct sl_atoms_packed packed = { 0 };
	struct sl_err err = { 0 };

	count(s, r);
	for (uint16_t i = 0; i < r->noutputs; i++)
		plans[i].plan = i;
	if (nearlier + r->noutputs > 1 &&
	    (sl_atoms_make(s->members + s->nearlier - nearlier, nearlier + r->noutputs, NULL, &packed, &err) != SL_OK ||
	     sl_atoms_unpack(&packed, &space.atoms, &err) != SL_OK))
		fail_msg("%s", err.text);
	s->setup.nplans = r->noutputs;
	s->setup.nspaces = 1;
	if (sl_check_after(&s->setup, r->plans, r->results, &space, &r->pub, &err) != SL_OK)
		fail_msg("%s", err.text);
	sl_codec_free(&sl_atoms_record, &space.atoms);
	if (r->pub.releasable && is_for_a_person(&r->pub))
		r->answer = SURVEY_FOR_A_PERSON;
	else if (r->pub.releasable)
		let_go(s, r);
	for (uint32_t i = 0; i < r->noutputs && r->answer != SURVEY_RELEASED; i++)
		sl_codec_free(&sl_members_record, &s->members[s->nearlier + i]);
}

void survey_fini(struct survey *s)
{
	for (uint32_t n = 0; n < s->nrequests; n++) {
		struct survey_request *r = &s->requests[n];
		for (uint32_t i = 0; i < r->noutputs; i++) {
			sl_codec_free(&sl_result_record, &r->results[i]);
			imply_free(&r->plans[i]);
		}
		sl_codec_free(&sl_publication_record, &r->pub);
	}
	for (uint32_t i = 0; i < s->nearlier; i++) {
		sl_codec_free(&sl_members_record, &s->members[i]);
		sl_history_output_free(&s->earlier[i]);
	}
}

const struct sl_published_cell *survey_shown(const struct survey_request *r, uint32_t output, uint32_t cell,
                                             uint32_t stat)
{
	const struct sl_published_cell *p = &r->pub.outputs[output].cells[cell * r->plans[output].nstats + stat];

	return r->answer == SURVEY_RELEASED && p->shown ? p : NULL;
}
