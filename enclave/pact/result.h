/*
 * result.h - full cells with evidence, from sluice-engine to sluice-check. Sealed; never shown.
 *
 * Everything counts privacy units, not rows (disclosure rules are about people). Contributions are unit
 * totals in the cell, on the argument's grid.
 */
#ifndef SL_PACT_RESULT_H
#define SL_PACT_RESULT_H

#include "enclave/pact/plan.h"

#define SL_CELLS_MAX 200000
#define SL_RESULT_WIRE_MAX (512u << 20)

/*
 * Per (cell, statistic). Zeroed is an empty cell. A QUANTILE adds nothing up, so that of totals, from negatives on,
 * nothing is told of it: who is below, at and above its value is in sl_quantile.
 */
struct sl_evidence {
	uint64_t cell_units;      /* units with a row in the cell */
	uint64_t cell_rows;
	uint64_t contributors;    /* units with a row that meets the condition and has a value */
	uint64_t complement_units;/* COUNT_IF, SHARE: units with a row that does not meet it (false or unknown) */
	uint64_t rows;            /* rows behind the value: COUNT all, COUNT_IF and SHARE true, SUM and MEAN with a value */
	uint64_t known_rows;      /* SHARE: rows where the condition is known; else as rows */
	uint64_t rows_by_one_max; /* most of `rows` by one unit */
	uint64_t negatives;       /* contributors whose total is negative */
	uint64_t zeros;           /* contributors whose total is zero */
	sl_i128 sum;              /* of values; COUNT family: 0 */
	sl_i128 sum_abs;          /* of |unit total| */
	int64_t top1, top2, top3; /* largest |unit total|, falling */
	int64_t unit_min, unit_max; /* smallest and largest unit total; 0 without contributors */
	uint8_t all_equal;        /* every value, or every unit total, in the cell is the same */
	uint8_t overflow;         /* a unit total left int64: nothing here may be used */
};

/* Units of the margin over one key: cell index with that key left out. */
struct sl_margin_cell {
	uint64_t units;
};

struct sl_margin {
	uint16_t key;             /* plan.keys[]: a sensitive one */
	struct sl_margin_cell *cells;
	uint32_t ncells;          /* cells of the plan without this key */
};

/*
 * Power sums of one (cell, statistic) of VAR, SD (x alone), CORR, SLOPE, INTERCEPT (y = arg, x = arg2), over the
 * evidence's `rows`, values as integers on their grids. VAR and SD: x and xx are arg's.
 */
struct sl_moments {
	sl_i128 x, y, xx, xy, yy;
	uint8_t overflow;     /* xx or yy left 2^126: nothing here may be used */
};

/*
 * One variable of a (cell, model), y first, then each x, over the evidence's `rows`, as integers on their grids; a
 * condition is 0 or 1.
 */
struct sl_variable {
	int64_t lo, hi;       /* smallest and largest value; 0 without rows */
	uint64_t above_units; /* units with a row above lo */
	uint64_t below_units; /* units with a row below hi */
	uint8_t overflow;     /* of y: a sum of squares of the model left 2^126, and no sum is told; of an x 0 */
};

/*
 * A sum of a (cell, model) with k x's: k + 1 sums of the variables, then (k + 1)(k + 2) / 2 of their products, of each
 * with itself and with those behind it.
 */
struct sl_sum {
	sl_i128 v;
};

/* One (cell, QUANTILE). */
struct sl_quantile {
	int64_t value;        /* on arg's grid; 0 when no row has one */
	uint64_t below_units; /* units with a row strictly below it */
	uint64_t above_units; /* units with a row strictly above it */
	uint64_t at_units;    /* units with a row exactly there */
};

/*
 * How the count of one (cell, statistic) is rounded at random, evenly from all numbers: by a key of the enclave, of
 * which units the counted rows are, and of nothing else. Where two count the same, their draws are the same.
 */
struct sl_draw {
	uint64_t counted;     /* UNITS: of cell_units; COUNT: of cell_rows; else of rows */
	uint64_t known;       /* SHARE: of known_rows; else 0 */
};

/*
 * Which values a column has in its whole table, rising, where they are at most so many; n 0: there are more, or none.
 * Of each input that a sum, mean or spread reads alone, unless the catalogue leaves it no more.
 */
#define SL_DISTINCT_MAX 4
struct sl_distinct {
	uint8_t n;
	int64_t v[SL_DISTINCT_MAX]; /* 0 behind the n-th */
};

/*
 * Of LIMITS, behind those of COUNTS: as evidence, of contributors (counted) and of the other units of the cell (known);
 * then of each cell's units (counted).
 */
enum sl_draws_level { SL_DRAWS_NONE = 0, SL_DRAWS_COUNTS, SL_DRAWS_LIMITS, SL_DRAWS_COUNT_ };

