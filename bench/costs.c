/*
 * costs - what each step of a crosstab costs, over a sealed table: `bench_costs DIR TABLE`.
 *
 * One process that is not confined, one thread, processor time, least of seven. Steps are measured by doing ever more
 * of them over the whole table: deciphering and checking its chunks, decoding them, adding up counts and sums, and
 * adding up evidence: distinct persons and the two largest per person. The loops here are the least one can do, and
 * not the engine's; what the engine takes is measured beside them by table.py.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/reader.h"
#include "jobs/data.h"

#define ROUNDS 7
#define STRETCH 2048u
#define STREAM_BYTES ((size_t)1 << 30)
#define REGIONS 31
#define BANDS 203
#define BAND_DAYS 18

enum { UNIT, REGION, DAY, AMOUNT, COLUMNS };
static const char *const names[COLUMNS] = { "", "region", "day", "amount" };

struct cell {
	int64_t unit, now, units, rows, sum, first, second;
};

struct table {
	struct sl_reader reader;
	uint32_t at[COLUMNS];
	struct sl_chunk chunks[COLUMNS];
	uint64_t sealed_bytes; /* of the chunks of these columns */
};

typedef void (*step_fn)(struct table *t);

static int64_t values[COLUMNS][STRETCH];
static struct cell cells[REGIONS * BANDS];
static uint16_t band_of[BANDS * BAND_DAYS];

static void die(const struct sl_err *err)
{
	fprintf(stderr, "costs: %s\n", err->text);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* --- the loops -------------------------------------------------------------------------------------- */

static void open_group(struct table *t, uint32_t group)
{
	struct sl_err err = { 0 };

	for (int c = 0; c < COLUMNS; c++)
		if (sl_reader_chunk(&t->reader, 0, t->at[c], group, &t->chunks[c], &err) != SL_OK)
			die(&err);
}

static void decode(struct table *t, uint32_t from, uint32_t n)
{
	for (int c = 0; c < COLUMNS; c++)
		sl_chunk_values(&t->chunks[c], from, n, values[c]);
}

static void add_plain(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct cell *c = &cells[values[REGION][i] * BANDS + band_of[values[DAY][i]]];
		c->rows++;
		c->sum += values[AMOUNT][i];
	}
}

static void fold(struct cell *c)
{
	int64_t most = c->now > c->second ? c->now : c->second;

	c->second = most < c->first ? most : c->first;
	c->first = most > c->first ? most : c->first;
	c->units++;
	c->sum += c->now;
}

static void add_evidence(uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct cell *c = &cells[values[REGION][i] * BANDS + band_of[values[DAY][i]]];
		c->rows++;
		if (c->unit == values[UNIT][i]) {
			c->now += values[AMOUNT][i];
		} else {
			fold(c);
			c->unit = values[UNIT][i];
			c->now = values[AMOUNT][i];
		}
	}
}

static void over(struct table *t, bool decoded, void (*add)(uint32_t n))
{
	const struct sl_manifest *m = &t->reader.manifest;

	memset(cells, 0, sizeof cells);
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		cells[i].unit = -1;
	for (uint32_t g = 0; g < m->ngroups; g++) {
		open_group(t, g);
		for (uint32_t from = 0; decoded && from < m->groups[g].rows; from += STRETCH) {
			uint32_t left = m->groups[g].rows - from, n = left < STRETCH ? left : STRETCH;
			decode(t, from, n);
			if (add != NULL)
				add(n);
		}
	}
}

static void step_open(struct table *t) { over(t, false, NULL); }
static void step_decode(struct table *t) { over(t, true, NULL); }
static void step_plain(struct table *t) { over(t, true, add_plain); }
static void step_evidence(struct table *t) { over(t, true, add_evidence); }

static double least(step_fn step, struct table *t)
{
	double best = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now();
		step(t);
		double took = now() - start;
		best = took < best ? took : best;
	}
	return best;
}

/* --- what the machine can do ------------------------------------------------------------------------ */

static double stream(void)
{
	uint64_t *words = malloc(STREAM_BYTES), sum = 0;
	double best = 1e9;

	if (words == NULL)
		exit(1);
	memset(words, 1, STREAM_BYTES);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();
		for (size_t i = 0; i < STREAM_BYTES / sizeof *words; i++)
			sum += words[i];
		double took = now() - start;
		best = took < best ? took : best;
	}
	/* The sum is used, so that the loop is not left out. */
	if (sum == 0)
		exit(1);
	free(words);
	return (double)STREAM_BYTES / best;
}

