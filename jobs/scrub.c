/* scrub.c - see scrub.h. */
#include "jobs/scrub.h"

#include "jobs/store/meta.h"

#define SCRUB "scrub"

enum sl_rc sl_scrub_owed(struct sl_enclave *e, struct sl_err *err)
{
	return sl_meta_put(&e->db, SCRUB, "owed", 4, err);
}

static enum sl_rc strike_out(struct sl_enclave *e, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_meta_remove(&e->db, SCRUB, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_scrub_pay(struct sl_enclave *e, bool wait, struct sl_err *err)
{
	bool owed = false;
	enum sl_rc rc = sl_meta_has(&e->db, SCRUB, &owed, err);

	if (rc != SL_OK || !owed)
		return rc;
	rc = sl_db_scrub(&e->db, wait, err);
	return rc == SL_OK ? strike_out(e, err) : rc;
}
