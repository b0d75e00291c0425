/* faults.c - see faults.h. */
#include "tests/unit/jobs/faults.h"

#include "tests/unit/vault/failing.h"

static int64_t count_leaves(void)
{
	return world_number("SELECT count(*) FROM leaf");
}

/* What one try came to; true: it is done, and cannot be done again. */
static bool judge(const struct faults *f, unsigned long k, enum sl_rc rc, bool reached, int64_t leaves,
                  const struct sl_err *err)
{
	assert_false(f->e->db.in_transaction);
	if (rc != SL_OK && (rc != SL_E_NOMEM || !reached))
		fail_msg("allocation %lu: %d, %s", k, rc, err->text);
	if (rc == SL_OK && reached && f->always_said)
		fail_msg("allocation %lu failed, and nobody said so", k);
	if (rc != SL_OK || f->leaf)
		assert_int_equal(count_leaves(), leaves + (rc == SL_OK));
	if (f->after != NULL)
		f->after(rc);
	return rc == SL_OK && f->done_once;
}

void faults_each(const struct faults *f)
{
	unsigned long k = 0;
	bool more = true;

	while (more) {
		struct sl_err err = { 0 };
		int64_t leaves = count_leaves();

		k += f->starts_process ? 1 + k / 3 : f->step > 0 ? f->step : 1;
		failing_at(k);
		enum sl_rc rc = f->command(&err);
		bool reached = failing_reached() != 0;
		failing_at(0);
		more = !judge(f, k, rc, reached, leaves, &err) && reached;
	}
	assert_true(k > (f->least > 0 ? f->least : 10));
}
