/* registry.c - see registry.h. */
#include "enclave/vault/registry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/vault/digest.h"

#define SLOTS_MIN 1024u
/* The file is read in steps of 64 KiB. */
#define STEP_HASHES 4096u

/* The hash is keyed and uniform, so its first bytes are the slot; nobody without the key can make two meet. */
static uint32_t *slot_of(const struct sl_registry *r, const uint8_t *hash)
{
	uint64_t at, mask = r->nslots - 1;

	memcpy(&at, hash, sizeof at);
	for (at &= mask;; at = (at + 1) & mask)
		if (r->slots[at] == 0 || memcmp(r->hashes[r->slots[at] - 1], hash, SL_REGISTRY_HASH_BYTES) == 0)
			return &r->slots[at];
}

/* Room for `count` hashes, slots at most half full. */
static enum sl_rc reserve(struct sl_registry *r, uint64_t count, struct sl_err *err)
{
	if (count > SL_REGISTRY_UNITS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a unit space has at most %llu units",
		                  (unsigned long long)SL_REGISTRY_UNITS_MAX);
	if (count > r->cap) {
		uint64_t cap = count > 2 * r->cap ? count : 2 * r->cap;
		uint8_t(*more)[SL_REGISTRY_HASH_BYTES] = realloc(r->hashes, cap * sizeof *more);

		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a registry of %llu units", (unsigned long long)count);
		r->hashes = more;
		r->cap = cap;
	}
	if (2 * count <= r->nslots)
		return SL_OK;
	uint64_t nslots = r->nslots > 0 ? r->nslots : SLOTS_MIN;
	while (nslots < 2 * count)
		nslots *= 2;
	uint32_t *slots = calloc(nslots, sizeof *slots);
	if (slots == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a registry of %llu units", (unsigned long long)count);
	free(r->slots);
	r->slots = slots;
	r->nslots = nslots;
	for (uint64_t i = 0; i < r->count; i++)
		*slot_of(r, r->hashes[i]) = (uint32_t)(i + 1);
	return SL_OK;
}

uint64_t sl_registry_bytes(const struct sl_registry *r, uint64_t count)
{
	uint64_t bytes = r->cap * SL_REGISTRY_HASH_BYTES + r->nslots * sizeof *r->slots;
	uint64_t cap = count > 2 * r->cap ? count : 2 * r->cap, nslots = r->nslots > 0 ? r->nslots : SLOTS_MIN;

	while (nslots < 2 * count)
		nslots *= 2;
	if (count > r->cap)
		bytes += cap * SL_REGISTRY_HASH_BYTES;
	return nslots > r->nslots ? bytes + nslots * sizeof *r->slots : bytes;
}

enum sl_rc sl_registry_init(struct sl_registry *r, const uint8_t space_key[static 32], struct sl_err *err)
{
	enum sl_rc rc;

	memset(r, 0, sizeof *r);
	rc = sl_hmac_new(space_key, 32, &r->mac, err);
	return rc == SL_OK ? reserve(r, SLOTS_MIN / 2, err) : rc;
}

static enum sl_rc read_whole(int fd, uint8_t *to, size_t len, struct sl_err *err)
{
	while (len > 0) {
		ssize_t n = read(fd, to, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_set(err, SL_E_IO, "the unit registry cannot be read: error %d", errno);
		if (n == 0)
			return sl_err_set(err, SL_E_INTEGRITY, "the unit registry is shorter than its committed count");
		to += n;
		len -= (size_t)n;
	}
	return SL_OK;
}

enum sl_rc sl_registry_load(struct sl_registry *r, int fd, uint64_t count, struct sl_err *err)
{
	enum sl_rc rc;

	if (r->count != 0)
		return sl_err_set(err, SL_E_BUG, "a registry is loaded once, first");
	rc = reserve(r, count, err);
	while (rc == SL_OK && r->count < count) {
		uint64_t n = count - r->count < STEP_HASHES ? count - r->count : STEP_HASHES;

		rc = read_whole(fd, r->hashes[r->count], n * SL_REGISTRY_HASH_BYTES, err);
		for (uint64_t i = 0; i < n && rc == SL_OK; i++) {
			uint32_t *slot = slot_of(r, r->hashes[r->count]);

			if (*slot != 0)
				rc = sl_err_set(err, SL_E_INTEGRITY, "the unit registry has one unit twice, at %llu and %llu",
				                (unsigned long long)(*slot - 1), (unsigned long long)r->count);
			else
				*slot = (uint32_t)++r->count;
		}
	}
	r->loaded = r->count;
	return rc;
}

enum sl_rc sl_registry_add(struct sl_registry *r, const uint8_t hash[static SL_REGISTRY_HASH_BYTES], uint64_t *ordinal,
                           struct sl_err *err)
{
	enum sl_rc rc = reserve(r, r->count + 1, err);
	uint32_t *slot;

	if (rc != SL_OK)
		return rc;
	slot = slot_of(r, hash);
	if (*slot == 0) {
		memcpy(r->hashes[r->count], hash, SL_REGISTRY_HASH_BYTES);
		*slot = (uint32_t)++r->count;
	}
	*ordinal = *slot - 1;
	return SL_OK;
}

enum sl_rc sl_registry_ordinal(struct sl_registry *r, const char *unit, size_t len, uint64_t *ordinal,
                               struct sl_err *err)
{
	uint8_t mac[32];
	enum sl_rc rc = sl_hmac_of(r->mac, unit, len, mac, err);

	return rc == SL_OK ? sl_registry_add(r, mac, ordinal, err) : rc;
}

enum sl_rc sl_registry_append(struct sl_registry *r, int fd, struct sl_err *err)
{
	const uint8_t *at = r->loaded < r->count ? r->hashes[r->loaded] : NULL;
	size_t len = (size_t)(r->count - r->loaded) * SL_REGISTRY_HASH_BYTES;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_set(err, SL_E_IO, "the unit registry cannot be written: %s",
			                  n < 0 && errno == ENOSPC ? "the disk is full" : "the system refused");
		at += n;
		len -= (size_t)n;
	}
	r->loaded = r->count;
	return SL_OK;
}

void sl_registry_fini(struct sl_registry *r)
{
	sl_hmac_free(r->mac);
	free(r->hashes);
	free(r->slots);
	memset(r, 0, sizeof *r);
}
