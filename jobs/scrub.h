/*
 * scrub.h - the debt of a forgotten key: until state.db is written anew, bytes of it may lie in its free pages or log.
 *
 * Owed in the commit that forgets, paid by that command or, when it was killed or somebody was reading, by a later one.
 */
#ifndef SL_JOBS_SCRUB_H
#define SL_JOBS_SCRUB_H

#include "jobs/enclave.h"

/* sl_scrub_owed - within the open transaction. */
SL_MUST_CHECK enum sl_rc sl_scrub_owed(struct sl_enclave *e, struct sl_err *err);
/* sl_scrub_pay - outside any; does nothing when nothing is owed. wait: as sl_db_scrub. SL_E_BUSY: still owed. */
SL_MUST_CHECK enum sl_rc sl_scrub_pay(struct sl_enclave *e, bool wait, struct sl_err *err);

#endif
