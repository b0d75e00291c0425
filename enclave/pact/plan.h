/*
 * plan.h - what a script declares: one output as a small relational tree, flattened.
 *
 *   sources (where → per unit → having) joined on the privacy unit → where → keys → statistics → calc → order, limit
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
#define SL_STATS_MAX 64        /* of an output, with those that are implied */
#define SL_STATS_NAMED_MAX 32  /* that its author asks for */
#define SL_CALCS_MAX 32
#define SL_FOLDS_MAX 32
#define SL_PLANS_MAX 64
#define SL_REGRESSORS_MAX SL_EXPR_PARTS_MAX /* of one model */
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
	SL_STAT_QUANTILE, /* of arg over rows that have it: the smallest value with at least p of them at or below it */
	SL_STAT_VAR, SL_STAT_SD, /* of arg over rows that have it, divided by n - 1 */
	SL_STAT_CORR,     /* Pearson, of arg and arg2 over rows that have both */
	SL_STAT_SLOPE, SL_STAT_INTERCEPT, /* least squares of arg (y) on arg2 (x), rows that have both */
	/* Least squares of arg (y) on each of arg2's list (x1, x2, …) and a constant, over rows that have them all: */
	SL_STAT_COEF,     /* of the p-th x, 0: of the constant */
	SL_STAT_COEF_SE,  /* its standard error */
	SL_STAT_R2,       /* the part of y's variance that the model explains */
	SL_STAT_COUNT_
};

/* How a source meets the rows before it, always on the privacy unit. */
enum sl_join_kind {
	SL_JOIN_INNER = 0, /* also what the first source says */
	SL_JOIN_LEFT,      /* a unit it lacks keeps its rows; its inputs are missing there */
	SL_JOIN_SEMI,      /* rows of units it has; gives no input */
	SL_JOIN_ANTI,      /* rows of units it lacks; gives no input */
	SL_JOIN_COUNT_
};

/* What per_unit makes of one unit's rows. */
enum sl_fold_fn {
	SL_FOLD_NONE = 0,
	SL_FOLD_COUNT,     /* rows */
	SL_FOLD_COUNT_IF,  /* rows where cond is true */
	SL_FOLD_SUM,       /* of arg over rows that have it; none has it, or it leaves int64: missing */
	SL_FOLD_MEAN,      /* sum / rows that have it, rounded half away from zero, scale + 2 */
	SL_FOLD_MIN, SL_FOLD_MAX, /* of a number or a date */
	SL_FOLD_ANY, SL_FOLD_ALL, /* cond true in some row, in every row; unknown counts as not true */
	SL_FOLD_COUNT_
};

/* A column that a source's where and folds read. */
struct sl_raw {
	uint16_t column;      /* view.tables[source.table].columns[] */
};

struct sl_fold {
	uint8_t fn;           /* enum sl_fold_fn */
	struct sl_expr arg;   /* over source.raws; COUNT: no ops */
};

/*
 * A source without folds gives its table's rows, those with folds one row per unit that has a row after `where`.
 * where and having are filters: a unit that they leave out is part of the evidence's complement.
 */
struct sl_source {
	uint16_t table;       /* view.tables[] */
	uint8_t join;         /* enum sl_join_kind */
	struct sl_raw *raws;  /* distinct; empty when there is neither where nor fold */
	uint32_t nraws;
	struct sl_expr where; /* over raws; no ops: every row */
	struct sl_fold *folds;/* per_unit; empty: rows as they are */
	uint32_t nfolds;
	struct sl_expr having; /* over the folds' results; only with folds; no ops: every unit */
};

struct sl_input {
	uint16_t source;      /* plan.sources[], none of SEMI or ANTI */
	uint16_t column;      /* view.tables[].columns[]; of a source with folds: its folds[] */
	uint16_t lookup;      /* 0: the column itself; else columns[lookup - 1] of the column's reference table */
};

struct sl_key {
	char *name;           /* author's column name */
	uint16_t input;       /* plan.inputs[] */
	uint8_t banded;       /* by the column's catalogue bands */
	char *description;    /* author's; "" : none (the catalogue's title stands) */
};

#define SL_QUANTILE_ONE 10000 /* p of a quantile is told in ten-thousandths */

