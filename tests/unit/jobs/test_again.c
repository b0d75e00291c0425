/*
 * test_again.c - the numbers of an earlier release come into a publication whole or not at all, with the k-th
 * allocation failing; of a release that is another project's or was taken back they do not, whatever sluice-check says;
 * and a publication that has others does not hold.
 */
#include "tests/unit/jobs/faults.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/again.h"

static struct sl_enclave e;
static struct sl_opened waits; /* */

static int founded(void **state)
{
	if (scratch_enter(state) != 0)
		return 1;
	return scratch_run("SLUICE_BIN='" SL_TEST_BIN_DIR "' SLUICE_SOURCE='" SL_TEST_SOURCE_DIR "' sh '"
	                   SL_AGAIN_WORLD "'");
}

static void open_state(const char *backup)
{
	sl_opened_free(&waits);
	sl_enclave_close(&e);
	assert_int_equal(scratch_run("rm -rf enclave/state.db* && cp %s enclave/state.db && rm -f enclave-keys/log.note",
	                             backup), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_opened_read(&e, 2, &waits, NULL), SL_OK);
	assert_int_equal(waits.frozen.publication.nagain, 2);
}

static int closed(void **state)
{
	sl_opened_free(&waits);
	sl_enclave_close(&e);
	return scratch_leave(state);
}

/* As sluice-check sends it. */
static void forget_numbers(struct sl_publication *p)
{
	for (uint32_t i = 0; i < p->nagain; i++) {
		free(p->again[i].from);
		free(p->again[i].columns);
		p->again[i].from = NULL;
		p->again[i].columns = NULL;
		p->again[i].ncolumns = 0;
	}
}

static enum sl_rc fill(struct sl_err *err)
{
	static const char *const places[] = { "L-1/data/persons.csv#row=2", "L-1/data/persons.csv#row=3" };
	static const int64_t persons[] = { 9348, 8201 };
	struct sl_publication *p = &waits.frozen.publication;

	forget_numbers(p);
	enum sl_rc rc = sl_again_fill(&e, &waits.material, NULL, p, err);
	for (uint32_t i = 0; i < p->nagain && rc == SL_OK; i++) {
		assert_string_equal(p->again[i].from, places[i]);
		assert_int_equal(p->again[i].ncolumns, 3);
		for (uint32_t c = 0; c < 3; c++)
			assert_int_equal(p->again[i].columns[c].value, c == 2 ? 2 * persons[i] : persons[i]);
	}
	return rc;
}

static enum sl_rc hold(struct sl_err *err)
{
	enum sl_rc rc = sl_again_holds(&e, &waits);

	return rc == SL_OK ? SL_OK : sl_err_set(err, rc, "it does not hold");
}

static void test_numbers_are_told_again_whole_or_not_at_all(void **state)
{
	(void)state;
	open_state("waits.db");
	faults_each(&(struct faults){ .e = &e, .command = fill, .always_said = true, .step = 3 });
	assert_int_equal(fill(NULL), SL_OK);
	faults_each(&(struct faults){ .e = &e, .command = hold, .always_said = true, .step = 3 });
}

static void test_numbers_that_are_others_than_left_do_not_hold(void **state)
{
	(void)state;
	for (int what = 0; what < 4; what++) {
		open_state("waits.db");
		struct sl_published_again *a = &waits.frozen.publication.again[1];
		assert_int_equal(sl_again_holds(&e, &waits), SL_OK);
		if (what == 0)
			a->columns[1].value++;
		else if (what == 1)
			a->columns[1] = (struct sl_published_cell){ .shown = 0 };
		else if (what == 2)
			a->from[strlen(a->from) - 1]--;
		else
			a->from_cell--;
		assert_int_equal(sl_again_holds(&e, &waits), SL_E_NO);
	}
}

static enum sl_rc filled(const struct sl_history_then *then)
{
	struct sl_publication *p = &waits.frozen.publication;

	forget_numbers(p);
	return sl_again_fill(&e, &waits.material, then, p, NULL);
}

/* Whatever sluice-check chose. */
static void test_what_may_not_be_told_again_is_not(void **state)
{
	(void)state;
	for (int what = 0; what < 5; what++) {
		open_state("waits.db");
		struct sl_published_again *a = &waits.frozen.publication.again[1];
		if (what == 0)
			a->release = 2;
		else if (what == 1)
			a->from_output = 1;
		else if (what == 2)
			a->from_cell = 2;
		else if (what == 3)
			waits.material.project[0] = 'r';
		else
			waits.material.plans[0].stats[0].p = waits.material.plans[0].stats[1].p = 7; /* other statistics */
		assert_int_equal(filled(NULL), SL_E_INTEGRITY);
	}
}

/* But as of before it was taken back. */
static void test_a_release_that_was_taken_back_is_not_told_again(void **state)
{
	const struct sl_history_then before = { .number = 2, .at = 1 }, after = { .number = 2, .at = INT64_MAX };

	(void)state;
	open_state("revoked.db");
	assert_int_equal(sl_again_holds(&e, &waits), SL_E_NO);
	assert_int_equal(filled(NULL), SL_E_INTEGRITY);
	assert_int_equal(filled(&after), SL_E_INTEGRITY);
	assert_int_equal(filled(&before), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_told_again_whole_or_not_at_all),
		cmocka_unit_test(test_numbers_that_are_others_than_left_do_not_hold),
		cmocka_unit_test(test_what_may_not_be_told_again_is_not),
		cmocka_unit_test(test_a_release_that_was_taken_back_is_not_told_again),
	};

	return cmocka_run_group_tests(tests, founded, closed);
}
