/* world.c - see world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "world.h"

#define G SL_USE_GROUP
#define F SL_USE_FILTER
#define M SL_USE_MEASURE
#define OPEN .lo = INT64_MIN, .hi = INT64_MAX

static struct sl_label events[] = {{"nafld"}, {"nash"}, {"cirrhosis"}, {"death"}};
static struct sl_label places[] = {{"north"}, {"south"}};
static struct sl_label kinds[] = {{"輸入"}, {"本地"}};
static struct sl_label sectors[] = {{"mining"}, {"trade"}};
static struct sl_label cities[] = {{"harbour"}, {"hills"}};
static struct sl_band ages[] = {{18, 39, "18-39"}, {40, 64, "40-64"}, {65, INT64_MAX, "65+"}};

static struct sl_column persons[] = {
	{ .name = "age",
	  .type = SL_TYPE_INTEGER,
	  .uses = G | F,
	  .lo = 18,
	  .hi = INT64_MAX,
	  .bands = ages,
	  .nbands = 3 },
	{ .name = "male", .type = SL_TYPE_BOOLEAN, .uses = G | F, OPEN },
	{ .name = "entry", .type = SL_TYPE_DATE, .uses = F, .nullable = 1, OPEN },
	{ .name = "weight", .type = SL_TYPE_REAL, .scale = 1, .uses = F | M, .nullable = 1, OPEN },
	{ .name = "site",
	  .type = SL_TYPE_TEXT,
	  .uses = G | F,
	  .has_domain = 1,
	  .has_other = 1,
	  .labels = places,
	  .nlabels = 2,
	  .reference = 6,
	  OPEN },
	{ .name = "secret", .type = SL_TYPE_INTEGER, .uses = 0, OPEN },
};
static struct sl_column diagnoses[] = {
	{.name = "event", .type = SL_TYPE_TEXT, .uses = G | F, .has_domain = 1, .labels = events, .nlabels = 4, OPEN},
	{.name = "days", .type = SL_TYPE_INTEGER, .uses = M, .nullable = 1, OPEN},
	{.name = "分類*", .type = SL_TYPE_TEXT, .uses = G | F, .has_domain = 1, .labels = kinds, .nlabels = 2, OPEN},
	{.name = "in", .type = SL_TYPE_INTEGER, .uses = F | M, OPEN},
};
static struct sl_column visits[] = {
	{.name = "cost", .type = SL_TYPE_REAL, .scale = 2, .uses = F | M, .nullable = 1, OPEN},
	{.name = "site", .type = SL_TYPE_TEXT, .uses = G | F, .has_domain = 1, .labels = places, .nlabels = 2, OPEN},
};
static struct sl_column books[] = {
	{.name = "sector", .type = SL_TYPE_TEXT, .uses = G | F, .has_domain = 1, .labels = sectors, .nlabels = 2, OPEN},
};
/* Attributes of the sites; the age of a site is also a person's. */
static struct sl_column sites[] = {
	{.name = "city", .type = SL_TYPE_TEXT, .uses = G | F, .nullable = 1, .has_domain = 1, .labels = cities,
	 .nlabels = 2, OPEN},
	{.name = "beds", .type = SL_TYPE_INTEGER, .uses = F | M, .nullable = 1, OPEN},
	{.name = "age", .type = SL_TYPE_INTEGER, .uses = F, .nullable = 1, OPEN},
	{.name = "coastal", .type = SL_TYPE_BOOLEAN, .uses = F, .nullable = 1, OPEN},
};
static struct sl_reference_cell site_cells[] = {
	{0, 0}, {120, 0}, {40, 0}, {1, 0}, {1, 0}, {0, 1}, {9, 0}, {0, 0},
};
#define TABLE(n, sp, unit, one, cols)                                                                                  \
	{                                                                                                              \
		.name = n, .space = sp, .unit_column = unit, .one_row_per_unit = one, .class_ = SL_CLASS_CONFIDENTIAL, \
		.columns = cols, .ncolumns = sizeof cols / sizeof cols[0]                                              \
	}
