/*
 * test_liar.c - a choice with a prover that lies: whatever tables it hands in, nothing is called safe that is not. It
 * stands where prover.c would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/secondary/choose.h"
#include "policy/secondary/prover.h"

#define WORK UINT64_C(2000000000)

/* What it claims: that the number alone is another; or nothing at all, of the lower one, or of both. */
enum lie { LIE_ALONE, LIE_NOTHING_LOW, LIE_NOTHING, LIES };
static enum lie lie;
static bool by_paths; /* asked for what to hide as well, or not */

enum sl_rc sl_prover_init(struct sl_prover *p, const struct sl_system *s, struct sl_err *err)
{
	*p = (struct sl_prover){ .s = s, .network = { .whole = by_paths } };
	p->values = calloc(s->nfacts, sizeof *p->values);
	p->moved_facts = calloc(s->nfacts, sizeof *p->moved_facts);
	p->dead_ends = calloc((size_t)s->nequations + 1, sizeof *p->dead_ends);
	if (p->values == NULL || p->moved_facts == NULL || p->dead_ends == NULL)
		return sl_err_set(err, SL_E_NOMEM, "-");
	return SL_OK;
}

void sl_prover_fini(struct sl_prover *p)
{
	free(p->values);
	free(p->moved_facts);
	free(p->dead_ends);
}

void sl_prover_changed(struct sl_prover *p, uint32_t fact)
{
	(void)p;
	(void)fact;
}

bool sl_prover_find(struct sl_prover *p, uint32_t primary, int64_t target)
{
	bool low = target < p->s->facts[primary].value;

	p->values[primary] = target;
	p->moved_facts[0] = primary;
	p->nmoved = lie == LIE_ALONE || (lie == LIE_NOTHING_LOW && !low);
	return true;
}

bool sl_prover_find_hiding(struct sl_prover *p, uint32_t primary, int64_t target, uint32_t banned, uint64_t key)
{
	(void)banned;
	(void)key;
	return sl_prover_find(p, primary, target);
}

/* Whoever finds all is never asked what is in the way. */
int64_t sl_prover_blocked(struct sl_prover *p, uint32_t primary, int64_t target, int64_t *room)
{
	(void)p;
	(void)primary;
	(void)target;
	(void)room;
	return 0;
}

/* a + b = c, of which a and b are hidden; or no equation at all. */
static void make(struct sl_system *s, bool tied)
{
	const struct sl_fact facts[] = {
		{ .value = 2, .hi = 100, .above = 3, .below = 2, .cost = 2, .row = 0, .state = SL_FACT_PRIMARY },
		{ .value = 9, .hi = 100, .above = 3, .below = 3, .cost = 9, .row = 1, .state = SL_FACT_SECONDARY },
		{ .value = 11, .hi = 100, .above = 3, .below = 3, .row = 2 },
	};

	memset(s, 0, sizeof *s);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(sl_system_fact(s, &facts[i], NULL, NULL), SL_OK);
	assert_int_equal(sl_system_begin(s, NULL), SL_OK);
	for (uint32_t i = 0; i < 3 && tied; i++)
		assert_int_equal(sl_system_term(s, i, i < 2 ? 1 : -1, NULL), SL_OK);
	assert_int_equal(sl_system_index(s, NULL), SL_OK);
}

static void test_liar_is_not_believed(void **state)
{
	(void)state;
	for (int way = 0; way < 2 * LIES; way++)
		for (int tied = 0; tied < 2; tied++) {
			lie = (enum lie)(way / 2);
			by_paths = way % 2 != 0;
			struct sl_choice choice;
			struct sl_system s;
			make(&s, tied != 0);
			assert_int_equal(sl_choose(&s, 1, WORK, &choice, NULL), SL_OK);
			/* Where no equation is, the number alone may be another, and then it is no lie. */
			assert_int_equal(choice.safe, lie == LIE_ALONE && !tied);
			sl_system_free(&s);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_liar_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
