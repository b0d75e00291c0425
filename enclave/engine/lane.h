/*
 * lane.h - one thread's share of a plan: the rows of a range of units, through filter, keys and arguments to a count.
 * Used by run.c.
 *
 * A plan is run in passes over the rows; each lane goes through its own with nothing shared but what is only read.
 */
#ifndef SL_ENGINE_LANE_H
#define SL_ENGINE_LANE_H

#include "enclave/engine/bracket.h"
#include "enclave/engine/draws.h"
#include "enclave/engine/join.h"
#include "enclave/engine/keys.h"
#include "enclave/engine/members.h"
#include "enclave/engine/models.h"
#include "enclave/engine/moments.h"
#include "enclave/engine/quantile.h"
#include "enclave/engine/tally.h"

/* What is done with the rows of a pass. */
enum sl_pass {
	SL_PASS_TALLY = 0, /* evidence, moments, and the span of values that quantiles are looked for in */
	SL_PASS_SAMPLE,    /* rows of work.sample */
	SL_PASS_SPAN,      /* the span again, where the first pass did without */
	SL_PASS_DIGITS,    /* sl_quantiles_count */
	SL_PASS_BESIDE,    /* sl_quantiles_beside */
	SL_PASS_MEMBERS,   /* which units stand behind the numbers; the only pass of its run, and nothing is counted */
};

/* An argument of statistics, each once however many of them share it. */
struct sl_engine_arg {
	const struct sl_expr *expr, *pair; /* borrowed from the plan; pair: a second one, or a list of them; NULL */
	struct sl_expr parts[SL_REGRESSORS_MAX]; /* of pair: their missing rows count too */
	uint32_t nparts;
	bool is_condition;
	bool is_whole; /* a column that the catalogue says has no missing cell, of a source that has every row */
};

/* A plan made ready: the same for every lane, changed between passes only. */
struct sl_work {
	const struct sl_plan *plan;
	const struct sl_view *view;
	const struct sl_store *store;
	struct sl_engine_arg args[SL_STATS_MAX];
	uint32_t nargs, ntallied;       /* the tally is given the first ntallied; of the others its cells say enough */
	bool is_condition[SL_STATS_MAX]; /* per argument */
	int arg_of[SL_STATS_MAX];       /* per statistic: args[], or SL_TALLY_NO_ARG */
	struct sl_range ranges[SL_INPUTS_MAX];
	struct sl_keys keys;
	struct sl_quantiles quantiles;
	struct sl_brackets brackets;
	struct sl_brackets sample;      /* of the same pairs, without ends; while it is read */
	const uint8_t *rounding_key;    /* borrowed; NULL: nothing is drawn */
	uint8_t draws;                  /* enum sl_draws_level */
	uint64_t spare_bytes;           /* for the search of quantiles, beside what every plan is known to take */
	bool counts_units;              /* of evidence there are counts alone, of units as a whole where that can be */
	bool counts_digits;             /* spans were known before: the pass that tallies counts the first digits too */
	enum sl_pass pass;
};

struct sl_lane {
	const struct sl_work *work;     /* borrowed */
	struct sl_join_part part;
	struct sl_join join;
	struct sl_compute where, args[SL_STATS_MAX], pairs[SL_STATS_MAX][SL_REGRESSORS_MAX];
	struct sl_tally tally;
	struct sl_member_tally members;                  /* instead of a tally, for SL_PASS_MEMBERS */
	struct sl_moments_tally moments;
	struct sl_models_tally models;
	struct sl_draws draws;
	int64_t least[SL_STATS_MAX], most[SL_STATS_MAX]; /* per argument: of the kept rows; least > most: none */
	uint8_t marks[SL_BATCH_ROWS], kept[SL_BATCH_ROWS];
	uint8_t pair_nulls[SL_STATS_MAX][SL_BATCH_ROWS];
	uint32_t cells[SL_BATCH_ROWS], unit_cells[SL_BATCH_ROWS];
	int64_t units[SL_BATCH_ROWS];   /* of rows, where they were told once a unit */
	enum sl_rc rc;                  /* of the last pass */
	struct sl_err err;
};

/* sl_work_init - of a checked plan within limits. All borrowed while work is used. */
void sl_work_init(struct sl_work *w, const struct sl_plan *plan, const struct sl_view *view,
                  const struct sl_store *store);

/* sl_work_tallied - the argument of a statistic's evidence; SL_TALLY_NO_ARG: it counts the rows of its cell. */
int sl_work_tallied(const struct sl_work *w, uint32_t stat);

/* sl_work_span - bounds of an argument before a row is read, of a column as it lies in its table; false: not known. */
bool sl_work_span(const struct sl_work *w, const struct sl_expr *arg, int64_t *least, int64_t *most);


/*
 * sl_lane_init - lane is zeroed by the caller, work->pass the first there will be; sl_lane_fini also after failure.
 * SL_E_NOMEM, SL_E_LIMIT (as sl_members_init).
 */
SL_MUST_CHECK enum sl_rc sl_lane_init(struct sl_lane *lane, const struct sl_work *work,
                                      const struct sl_join_part *part, struct sl_err *err);

/* sl_lane_open - before each pass, on its thread: its sources from their first row. As sl_join_open. */
SL_MUST_CHECK enum sl_rc sl_lane_open(struct sl_lane *lane, struct sl_err *err);

/*
 * sl_lane_run - one pass over all rows: nothing is allocated but what SL_PASS_MEMBERS writes. What went wrong is in
 * lane->rc and lane->err.
 */
void sl_lane_run(struct sl_lane *lane);

void sl_lane_close(struct sl_lane *lane); /* after a pass; accepts a lane that is not open */
void sl_lane_fini(struct sl_lane *lane);

#endif
