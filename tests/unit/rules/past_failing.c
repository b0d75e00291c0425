/* past_failing.c - see past.h. For tests that are FAILING (failing.h). */
#include "tests/unit/rules/past.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/vault/failing.h"

void past_judge_failing(struct past *t, enum sl_rule rule)
{
	unsigned long k = 0;
	enum sl_rc rc;

	do {
		sl_codec_free(&sl_publication_record, &t->now);
		sl_err_clear(&t->err);
		failing_at(++k);
		rc = past_judge(t);
		bool reached = failing_reached() != 0;
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(kit_has(&t->now, rule), !reached);
	} while (rc != SL_OK);
	assert_true(k > 50);
}
