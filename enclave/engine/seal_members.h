/*
 * seal_members.h - an output's units as a box that only the engine opens: the body of a MEMBERS frame. Used by main.c.
 */
#ifndef SL_ENGINE_SEAL_MEMBERS_H
#define SL_ENGINE_SEAL_MEMBERS_H

#include "enclave/pact/members.h"
#include "enclave/vault/cipher.h"

/*
 * sl_members_seal - id, ciphertext, tag. The cipher's key has sealed nothing before and will seal nothing else.
 * Fails: SL_E_LIMIT, SL_E_NOMEM, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_members_seal(const struct sl_members *m, const uint8_t id[static SL_MEMBERS_ID_BYTES],
                                         struct sl_cipher *cipher, struct sl_buf *out, struct sl_err *err);

/*
 * sl_members_unseal - the box is deciphered in place, and is of no use after.
 *   out  out  caller's storage, any content; free with sl_codec_free(&sl_members_record, out). Zeroed on failure.
 * Fails: SL_E_INTEGRITY (another id or key, a byte changed or missing), SL_E_INPUT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_members_unseal(struct sl_buf *box, const uint8_t id[static SL_MEMBERS_ID_BYTES],
                                           struct sl_cipher *cipher, struct sl_members *out, struct sl_err *err);

#endif
