/*
 * registry.h - the unit-space registry: a unit's ordinal is the position of its keyed hash in an append-only file.
 *
 * hash = the first 16 bytes of HMAC-SHA256(space key, unit text). The committed count is in state.db: what lies
 * behind it in the file is left over from an attempt that failed, and is overwritten. Two units with one hash
 * would be one unit; at 10^9 units the odds are 10^-21.
 */
#ifndef SL_VAULT_REGISTRY_H
#define SL_VAULT_REGISTRY_H

#include <stdbool.h>

#include "enclave/base/err.h"

#define SL_REGISTRY_HASH_BYTES 16
/* Ordinals are 32 bits: 4,294,967,294 units, whose hashes alone take 64 GiB. */
#define SL_REGISTRY_UNITS_MAX ((uint64_t)UINT32_MAX - 1)

struct sl_hmac;

/* Caller's storage; fields are the registry's own, but count and loaded may be read. */
struct sl_registry {
	uint8_t (*hashes)[SL_REGISTRY_HASH_BYTES]; /* by ordinal */
	uint64_t count, cap;
	uint64_t loaded;      /* of them, came from the file */
	uint32_t *slots;      /* open addressing: ordinal + 1; 0 is free */
	uint64_t nslots;      /* a power of two */
	struct sl_hmac *mac; /* keyed */
};

/*
 * sl_registry_init - keep the key, allocate the smallest table; before lock-down.
 * Fails: SL_E_NOMEM, SL_E_BUG. sl_registry_fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_registry_init(struct sl_registry *r, const uint8_t space_key[static 32],
                                          struct sl_err *err);

/*
 * sl_registry_load - read the first `count` hashes from fd, positioned at 0; fd stands behind them after.
 * Fails: SL_E_LIMIT (over SL_REGISTRY_UNITS_MAX), SL_E_INTEGRITY (file shorter, or a hash twice), SL_E_IO, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_registry_load(struct sl_registry *r, int fd, uint64_t count, struct sl_err *err);

/*
 * sl_registry_add - the ordinal of the unit with this hash; one not seen before gets the next.
 * sl_registry_ordinal - the same for a unit's text.
 * Fails: SL_E_LIMIT (as load), SL_E_NOMEM, SL_E_BUG (HMAC).
 */
SL_MUST_CHECK enum sl_rc sl_registry_add(struct sl_registry *r, const uint8_t hash[static SL_REGISTRY_HASH_BYTES],
                                         uint64_t *ordinal, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_registry_ordinal(struct sl_registry *r, const char *unit, size_t len, uint64_t *ordinal,
                                             struct sl_err *err);

/* sl_registry_bytes - memory it holds at most while it grows to `count` units: old and new tables together. */
uint64_t sl_registry_bytes(const struct sl_registry *r, uint64_t count);

/* sl_registry_append - write the hashes that are not in the file to fd, which stands where load left it. SL_E_IO. */
SL_MUST_CHECK enum sl_rc sl_registry_append(struct sl_registry *r, int fd, struct sl_err *err);

void sl_registry_fini(struct sl_registry *r);

#endif
