/* faults.c - see faults.h. */
#include "tests/unit/jobs/faults.h"

#include "tests/unit/vault/failing.h"

/* Counts leaves over a connection of its own, which is kept for the loop: to read the schema takes as long as a try. */
struct counter {
	sqlite3 *db;
	sqlite3_stmt *leaves;
};

static int64_t count_leaves(struct counter *c)
{
	if (c->db == NULL) {
		c->db = world_state();
		assert_int_equal(sqlite3_prepare_v2(c->db, "SELECT count(*) FROM leaf", -1, &c->leaves, NULL), SQLITE_OK);
	}
	assert_int_equal(sqlite3_step(c->leaves), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(c->leaves, 0);
	assert_int_equal(sqlite3_reset(c->leaves), SQLITE_OK);
	return n;
}

static void close_counter(struct counter *c)
{
	(void)sqlite3_finalize(c->leaves);
	assert_int_equal(sqlite3_close(c->db), SQLITE_OK);
	*c = (struct counter){ NULL, NULL };
}

/* What one try came to; true: it is done, and cannot be done again. */
static bool judge(const struct faults *f, unsigned long k, enum sl_rc rc, bool reached, struct counter *c,
                  int64_t leaves, const struct sl_err *err)
{
	assert_false(f->e->db.in_transaction);
	if (rc != SL_OK && (rc != SL_E_NOMEM || !reached))
		fail_msg("allocation %lu: %d, %s", k, rc, err->text);
	if (rc == SL_OK && reached && f->always_said)
		fail_msg("allocation %lu failed, and nobody said so", k);
	if (rc != SL_OK || f->leaf)
		assert_int_equal(count_leaves(c), leaves + (rc == SL_OK));
	if (f->after != NULL) {
		close_counter(c); /* it may put another state.db in place */
		f->after(rc);
	}
	return rc == SL_OK && f->done_once;
}

void faults_each(const struct faults *f)
{
	unsigned long k = 0;
	struct counter c = { NULL, NULL };
	bool more = true;

	while (more) {
		struct sl_err err = { 0 };
		int64_t leaves = count_leaves(&c);

		k += f->starts_process ? 1 + k / 3 : f->step > 0 ? f->step : 1;
		failing_at(k);
		enum sl_rc rc = f->command(&err);
		bool reached = failing_reached() != 0;
		failing_at(0);
		more = !judge(f, k, rc, reached, &c, leaves, &err) && reached;
	}
	close_counter(&c);
	assert_true(k > (f->least > 0 ? f->least : 10));
}
