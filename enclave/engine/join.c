/* join.c - see join.h. */
#include "enclave/engine/join.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/spread.h"


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

/* Columns of the driver that no input needs by row. */
static void note_by_unit(const struct sl_join *j, bool by_unit[static SL_INPUTS_MAX])
{
	memset(by_unit, true, SL_INPUTS_MAX * sizeof *by_unit);
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		if (j->plan->inputs[i].source == j->driver)
			by_unit[j->input_column[i]] &= !j->by_row[i];
}

static enum sl_rc open_side(struct sl_join *j, uint32_t s, const struct sl_view *view, const struct sl_store *store,
                            const struct sl_join_part *part, const struct sl_range *ranges, struct sl_err *err)
{
	struct sl_range mine[SL_INPUTS_MAX];
	uint16_t columns[SL_INPUTS_MAX];
	struct sl_source_order order = { .source = &j->plan->sources[s], .view = view, .columns = columns,
		.unit_first = part->unit_first, .unit_last = part->unit_last, .lane = part->lane,
		.units_once = j->plan->nsources == 1 };

	order.ncolumns = columns_of(j->plan, s, columns, j->input_column);
	if (s == j->driver && !sl_source_is_folded(order.source))
		note_by_unit(j, order.by_unit);
	/* Only the driver's rows are the plan's: elsewhere a row left out by a range would look like none. */
	if (s == j->driver && ranges != NULL && order.source->nfolds == 0) {
		source_ranges(j, s, ranges, order.ncolumns, mine);
		order.ranges = mine;
	}
	return s == j->driver ? sl_source_open(&j->stream, &order, store, err)
	                      : sl_finder_open(&j->sides[s], &order, store, err);
}

/* Keys alone do with what is known by unit. */
static void note_read(struct sl_join *j, const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_COLUMN)
			j->by_row[e->ops[i].arg] = true;
}

static void note_inputs(struct sl_join *j)
{
	note_read(j, &j->plan->where);
	for (uint32_t i = 0; i < j->plan->nstats; i++) {
		note_read(j, &j->plan->stats[i].arg);
		note_read(j, &j->plan->stats[i].arg2);
	}
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		j->by_row[i] |= j->plan->inputs[i].lookup > 0;
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
	note_inputs(j);
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
		if (s == j->driver)
			sl_source_close(&j->stream);
		else
			sl_finder_close(&j->sides[s]);
	free(j->values);
	free(j->nulls);
	free(j->looked_values);
	free(j->looked_nulls);
	memset(j, 0, sizeof *j);
}

/* The driver's units, each once, and where they end. */
static void list_units(struct sl_join *j, const struct sl_batch *driver)
{
	const int64_t *units = driver->units;
	uint32_t n = 0;

	j->ends = driver->ends;
	for (uint32_t u = 0; u < driver->ends.n; u++)
		j->units[u] = units[driver->ends.ends[u] - 1];
	if (driver->ends.n > 0)
		return;
	for (uint32_t r = 0; r < driver->rows; r++) {
		j->units[n] = units[r];
		j->own_ends[n] = (uint16_t)(r + 1);
		n += r + 1 == driver->rows || units[r + 1] != units[r];
	}
	j->ends = (struct sl_unit_ends){ j->own_ends, n, j->units };
}

/* What being found, or not, does to the mark of a unit. */
static void mark_units(struct sl_join *j, uint8_t join, const uint8_t *found)
{
	for (uint32_t u = 0; u < j->ends.n; u++) {
		bool has = found == NULL || found[u] == SL_ROW_KEPT;
		if (join == SL_JOIN_INNER && !has && found[u] == SL_ROW_ABSENT)
			j->unit_marks[u] = SL_ROW_ABSENT;
		else if (join != SL_JOIN_LEFT && has == (join == SL_JOIN_ANTI) && j->unit_marks[u] == SL_ROW_KEPT)
			j->unit_marks[u] = SL_ROW_LEFT_OUT;
	}
}

