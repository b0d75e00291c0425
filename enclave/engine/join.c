/* join.c - see join.h. */
#include "enclave/engine/join.h"

#include <stdlib.h>
#include <string.h>

#define INPUT_BYTES ((uint64_t)SL_BATCH_ROWS * 9)

uint32_t sl_join_driver(const struct sl_plan *plan, const struct sl_view *view)
{
	for (uint32_t s = 0; s < plan->nsources; s++)
		if (plan->sources[s].join == SL_JOIN_INNER && !sl_source_one_row(&plan->sources[s], view))
			return s;
	return 0;
}

/* Columns of source s, each once, in the order of the inputs; at[i]: where input i finds its own. */
static uint32_t columns_of(const struct sl_plan *plan, uint32_t s, uint16_t columns[static SL_INPUTS_MAX],
                           uint16_t *at)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->ninputs; i++) {
		uint32_t c = 0;
		if (plan->inputs[i].source != s)
			continue;
		while (c < n && columns[c] != plan->inputs[i].column)
			c++;
		if (c == n)
			columns[n++] = plan->inputs[i].column;
		if (at != NULL)
			at[i] = plan->sources[s].nfolds > 0 ? plan->inputs[i].column : (uint16_t)c;
	}
	return n;
}

uint64_t sl_join_bytes(const struct sl_plan *plan, const struct sl_store *store)
{
	uint64_t bytes = plan->nsources > 1 ? plan->ninputs * INPUT_BYTES : 0;
	uint16_t columns[SL_INPUTS_MAX];

	for (uint32_t i = 0; i < plan->ninputs; i++)
		bytes += plan->inputs[i].lookup > 0 ? INPUT_BYTES : 0;
	for (uint32_t s = 0; s < plan->nsources; s++)
		bytes += sl_source_bytes(&plan->sources[s], columns_of(plan, s, columns, NULL), store);
	return bytes;
}

/* Ranges of a source's columns. What is asked of an attribute says nothing of the codes it is looked up by. */
static void source_ranges(const struct sl_join *j, uint32_t s, const struct sl_range *ranges, uint32_t ncolumns,
                          struct sl_range out[static SL_INPUTS_MAX])
{
	for (uint32_t c = 0; c < ncolumns; c++)
		out[c] = (struct sl_range){ .lo = INT64_MIN, .hi = INT64_MAX, .missing = true };
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		if (j->plan->inputs[i].source == s && j->plan->inputs[i].lookup == 0)
			out[j->input_column[i]] = ranges[i];
}

static enum sl_rc open_side(struct sl_join *j, uint32_t s, const struct sl_view *view, const struct sl_store *store,
                            const struct sl_join_part *part, const struct sl_range *ranges, struct sl_err *err)
{
	struct sl_range mine[SL_INPUTS_MAX];
	uint16_t columns[SL_INPUTS_MAX];
	struct sl_source_order order = { .source = &j->plan->sources[s], .view = view, .columns = columns,
		.unit_first = part->unit_first, .unit_last = part->unit_last, .lane = part->lane };

	order.ncolumns = columns_of(j->plan, s, columns, j->input_column);
	/* Only the driver's rows are the plan's: elsewhere a row left out by a range would look like none. */
	if (s == j->driver && ranges != NULL && order.source->nfolds == 0) {
		source_ranges(j, s, ranges, order.ncolumns, mine);
		order.ranges = mine;
	}
	return sl_source_open(&j->sides[s].stream, &order, store, err);
}

static enum sl_rc open_lookups(struct sl_join *j, const struct sl_view *view, struct sl_err *err)
{
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		if (j->plan->inputs[i].lookup > 0)
			j->lookups[j->nlookups++] = sl_lookup_of(j->plan, view, i);
	if (j->nlookups == 0)
		return SL_OK;
	j->looked_values = calloc((size_t)j->nlookups * SL_BATCH_ROWS, sizeof *j->looked_values);
	j->looked_nulls = calloc((size_t)j->nlookups * SL_BATCH_ROWS, 1);
	return j->looked_values != NULL && j->looked_nulls != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory for what is looked up");
}

