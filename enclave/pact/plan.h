/*
 * plan.h - what a script declares: one output as a small relational tree, flattened.
 *
 *   sources joined on the privacy unit → where → keys → statistics → calc → order, limit
 *
 * Names, numbers and typed expressions only: no label and no text of the catalogue travels in a plan;
 * the parent adds those from the view. Author's own words (output, column names, descriptions) are marked as such.
 */
#ifndef SL_PACT_PLAN_H
#define SL_PACT_PLAN_H

#include "enclave/pact/expr.h"
#include "enclave/pact/view.h"

#define SL_SOURCES_MAX 8
#define SL_INPUTS_MAX 64
#define SL_KEYS_MAX 8
#define SL_STATS_MAX 32
#define SL_CALCS_MAX 32
#define SL_PLANS_MAX 64
#define SL_IDENT_BYTES 64      /* output and column names the author chose: sl_text_is_ident */
#define SL_PLAN_WIRE_MAX (1u << 20)

enum sl_stat_fn {
	SL_STAT_NONE = 0,
	SL_STAT_UNITS,    /* distinct units in the cell */
	SL_STAT_COUNT,    /* rows */
	SL_STAT_COUNT_IF, /* rows where cond is true */
	SL_STAT_SUM,      /* of arg */
	SL_STAT_MEAN,     /* of arg over rows that have it */
	SL_STAT_SHARE,    /* rows where cond is true / rows where cond is known, scale 4 */
	SL_STAT_MIN, SL_STAT_MAX, /* parsed and always refused for a measure: the rule names the remedy */
	SL_STAT_COUNT_
};

struct sl_source {
	uint16_t table;       /* view.tables[] */
};

struct sl_input {
	uint16_t source;      /* plan.sources[] */
	uint16_t column;      /* view.tables[].columns[] */
};

struct sl_key {
	char *name;           /* author's column name */
	uint16_t input;       /* plan.inputs[] */
	uint8_t banded;       /* by the column's catalogue bands */
	char *description;    /* author's; "" : none (the catalogue's title stands) */
};

struct sl_stat {
	char *name;
	uint8_t fn;           /* enum sl_stat_fn */
	struct sl_expr arg;   /* SUM MEAN MIN MAX: number; COUNT_IF SHARE: condition; else no ops */
	char *description;
};

/* Evaluated on published cells; its inputs are plan.stats[] as published, in order. */
struct sl_calc {
	char *name;
	struct sl_expr expr;
	char *description;
};

struct sl_order {
	uint16_t column;      /* of the output: keys, then stats, then calcs */
	uint8_t descending;
};

struct sl_plan {
	char *output;
	struct sl_source *sources;
	uint32_t nsources;
	struct sl_input *inputs;
	uint32_t ninputs;
	struct sl_expr where; /* boolean over inputs; no ops: every row */
	struct sl_key *keys;
	uint32_t nkeys;
	struct sl_stat *stats;
	uint32_t nstats;
	struct sl_calc *calcs;
	uint32_t ncalcs;
	struct sl_order *order;
	uint32_t norder;
	uint32_t limit;       /* rows of the publication; 0: all */
	uint32_t line;        /* of output() in the script, for messages */
	char *purpose;        /* author's words on the whole output; "": none */
};

extern const struct sl_record sl_plan_record;

/*
 * sl_plan_inputs - types of plan->inputs, from the view; out has SL_INPUTS_MAX. Fails: SL_E_INPUT for an index
 * outside the view.
 */
SL_MUST_CHECK enum sl_rc sl_plan_inputs(const struct sl_plan *plan, const struct sl_view *view,
                                        struct sl_input_type out[static SL_INPUTS_MAX], struct sl_err *err);

/* sl_stat_type - published type and scale of a statistic whose arg has type `arg`. */
struct sl_input_type sl_stat_type(enum sl_stat_fn fn, struct sl_input_type arg);

/*
 * sl_plan_check - everything about shape and types that does not need policy: indexes, joins (one unit space,
 * at most one source without one_row_per_unit), keys with finite domains, expressions, names unique and
 * sl_text_is_ident, order columns. Uses are policy's matter.
 * Fails: SL_E_INPUT with the plan's line.
 */
SL_MUST_CHECK enum sl_rc sl_plan_check(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err);

/* sl_plan_cells - product of the keys' group counts; 1 without keys; UINT64_MAX on overflow. */
uint64_t sl_plan_cells(const struct sl_plan *plan, const struct sl_view *view);

/*
 * sl_plan_key_column - the view column a key groups by. sl_plan_cell_group - group of key k in cell `cell` (first
 * key slowest).
 */
const struct sl_column *sl_plan_key_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t k);
uint32_t sl_plan_cell_group(const struct sl_plan *plan, const struct sl_view *view, uint64_t cell, uint32_t k);

const char *sl_stat_fn_name(enum sl_stat_fn fn);

#endif
