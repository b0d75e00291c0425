/*
 * keys.h - which key opens what. The vault key (outside the state directory) wraps one fresh random key per segment
 * and yields one key per unit space; a segment key yields one subkey per column and one for the manifest.
 *
 *   column subkey    HKDF-SHA256(segment key, "sluice segment v0 column <n>")   n in decimal
 *   manifest subkey  HKDF-SHA256(segment key, "sluice segment v0 manifest")
 *   space key        HKDF-SHA256(vault key, "sluice space v0 <name>")
 *   wrapping key     HKDF-SHA256(vault key, "sluice wrap v0")
 *   rounding key     HKDF-SHA256(vault key, "sluice rounding v0")
 *
 * HKDF without salt: every input key is uniformly random. Used by jobs (space, wrap, subkeys for the engine) and by
 * load (subkeys to write with). Keys are the caller's to wipe.
 */
#ifndef SL_VAULT_KEYS_H
#define SL_VAULT_KEYS_H

#include "enclave/vault/segment.h"

#define SL_KEY_BYTES 32
#define SL_WRAPPED_KEY_BYTES (12 + SL_KEY_BYTES + 16) /* random nonce, ciphertext, tag */

/* Each fails only with SL_E_BUG (the library refused); out is then zeroed. */
SL_MUST_CHECK enum sl_rc sl_keys_column(const uint8_t segment_key[static SL_KEY_BYTES], uint32_t column,
                                        uint8_t out[static SL_KEY_BYTES], struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_keys_manifest(const uint8_t segment_key[static SL_KEY_BYTES],
                                          uint8_t out[static SL_KEY_BYTES], struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_keys_space(const uint8_t vault_key[static SL_KEY_BYTES], const char *space,
                                       uint8_t out[static SL_KEY_BYTES], struct sl_err *err);

/* sl_keys_rounding - what random rounding is drawn with, for ever: another one would round everything anew. */
SL_MUST_CHECK enum sl_rc sl_keys_rounding(const uint8_t vault_key[static SL_KEY_BYTES],
                                          uint8_t out[static SL_KEY_BYTES], struct sl_err *err);

/*
 * sl_keys_wrap, sl_keys_unwrap - a segment key under the vault key, bound to its segment id.
 * unwrap fails with SL_E_INTEGRITY: not this vault key, not this segment, or a byte changed; out is then zeroed.
 */
SL_MUST_CHECK enum sl_rc sl_keys_wrap(const uint8_t vault_key[static SL_KEY_BYTES],
                                      const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                      const uint8_t key[static SL_KEY_BYTES], uint8_t out[static SL_WRAPPED_KEY_BYTES],
                                      struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_keys_unwrap(const uint8_t vault_key[static SL_KEY_BYTES],
                                        const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                        const uint8_t wrapped[static SL_WRAPPED_KEY_BYTES],
                                        uint8_t out[static SL_KEY_BYTES], struct sl_err *err);

#endif
