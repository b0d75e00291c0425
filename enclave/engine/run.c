/* run.c - see run.h. */
#include "enclave/engine/run.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"

enum sl_rc sl_run_open(struct sl_run *run, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	uint32_t table = plan->sources[sl_join_driver(plan, run->work.view)].table;
	int64_t first[SL_CREW_MAX + 1];
	enum sl_rc rc = SL_OK;

	run->nlanes = run->work.store->cut(run->work.store, table, sl_crew_size(), first);
	run->lanes = calloc(run->nlanes, sizeof *run->lanes);
	if (run->lanes == NULL) {
		run->nlanes = 0;
		return sl_err_set(err, SL_E_NOMEM, "out of memory to run a plan");
	}
	for (uint32_t i = 0; i < run->nlanes && rc == SL_OK; i++) {
		/* The outer parts have no end, so that a row that cannot be is met and refused. */
		struct sl_join_part part = { .unit_first = i > 0 ? first[i] : INT64_MIN, .lane = i,
			.unit_last = i + 1 < run->nlanes ? first[i + 1] - 1 : INT64_MAX };
		rc = sl_lane_init(&run->lanes[i], &run->work, &part, err);
	}
	return rc;
}

void sl_run_close(struct sl_run *run)
{
	for (uint32_t i = 0; i < run->nlanes; i++)
		sl_lane_fini(&run->lanes[i]);
	sl_quantiles_fini(&run->work.quantiles);
	sl_brackets_fini(&run->work.brackets);
	free(run->lanes);
	explicit_bzero(run, sizeof *run);
}

/* Parts of the present pass. */
struct parts {
	struct sl_run *run;
	const struct sl_join_part *list;
	uint32_t n;
};

/* What a lane reads with is made, and wiped, by its own thread, too. */
static void run_lane(void *arg, uint32_t index)
{
	const struct parts *parts = arg;
	struct sl_lane *lane = &parts->run->lanes[index];

	if (index >= parts->run->nlanes)
		return;
	lane->rc = SL_OK;
	for (uint32_t i = index; i < parts->n && lane->rc == SL_OK; i += parts->run->nlanes) {
		struct sl_join_part whole = lane->part;
		lane->part = parts->list[i];
		lane->part.lane = index;
		lane->rc = sl_lane_open(lane, &lane->err);
		if (lane->rc == SL_OK)
			sl_lane_run(lane);
		sl_lane_close(lane);
		lane->part = whole;
	}
}

enum sl_rc sl_run_parts(struct sl_run *run, enum sl_pass pass, const struct sl_join_part *parts, uint32_t n,
                        struct sl_err *err)
{
	struct parts all = { run, parts, n };

	run->work.pass = pass;
	sl_crew_run(run_lane, &all);
	for (uint32_t i = 0; i < run->nlanes; i++)
		if (run->lanes[i].rc != SL_OK) {
			if (err != NULL)
				*err = run->lanes[i].err;
			return run->lanes[i].rc;
		}
	return SL_OK;
}

enum sl_rc sl_run_pass(struct sl_run *run, enum sl_pass pass, struct sl_err *err)
{
	struct sl_join_part parts[SL_CREW_MAX];

	for (uint32_t i = 0; i < run->nlanes; i++)
		parts[i] = run->lanes[i].part;
	return sl_run_parts(run, pass, parts, run->nlanes, err);
}
