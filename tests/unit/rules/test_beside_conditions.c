/*
 * test_beside_conditions.c - a share, and a count of the same persons however that is asked for: among all, among the
 * rows of a condition, or by the opposite, which history finds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

enum { OLDER = 40, OVER = 140, SHARE = 1 };

/* How those older than 40 with more than 140 are counted, or those with no more. */
enum shape { OF_ALL, ROWS, OPPOSITE, OTHERS, SHAPES };

/* A hundred persons of each of two regions, half of them older; of those of the first some without an amount. */
static void open_with(struct past *t, uint32_t missing)
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.rules.zeros_show = 1;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int region = 0; region < 2; region++)
		(void)kit_add(t->k, 100, region, 0);
	for (uint32_t u = 0; u < 200; u++) {
		t->k->rows[u].value[KIT_AGE] = u % 2 == 0 ? 30 : 50;
		t->k->rows[u].value[KIT_AMOUNT] = u % 5 < 3 ? 200 + u : 10 + u % 100;
		t->k->rows[u].missing[KIT_AMOUNT] = u % 2 == 1 && u < 2 * missing;
	}
}

static void push(struct sl_expr *e, enum sl_opcode op)
{
	struct sl_op *ops = realloc(e->ops, (e->nops + 1) * sizeof *ops);

	assert_non_null(ops);
	e->ops = ops;
	ops[e->nops++] = (struct sl_op){ .op = (uint8_t)op, .type = SL_TYPE_BOOLEAN };
}

/* The plan asks for "age > 40 and amount > 140", or for not that amount. */
static void put_both(struct sl_plan *p, enum shape shape)
{
	kit_where(p, KIT_AGE, OLDER);
	kit_where(p, KIT_AMOUNT, shape == OTHERS ? OVER + 100 : OVER);
	if (shape == OPPOSITE)
		push(&p->where, SL_OP_NOT);
	push(&p->where, SL_OP_AND);
}

static struct sl_plan *next_plan(struct past *t)
{
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	return p;
}

static void put_share(struct past *t)
{
	struct sl_plan *p = next_plan(t);

	kit_where(p, KIT_AGE, OLDER);
	kit_stat(p, "share", SL_STAT_SHARE, KIT_AMOUNT, OVER);
}

static void put_count(struct past *t, enum shape shape)
{
	struct sl_plan *p = next_plan(t);

	put_both(p, shape);
	if (shape == ROWS)
		return;
	struct sl_stat *s = kit_stat(p, "over", SL_STAT_COUNT_IF, KIT_AMOUNT, OVER);
	free(s->arg.ops);
	s->arg = p->where;
	p->where = (struct sl_expr){ 0 };
}

static bool shows(const struct past *t, const struct sl_publication *pub, uint32_t first, uint32_t output,
                  uint32_t cell, uint32_t stat)
{
	return pub->releasable && pub->outputs[output].cells[(size_t)cell * t->k->plans[first + output].nstats + stat].shown;
}

/* Of two outputs, the share's and the count's, the numbers of a region that are shown. */
struct seen {
	bool share, count, person, numerator;
};

static struct seen see(const struct past *t, bool share_first, uint32_t cell)
{
	struct seen seen = { false, false, kit_has(&t->now, SL_RULE_DIFFERENCING), kit_has(&t->now, SL_RULE_NUMERATOR) };

	for (uint32_t i = 0; i < 2; i++) {
		bool before = i < t->earlier, is_share = share_first == (i == 0);
		uint32_t first = before ? 0 : t->earlier;
		bool shown = shows(t, before ? &t->before : &t->now, first, i - first, cell, t->k->plans[i].nstats - 1);
		seen.share = is_share ? shown : seen.share;
		seen.count = is_share ? seen.count : shown;
	}
	return seen;
}

static void judge(struct past *t, enum shape shape, bool share_first, uint32_t earlier, uint32_t missing)
{
	open_with(t, missing);
	if (share_first)
		put_share(t);
	put_count(t, shape);
	if (!share_first)
		put_share(t);
	past_release(t, earlier);
	assert_int_equal(past_judge(t), SL_OK);
}

static void test_few_of_whom_it_is_not_known_are_not_told_however_the_others_are_counted(void **state)
{
	(void)state;
	for (int shape = OF_ALL; shape <= OPPOSITE; shape++)
		for (uint32_t missing = 0; missing <= 12; missing += missing == 3 ? 9 : 3)
			for (int n = 0; n < 4; n++) {
				struct past t;
				bool share_first = n % 2 == 0;
				uint32_t earlier = (uint32_t)n / 2;
				judge(&t, (enum shape)shape, share_first, earlier, missing);
				struct seen few = see(&t, share_first, 0), none = see(&t, share_first, 1);
				if (missing == 3 && few.share && few.count && (!few.person || shape == OPPOSITE))
					fail_msg("shape %d, case %d: both are shown", shape, n);
				if (missing == 3 && shape != OPPOSITE && (earlier == 0 || !share_first))
					assert_true(few.numerator && !few.share && few.count);
				if (shape == OPPOSITE)
					assert_int_equal(kit_has(&t.now, SL_RULE_HISTORY), missing == 3);
				if (missing != 3)
					assert_true(few.share && few.count && !few.numerator);
				assert_true(none.share && none.count);
				past_close(&t);
			}
}

/* Of others than those of the share; and where policy leaves the rule out. */
static void test_other_counts_are_no_matter(void **state)
{
	(void)state;
	for (int off = 0; off < 2; off++) {
		struct past t;
		open_with(&t, 3);
		t.k->setup.rules.numerator = (uint8_t)off;
		put_share(&t);
		put_count(&t, off ? OF_ALL : OTHERS);
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_false(kit_has(&t.now, SL_RULE_NUMERATOR));
		past_close(&t);
	}
}

/* What left together told it: nothing is new of the count that is asked for again. */
static void test_what_was_told_before_is_no_matter_for_a_person(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 12);
	put_share(&t);
	put_count(&t, OF_ALL);
	put_count(&t, ROWS);
	past_release(&t, 2);
	assert_int_equal(past_judge(&t), SL_OK);
	for (uint32_t f = 0; f < t.now.nfindings; f++)
		assert_false(t.now.findings[f].rule == SL_RULE_DIFFERENCING && t.now.findings[f].release > 0);
	past_close(&t);
}

static void test_every_allocation_may_fail(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier < 2; earlier++) {
		struct past t;
		unsigned long k = 0;
		bool reached;
		open_with(&t, 3);
		put_share(&t);
		put_count(&t, ROWS);
		past_release(&t, earlier);
		do {
			failing_at(++k);
			enum sl_rc rc = past_judge(&t);
			reached = failing_reached();
			failing_at(0);
			assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
			if (reached)
				sl_err_clear(&t.err);
		} while (reached);
		assert_true(k > 50);
		past_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_of_whom_it_is_not_known_are_not_told_however_the_others_are_counted),
		cmocka_unit_test(test_other_counts_are_no_matter),
		cmocka_unit_test(test_what_was_told_before_is_no_matter_for_a_person),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
