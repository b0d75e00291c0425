/*
 * enclave.h - one installation: its state directory, its keys elsewhere, its name.
 *
 * DIR holds state.db, vault/ (segments, registries), releases/. Keys lie in another directory: enclave.pem (Ed25519,
 * signs checkpoints and releases) and vault.key (32 bytes, wraps everything at rest). A key is read only for the moment
 * it is needed and wiped by the caller; none is held while a confined process lives.
 */
#ifndef SL_JOBS_ENCLAVE_H
#define SL_JOBS_ENCLAVE_H

#include "enclave/vault/seal.h"
#include "jobs/sign/ed25519.h"
#include "jobs/store/db.h"

struct sl_enclave {
	char *dir;       /* absolute */
	char *keys_dir;  /* absolute */
	char *name;
	uint8_t public[SL_ED25519_PUBLIC_BYTES];
	struct sl_db db;
	char *repaired;  /* what opening had to repair, for the user; "" : nothing */
};

/*
 * sl_enclave_init - make DIR (must not exist or be empty) and keys_dir (likewise), keys, state.db with leaf 0 (the root
 * of trust: name, enclave key, officers' keys), and append the anchor to publish.
 *   officers  in  nofficers SSH public key lines with a person's name each; at least one
 * Fails: SL_E_INPUT, SL_E_IO, SL_E_NO (exists). Nothing half made is left behind.
 */
struct sl_officer {
	const char *name, *key_line;
};
SL_MUST_CHECK enum sl_rc sl_enclave_init(const char *dir, const char *keys_dir, const char *name,
                                         const struct sl_officer *officers, size_t nofficers, struct sl_buf *anchor,
                                         struct sl_err *err);

/*
 * sl_enclave_open - open and repair: dead leases become lost jobs, orphaned files are removed. *e any content.
 * Fails: SL_E_INPUT (no enclave there; remedy names `sluice init`), SL_E_DENIED (not the owner of DIR), SL_E_IO,
 * SL_E_BUSY.
 */
SL_MUST_CHECK enum sl_rc sl_enclave_open(const char *dir, struct sl_enclave *e, struct sl_err *err);
void sl_enclave_close(struct sl_enclave *e);

/*
 * sl_enclave_sign_note - append text as a note signed with the enclave's key, under its name (sl_signed_note_sign). As
 * sl_enclave_sign_key fails.
 */
SL_MUST_CHECK enum sl_rc sl_enclave_sign_note(const struct sl_enclave *e, const struct sl_buf *text, struct sl_buf *out,
                                              struct sl_err *err);

/* sl_enclave_sign_key, sl_enclave_vault_key - read a key; the caller wipes it. SL_E_DENIED, SL_E_IO with a remedy. */
SL_MUST_CHECK enum sl_rc sl_enclave_sign_key(const struct sl_enclave *e, struct sl_ed25519 *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_enclave_vault_key(const struct sl_enclave *e, struct sl_secret *out, struct sl_err *err);
/*
 * sl_enclave_seal, sl_enclave_unseal - sl_seal_box under a key derived from the vault key for `purpose`
 * ("result"), bound to `context` ("J-7").
 */
SL_MUST_CHECK enum sl_rc sl_enclave_seal(const struct sl_enclave *e, const char *purpose, const char *context,
                                         const void *data, size_t len, struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_enclave_unseal(const struct sl_enclave *e, const char *purpose, const char *context,
                                           const void *box, size_t len, struct sl_buf *out, struct sl_err *err);

/* sl_enclave_now - seconds since 1970 UTC. sl_enclave_today - days. sl_enclave_time_text - "2026-11-26T10:00:00Z". */
int64_t sl_enclave_now(void);
int64_t sl_enclave_today(void);
#define SL_TIME_TEXT 32
void sl_enclave_time_text(int64_t seconds, char out[static SL_TIME_TEXT]);

/* sl_enclave_path - "DIR/" + printf text, heap; NULL when out of memory. */
char *sl_enclave_path(const struct sl_enclave *e, const char *fmt, ...) SL_PRINTF(2, 3);

/* sl_enclave_anchor - append the anchor text again: name, verifier key, leaf 0's root as a checkpoint. */
SL_MUST_CHECK enum sl_rc sl_enclave_anchor(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err);

#endif