enum sl_rc sl_join_open(struct sl_join *j, const struct sl_plan *plan, const struct sl_view *view,
                        const struct sl_store *store, const struct sl_join_part *part, const struct sl_range *ranges,
                        struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	memset(j, 0, sizeof *j);
	j->plan = plan;
	j->driver = sl_join_driver(plan, view);
	for (uint32_t s = 0; s < plan->nsources && rc == SL_OK; s++) {
		j->nopen = s + 1;
		rc = open_side(j, s, view, store, part, ranges, err);
	}
	if (rc == SL_OK && plan->nsources > 1 && plan->ninputs > 0) {
		j->values = calloc((size_t)plan->ninputs * SL_BATCH_ROWS, sizeof *j->values);
		j->nulls = calloc((size_t)plan->ninputs * SL_BATCH_ROWS, 1);
		if (j->values == NULL || j->nulls == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory for joined rows");
	}
	return rc == SL_OK ? open_lookups(j, view, err) : rc;
}

void sl_join_close(struct sl_join *j)
{
	for (uint32_t s = 0; s < j->nopen; s++)
		sl_source_close(&j->sides[s].stream);
	free(j->values);
	free(j->nulls);
	free(j->looked_values);
	free(j->looked_nulls);
	memset(j, 0, sizeof *j);
}

/* A missing value in a batch that had none: all rows' marks of it are from now on told. */
static uint8_t *nulls_of(struct sl_join *j, uint32_t input)
{
	uint8_t *nulls = j->nulls + (size_t)input * SL_BATCH_ROWS;

	if (!j->has_nulls[input])
		memset(nulls, 0, SL_BATCH_ROWS);
	j->has_nulls[input] = true;
	return nulls;
}

/* Values of a side's columns for the driver's rows from..to, whose places lie in the side's present batch. */
static void gather(struct sl_join *j, uint32_t s, uint32_t from, uint32_t to, bool all_found)
{
	const struct sl_join_side *side = &j->sides[s];
	const uint32_t *place = side->place;

	for (uint32_t i = 0; i < j->plan->ninputs; i++) {
		if (j->plan->inputs[i].source != s)
			continue;
		const int64_t *values = side->batch.values[j->input_column[i]];
		const uint8_t *nulls = side->batch.nulls[j->input_column[i]];
		int64_t *v = j->values + (size_t)i * SL_BATCH_ROWS;
		if (all_found && nulls == NULL) {
			for (uint32_t r = from; r < to; r++)
				v[r] = values[place[r]];
			continue;
		}
		uint8_t *n = nulls_of(j, i);
		for (uint32_t r = from; r < to; r++) {
			v[r] = place[r] != SL_JOIN_NONE ? values[place[r]] : 0;
			n[r] = place[r] == SL_JOIN_NONE || (nulls != NULL && nulls[place[r]] != 0);
		}
	}
}

/* What being found, or not, does to the mark of a row. */
static void mark(struct sl_join *j, uint32_t s, uint32_t from, uint32_t to)
{
	struct sl_join_side *side = &j->sides[s];
	const uint8_t *kept = side->batch.marks;
	uint8_t join = j->plan->sources[s].join;

	for (uint32_t r = from; r < to; r++) {
		uint32_t at = side->place[r];
		bool has = at != SL_JOIN_NONE && (kept == NULL || kept[at] == SL_ROW_KEPT);
		if (join == SL_JOIN_INNER && at == SL_JOIN_NONE)
			j->marks[r] = SL_ROW_ABSENT;
		else if (join != SL_JOIN_LEFT && has == (join == SL_JOIN_ANTI) && j->marks[r] == SL_ROW_KEPT)
			j->marks[r] = SL_ROW_LEFT_OUT;
		if (!has)
			side->place[r] = SL_JOIN_NONE; /* a row that is left out gives no value */
	}
	j->is_marked |= join != SL_JOIN_LEFT;
}

static enum sl_rc fill(struct sl_join_side *side, struct sl_err *err)
{
	if (side->ended || side->at < side->batch.rows)
		return SL_OK;
	enum sl_rc rc = sl_source_next(&side->stream, &side->batch, err);
	side->at = 0;
	side->ended = rc != SL_OK || side->batch.rows == 0;
	return rc;
}

#define STEP_UNITS 8u

/*
 * The first of n rising units, from `at` on, that is not below `unit`; n: none. Eight at a time and without a branch in
 * between: how many persons lie between two that have events cannot be guessed.
 */
static inline uint32_t seek(const int64_t *units, uint32_t at, uint32_t n, int64_t unit)
{
	while (at + STEP_UNITS <= n) {
		uint32_t below = 0;
		for (uint32_t i = 0; i < STEP_UNITS; i++)
			below += units[at + i] < unit;
		at += below;
		if (below < STEP_UNITS)
			return at;
	}
	while (at < n && units[at] < unit)
		at++;
	return at;
}

/*
 * Finds the driver's rows from `from` on in a side's present batch. Returns how far it came: to the end, or to the
 * first row whose unit may lie in the side's next batch.
 */
static uint32_t find(struct sl_join_side *side, const struct sl_batch *driver, uint32_t from, bool *all_found)
{
	const int64_t *theirs = side->batch.units, *units = driver->units;
	uint32_t at = side->at, n = side->batch.rows, r = from;
	bool all = true;

	while (r < driver->rows) {
		int64_t unit = units[r];
		at = seek(theirs, at, n, unit);
		if (at == n)
			break;
		bool found = theirs[at] == unit;
		uint32_t place = found ? at : SL_JOIN_NONE;
		all &= found;
		do
			side->place[r++] = place;
		while (r < driver->rows && units[r] == unit);
	}
	side->at = at;
	*all_found = all;
	return r;
}

/* One side's part of all the driver's rows. */
static enum sl_rc merge(struct sl_join *j, uint32_t s, const struct sl_batch *driver, struct sl_err *err)
{
	struct sl_join_side *side = &j->sides[s];
	uint8_t join = j->plan->sources[s].join;

	for (uint32_t from = 0, to; from < driver->rows; from = to) {
		bool all_found = false;
		enum sl_rc rc = fill(side, err);
		if (rc != SL_OK)
			return rc;
		if (side->ended) {
			to = driver->rows;
			for (uint32_t r = from; r < to; r++)
				side->place[r] = SL_JOIN_NONE;
		} else {
			to = find(side, driver, from, &all_found);
		}
		/* Where every row is found and nothing was filtered there is nothing to mark. */
		if (!all_found || side->batch.marks != NULL || join == SL_JOIN_ANTI)
			mark(j, s, from, to);
		gather(j, s, from, to, all_found && side->batch.marks == NULL);
	}
	return SL_OK;
}

static void begin_batch(struct sl_join *j, const struct sl_batch *driver)
{
	j->is_marked = driver->none_kept || driver->marks != NULL;
	memset(j->has_nulls, 0, sizeof j->has_nulls);
	if (driver->marks != NULL && !driver->none_kept)
		memcpy(j->marks, driver->marks, driver->rows);
	else
		memset(j->marks, driver->none_kept ? SL_ROW_LEFT_OUT : SL_ROW_KEPT, driver->rows);
}

static enum sl_rc next_joined(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	struct sl_batch driver = { 0 };
	enum sl_rc rc = sl_source_next(&j->sides[j->driver].stream, &driver, err);

	if (rc != SL_OK || driver.rows == 0) {
		out->rows = 0;
		return rc;
	}
	begin_batch(j, &driver);
	for (uint32_t s = 0; s < j->plan->nsources && rc == SL_OK; s++)
		if (s != j->driver)
			rc = merge(j, s, &driver, err);
	out->rows = rc == SL_OK ? driver.rows : 0;
	out->units = driver.units;
	out->marks = j->is_marked ? j->marks : NULL;
	out->none_kept = driver.none_kept;
	for (uint32_t i = 0; i < j->plan->ninputs; i++) {
		bool drives = j->plan->inputs[i].source == j->driver;
		out->values[i] = drives ? driver.values[j->input_column[i]] : j->values + (size_t)i * SL_BATCH_ROWS;
		out->nulls[i] = drives               ? driver.nulls[j->input_column[i]]
		                : j->has_nulls[i] ? j->nulls + (size_t)i * SL_BATCH_ROWS
		                                  : NULL;
	}
	return rc;
}

/* One source: its columns are the inputs, but for their order. */
static enum sl_rc next_alone(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	struct sl_batch driver = { 0 };
	enum sl_rc rc = sl_source_next(&j->sides[0].stream, &driver, err);

	out->rows = rc == SL_OK ? driver.rows : 0;
	out->units = driver.units;
	out->marks = driver.marks;
	out->none_kept = driver.none_kept;
	for (uint32_t i = 0; i < j->plan->ninputs; i++) {
		out->values[i] = driver.values[j->input_column[i]];
		out->nulls[i] = driver.nulls[j->input_column[i]];
	}
	return rc;
}

/* Attributes take the place of the codes they were found by. */
static void look_up(struct sl_join *j, struct sl_batch *out)
{
	for (uint32_t i = 0, n = 0; n < j->nlookups; i++) {
		if (j->plan->inputs[i].lookup == 0)
			continue;
		int64_t *values = j->looked_values + (size_t)n * SL_BATCH_ROWS;
		uint8_t *nulls = j->looked_nulls + (size_t)n * SL_BATCH_ROWS;
		sl_lookup_apply(&j->lookups[n++], out->rows, out->values[i], out->nulls[i], values, nulls);
		out->values[i] = values;
		out->nulls[i] = nulls;
	}
}

enum sl_rc sl_join_next(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	enum sl_rc rc = j->plan->nsources == 1 ? next_alone(j, out, err) : next_joined(j, out, err);

	if (rc == SL_OK && out->rows > 0 && !out->none_kept)
		look_up(j, out);
	return rc;
}
