/*
 * anchor.h - reads the anchor that an enclave published, for those who verify without the enclave. enclave.h writes it.
 */
#ifndef SL_JOBS_ANCHOR_H
#define SL_JOBS_ANCHOR_H

#include "jobs/sign/checkpoint.h"
#include "jobs/sign/merkle.h"

#define SL_ANCHOR_BYTES_MAX ((size_t)64 << 10) /* none is nearly as long */

struct sl_anchor {
	struct sl_signed_note_key key; /* the enclave's, under its name */
	struct sl_checkpoint first;    /* signed, of leaf 0 alone */
	uint64_t root;                 /* the leaf by which the root of trust was changed last; 0: never */
	struct sl_merkle_hash root_hash;
};

/*
 * sl_anchor_read - exactly the text that sl_enclave_anchor writes.
 * Fails: SL_E_INPUT, SL_E_NOMEM, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_anchor_read(const char *text, size_t len, struct sl_anchor *out, struct sl_err *err);

#endif
