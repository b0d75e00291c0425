/*
 * test_extremes.c - why there is no mean of the ten largest, and what there is instead. Two groups that nobody would
 * mind beside each other have ten largest that differ in one person; the topmost band of both is compared as any other.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"

#define T 10
#define PERSONS 300
#define VICTIM 290u

static int fall(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

/* Three hundred persons of 18 up; forty who have no price, of whom all but one are young. */
static void make_persons(struct past *t)
{
	past_open(t);
	t->k->setup.rules.context = 1;
	struct kit_row *row = kit_add(t->k, PERSONS, 0, 0);
	for (uint32_t i = 0; i < PERSONS; i++) {
		row[i].value[KIT_AGE] = 18 + i / 5;
		row[i].value[KIT_PRICE] = i == VICTIM || i < 39 ? 0 : 100;
	}
}

/* The ten largest ages, of those alone who have a price if wanted. */
static int64_t sum_of_largest(const struct past *t, bool priced, int64_t *next)
{
	int64_t x[PERSONS];
	uint32_t n = 0;
	int64_t sum = 0;

	for (uint32_t i = 0; i < PERSONS; i++)
		if (!priced || t->k->rows[i].value[KIT_PRICE] > 0)
			x[n++] = t->k->rows[i].value[KIT_AGE];
	qsort(x, n, sizeof *x, fall);
	for (uint32_t i = 0; i < T; i++)
		sum += x[i];
	*next = x[T];
	return sum;
}

static void test_attack_by_two_means_of_the_ten_largest_would_have_one_persons_amount(void **state)
{
	struct past t;
	int64_t next, ignored;

	(void)state;
	make_persons(&t);
	kit_stat(&t.k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	struct sl_plan *fewer = kit_plan(t.k);
	kit_where(fewer, KIT_PRICE, 0);
	kit_stat(fewer, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	/* Both groups may be counted: forty persons are between them. */
	assert_int_equal(t.before.outputs[0].cells[0].value, PERSONS);
	assert_int_equal(t.now.outputs[0].cells[0].value, PERSONS - 40);
	/* And who had both means would have the age of one of the forty, from a number that is told of ten others. */
	t.k->rows[VICTIM].value[KIT_AGE] = 97;
	int64_t all = sum_of_largest(&t, false, &next), priced = sum_of_largest(&t, true, &ignored);
	assert_int_equal(all - priced + next, 97);
	past_close(&t);
}

static struct sl_plan *by_band(struct sl_plan *p)
{
	kit_key(p, "band", KIT_AGE, true);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "age", SL_STAT_MEAN, KIT_AGE, 0);
	return p;
}

static void test_the_mean_of_the_topmost_band_is_told_once_and_not_of_one_person_fewer(void **state)
{
	struct past t;

	(void)state;
	make_persons(&t);
	(void)by_band(&t.k->plans[0]);
	struct sl_plan *fewer = by_band(kit_plan(t.k));
	kit_where(fewer, KIT_PRICE, 0);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	/* 65 and more: sixty-five persons, and their mean to two digits. */
	const struct sl_published_cell *top = &t.before.outputs[0].cells[2 * 2];
	assert_int_equal(top[0].value, 65);
	assert_int_equal(top[1].shown, 1);
	assert_int_equal(top[1].value, 7100);
	/* Of one fewer neither how many nor their mean; nor where nobody is left out, which would say so. */
	assert_int_equal(t.now.outputs[0].cells[2 * 2].shown, 0);
	assert_int_equal(t.now.outputs[0].cells[2 * 2 + 1].shown, 0);
	assert_int_equal(t.now.outputs[0].cells[2].shown, 0);
	assert_int_equal(t.now.outputs[0].cells[0].shown, 1);
	bool found = false;
	for (uint32_t i = 0; i < t.now.nfindings; i++)
		found = found || (t.now.findings[i].rule == SL_RULE_HISTORY && t.now.findings[i].cell == 2);
	assert_true(found);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attack_by_two_means_of_the_ten_largest_would_have_one_persons_amount),
		cmocka_unit_test(test_the_mean_of_the_topmost_band_is_told_once_and_not_of_one_person_fewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
