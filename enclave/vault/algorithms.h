/*
 * algorithms.h - AES-256-GCM and SHA-256 of OpenSSL, without what OpenSSL starts beside them. Used by cipher.c and
 * digest.c, and by programs that compute with nothing else of it.
 *
 * The library makes an object of every cipher that it has before it hands out the first one. Here it is asked for the
 * two alone (docs/decisions/0061-two-algorithms-alone.md); what computes is the same code.
 */
#ifndef SL_VAULT_ALGORITHMS_H
#define SL_VAULT_ALGORITHMS_H

struct evp_cipher_st;
struct evp_md_st;

/*
 * sl_algorithms_alone - of the library's own start: no configuration file, no list of names, no texts of errors,
 * nothing at exit. For a program that has no configuration to read; before its first use of the library.
 */
void sl_algorithms_alone(void);
/* sl_algorithms_unconfigured - no configuration file alone: for a program that uses more of the library. As above. */
void sl_algorithms_unconfigured(void);

/*
 * sl_algorithms_aes_256_gcm, sl_algorithms_sha_256 - made by the first call of either, and kept until the process ends:
 * before lock-down, and before there are threads.
 * Fails: NULL: the library has none, or memory ran out; the next call tries again.
 */
const struct evp_cipher_st *sl_algorithms_aes_256_gcm(void);
const struct evp_md_st *sl_algorithms_sha_256(void);

#endif
