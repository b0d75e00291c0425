/*
 * siphash.h - SipHash-2-4 with 128 bits out (Aumasson and Bernstein, 2012): a keyed function that nobody without the
 * key can tell from chance, of short input, without a library call per unit. Used by draws.c.
 */
#ifndef SL_ENGINE_SIPHASH_H
#define SL_ENGINE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

#define SL_SIPHASH_KEY_BYTES 16

unsigned __int128 sl_siphash(const uint8_t key[static SL_SIPHASH_KEY_BYTES], const void *data, size_t len);

#endif
