/*
 * anchor.h - reads the anchor that an enclave published, for those who verify without the enclave. enclave.h writes it.
 */
#ifndef SL_JOBS_ANCHOR_H
#define SL_JOBS_ANCHOR_H

#include "jobs/sign/checkpoint.h"

#define SL_ANCHOR_BYTES_MAX ((size_t)64 << 10) /* none is nearly as long */

/*
 * sl_anchor_read - exactly the text that sl_enclave_anchor writes.
 *   key  out  the enclave's key under its name
 *   cp   out  the signed checkpoint of leaf 0 alone
 * Fails: SL_E_INPUT, SL_E_NOMEM, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_anchor_read(const char *text, size_t len, struct sl_signed_note_key *key,
                                        struct sl_checkpoint *cp, struct sl_err *err);

#endif
