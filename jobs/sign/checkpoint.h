/*
 * checkpoint.h - how long the log is and what its root is, as C2SP's tlog-checkpoint lays it out inside a signed note:
 *
 *   ORIGIN \n SIZE \n BASE64(root) \n
 *
 * Three lines and no extension lines: what an enclave says here is compared byte for byte.
 */
#ifndef SL_SIGN_CHECKPOINT_H
#define SL_SIGN_CHECKPOINT_H

#include "jobs/sign/merkle.h"
#include "jobs/sign/signed_note.h"

struct sl_checkpoint {
	char origin[SL_SIGNED_NOTE_NAME_BYTES];  /* also the name of the key that signs it */
	uint64_t size;                           /* leaves */
	struct sl_merkle_hash root;
};

/* sl_checkpoint_put - append the three lines. */
void sl_checkpoint_put(const struct sl_checkpoint *cp, struct sl_buf *out);

/* sl_checkpoint_sign - append the signed note of cp. Fails as sl_signed_note_sign. */
SL_MUST_CHECK enum sl_rc sl_checkpoint_sign(const struct sl_checkpoint *cp, const struct sl_ed25519 *key,
                                            struct sl_buf *out, struct sl_err *err);
/*
 * sl_checkpoint_verify - a note signed by key, with a checkpoint of the log named like the key; nothing follows.
 * Fails: as sl_signed_note_verify; SL_E_INPUT (no checkpoint), SL_E_INTEGRITY (of another log); *cp is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_checkpoint_verify(const char *note, size_t len, const struct sl_signed_note_key *key,
                                              struct sl_checkpoint *cp, struct sl_err *err);

/* sl_checkpoint_parse - the three lines alone; nothing is verified. SL_E_INPUT; *cp is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_checkpoint_parse(const char *text, size_t len, struct sl_checkpoint *cp,
                                             struct sl_err *err);

#endif