struct sl_result {
	uint8_t plan_digest[32];  /* SHA-256 of the plan frame as the engine received it */
	uint64_t population;      /* units with a row after where */
	uint64_t complement;      /* units of the sources with no row after every filter: sl_plan_is_filtered */
	uint64_t partly;          /* units with rows both kept and left out by the plan's where */
	uint8_t filtered;         /* sl_plan_is_filtered */
	uint8_t drawn;            /* there are draws, enum sl_draws_level */
	struct sl_evidence *evidence; /* cell-major: evidence[cell * nstats + stat] */
	uint32_t nevidence;
	struct sl_margin *margins;    /* one per key on a sensitive column, in key order */
	uint32_t nmargins;
	struct sl_moments *moments;   /* cell-major over the plan's statistics that have moments, in their order */
	uint32_t nmoments;
	struct sl_quantile *quantiles; /* cell-major over the plan's QUANTILE statistics, in their order */
	uint32_t nquantiles;
	struct sl_variable *variables; /* cell-major over the plan's models, each once where its first statistic stands */
	uint32_t nvariables;
	struct sl_sum *sums;           /* likewise */
	uint32_t nsums;
	struct sl_draw *draws;         /* sl_result_draws of them */
	uint32_t ndraws;
	struct sl_distinct *distinct;  /* of the inputs that sl_result_distinct names; none: nobody looked */
	uint32_t ndistinct;
};

extern const struct sl_record sl_evidence_record, sl_moments_record, sl_quantile_record, sl_variable_record,
	sl_sum_record, sl_draw_record, sl_distinct_record, sl_result_record;

/* sl_stat_has_moments - whether a statistic has an sl_moments per cell. */
bool sl_stat_has_moments(enum sl_stat_fn fn);
/*
 * sl_result_moments_at, sl_result_quantile_at - how many of the statistics before `stat` have moments, or are QUANTILE:
 * its place within a cell.
 */
uint32_t sl_result_moments_at(const struct sl_plan *plan, uint32_t stat);
uint32_t sl_result_quantile_at(const struct sl_plan *plan, uint32_t stat);

/*
 * sl_result_differs_at - the first cell of which two encoded results of a plan say different things, found by where the
 * bytes differ: neither is decoded. False: not the plan's sizes, or they differ in no cell (in what is told of all).
 */
bool sl_result_differs_at(const struct sl_plan *plan, const struct sl_view *view, const struct sl_buf *a,
                          const struct sl_buf *b, uint32_t *cell);

/*
 * sl_result_forget_totals - an encoded result of a plan, less the totals that earlier engines told of quantiles: for
 * comparing it with one made since. SL_E_INPUT (no result), SL_E_NOMEM; wire is then unchanged.
 */
SL_MUST_CHECK enum sl_rc sl_result_forget_totals(const struct sl_plan *plan, struct sl_buf *wire, struct sl_err *err);

/*
 * sl_result_distinct - which inputs of a plan a result has the values of, in their order; how many.
 * sl_result_complete - an encoded result that an earlier engine made, which told no values, becomes one that says so.
 * sl_result_forget_distinct - the other way, for comparing a result with such a one. Both leave any other as it is; of
 * what is decoded nothing is asked. SL_E_NOMEM, SL_E_LIMIT.
 */
uint32_t sl_result_distinct(const struct sl_plan *plan, const struct sl_view *view,
                            uint16_t inputs[static SL_INPUTS_MAX]);
SL_MUST_CHECK enum sl_rc sl_result_complete(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *wire,
                                            struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_result_forget_distinct(const struct sl_plan *plan, const struct sl_view *view,
                                                   struct sl_buf *wire, struct sl_err *err);

/* sl_result_draws - how many draws a level has; sl_result_drawn - the level of an encoded result; it is not decoded. */
uint64_t sl_result_draws(uint8_t level, uint64_t ncells, uint32_t nstats);
uint8_t sl_result_drawn(const struct sl_buf *result);
/* sl_result_limit_draw - of a place in evidence; sl_result_cell_draw - of a cell. Zero where they are not drawn. */
struct sl_draw sl_result_limit_draw(const struct sl_result *result, uint32_t place);
struct sl_draw sl_result_cell_draw(const struct sl_result *result, uint32_t cell);

/*
 * sl_result_model - where the numbers of a statistic's model lie within a cell, and how many there are.
 * sl_result_models - how many of both a cell has, over all models; first: by model, a statistic of it.
 */
struct sl_model_place {
	uint32_t variable, sum;   /* the first ones */
	uint32_t nvariables, nsums;
};
struct sl_model_place sl_result_model(const struct sl_plan *plan, uint32_t stat);
uint32_t sl_result_models(const struct sl_plan *plan, uint32_t first[static SL_STATS_MAX],
                          struct sl_model_place *all);

/*
 * sl_result_check - counts agree with the plan (cells × statistics, margins), and each record with itself
 * (contributors ≤ cell_units, …). SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_result_check(const struct sl_result *result, const struct sl_plan *plan,
                                         const struct sl_view *view, struct sl_err *err);

#endif
