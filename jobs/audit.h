/*
 * audit.h - the log: every state change is a leaf, in the same commit.
 *
 * A leaf is canonical JSON {"at","kind","n", …}; the leaves form an RFC 6962 tree whose checkpoints the enclave signs.
 * Unpublished things are in it by salted or keyed digest only.
 */
#ifndef SL_JOBS_AUDIT_H
#define SL_JOBS_AUDIT_H

#include <jansson.h>

#include "jobs/enclave.h"
#include "jobs/sign/checkpoint.h"

/*
 * sl_audit_append - add a leaf within the open transaction.
 *   kind  in   "job.created", "policy.applied", …
 *   who   in   person, or "operator"
 *   body  in   further members; its reference is taken, also on failure. NULL (out of memory in the caller):
 * SL_E_NOMEM.
 *   index out  of the leaf; may be NULL
 */
SL_MUST_CHECK enum sl_rc sl_audit_append(struct sl_enclave *e, const char *kind, const char *who, json_t *body,
                                         uint64_t *index, struct sl_err *err);

/*
 * sl_audit_size - leaves. sl_audit_checkpoint - size and root of now (unsigned struct). sl_audit_note - append it
 * as a signed note.
 */
SL_MUST_CHECK enum sl_rc sl_audit_size(struct sl_enclave *e, uint64_t *size, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_checkpoint(struct sl_enclave *e, struct sl_checkpoint *cp, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_note(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err);

/*
 * sl_audit_inclusion - proof that leaf `index` is in the tree of the first `size` leaves. sl_audit_leaf - append
 * its bytes.
 */
SL_MUST_CHECK enum sl_rc sl_audit_inclusion(struct sl_enclave *e, uint64_t index, uint64_t size,
                                            struct sl_merkle_proof *proof, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_leaf(struct sl_enclave *e, uint64_t index, struct sl_buf *out, struct sl_err *err);

/*
 * sl_audit_verify - recompute every leaf hash and the root, compare with the edge kept in state.db, and, when `note` is
 * given (an earlier checkpoint, signed by this enclave), that the log has only grown since.
 * Fails: SL_E_INTEGRITY naming the leaf.
 */
SL_MUST_CHECK enum sl_rc sl_audit_verify(struct sl_enclave *e, const char *note, size_t nnote,
                                         struct sl_checkpoint *now, struct sl_err *err);

#endif