/* AES-256-GCM alone, over pieces as long as the table's chunks are on average. */
static double gcm(const struct table *t)
{
	static const uint8_t key[SL_CIPHER_KEY_BYTES], nonce[SL_CIPHER_NONCE_BYTES];
	size_t pieces = (size_t)t->reader.manifest.ngroups * COLUMNS, bytes = t->sealed_bytes / pieces;
	uint8_t *in = calloc(pieces, bytes), *out = malloc(bytes), tag[SL_CIPHER_TAG_BYTES];
	struct sl_cipher *cipher = NULL;
	struct sl_err err = { 0 };
	double best = 1e9;

	if (in == NULL || out == NULL)
		exit(1);
	if (sl_cipher_new(key, &cipher, &err) != SL_OK ||
	    sl_cipher_seal(cipher, nonce, "", 0, in, bytes, in, tag, &err) != SL_OK)
		die(&err);
	for (size_t i = 1; i < pieces; i++)
		memcpy(in + i * bytes, in, bytes);
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();
		for (size_t i = 0; i < pieces; i++)
			if (sl_cipher_open(cipher, nonce, "", 0, in + i * bytes, bytes, tag, out, &err) != SL_OK)
				die(&err);
		double took = now() - start;
		best = took < best ? took : best;
	}
	sl_cipher_free(cipher);
	free(in);
	free(out);
	return best;
}

/* --- the table -------------------------------------------------------------------------------------- */

static void open_column(struct table *t, int c, const uint8_t key[32])
{
	const struct sl_manifest *m = &t->reader.manifest;
	struct sl_err err = { 0 };
	uint8_t subkey[32];

	t->at[c] = c == UNIT ? 0 : UINT32_MAX;
	for (uint32_t i = 1; c != UNIT && i < m->ncolumns; i++)
		if (strcmp(m->columns[i].name, names[c]) == 0)
			t->at[c] = i;
	if (t->at[c] == UINT32_MAX) {
		fprintf(stderr, "costs: the table has no column %s\n", names[c]);
		exit(1);
	}
	if (sl_keys_column(key, t->at[c], subkey, &err) != SL_OK ||
	    sl_reader_column(&t->reader, t->at[c], subkey, &err) != SL_OK ||
	    sl_chunk_init(&t->chunks[c], &t->reader, t->at[c], &err) != SL_OK)
		die(&err);
	for (uint32_t g = 0; g < m->ngroups; g++)
		t->sealed_bytes += m->columns[t->at[c]].chunks[g].bytes;
}

static void open_table(struct table *t, const char *dir, const char *name)
{
	struct sl_enclave e;
	struct sl_data_segment s;
	struct sl_err err = { 0 };
	uint8_t manifest_key[32];

	if (sl_enclave_open(dir, &e, &err) != SL_OK || sl_data_segment_open(&e, name, &s, &err) != SL_OK ||
	    sl_keys_manifest(s.key, manifest_key, &err) != SL_OK)
		die(&err);
	void *data = mmap(NULL, s.bytes, PROT_READ, MAP_SHARED, s.fd, 0);
	if (data == MAP_FAILED)
		exit(1);
	if (sl_reader_open(&t->reader, data, s.bytes, s.segment_id, manifest_key, 1, &err) != SL_OK)
		die(&err);
	for (int c = 0; c < COLUMNS; c++)
		open_column(t, c, s.key);
	sl_data_segment_close(&s);
	sl_enclave_close(&e);
}

static void print(const char *words, double seconds, const struct table *t)
{
	printf("%-64s %8.1f ms %7.2f ns a row\n", words, seconds * 1e3, seconds * 1e9 / (double)t->reader.manifest.rows);
}

int main(int argc, char **argv)
{
	static struct table t;

	if (argc != 3) {
		fprintf(stderr, "usage: bench_costs DIR TABLE\n");
		return 2;
	}
	for (int i = 0; i < BANDS * BAND_DAYS; i++)
		band_of[i] = (uint16_t)(i / BAND_DAYS);
	open_table(&t, argv[1], argv[2]);
	double bandwidth = stream(), open = least(step_open, &t), decoded = least(step_decode, &t);
	double plain = least(step_plain, &t), evidence = least(step_evidence, &t);

	printf("%" PRIu64 " rows; the four columns of the crosstab are %.1f MB sealed, %.2f bytes a row\n",
	       t.reader.manifest.rows, (double)t.sealed_bytes / 1e6, (double)t.sealed_bytes / (double)t.reader.manifest.rows);
	printf("memory is read at %.1f GB/s by one thread\n", bandwidth / 1e9);
	print("reading the sealed bytes once at that rate", (double)t.sealed_bytes / bandwidth, &t);
	print("AES-256-GCM alone, over as many bytes", gcm(&t), &t);
	print("deciphering and checking the chunks", open, &t);
	print("decoding them", decoded - open, &t);
	print("cells, counts and sums: a bare loop", plain - decoded, &t);
	print("what evidence adds: distinct persons, top two", evidence - plain, &t);
	print("all of it, as the prototype did", evidence, &t);
	return 0;
}
