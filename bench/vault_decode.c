/*
 * vault_decode - nanoseconds a value to encode, check and decode a chunk: `bench_vault_decode`.
 *
 * One thread, best of many, stretches of 2,048 rows as the engine asks for them. No key: deciphering comes on top.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enclave/vault/encode.h"
#include "enclave/vault/reader.h"

#define ROUNDS 40
#define STRETCH 2048u

static struct sl_encode_scratch scratch;
static int64_t values[SL_CHUNK_ROWS], out[STRETCH];
static uint8_t nulls[SL_CHUNK_ROWS], nulls_out[STRETCH];

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint64_t draw(void)
{
	static uint64_t s = 1;

	s = s * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return s >> 11 ^ s << 53;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static void make_chunk(struct sl_chunk *c, const struct sl_encoded *e)
{
	struct sl_manifest_group group = { .rows = SL_CHUNK_ROWS };
	struct sl_manifest_chunk chunk = { .encoding = (uint8_t)e->encoding, .bytes = e->bytes };
	struct sl_manifest_column column = { .chunks = &chunk, .nchunks = 1 };
	struct sl_reader r = { .manifest = { .groups = &group, .ngroups = 1, .columns = &column, .ncolumns = 1 } };

	if (sl_chunk_init(c, &r, 0, NULL) != SL_OK)
		exit(1);
}

static void measure(const char *name, const uint8_t *nulls_in)
{
	static const char *const encodings[] = { "", "plain", "packed", "frame", "dictionary", "runs" };
	double encode = 1e18, parse = 1e18, decode = 1e18, missing = 1e18;
	struct sl_encoded e;
	struct sl_chunk c;

	for (int i = 0; i < ROUNDS / 10; i++) {
		double start = now();
		e = sl_encode_chunk(&scratch, values, nulls_in, SL_CHUNK_ROWS);
		encode = least(encode, now() - start);
	}
	make_chunk(&c, &e);
	for (int i = 0; i < ROUNDS; i++) {
		memcpy(c.plain, scratch.out, e.bytes);
		double start = now();
		if (!sl_chunk_parse(&c, e.encoding, SL_CHUNK_ROWS, e.bytes))
			exit(1);
		parse = least(parse, now() - start);
		start = now();
		for (uint32_t from = 0; from < SL_CHUNK_ROWS; from += STRETCH)
			sl_chunk_values(&c, from, STRETCH, out);
		decode = least(decode, now() - start);
		start = now();
		for (uint32_t from = 0; from < SL_CHUNK_ROWS; from += STRETCH)
			(void)sl_chunk_nulls(&c, from, STRETCH, nulls_out);
		missing = least(missing, now() - start);
	}
	printf("%-34s %-10s %5.2f bits %7.2f ns encode %6.3f check %6.3f decode %6.3f missing\n", name,
	       encodings[e.encoding], e.bytes * 8.0 / SL_CHUNK_ROWS, encode / SL_CHUNK_ROWS, parse / SL_CHUNK_ROWS,
	       decode / SL_CHUNK_ROWS, missing / SL_CHUNK_ROWS);
	sl_chunk_fini(&c);
}

#define MEASURE(name, nulls_in, expression) \
	do { \
		for (uint32_t r = 0; r < SL_CHUNK_ROWS; r++) \
			values[r] = (int64_t)(expression); \
		measure(name, nulls_in); \
	} while (0)

static void measure_runs(uint32_t length)
{
	char name[64];
	int64_t v = 0;

	(void)snprintf(name, sizeof name, "runs of about %u", length);
	for (uint32_t r = 0; r < SL_CHUNK_ROWS; r++)
		values[r] = v += draw() % length == 0;
	measure(name, NULL);
}

int main(void)
{
	static const uint32_t widths[] = { 1, 4, 7, 8, 12, 16, 17, 24, 31, 32, 40, 48, 57, 60 };
	char name[64];

	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		(void)snprintf(name, sizeof name, "any of %u bits", widths[i]);
		MEASURE(name, NULL, draw() & ((UINT64_C(1) << widths[i]) - 1));
	}
	MEASURE("any of 64 bits", NULL, draw());
	MEASURE("17 bits around a date", NULL, 1000000000 + (int64_t)(draw() % 100000));
	MEASURE("60 far apart", NULL, draw() % 60 * 12345678987654321u);
	MEASURE("3,000 far apart", NULL, draw() % 3000 * 12345678987654321u);
	for (uint32_t length = 3; length <= 3000; length *= 10)
		measure_runs(length);
	measure_runs(10);
	MEASURE("ten rows each", NULL, r / 10);
	MEASURE("constant", NULL, -5);
	for (uint32_t r = 0; r < SL_CHUNK_ROWS; r++)
		nulls[r] = draw() % 20 == 0;
	MEASURE("17 bits, 5 % missing", nulls, draw() % 100000);
	for (uint32_t r = 0; r < SL_CHUNK_ROWS; r++)
		nulls[r] = draw() % 20 != 0;
	MEASURE("17 bits, 95 % missing", nulls, draw() % 100000);
	return 0;
}
