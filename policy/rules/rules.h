/*
 * rules.h - the questions of the rule files, one prototype each, for the table in rule.c; and what they share.
 */
#ifndef SL_POLICY_RULES_RULES_H
#define SL_POLICY_RULES_RULES_H

#include "policy/rules/rule.h"
#include "policy/wide.h"

bool sl_rule_threshold(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_numerator(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_dominance(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_p_percent(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_negatives(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_group_disclosure(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_within_group(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_all_equal(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_extremes(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_small_complement(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_zero(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_range(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_context(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_quantile_sides(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_quantile_value(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_expression(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_degrees_of_freedom(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_regressor(const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_leverage(const struct sl_rule_case *c, struct sl_rule_hit *hit);

/* Percentages of the rules stand on scale 3: 100 % is this. */
#define SL_PERCENT_WHOLE 100000
#define SL_PERCENT_MOST INT64_C(1000000000) /* what a message says where it is more */

/*
 * sl_rule_percent - 100 * part / whole on scale 3 for a message, cut to 0 … 10^9; 100 % of nothing is 0.
 * sl_rule_is_absent - key k declares a structural zero, and of the whole table nobody has the cell's value of it.
 * sl_rule_is_zero_public - an empty cell may be told: policy shows zeros, or one of its values is absent.
 * sl_rule_may_show_zeros - of some cell of the plan that may be so.
 * sl_rule_is_magnitude - the statistic adds up contributions: sum, mean.
 * sl_rule_tells_total - its argument's total follows from it and means of its x: sum, mean, intercept, linear models.
 * sl_rule_is_condition - it counts what meets a condition: count_if, share.
 * sl_rule_counts_rows - count, count_if, share: a unit's part of it is how many rows it has there.
 * sl_rule_is_spread - variance or standard deviation. sl_rule_has_spread - or a line or model: made of deviations.
 * sl_rule_reads_sensitive - its argument reads a column marked sensitive. sl_rule_reads_column - any column.
 */
int64_t sl_rule_percent(sl_i128 part, sl_i128 whole);
bool sl_rule_is_absent(const struct sl_rule_case *c, uint32_t k);
bool sl_rule_is_zero_public(const struct sl_rule_case *c);
bool sl_rule_may_show_zeros(const struct sl_rule_case *c);
bool sl_rule_is_magnitude(const struct sl_stat *stat);
bool sl_rule_tells_total(const struct sl_stat *stat);
bool sl_rule_is_condition(const struct sl_stat *stat);
bool sl_rule_counts_rows(const struct sl_stat *stat);
bool sl_rule_is_spread(const struct sl_stat *stat);
bool sl_rule_has_spread(const struct sl_stat *stat);
bool sl_rule_reads_sensitive(const struct sl_rule_case *c);
bool sl_rule_reads_column(const struct sl_rule_case *c);

/* What the units have of a total, by |amount|: all, and the three largest. */
struct sl_amounts {
	sl_i128 all;
	sl_i128 top[3];
};
/*
 * sl_rule_amounts - of a sum and what tells one, by the evidence; of a count of rows the most rows of one unit, and for
 * the others the most that they can have, since each has one. False: neither, or nobody has more than one row.
 */
bool sl_rule_amounts(const struct sl_rule_case *c, struct sl_amounts *out);

/* Squared deviations from the mean: of all rows, of the two units that deviate most, and of the others. */
struct sl_deviations {
	struct sl_wide all, largest, second, rest;
};
/*
 * sl_rule_deviations - of what a spread, line or model is made of. False: it is none, or its evidence left its range.
 * sl_rule_any_deviations - whether `asks` says yes to those of a statistic or of any x of its model; it fills hit.
 * sl_rule_far_of_line - of the x of a line or correlation, as far as the catalogue lets it go: what is largest may be
 * less.
 * sl_rule_percent_of - as sl_rule_percent.
 */
typedef bool sl_rule_asks_deviations(const struct sl_rule_case *c, const struct sl_deviations *d,
                                     struct sl_rule_hit *hit);
bool sl_rule_any_deviations(const struct sl_rule_case *c, sl_rule_asks_deviations *asks, struct sl_rule_hit *hit);
bool sl_rule_deviations(const struct sl_rule_case *c, struct sl_deviations *out);
bool sl_rule_far_of_line(const struct sl_rule_case *c, struct sl_deviations *out);
int64_t sl_rule_percent_of(const struct sl_wide *part, const struct sl_wide *whole);

/* sl_rule_value - a statistic of a cell as published: computed exactly, rounded once. False: it leaves int64. */
bool sl_rule_value(const struct sl_plan *plan, const struct sl_view *view, const struct sl_result *result,
                   uint32_t cell, uint32_t stat, struct sl_value *out);
/* sl_rule_quantile - the evidence of a QUANTILE in a cell of a checked result. */
const struct sl_quantile *sl_rule_quantile(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell,
                                           uint32_t stat);
/*
 * sl_rule_moments_value - VAR to INTERCEPT on `scale`, rounded half away from zero. False: the evidence overflowed, it
 * is of too few rows or of one x alone (no quotient to form), or the value leaves int64; *out is then 0.
 * sl_rule_moments_on_line - VAR, SD: no two values differ; the others: every point is on one line.
 */
bool sl_rule_moments_value(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat,
                           int scale, int64_t *out);
bool sl_rule_moments_on_line(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat);
/*
 * sl_rule_model_value - COEF COEF_SE R2 on `scale`, rounded half away from zero. False as above: also where the x are
 * not independent. sl_rule_model_is_exact - every row is as the model says, or its x are not independent.
 * sl_rule_model_variable - the j-th x, 0: y.
 * sl_rule_model_y, sl_rule_model_x - the sum of y, of the j-th x, and of its squares; false: they overflowed.
 */
bool sl_rule_model_value(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat,
                         int scale, int64_t *out);
bool sl_rule_model_is_exact(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat);
const struct sl_variable *sl_rule_model_variable(const struct sl_rule_case *c, uint32_t j);
bool sl_rule_model_y(const struct sl_rule_case *c, sl_i128 *y, sl_i128 *yy);
bool sl_rule_model_x(const struct sl_rule_case *c, uint32_t j, sl_i128 *x, sl_i128 *xx);

/* What an x says that the other x of its model do not. */
struct sl_model_own {
	uint64_t half_units; /* twice as many units as would, each by its whole range, differ so much; at most UINT32_MAX */
	bool shared;         /* it is less than half of what the x says */
	bool two_valued;
};
/* sl_rule_model_own - of the j-th x, from 1. False: there is no such model to speak of. */
bool sl_rule_model_own(const struct sl_rule_case *c, uint32_t j, struct sl_model_own *out);

/*
 * What `threshold` asks of a group of units: it, and with `jitter` up to so many more, drawn by the engine from who
 * they are. sl_rule_limit_cell - of all units of the cell; sl_rule_limit - of the contributors of the case's statistic;
 * sl_rule_limit_others - of the cell's other units. 0: nothing passes.
 */
uint32_t sl_rule_limit_cell(const struct sl_rule_case *c);
uint32_t sl_rule_limit(const struct sl_rule_case *c);
uint32_t sl_rule_limit_others(const struct sl_rule_case *c);

/*
 * sl_rule_two_values - the expression gives a row one of two values, by what is declared of its columns and the
 * constants in it. False: maybe more, or only one; values is then of no use.
 */
bool sl_rule_two_values(const struct sl_rule_case *c, const struct sl_expr *e, int64_t values[static 2]);
/*
 * sl_rule_missing_told - how many rows of the cell have no value, where the decimals of a mean or spread say that it
 * is some of 1 to one less than `limit`, whoever has which. 0: they do not, or more or none lack one.
 */
uint64_t sl_rule_missing_told(const struct sl_rule_case *c, uint64_t limit);
/*
 * sl_rule_rows_of_two - which two values a sum, mean or spread is of, and how many rows have either. False: it is of
 * more, or of what nobody says.
 * sl_rule_of_flag - the expression reads one column alone, a boolean or a number that is 0 or 1, and tells those who
 * have it from those who have not: of[1], of[0] is what it gives them, and a missing value is 0.
 */
bool sl_rule_rows_of_two(const struct sl_rule_case *c, int64_t values[static 2], uint64_t rows[static 2]);
bool sl_rule_of_flag(const struct sl_rule_case *c, const struct sl_expr *e, int64_t of[static 2]);

/* sl_rule_stat_type - its published type and scale. */
struct sl_input_type sl_rule_stat_type(const struct sl_plan *plan, const struct sl_view *view, uint32_t stat);

/*
 * sl_rule_leaves_out - whether the plan's conditions may leave out units of the tables that it reads. Those of a source
 * joined from the left leave out rows and no units: sl_plan_is_filtered, which results are kept with, counts them.
 */
bool sl_rule_leaves_out(const struct sl_plan *plan);
/* sl_rule_reads - whether the expression reads input `input` of the plan. */
bool sl_rule_reads(const struct sl_expr *expr, uint32_t input);
/*
 * sl_rule_same_column - two inputs, of one plan or two over the same view, may come from the same column: itself,
 * looked up by it, or folded from it. Folds that only count rows have that in common.
 */
bool sl_rule_same_column(const struct sl_plan *a, uint32_t i, const struct sl_plan *b, uint32_t j);

#endif
