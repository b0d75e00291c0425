/*
 * sums_kit.h - a kit of three outputs, cells and their totals by region and by gender.
 */
#ifndef SL_TEST_RULES_SUMS_KIT_H
#define SL_TEST_RULES_SUMS_KIT_H

#include "tests/unit/rules/kit.h"

#define REGIONS 4
#define GENDERS 2

/* Of sdcTable's first example: women of A are 2. */
extern const uint32_t sums_kit_example[REGIONS * GENDERS];

/* sums_kit_make - cells, and totals by region and by gender; each a plan of `fn`. Threshold 3, other rules quiet. */
struct kit *sums_kit_make(const uint32_t counts[REGIONS * GENDERS], enum sl_stat_fn fn, enum kit_column column);

/* sums_kit_shown - whether the first number of a cell is. */
bool sums_kit_shown(const struct kit *k, const struct sl_publication *p, uint32_t output, uint32_t cell);

/* sums_kit_drop_key - the last one of a plan. */
void sums_kit_drop_key(struct sl_plan *plan);

#endif
