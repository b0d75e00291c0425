/*
 * rounding_kit.h - kits whose policy rounds.
 */
#ifndef SL_TEST_RULES_ROUNDING_KIT_H
#define SL_TEST_RULES_ROUNDING_KIT_H

#include "tests/unit/rules/kit.h"

#define GENDERS 2

/* rounding_kit - as OpenSAFELY does it: 7 and less is hidden, the rest goes to the nearest 5. Empty, as the next. */
struct kit *rounding_kit(void);

/* rounding_kit_random - at random to multiples of 3: fewer are hidden than 9. */
struct kit *rounding_kit_random(void);

/* rounding_kit_two_by_four - persons by gender and region, and by gender: (3, 8, 16, 23) and (18, 23, 31, 44). */
struct kit *rounding_kit_two_by_four(enum sl_transform transform, uint32_t base);

/*
 * rounding_kit_assert_any_count - for each of the five counts that may be behind one that is shown there is a sum of
 * whole numbers that is printed with this mean, of two decimals. The reader divides by each of them.
 */
void rounding_kit_assert_any_count(const struct kit *k, int64_t shown, int64_t mean);

#endif
