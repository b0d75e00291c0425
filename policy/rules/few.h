/*
 * few.h - arguments that take few values: what a row's numbers of them tell of how many have each.
 *
 * Numbers that read one column alone, or what is looked up by it, and take a handful of values in a cell are equations
 * over how many rows have each: n, a sum and a sum of squares of 0, 1 and 2 have one solution. A group of values is
 * told where in every solution those who have one of them are 1 to t-1; which solution is the truth does not matter, so
 * whether a number is hidden for it says nothing that the numbers would not.
 */
#ifndef SL_RULES_FEW_H
#define SL_RULES_FEW_H

#include "policy/rules/few_column.h"
#include "policy/rules/rule.h"

struct sl_few; /* what a plan's numbers of such columns are by their values; for all its cells */

/*
 * sl_few_new - of a checked plan and its result. *out NULL: it has no such numbers, or there was no memory. Free with
 * sl_few_free, which takes NULL. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_few_new(const struct sl_check_setup *setup, const struct sl_plan *plan,
                                    const struct sl_result *result, struct sl_few **out, struct sl_err *err);
void sl_few_free(struct sl_few *few);

/*
 * sl_few_hide - the first shown sum, mean or spread that, with conditions and with those before it, tells of a group of
 * few rows; SL_FINDING_WHOLE: none is left.
 *   hidden  in   by statistic of the cell
 *   rows    in   1 to so many rows may be few units
 *   column  out  which it is of, as long as few is there; group: of which of its values
 */
uint32_t sl_few_hide(const struct sl_few *few, uint32_t cell, const bool *hidden, uint64_t rows,
                     const struct sl_few_column **column, struct sl_few_group *group);

/*
 * sl_few_looked_up - the statistic adds up a number that is looked up in a table of some dozen rows, whose sum may tell
 * how many have each though no more than a few values are gone through.
 */
bool sl_few_looked_up(const struct sl_rule_case *c);

#endif
