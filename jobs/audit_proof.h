/*
 * audit_proof.h - what the log tells those who do not have the enclave: one leaf with its proof, or all leaves; and how
 * they verify it from what they got earlier.
 *
 * Writing opens the enclave; verifying opens nothing but the bytes given.
 */
#ifndef SL_JOBS_AUDIT_PROOF_H
#define SL_JOBS_AUDIT_PROOF_H

#include <stdio.h>

#include "jobs/audit.h"

/* What whoever verifies has from elsewhere. Zeroed: nothing. */
struct sl_audit_trust {
	struct sl_signed_note_key key; /* of the anchor; name "" : no anchor */
	struct sl_checkpoint first;    /* the anchor's: of leaf 0 */
	struct sl_checkpoint against;  /* an earlier checkpoint; size 0: none */
};

/*
 * sl_audit_trust_read - from an anchor, a checkpoint or both; NULL: not given. With an anchor the checkpoint must be
 * signed by its key; without, it is taken as it is, for whoever gives it got it from where they trust.
 * Fails: SL_E_INPUT, SL_E_UNDECIDED, SL_E_INTEGRITY.
 */
SL_MUST_CHECK enum sl_rc sl_audit_trust_read(const struct sl_buf *anchor, const struct sl_buf *against,
                                             struct sl_audit_trust *out, struct sl_err *err);

/*
 * sl_audit_prove - append the proof that leaf `index` is in the log: in that of `against` (a checkpoint signed by this
 * enclave), or when NULL in that of now, signed. C2SP's tlog-proof, with the leaf as its extra data.
 * sl_audit_proof_verify - the proof's leaf is in the tree of a checkpoint that is trusted: that of `trust`, or,
 * when it has none, the proof's own, signed by the anchor's key.
 *   leaf  in/out  the leaf's bytes are appended
 *   cp    out     the checkpoint
 * Fails: SL_E_NO (no such leaf), SL_E_INPUT (no proof; for a checkpoint of another size), SL_E_INTEGRITY,
 *        SL_E_UNDECIDED (nothing to trust).
 */
SL_MUST_CHECK enum sl_rc sl_audit_prove(struct sl_enclave *e, uint64_t index, const struct sl_buf *against,
                                        struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_proof_verify(const struct sl_buf *proof, const struct sl_audit_trust *trust,
                                               uint64_t *index, struct sl_buf *leaf, struct sl_checkpoint *cp,
                                               struct sl_err *err);

/*
 * sl_audit_export - write the whole log: a line for the format, each leaf on a line, an empty line, the checkpoint of
 * now. It is verified while it is written.
 * sl_audit_export_verify - the leaves are those of its checkpoint, which the anchor's key signed; the first is the
 * anchor's, and the log of `against` is the beginning of it. Reads line by line, to the end.
 * Fails: SL_E_IO, SL_E_INPUT (no export), SL_E_INTEGRITY (also: signed by another), SL_E_UNDECIDED (no anchor).
 */
SL_MUST_CHECK enum sl_rc sl_audit_export(struct sl_enclave *e, FILE *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_export_verify(FILE *in, const struct sl_audit_trust *trust, struct sl_checkpoint *cp,
                                                struct sl_err *err);

#endif
