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

#define SL_AUDIT_REROOTED "enclave.rerooted"
#define SL_AUDIT_RESTORED "log.restored"
#define SL_AUDIT_CLOCK "clock.corrected"
#define SL_AUDIT_POLICY_APPLIED "policy.applied"

/*
 * sl_audit_append - add a leaf within the open transaction.
 *   kind  in   "job.created", "policy.applied", …
 *   who   in   person, or "operator"
 *   body  in   further members; its reference is taken, also on failure. NULL (out of memory in the caller):
 * SL_E_NOMEM.
 *   index out  of the leaf; may be NULL
 * Fails: SL_E_HOST: this machine's clock is before the last leaf, by more than SL_AUDIT_CLOCK_S. What expires does so
 * by it. A leaf SL_AUDIT_CLOCK is added all the same: it says that the clock was wrong before.
 */
#define SL_AUDIT_CLOCK_S 300
SL_MUST_CHECK enum sl_rc sl_audit_append(struct sl_enclave *e, const char *kind, const char *who, json_t *body,
                                         uint64_t *index, struct sl_err *err);

/*
 * sl_audit_correct_clock - that leaf, in a commit of its own, by an operator; SL_E_NO: the clock is not before the log.
 */
SL_MUST_CHECK enum sl_rc sl_audit_correct_clock(struct sl_enclave *e, const char *who, struct sl_err *err);

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
 * sl_audit_verify - recompute every leaf hash, every kept subtree and the root, compare with the edge kept in state.db,
 * and see that the log has only grown since the checkpoint beside the keys and, when `note` is given (an earlier
 * checkpoint, signed by this enclave), since that one.
 * Fails: SL_E_INTEGRITY naming the leaf; SL_E_UNDECIDED (`note` is of what a restore lost, and the log tells of it).
 */
SL_MUST_CHECK enum sl_rc sl_audit_verify(struct sl_enclave *e, const char *note, size_t nnote,
                                         struct sl_checkpoint *now, struct sl_err *err);

/*
 * sl_audit_verify_recent - what the gate asks within its transaction: the log continues the checkpoint beside the keys,
 * every leaf since then is whole, and so are the two older ones that a release rests on: leaf 0 and the last
 * policy.applied. What it cannot see is a changed byte of another older leaf, which no later checkpoint can cover up.
 * Without a checkpoint beside the keys: all, as sl_audit_verify.
 * Fails: as sl_audit_verify.
 */
SL_MUST_CHECK enum sl_rc sl_audit_verify_recent(struct sl_enclave *e, struct sl_checkpoint *now, struct sl_err *err);

/*
 * sl_audit_keep - verify as sl_audit_verify_recent does, under the writer lock, and put the checkpoint of now beside
 * the keys. Outside a transaction. Fails: as sl_audit_verify; SL_E_IO, SL_E_DENIED: what lay there is still there.
 */
SL_MUST_CHECK enum sl_rc sl_audit_keep(struct sl_enclave *e, struct sl_err *err);

/*
 * sl_audit_beside - the checkpoint beside the keys, size 0: none, whatever the log here says of it. The log itself is
 * verified, every leaf. sl_audit_has - whether a checkpoint is one of this log, by size and root.
 * Fails: as sl_audit_verify but for that checkpoint.
 */
SL_MUST_CHECK enum sl_rc sl_audit_beside(struct sl_enclave *e, struct sl_checkpoint *kept, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_has(struct sl_enclave *e, const struct sl_checkpoint *cp, bool *has,
                                      struct sl_err *err);

/*
 * sl_audit_go_on - after a restore: put the checkpoint of now beside the keys though the log does not continue the one
 * that lies there. Only when a leaf of a restore (restored.h) explains that one; the log is verified, every leaf.
 * Fails: as sl_audit_keep.
 */
SL_MUST_CHECK enum sl_rc sl_audit_go_on(struct sl_enclave *e, struct sl_err *err);

#endif
