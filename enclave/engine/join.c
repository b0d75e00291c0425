/* join.c - see join.h. */
#include "enclave/engine/join.h"

#include <stdlib.h>
#include <string.h>

static uint32_t columns_of(const struct sl_plan *plan, uint32_t source, uint16_t columns[static SL_INPUTS_MAX])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (plan->inputs[i].source == source)
			columns[n++] = plan->inputs[i].column;
	return n;
}

uint64_t sl_join_bytes(const struct sl_plan *plan, const struct sl_store *store)
{
	uint16_t columns[SL_INPUTS_MAX];
	uint64_t bytes = 0;

	for (uint32_t s = 0; s < plan->nsources; s++)
		bytes += store->feed_bytes(store, columns_of(plan, s, columns));
	if (plan->nsources > 1)
		bytes += (uint64_t)SL_BATCH_ROWS * (8 + (uint64_t)plan->ninputs * 9);
	return bytes;
}

static enum sl_rc allocate(struct sl_join *j, struct sl_err *err)
{
	j->units = calloc(SL_BATCH_ROWS, sizeof *j->units);
	j->values = calloc((size_t)SL_BATCH_ROWS * (j->ninputs > 0 ? j->ninputs : 1), sizeof *j->values);
	j->nulls = calloc((size_t)SL_BATCH_ROWS * (j->ninputs > 0 ? j->ninputs : 1), 1);
	if (j->units == NULL || j->values == NULL || j->nulls == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for joined rows");
	return SL_OK;
}

enum sl_rc sl_join_open(struct sl_join *j, const struct sl_plan *plan, const struct sl_view *view,
                        const struct sl_store *store, struct sl_err *err)
{
	uint16_t columns[SL_INPUTS_MAX], filled[SL_SOURCES_MAX] = { 0 };
	enum sl_rc rc = SL_OK;

	memset(j, 0, sizeof *j);
	j->nsources = plan->nsources;
	j->ninputs = plan->ninputs;
	for (uint32_t i = 0; i < plan->ninputs; i++) {
		j->input_source[i] = (uint8_t)plan->inputs[i].source;
		j->input_column[i] = filled[plan->inputs[i].source]++;
	}
	for (uint32_t s = 0; s < plan->nsources && rc == SL_OK; s++) {
		struct sl_join_side *side = &j->sides[s];
		side->last_unit = -1;
		side->one_row = view->tables[plan->sources[s].table].one_row_per_unit != 0;
		if (!side->one_row)
			j->driver = s;
		rc = store->open(store, plan->sources[s].table, columns, columns_of(plan, s, columns), &side->feed, err);
	}
	if (rc == SL_OK && plan->nsources > 1)
		rc = allocate(j, err);
	return rc;
}

void sl_join_close(struct sl_join *j)
{
	for (uint32_t s = 0; s < j->nsources; s++)
		if (j->sides[s].feed != NULL)
			j->sides[s].feed->close(j->sides[s].feed);
	free(j->units);
	free(j->values);
	free(j->nulls);
	memset(j, 0, sizeof *j);
}

/* Everything later rests on this order, so it is looked at and not believed. */
static bool is_in_order(const struct sl_join_side *side)
{
	const int64_t *u = side->stretch.units;
	bool ok = u[0] >= 0 && (u[0] > side->last_unit || (u[0] == side->last_unit && !side->one_row));

	for (uint32_t i = 1; i < side->stretch.rows; i++)
		ok &= side->one_row ? u[i] > u[i - 1] : u[i] >= u[i - 1];
	return ok;
}

/* Makes sure a row lies at `at`, or that the side has ended. */
static enum sl_rc fill(struct sl_join_side *side, struct sl_err *err)
{
	if (side->ended || side->at < side->stretch.rows)
		return SL_OK;
	if (side->stretch.rows > 0)
		side->last_unit = side->stretch.units[side->stretch.rows - 1];
	enum sl_rc rc = side->feed->next(side->feed, &side->stretch, err);
	side->at = 0;
	side->ended = rc != SL_OK || side->stretch.rows == 0;
	if (rc == SL_OK && !side->ended && !is_in_order(side))
		return sl_err_set(err, SL_E_INTEGRITY, "a table's rows are not in unit order, or a unit has a second row");
	return rc;
}

/* One source: its rows as they lie. */
static enum sl_rc next_slice(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	struct sl_join_side *side = &j->sides[0];
	enum sl_rc rc = fill(side, err);

	out->rows = 0;
	if (rc != SL_OK || side->ended)
		return rc;
	uint32_t left = side->stretch.rows - side->at;
	out->rows = left < SL_BATCH_ROWS ? left : SL_BATCH_ROWS;
	out->units = side->stretch.units + side->at;
	for (uint32_t i = 0; i < j->ninputs; i++) {
		out->values[i] = side->stretch.values[i] + side->at;
		out->nulls[i] = side->stretch.nulls[i] + side->at;
	}
	side->at += out->rows;
	return SL_OK;
}

/* Moves a side to the first row at or after unit. */
static enum sl_rc seek(struct sl_join_side *side, int64_t unit, struct sl_err *err)
{
	enum sl_rc rc = fill(side, err);

	while (rc == SL_OK && !side->ended && side->stretch.units[side->at] < unit) {
		side->at++;
		rc = fill(side, err);
	}
	return rc;
}

/* Moves every side to the driver's unit. *found: all have it. *ended: one of them has no more. */
static enum sl_rc align(struct sl_join *j, bool *found, bool *ended, struct sl_err *err)
{
	struct sl_join_side *driver = &j->sides[j->driver];
	enum sl_rc rc = fill(driver, err);

	*ended = rc == SL_OK && driver->ended;
	*found = rc == SL_OK && !*ended;
	for (uint32_t s = 0; s < j->nsources && rc == SL_OK && !*ended; s++) {
		struct sl_join_side *side = &j->sides[s];
		int64_t unit = driver->stretch.units[driver->at];
		if (s == j->driver)
			continue;
		rc = seek(side, unit, err);
		*ended = side->ended;
		*found = *found && !side->ended && side->stretch.units[side->at] == unit;
	}
	return rc;
}

static void gather(struct sl_join *j, uint32_t row)
{
	const struct sl_join_side *driver = &j->sides[j->driver];

	j->units[row] = driver->stretch.units[driver->at];
	for (uint32_t i = 0; i < j->ninputs; i++) {
		const struct sl_join_side *side = &j->sides[j->input_source[i]];
		size_t to = (size_t)i * SL_BATCH_ROWS + row;
		j->values[to] = side->stretch.values[j->input_column[i]][side->at];
		j->nulls[to] = side->stretch.nulls[j->input_column[i]][side->at];
	}
}

enum sl_rc sl_join_next(struct sl_join *j, struct sl_batch *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t rows = 0;

	if (j->nsources == 1)
		return next_slice(j, out, err);
	while (rows < SL_BATCH_ROWS) {
		bool found, ended;
		rc = align(j, &found, &ended, err);
		if (rc != SL_OK || ended)
			break;
		if (found)
			gather(j, rows++);
		j->sides[j->driver].at++;
	}
	out->rows = rc == SL_OK ? rows : 0;
	out->units = j->units;
	for (uint32_t i = 0; i < j->ninputs; i++) {
		out->values[i] = j->values + (size_t)i * SL_BATCH_ROWS;
		out->nulls[i] = j->nulls + (size_t)i * SL_BATCH_ROWS;
	}
	return rc;
}
