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
/*
 * Columns of every shape: 0 units of a few rows each, 1 any 64 bits, 2 small, 3 close together and far from 0, 4 few
 * distinct and far apart, 5 long runs with gaps, 6 all missing, 7 constant, 8 the two ends, 9 mostly missing, 10 wide
 * (61 bits). Every encoding is the smallest for one of them from 100 rows on. The same rows give the same table.
 */
#define TEST_SHAPES 11
struct test_table test_table_shapes(uint32_t rows);
void test_table_free(struct test_table *t);

/* Write t as a segment; the file's bytes in a heap buffer of exactly *len bytes, and its version. Asserts success. */
uint8_t *test_table_write(const struct test_table *t, const uint8_t *id, const uint8_t *key, size_t *len,
                          uint8_t version[32]);

/* Open everything in `data` and compare with t (NULL: compare nothing). The code of the first failure, err filled. */
enum sl_rc test_table_read(const uint8_t *data, size_t len, const uint8_t *id, const uint8_t *key,
                           const struct test_table *t, struct sl_err *err);

#endif
