/* few_kit.h - tables of a column with few values, and who tries all of them, for tests of rules/few*.c. */
#ifndef SL_TEST_RULES_FEW_KIT_H
#define SL_TEST_RULES_FEW_KIT_H

#include "tests/unit/rules/kit.h"

#define FEW_VALUES 4
#define FEW_THRESHOLD 3

/* Rows with each of n values. */
struct few_table {
	uint32_t n;
	uint32_t rows[FEW_VALUES];
};

uint32_t few_rows(const struct few_table *t);
/* few_next - the next table of as many rows; false: that was the last. */
bool few_next(struct few_table *t);
/* few_times - what the rows add up, of what each value adds. */
int64_t few_times(const struct few_table *t, const int64_t *of);
/* few_is_told - in all tables of as many rows that have the same sums, 1 to few rows have a value of mask. */
bool few_is_told(const struct few_table *t, const int64_t (*of)[FEW_VALUES], uint32_t nof, uint32_t mask, uint32_t few);
/*
 * few_fill - persons whose ages are those values, from lo on. few_kit - a kit of them; a plan with their number.
 * few_square - the sum of squares of their ages.
 */
void few_fill(struct kit *k, const struct few_table *t, int64_t lo);
struct kit *few_kit(const struct few_table *t, int64_t lo);
void few_square(struct sl_plan *plan);

#endif
