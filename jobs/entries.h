/*
 * entries.h - keeps what can be found (store/entry.h) as the stored catalogues have it.
 */
#ifndef SL_JOBS_ENTRIES_H
#define SL_JOBS_ENTRIES_H

#include "jobs/enclave.h"
#include "policy/catalogue.h"

/* sl_entries_put - the entries of a catalogue in place of its dataset's; within the transaction that stores it. */
SL_MUST_CHECK enum sl_rc sl_entries_put(struct sl_enclave *e, const struct sl_catalogue *catalogue, struct sl_err *err);

/* sl_entries_settle - put those of every catalogue that has none, as in an enclave of an older version. */
SL_MUST_CHECK enum sl_rc sl_entries_settle(struct sl_enclave *e, struct sl_err *err);

#endif
