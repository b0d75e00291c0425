/*
 * digest.h - SHA-256 (FIPS 180-4), for sluice-check, which links no crypto library: is a result of this plan?
 */
#ifndef SL_POLICY_DIGEST_H
#define SL_POLICY_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define SL_DIGEST_BYTES 32

/* sl_digest_sha256 - of len bytes. */
void sl_digest_sha256(const void *data, size_t len, uint8_t out[static SL_DIGEST_BYTES]);

#endif
