/*
 * signed_note.h - a text with Ed25519 signature lines below it, as C2SP's signed-note defines.
 *
 *   text, ends with a line feed
 *   (empty line)
 *   — NAME BASE64(key hash (4), signature (64))       one line per signer
 *
 * The enclave signs its checkpoints so. Lines of keys we do not know are allowed and say nothing.
 */
#ifndef SL_SIGN_SIGNED_NOTE_H
#define SL_SIGN_SIGNED_NOTE_H

#include "jobs/sign/ed25519.h"

#define SL_SIGNED_NOTE_BYTES_MAX 65536
#define SL_SIGNED_NOTE_NAME_BYTES 128
#define SL_SIGNED_NOTE_SIGNATURES_MAX 16

/* Who signs: a name and a public key. Zeroed: nobody. */
struct sl_signed_note_key {
	char name[SL_SIGNED_NOTE_NAME_BYTES];   /* clean text without space and '+' */
	uint8_t public[SL_ED25519_PUBLIC_BYTES];
};

/* sl_signed_note_name_ok - may a key have this name? */
bool sl_signed_note_name_ok(const char *name);

/*
 * sl_signed_note_key_put - append the verifier key "name+hash+base64", without a line feed. SL_E_INPUT (bad name),
 * SL_E_BUG, SL_E_NOMEM, SL_E_LIMIT.
 * sl_signed_note_key_parse - exactly that text. SL_E_INPUT: not that form, hash of another key, a weak key; *key is
 * then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_signed_note_key_put(const struct sl_signed_note_key *key, struct sl_buf *out,
                                                struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_signed_note_key_parse(const char *text, size_t len, struct sl_signed_note_key *key,
                                                  struct sl_err *err);

/*
 * sl_signed_note_sign - append text, empty line and one signature by `key` under `name`.
 *   text  in  UTF-8, not empty, ends with a line feed, no other control characters
 * Fails: SL_E_INPUT, SL_E_LIMIT, SL_E_NOMEM, SL_E_BUG; out keeps its length.
 */
SL_MUST_CHECK enum sl_rc sl_signed_note_sign(const char *text, size_t len, const char *name,
                                             const struct sl_ed25519 *key, struct sl_buf *out, struct sl_err *err);

/*
 * sl_signed_note_verify - did `key` sign this note?
 *   ntext  out  the note's first *ntext bytes are the text that was signed, its last line feed included; 0 on failure
 * Fails: SL_E_INPUT (not a note), SL_E_UNDECIDED (no line of this key), SL_E_INTEGRITY (its line does not fit the
 *        text), SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_signed_note_verify(const char *note, size_t len, const struct sl_signed_note_key *key,
                                               size_t *ntext, struct sl_err *err);

#endif
