/* table.h - small segments in memory for the tests of this room. */
#ifndef SL_TEST_VAULT_TABLE_H
#define SL_TEST_VAULT_TABLE_H

#include "enclave/vault/keys.h"
#include "enclave/vault/reader.h"
#include "enclave/vault/writer.h"

struct test_table {
	uint32_t ncolumns, rows;
	int64_t **values;  /* [column][row] */
	uint8_t **nulls;
};

extern const uint8_t test_key[32], test_id[16];

/* Random values, about one in ten missing, ordinals that rise by 0 to 2. The same seed gives the same table. */
struct test_table test_table_random(uint32_t ncolumns, uint32_t rows, uint32_t seed);
void test_table_free(struct test_table *t);

/* Write t as a segment; the file's bytes in a heap buffer of exactly *len bytes, and its version. Asserts success. */
uint8_t *test_table_write(const struct test_table *t, const uint8_t *id, const uint8_t *key, size_t *len,
                          uint8_t version[32]);

/* Open everything in `data` and compare with t (NULL: compare nothing). The code of the first failure, err filled. */
enum sl_rc test_table_read(const uint8_t *data, size_t len, const uint8_t *id, const uint8_t *key,
                           const struct test_table *t, struct sl_err *err);

#endif
