/*
 * history_members.h - inside jobs/history*.c only: the keys of sealed units, and the engine that seals them.
 */
#ifndef SL_JOBS_HISTORY_MEMBERS_H
#define SL_JOBS_HISTORY_MEMBERS_H

#include "jobs/history.h"

/* sl_history_keys - of boxes, whose ids they begin with; heap. SL_E_INTEGRITY: one is none. */
SL_MUST_CHECK enum sl_rc sl_history_keys(const struct sl_enclave *e, const struct sl_buf *boxes, uint32_t n,
                                         struct sl_members_key **out, struct sl_err *err);
void sl_history_keys_free(struct sl_members_key *keys, uint32_t n);

#endif