/* What was found for units, and where it is asked for by row, for each of their rows. */
static void tell_found(struct sl_join *j, uint32_t s, uint32_t rows, const struct sl_batch *found, struct sl_batch *out)
{
	for (uint32_t i = 0; i < j->plan->ninputs; i++) {
		if (j->plan->inputs[i].source != s)
			continue;
		int64_t *values = j->values + (size_t)i * SL_BATCH_ROWS;
		uint8_t *nulls = j->nulls + (size_t)i * SL_BATCH_ROWS;
		out->unit_values[i] = found->values[j->input_column[i]];
		out->unit_nulls[i] = found->nulls[j->input_column[i]];
		out->values[i] = j->by_row[i] ? values : NULL;
		out->nulls[i] = j->by_row[i] && out->unit_nulls[i] != NULL ? nulls : NULL;
		if (out->values[i] != NULL)
			sl_spread_values(j->ends, rows, out->unit_values[i], values);
		if (out->nulls[i] != NULL)
			sl_spread_marks(j->ends, rows, out->unit_nulls[i], nulls);
	}
}

/* A row's own mark, unless its unit's says more. */
static void mark_rows(struct sl_join *j, const struct sl_batch *driver, struct sl_batch *out)
{
	sl_spread_marks(j->ends, driver->rows, j->unit_marks, j->row_marks);
	out->marks = j->row_marks;
	for (uint32_t r = 0; r < driver->rows && (driver->none_kept || driver->marks != NULL); r++) {
		uint8_t own = driver->none_kept ? SL_ROW_LEFT_OUT : driver->marks[r];
		if (own != SL_ROW_KEPT && j->row_marks[r] != SL_ROW_ABSENT)
			j->row_marks[r] = own;
	}
}

/* Input i, which is the driver's. */
static void tell_own(const struct sl_join *j, uint32_t i, const struct sl_batch *driver, struct sl_batch *out)
{
	uint32_t column = j->input_column[i];

	out->values[i] = driver->values[column];
	out->nulls[i] = driver->nulls[column];
	out->unit_values[i] = driver->unit_values[column];
	out->unit_nulls[i] = NULL;
}

static enum sl_rc next_joined(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	struct sl_batch driver = { 0 }, found = { 0 };
	enum sl_rc rc = sl_source_next(&j->stream, &driver, err);
	bool is_marked = driver.none_kept || driver.marks != NULL;

	out->rows = 0;
	if (rc != SL_OK || driver.rows == 0)
		return rc;
	list_units(j, &driver);
	memset(j->unit_marks, SL_ROW_KEPT, j->ends.n);
	for (uint32_t s = 0; s < j->plan->nsources; s++) {
		uint8_t join = j->plan->sources[s].join;
		if (s == j->driver)
			continue;
		rc = sl_finder_rows(&j->sides[s], j->units, j->ends.n, &found, err);
		if (rc != SL_OK)
			return rc;
		/* Where every unit is found and nothing was filtered there is nothing to mark. */
		if (found.marks != NULL || join == SL_JOIN_ANTI)
			mark_units(j, join, found.marks);
		is_marked |= join == SL_JOIN_ANTI || (join != SL_JOIN_LEFT && found.marks != NULL);
		tell_found(j, s, driver.rows, &found, out);
	}
	out->rows = driver.rows;
	out->units = driver.units;
	out->ends = j->ends;
	out->marks = NULL;
	out->none_kept = driver.none_kept;
	if (is_marked)
		mark_rows(j, &driver, out);
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		if (j->plan->inputs[i].source == j->driver)
			tell_own(j, i, &driver, out);
	return rc;
}

/* One source: its columns are the inputs, but for their order. */
static enum sl_rc next_alone(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	struct sl_batch driver = { 0 };
	enum sl_rc rc = sl_source_next(&j->stream, &driver, err);

	out->rows = rc == SL_OK ? driver.rows : 0;
	out->units = driver.units;
	out->ends = driver.ends;
	out->marks = driver.marks;
	out->none_kept = driver.none_kept;
	for (uint32_t i = 0; i < j->plan->ninputs; i++)
		tell_own(j, i, &driver, out);
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
		out->unit_values[i] = NULL;
	}
}

enum sl_rc sl_join_next(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	enum sl_rc rc = j->plan->nsources == 1 ? next_alone(j, out, err) : next_joined(j, out, err);

	if (rc == SL_OK && out->rows > 0 && !out->none_kept)
		look_up(j, out);
	return rc;
}