static struct sl_table tables[] = {
	TABLE("study.persons", "person", "id", 1, persons), TABLE("study.events", "person", "id", 0, diagnoses),
	TABLE("study.visits", "person", "id", 0, visits),   TABLE("firms.books", "company", "firm", 1, books),
	TABLE("codes.sectors", "", "", 0, books),
	{.name = "codes.sites", .space = "", .unit_column = "", .class_ = SL_CLASS_OPEN, .columns = sites, .ncolumns = 4,
	 .cells = site_cells, .ncells = 8},
};
static const struct sl_view view = {.tables = tables, .ntables = sizeof tables / sizeof tables[0]};
static struct sl_param params[] = {{"min", "18"}, {"site", "north"}, {"from_day", "2020-01-31"}, {"code", "007"}};

const struct sl_view *world_view(void)
{
	return &view;
}

struct sl_script_setup world_setup(const char *text)
{
	return (struct sl_script_setup){
		.file = "job.lua",
		.script = (uint8_t *)(uintptr_t)text,
		.nscript = (uint32_t)strlen(text),
		.view = view,
		.params = params,
		.nparams = sizeof params / sizeof params[0],
		.memory_bytes = 16u << 20,
		.plans_max = 16,
		.nodes_max = 4096,
		.print_bytes_max = 1000,
	};
}

static enum sl_rc take_print(void *self, const char *text, size_t len, struct sl_err *err)
{
	struct world_result *r = self;

	free(r->printed);
	r->printed = strndup(text, len);
	sl_buf_put(&r->bytes, text, len);
	return r->printed != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc take_plan(void *self, const uint8_t *wire, size_t len, struct sl_err *err)
{
	struct world_result *r = self;
	enum sl_rc rc = sl_codec_decode(&sl_plan_record, wire, len, &r->plans[r->nplans], err);

	if (rc != SL_OK)
		return rc;
	rc = sl_plan_check(&r->plans[r->nplans++], &view, err);
	sl_buf_put(&r->bytes, wire, len);
	return rc == SL_OK ? sl_buf_ok(&r->bytes, "bytes", err) : rc;
}

static enum sl_rc take_end(void *self, const struct sl_script_end *end, struct sl_err *err)
{
	struct world_result *r = self;
	enum sl_rc rc = sl_codec_encode(&sl_script_end_record, end, &r->bytes, err);

	return rc == SL_OK ? sl_codec_copy(&sl_script_end_record, end, &r->end, err) : rc;
}

void world_run_setup(const struct sl_script_setup *setup, uint64_t steps, struct world_result *r)
{
	const struct sl_script_sink sink = {.self = r, .print = take_print, .plan = take_plan, .end = take_end};
	struct sl_script *s = NULL;

	memset(r, 0, sizeof *r);
	r->rc = sl_script_new(setup, steps, &s, &r->err);
	if (r->rc == SL_OK)
		r->rc = sl_script_run(s, &sink, &r->err);
	sl_script_free(s);
}

void world_run(const char *text, struct world_result *r)
{
	struct sl_script_setup setup = world_setup(text);

	world_run_setup(&setup, 1000000, r);
}

void world_free(struct world_result *r)
{
	sl_codec_free(&sl_script_end_record, &r->end);
	for (uint32_t i = 0; i < r->nplans; i++)
		sl_codec_free(&sl_plan_record, &r->plans[i]);
	free(r->printed);
	sl_buf_free(&r->bytes);
	memset(r, 0, sizeof *r);
}

void world_expect_ok(const char *text, struct world_result *r)
{
	world_run(text, r);
	if (r->rc != SL_OK)
		fail_msg("%s\nrc %d: %s", text, (int)r->rc, r->err.text);
	if (!r->end.ok)
		fail_msg("%s\nline %u: %s (%s)", text, r->end.line, r->end.message, r->end.remedy);
	assert_int_equal(r->end.nplans, r->nplans);
}

void world_expect_error(const char *text, uint32_t line, const char *message, const char *remedy)
{
	struct world_result r;

	world_run(text, &r);
	if (r.rc != SL_OK || r.end.ok)
		fail_msg("%s\nno error: rc %d %s", text, (int)r.rc, r.err.text);
	if (r.end.line != line || (message != NULL && strcmp(r.end.message, message) != 0) ||
	    (remedy != NULL && strcmp(r.end.remedy, remedy) != 0))
		fail_msg("%s\n  line %u: %s\n  remedy: %s\nwanted\n  line %u: %s\n  remedy: %s", text, r.end.line,
		         r.end.message, r.end.remedy, line, message != NULL ? message : "(any)",
		         remedy != NULL ? remedy : "(any)");
	assert_int_equal(r.nplans, 0);
	assert_int_equal(r.end.nplans, 0);
	world_free(&r);
}
