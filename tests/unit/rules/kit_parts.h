/*
 * kit_parts.h - what the files of the kit use of each other; tests include kit.h alone.
 */
#ifndef SL_TEST_RULES_KIT_PARTS_H
#define SL_TEST_RULES_KIT_PARTS_H

#include "tests/unit/rules/kit.h"

/* Zeroed memory, and an array of n with one more, zeroed. Never NULL: a test cannot go on without. */
void *kit_zeroed(size_t n, size_t size);
void *kit_grown(void *p, size_t n, size_t size);

/* Of a row: what an expression is, whether where keeps it, whether one of arg2's list is missing. */
struct sl_value kit_evaluate(const struct sl_plan *plan, const struct sl_expr *e, const struct kit_row *row);
bool kit_is_kept(const struct sl_plan *plan, const struct kit_row *row);
bool kit_lacks_second(const struct sl_plan *plan, const struct sl_stat *s, const struct kit_row *row);
bool kit_is_condition(uint8_t fn);
/* kit_cell_without - the cell as though one key were none of the plan's; UINT32_MAX: with all of them. */
uint64_t kit_cell_without(const struct kit *k, const struct sl_plan *plan, const struct kit_row *row,
                          uint32_t leave_out);

/* Into a result of zeroed arrays; drawn only where the rules round at random. */
void kit_count_moments(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r);
void kit_count_models(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r);
void kit_draw_counts(const struct kit *k, const struct sl_plan *plan, struct sl_result *r);
void kit_free_results(struct kit *k);

#endif
