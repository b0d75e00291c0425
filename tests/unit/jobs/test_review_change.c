/* test_review_change.c - two revisions' tables beside each other: which lines, of which tables, in what order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "jobs/review_change.h"
#include "tests/unit/vault/failing.h"

/* Over the text itself: nothing here is freed. */
static struct sl_release_file file(const char *path, const char *text)
{
	return (struct sl_release_file){ .path = (char *)(uintptr_t)path,
		                         .bytes = { .data = (uint8_t *)(uintptr_t)text, .len = strlen(text) } };
}

/* The changes as people read them: "path was now", then "- " and "+ ". */
static void assert_changes(const struct sl_release_file *was, uint32_t nwas, const struct sl_release_file *now,
                           uint32_t nnow, const char *expected)
{
	struct sl_change *changes = NULL;
	struct sl_buf said = { 0 };
	struct sl_err err = { 0 };
	uint32_t n = 0;

	assert_int_equal(sl_change_find(was, nwas, now, nnow, &changes, &n, &err), SL_OK);
	for (uint32_t i = 0; i < n; i++) {
		sl_buf_printf(&said, "%s%s%s\n", changes[i].path, changes[i].was ? " was" : "", changes[i].now ? " now" : "");
		for (size_t k = 0; k < changes[i].nlines; k++) {
			const struct sl_change_line *line = &changes[i].lines[k];
			sl_buf_printf(&said, "%c %.*s\n", line->is_now ? '+' : '-', (int)line->len, line->text);
		}
	}
	assert_int_equal(sl_buf_ok(&said, "what was said", &err), SL_OK);
	assert_string_equal(said.len > 0 ? sl_buf_cstr(&said) : "", expected);
	sl_buf_free(&said);
	sl_change_free(changes, n);
}

static void test_a_number_that_is_hidden_now_stands_below_what_it_was(void **state)
{
	const struct sl_release_file was = file("data/a.csv", "sex,n\nf,12\nm,30\nx,40\n");
	const struct sl_release_file now = file("data/a.csv", "sex,n\nf,[c]\nm,30\nx,[c]\n");

	(void)state;
	assert_changes(&was, 1, &now, 1, "data/a.csv was now\n- f,12\n+ f,[c]\n- x,40\n+ x,[c]\n");
	assert_changes(&now, 1, &was, 1, "data/a.csv was now\n- f,[c]\n+ f,12\n- x,[c]\n+ x,40\n");
}

static void test_equal_tables_are_no_change(void **state)
{
	const struct sl_release_file was[] = { file("data/a.csv", "n\n1\n"), file("data/b.csv", "") };

	(void)state;
	assert_changes(was, 2, was, 2, "");
	assert_changes(was, 0, was, 0, "");
}

static void test_a_table_that_only_one_revision_asks_for_is_told_whole(void **state)
{
	const struct sl_release_file was[] = { file("data/a.csv", "n\n1\n"), file("data/b.csv", "n\n2\n") };
	const struct sl_release_file now[] = { file("data/c.csv", "n\n3\n"), file("data/b.csv", "n\n2\n") };

	(void)state;
	assert_changes(was, 2, now, 2, "data/a.csv was\ndata/c.csv now\n");
}

/* A limit may show other rows, and another order of them: only rows that one of them has not are told. */
static void test_rows_that_moved_are_no_change_and_rows_that_came_or_went_are(void **state)
{
	const struct sl_release_file was = file("data/a.csv", "k,n\na,9\nb,8\nc,7\n");
	const struct sl_release_file moved = file("data/a.csv", "k,n\nc,7\nb,8\na,9\n");
	const struct sl_release_file other = file("data/a.csv", "k,n\nb,8\nc,7\nd,6\ne,5");

	(void)state;
	assert_changes(&was, 1, &moved, 1, "data/a.csv was now\n");
	assert_changes(&was, 1, &other, 1, "data/a.csv was now\n- a,9\n+ d,6\n+ e,5\n");
	assert_changes(&other, 1, &was, 1, "data/a.csv was now\n+ a,9\n- d,6\n- e,5\n");
}

/* One is the beginning of the other; ends of lines of either kind are none of the line. */
static void test_lines_are_compared_whole(void **state)
{
	const struct sl_release_file was = file("data/a.csv", "k,n\na,1\na,12\n");
	const struct sl_release_file now = file("data/a.csv", "k,n\r\na,1\r\na,123\r\n");
	const struct sl_release_file none = file("data/a.csv", "");

	(void)state;
	assert_changes(&was, 1, &now, 1, "data/a.csv was now\n- a,12\n+ a,123\n");
	assert_changes(&was, 1, &none, 1, "data/a.csv was now\n- k,n\n- a,1\n- a,12\n");
}

static void test_every_allocation_may_fail(void **state)
{
	const struct sl_release_file was[] = { file("data/a.csv", "n\n1\n"), file("data/b.csv", "n\n2\n") };
	const struct sl_release_file now[] = { file("data/a.csv", "n\n3\n"), file("data/b.csv", "n\n4\n") };
	unsigned long k = 0;
	bool reached;

	(void)state;
	do {
		struct sl_change *changes = NULL;
		struct sl_err err = { 0 };
		uint32_t n = 0;
		failing_at(++k);
		enum sl_rc rc = sl_change_find(was, 2, now, 2, &changes, &n, &err);
		reached = failing_reached() != 0;
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(n, reached ? 0 : 2);
		assert_true(reached ? changes == NULL : changes != NULL);
		sl_change_free(changes, n);
	} while (reached);
	assert_true(k > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_that_is_hidden_now_stands_below_what_it_was),
		cmocka_unit_test(test_equal_tables_are_no_change),
		cmocka_unit_test(test_a_table_that_only_one_revision_asks_for_is_told_whole),
		cmocka_unit_test(test_rows_that_moved_are_no_change_and_rows_that_came_or_went_are),
		cmocka_unit_test(test_lines_are_compared_whole),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