struct sl_stat {
	char *name;           /* author's; "(…)": an implied one */
	uint8_t fn;           /* enum sl_stat_fn */
	uint16_t p;           /* QUANTILE: 1..SL_QUANTILE_ONE - 1; COEF COEF_SE: which; else 0 */
	struct sl_expr arg;   /* COUNT_IF SHARE: condition; UNITS COUNT: no ops; else a number */
	struct sl_expr arg2;  /* CORR SLOPE INTERCEPT: number; COEF COEF_SE R2: sl_expr_parts; else no ops */
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

/* sl_fold_type - type of what a fold leaves, from its argument's. */
struct sl_input_type sl_fold_type(enum sl_fold_fn fn, struct sl_input_type arg);

/* sl_source_one_row - whether a source gives at most one row per unit: declared so, or by folds. */
bool sl_source_one_row(const struct sl_source *s, const struct sl_view *view);

/*
 * sl_stat_type - published type and scale of a statistic whose arg has type `arg`: QUANTILE as arg, VAR twice its
 * scale + 2, SD INTERCEPT scale + 2, CORR 4, SLOPE COEF COEF_SE R2 6, none beyond SL_SCALE_MAX.
 */
struct sl_input_type sl_stat_type(enum sl_stat_fn fn, struct sl_input_type arg);

/*
 * sl_plan_check - everything about shape and types that does not need policy: indexes, joins (one unit space, a table
 * once unless the second is SEMI or ANTI, at most one source with several rows per unit among INNER and first, none
 * LEFT), lookups (of a column with a reference table, an attribute that may be missing, never of a fold), folds, keys
 * with finite domains (never a fold), expressions, names unique and sl_text_is_ident, order columns.
 * Uses are policy's matter.
 * Fails: SL_E_INPUT with the plan's line.
 */
SL_MUST_CHECK enum sl_rc sl_plan_check(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err);

/*
 * sl_plan_is_filtered - whether rows may be left out: by a where, a having, a SEMI or an ANTI. The units left out of
 * the inner join of what the first and the INNER sources' tables hold are then the evidence's complement.
 */
bool sl_plan_is_filtered(const struct sl_plan *plan);

/* sl_plan_cells - product of the keys' group counts; 1 without keys; UINT64_MAX on overflow. */
uint64_t sl_plan_cells(const struct sl_plan *plan, const struct sl_view *view);

/*
 * sl_plan_base_column - the view column an input of a checked plan is read from; not of a fold. sl_plan_input_column -
 * the column whose values it has: an attribute of base's reference table, or base itself.
 * sl_plan_input_sensitive - whether either is sensitive, since an attribute may tell as much as its key; of a fold,
 * whether any column its source reads is.
 */
const struct sl_column *sl_plan_base_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t input);
const struct sl_column *sl_plan_input_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t input);
bool sl_plan_input_sensitive(const struct sl_plan *plan, const struct sl_view *view, uint32_t input);

/*
 * sl_plan_key_column - the view column a key groups by. sl_plan_cell_group - group of key k in cell `cell` (first
 * key slowest). sl_plan_cell_by - the cell of a plan with some of the keys alone, bit k each, that `cell` lies in.
 */
const struct sl_column *sl_plan_key_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t k);
uint32_t sl_plan_cell_group(const struct sl_plan *plan, const struct sl_view *view, uint64_t cell, uint32_t k);
uint32_t sl_plan_cell_by(const struct sl_plan *plan, const struct sl_view *view, uint64_t cell, uint32_t keys);

const char *sl_stat_fn_name(enum sl_stat_fn fn);

/*
 * sl_stat_is_implied - a count that other statistics of the plan tell (policy/implied.h): judged and compared as if it
 * were asked for, printed nowhere. They stand behind the author's own.
 * sl_stat_is_of_known - of those a count of who has a value, which a total over a mean or share is.
 * sl_plan_prints - whether column `column`, of statistics and then calcs, is printed. sl_plan_printed - how many are.
 * sl_plan_column - the column that is printed as the `printed`-th.
 */
bool sl_stat_is_implied(const struct sl_stat *stat);
bool sl_stat_is_of_known(const struct sl_stat *stat);
bool sl_plan_prints(const struct sl_plan *plan, uint32_t column);
uint32_t sl_plan_printed(const struct sl_plan *plan);
uint32_t sl_plan_column(const struct sl_plan *plan, uint32_t printed);

/* sl_stat_is_model - COEF, COEF_SE, R2: a number of a model. sl_stat_same_model - two of one. */
bool sl_stat_is_model(enum sl_stat_fn fn);
bool sl_stat_same_model(const struct sl_stat *a, const struct sl_stat *b);

#endif
