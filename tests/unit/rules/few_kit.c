/* few_kit.c - see few_kit.h. */
#include "tests/unit/rules/few_kit.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

uint32_t few_rows(const struct few_table *t)
{
	uint32_t all = 0;

	for (uint32_t i = 0; i < t->n; i++)
		all += t->rows[i];
	return all;
}

/* The next table of as many rows; false: that was the last. */
bool few_next(struct few_table *t)
{
	for (uint32_t i = 0; i + 1 < t->n; i++) {
		if (t->rows[i] == 0)
			continue;
		uint32_t rest = t->rows[i] - 1;
		t->rows[i] = 0;
		t->rows[0] = rest;
		t->rows[i + 1]++;
		return true;
	}
	return false;
}

int64_t few_times(const struct few_table *t, const int64_t *of)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < t->n; i++)
		sum += of[i] * t->rows[i];
	return sum;
}

/* Who tries all tables of as many rows that have the same sums: the least and the most that have a value of mask. */
static void tried(const struct few_table *t, const int64_t (*of)[FEW_VALUES], uint32_t nof, uint32_t mask, uint32_t *lo,
                  uint32_t *hi)
{
	struct few_table other = { .n = t->n, .rows = { few_rows(t) } };

	*lo = UINT32_MAX;
	*hi = 0;
	do {
		bool fits = true;
		uint32_t in = 0;
		for (uint32_t k = 0; k < nof && fits; k++)
			fits = few_times(&other, of[k]) == few_times(t, of[k]);
		for (uint32_t i = 0; i < t->n; i++)
			in += (mask >> i) & 1 ? other.rows[i] : 0;
		*lo = fits && in < *lo ? in : *lo;
		*hi = fits && in > *hi ? in : *hi;
	} while (few_next(&other));
}

bool few_is_told(const struct few_table *t, const int64_t (*of)[FEW_VALUES], uint32_t nof, uint32_t mask, uint32_t few)
{
	uint32_t lo, hi;

	tried(t, of, nof, mask, &lo, &hi);
	return lo >= 1 && hi <= few;
}

void few_square(struct sl_plan *plan)
{
	struct sl_stat *s = kit_stat(plan, "q", SL_STAT_SUM, KIT_AGE, 0);
	struct sl_op column = s->arg.ops[0];

	free(s->arg.ops);
	s->arg.ops = calloc(3, sizeof *s->arg.ops);
	assert_non_null(s->arg.ops);
	s->arg.ops[0] = s->arg.ops[1] = column;
	s->arg.ops[2] = (struct sl_op){ .op = SL_OP_MUL, .type = SL_TYPE_INTEGER };
	s->arg.nops = 3;
}

void few_fill(struct kit *k, const struct few_table *t, int64_t lo)
{
	struct kit_row *row = kit_add(k, few_rows(t), 0, 0);
	struct sl_column *age = &k->setup.view.tables[0].columns[KIT_AGE];

	kit_quiet(k);
	k->setup.rules.numerator = 0;
	k->setup.rules.threshold = FEW_THRESHOLD;
	age->lo = lo;
	age->hi = lo + t->n - 1;
	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t r = 0; r < t->rows[i]; r++)
			row++->value[KIT_AGE] = lo + i;
}

struct kit *few_kit(const struct few_table *t, int64_t lo)
{
	struct kit *k = kit_new();

	few_fill(k, t, lo);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, KIT_AGE, 0);
	return k;
}
