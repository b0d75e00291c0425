/* test_chunk.c - cells of every shape are encoded, parsed and decoded; bytes that are no chunk are refused. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/vault/encode.h"
#include "enclave/vault/reader.h"

static struct sl_encode_scratch scratch;

/* A chunk with room for one of `bytes` bytes and `rows` rows, as a manifest would ask for. */
static void make_chunk(struct sl_chunk *c, uint32_t bytes, uint32_t rows)
{
	struct sl_manifest_group group = { .rows = rows };
	struct sl_manifest_chunk chunk = { .encoding = SL_ENCODING_RUNS, .bytes = bytes };
	struct sl_manifest_column column = { .chunks = &chunk, .nchunks = 1 };
	struct sl_reader r = { .manifest = { .groups = &group, .ngroups = 1, .columns = &column, .ncolumns = 1 } };

	assert_int_equal(sl_chunk_init(c, &r, 0, NULL), SL_OK);
}

/* Lay the bytes out as deciphering would, and parse them. */
static bool parse(struct sl_chunk *c, enum sl_encoding encoding, uint32_t rows, const uint8_t *bytes, uint32_t n)
{
	memcpy(c->plain, bytes, n);
	return sl_chunk_parse(c, encoding, rows, n);
}

struct example {
	const char *rows;          /* as docs/formats.md has them; - is missing */
	enum sl_encoding encoding;
	const char *plain;
};

static const struct example examples[] = {
	{ "-1 4611686018427387904", SL_ENCODING_PLAIN, "00 ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 40" },
	{ "1 2 3 4 5", SL_ENCODING_PACKED, "00 03 d1 58" },
	{ "-1000 - -999 -1000 -997", SL_ENCODING_FRAME, "01 02 18 fc ff ff ff ff ff ff 02 10 03" },
	{ "7 -9223372036854775807 7 7 - 7", SL_ENCODING_DICTIONARY,
	  "01 10 02 00 00 00 01 01 00 00 00 00 00 00 80 07 00 00 00 00 00 00 00 3d" },
	{ "9000000 9000000 9000000 9000000 9000000 9000000 9000000 9000000 1 1 1 1", SL_ENCODING_RUNS,
	  "00 02 00 00 00 01 00 00 00 00 00 00 00 18 03 3f 54 89 00 00 00 1f" },
};

static uint32_t read_rows(const char *text, int64_t *values, uint8_t *nulls)
{
	uint32_t n = 0;

	for (const char *at = text; *at != '\0'; at += *at == ' ') {
		nulls[n] = strncmp(at, "- ", 2) == 0;
		values[n++] = strtoll(at, NULL, 10);
		at += strcspn(at, " ");
	}
	return n;
}

static char *read_page(void)
{
	int fd = open(SL_TEST_SOURCE_DIR "/docs/formats.md", O_RDONLY | O_CLOEXEC);
	size_t most = 1 << 20;
	char *text = calloc(1, most);

	assert_true(fd >= 0 && text != NULL);
	assert_true(read(fd, text, most - 1) > 0);
	close(fd);
	return text;
}

static void test_chunk_examples_of_the_page_are_what_is_written(void **state)
{
	char *page = read_page(), hex[512], line[1024];

	(void)state;
	for (size_t e = 0; e < sizeof examples / sizeof examples[0]; e++) {
		int64_t values[32];
		uint8_t nulls[32];
		uint32_t rows = read_rows(examples[e].rows, values, nulls);
		struct sl_encoded made = sl_encode_chunk(&scratch, values, nulls, rows);

		for (uint32_t i = 0; i < made.bytes; i++)
			(void)snprintf(hex + 3 * i, sizeof hex - 3 * i, "%02x ", scratch.out[i]);
		hex[3 * made.bytes - 1] = '\0';
		(void)snprintf(line, sizeof line, "| `%s` | %d | `%s` |\n", examples[e].rows, made.encoding, hex);
		assert_int_equal(made.encoding, examples[e].encoding);
		assert_string_equal(hex, examples[e].plain);
		if (strstr(page, line) == NULL)
			fail_msg("docs/formats.md lacks: %s", line);
	}
	free(page);
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return *state >> 11 ^ *state << 53;
}

enum { CONSTANT, FEW, FEW_WIDE, NARROW, FAR, HUGE_RANGE, ENDS, UNITS, LONG_RUNS, ANY_WIDTH, SHAPES };
enum { NONE, SOME, MOST, ALL, GAPS };

static int64_t shaped(int shape, uint32_t width, uint32_t r, int64_t before, uint64_t *state)
{
	uint64_t any = draw(state);

	switch (shape) {
	case CONSTANT:
		return -5;
	case FEW:
		return (int64_t)(any % 3);
	case FEW_WIDE:
		return (int64_t)((any % 200) * UINT64_C(0x0123456789ABCDEF));
	case NARROW:
		return (int64_t)(any % 100);
	case FAR:
		return INT64_MIN + (int64_t)(any % 70000);
	case ENDS:
		return any % 2 ? INT64_MIN : INT64_MAX;
	case UNITS:
		return r == 0 ? 0 : before + (any % 10 == 0);
	case LONG_RUNS:
		return any % 300 == 0 ? (int64_t)draw(state) : before;
	case ANY_WIDTH:
		return (int64_t)(any & (width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1));
	default:
		return (int64_t)any;
	}
}

struct cells {
	uint32_t rows;
	int64_t values[SL_CHUNK_ROWS];
	uint8_t nulls[SL_CHUNK_ROWS];
};

static void make_cells(struct cells *c, int shape, uint32_t width, int missing, uint32_t rows, uint64_t *state)
{
	c->rows = rows;
	for (uint32_t r = 0; r < rows; r++) {
		uint64_t any = draw(state);

		c->values[r] = shaped(shape, width, r, r > 0 ? c->values[r - 1] : 0, state);
		c->nulls[r] = missing == ALL || (missing == SOME && any % 20 == 0) || (missing == MOST && any % 20 != 0) ||
		              (missing == GAPS && r / 40 % 2 == 0);
	}
}

static void check_zone(const struct cells *c, const struct sl_zone *z)
{
	struct sl_zone found = { .lo = INT64_MAX, .hi = INT64_MIN };

	for (uint32_t r = 0; r < c->rows; r++) {
		found.nulls += c->nulls[r];
		if (c->nulls[r])
			continue;
		found.lo = c->values[r] < found.lo ? c->values[r] : found.lo;
		found.hi = c->values[r] > found.hi ? c->values[r] : found.hi;
	}
	assert_int_equal(found.nulls, z->nulls);
	assert_true(found.lo == z->lo && found.hi == z->hi);
}

#define CANARY INT64_C(0x5ca1ab1e)

static void check_stretch(const struct cells *c, const struct sl_chunk *chunk, uint32_t from, uint32_t rows)
{
	static int64_t values[SL_CHUNK_ROWS + 1];
	static uint8_t nulls[SL_CHUNK_ROWS + 1];

	values[rows] = CANARY;
	memset(nulls, 0, rows);
	nulls[rows] = 0xcc;
	sl_chunk_values(chunk, from, rows, values);
	(void)sl_chunk_nulls(chunk, from, rows, nulls);
	for (uint32_t r = 0; r < rows; r++)
		if (values[r] != (c->nulls[from + r] ? 0 : c->values[from + r]) || nulls[r] != c->nulls[from + r])
			fail_msg("row %u of %u from %u, encoding %d width %u", r, rows, from, chunk->encoding, chunk->width);
	assert_int_equal(values[rows], CANARY);
	assert_int_equal(nulls[rows], 0xcc);
}

static void check_runs(const struct cells *c, const struct sl_chunk *chunk, uint32_t from, uint32_t rows)
{
	static uint16_t ends[SL_CHUNK_ROWS];
	static int64_t values[SL_CHUNK_ROWS];
	uint32_t n = sl_chunk_runs(chunk, from, rows, ends, values), r = from;

	assert_int_equal(n > 0, chunk->encoding == SL_ENCODING_RUNS && chunk->nulls == NULL);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(from + ends[i] > r);
		for (; r < from + ends[i]; r++)
			assert_true(c->values[r] == values[i]);
	}
	assert_int_equal(r, n > 0 ? from + rows : from);
}

/* Stretches that end where values change, or before; then, if there is one, across such a place. */
static void check_stretches(const struct cells *c, const struct sl_chunk *chunk, uint32_t from, uint32_t rows,
                            uint64_t *state)
{
	bool told = chunk->encoding == SL_ENCODING_RUNS && chunk->nulls == NULL;
	static int64_t values[SL_CHUNK_ROWS];
	static uint16_t ends[SL_CHUNK_ROWS];
	uint32_t n = 0, changes = 0;

	for (uint32_t r = 1; r <= rows; r++) {
		bool change = r < rows && c->values[from + r] != c->values[from + r - 1];
		changes += change;
		if (r == rows || change || draw(state) % 50 == 0)
			ends[n++] = (uint16_t)r;
	}
	assert_int_equal(sl_chunk_stretches(chunk, from, ends, n, values), told);
	for (uint32_t i = 0, r = from; told && i < n; i++)
		for (; r < from + ends[i]; r++)
			assert_true(c->values[r] == values[i]);
	ends[0] = (uint16_t)rows;
	assert_int_equal(sl_chunk_stretches(chunk, from, ends, 1, values), told && changes == 0);
	for (uint32_t r = 2; told && r <= rows; r++) {
		if (c->values[from + r - 2] == c->values[from + r - 1] || r == rows)
			continue;
		uint16_t late[] = { (uint16_t)r, (uint16_t)rows };
		assert_false(sl_chunk_stretches(chunk, from, late, 2, values));
		break;
	}
}

/* Single rows, some of them twice. */
static void check_picked(const struct cells *c, const struct sl_chunk *chunk, uint32_t from, uint64_t *state)
{
	static int64_t values[SL_CHUNK_ROWS];
	static uint8_t nulls[SL_CHUNK_ROWS];
	static uint32_t rows[SL_CHUNK_ROWS];
	uint32_t n = 0;

	for (uint32_t r = from; r < c->rows && n < SL_CHUNK_ROWS; r += (uint32_t)(draw(state) % 9))
		rows[n++] = r - from;
	memset(nulls, 0, n);
	assert_int_equal(sl_chunk_pick(chunk, from, rows, n, values, nulls), chunk->nulls != NULL);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = from + rows[i];
		if (values[i] != (c->nulls[r] ? 0 : c->values[r]) || nulls[i] != c->nulls[r])
			fail_msg("row %u picked, encoding %d width %u", r, chunk->encoding, chunk->width);
	}
}

/* Returns the encoding that was taken. */
static enum sl_encoding round_trip(const struct cells *c, uint64_t *state)
{
	struct sl_encoded made = sl_encode_chunk(&scratch, c->values, c->nulls, c->rows);
	struct sl_chunk chunk;

	assert_true(made.bytes <= sl_chunk_bytes_max(c->rows));
	check_zone(c, &made.zone);
	make_chunk(&chunk, made.bytes, c->rows);
	assert_true(parse(&chunk, made.encoding, c->rows, scratch.out, made.bytes));
	assert_int_equal(chunk.nulls != NULL, made.zone.nulls > 0);
	check_stretch(c, &chunk, 0, c->rows);
	for (int i = 0; i < 8; i++) {
		uint32_t from = (uint32_t)(draw(state) % c->rows);

		check_stretch(c, &chunk, from, (uint32_t)(draw(state) % (c->rows - from + 1)));
		check_runs(c, &chunk, from, 1 + (uint32_t)(draw(state) % ((c->rows - from) % UINT16_MAX)));
		check_stretches(c, &chunk, from, 1 + (uint32_t)(draw(state) % ((c->rows - from) % UINT16_MAX)), state);
		check_picked(c, &chunk, i == 0 ? 0 : from, state);
	}
	sl_chunk_fini(&chunk);
	return made.encoding;
}

static void test_chunk_cells_of_every_shape_come_back_from_any_row(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 7, 8, 9, 33, 64, 65, 1000 };
	static struct cells c;
	uint64_t random = 4;
	uint32_t seen = 0;

	(void)state;
	for (int shape = 0; shape < SHAPES; shape++)
		for (int missing = NONE; missing <= GAPS; missing++)
			for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
				make_cells(&c, shape, (uint32_t)(draw(&random) % 65), missing, sizes[s], &random);
				seen |= 1u << round_trip(&c, &random);
			}
	for (uint32_t width = 0; width <= 64; width++) {
		make_cells(&c, ANY_WIDTH, width, NONE, 517, &random);
		seen |= 1u << round_trip(&c, &random);
	}
	assert_int_equal(seen, 2 | 4 | 8 | 16 | 32);
}

static void test_chunk_full_groups_come_back(void **state)
{
	static struct cells c;
	uint64_t random = 5;

	(void)state;
	for (int shape = 0; shape < SHAPES; shape++) {
		make_cells(&c, shape, 17, shape % 2 ? NONE : SOME, SL_CHUNK_ROWS, &random);
		(void)round_trip(&c, &random);
	}
	/* Each value is a run, or is there once. */
	for (uint32_t r = 0; r < SL_CHUNK_ROWS; r++)
		c.values[r] = (int64_t)r * 3;
	memset(c.nulls, 0, sizeof c.nulls);
	assert_int_equal(round_trip(&c, &random), SL_ENCODING_PACKED);
}

static void test_chunk_unit_ordinals_are_tiny(void **state)
{
	static struct cells c;
	uint64_t random = 6;
	struct sl_encoded made;

	(void)state;
	make_cells(&c, UNITS, 0, NONE, SL_CHUNK_ROWS, &random);
	made = sl_encode_chunk(&scratch, c.values, NULL, c.rows);
	assert_int_equal(made.encoding, SL_ENCODING_RUNS);
	assert_true(made.bytes < SL_CHUNK_ROWS * 8 / 25);
}

static void test_chunk_the_smallest_encoding_is_taken(void **state)
{
	static struct cells c;
	static const struct {
		int shape;
		enum sl_encoding encoding;
	} rows[] = { { CONSTANT, SL_ENCODING_FRAME }, { FEW, SL_ENCODING_PACKED }, { FEW_WIDE, SL_ENCODING_DICTIONARY },
		{ FAR, SL_ENCODING_FRAME }, { HUGE_RANGE, SL_ENCODING_PLAIN }, { ENDS, SL_ENCODING_DICTIONARY },
		{ UNITS, SL_ENCODING_RUNS }, { LONG_RUNS, SL_ENCODING_RUNS } };
	uint64_t random = 7;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		make_cells(&c, rows[i].shape, 0, NONE, 5000, &random);
		assert_int_equal(sl_encode_chunk(&scratch, c.values, NULL, c.rows).encoding, rows[i].encoding);
	}
}

static void test_chunk_what_stands_at_a_missing_row_does_not_matter(void **state)
{
	static const int64_t a[4] = { 3, 3, INT64_MIN, 900 }, b[4] = { 3, 9, 0, 900 };
	static const uint8_t nulls[4] = { 0, 1, 1, 0 };
	uint8_t first[64];
	struct sl_encoded made = sl_encode_chunk(&scratch, a, nulls, 4);

	(void)state;
	memcpy(first, scratch.out, made.bytes);
	assert_int_equal(sl_encode_chunk(&scratch, b, nulls, 4).bytes, made.bytes);
	assert_memory_equal(scratch.out, first, made.bytes);
}

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ }
#define EIGHT(v) v, 0, 0, 0, 0, 0, 0, 0

static const struct {
	const char *what;
	enum sl_encoding encoding;
	uint32_t rows;
	const uint8_t *bytes;
	uint32_t n;
} broken[] = {
	{ "no encoding", SL_ENCODING_NONE, 1, BYTES(0, 0) },
	{ "an unknown encoding", SL_ENCODING_COUNT_, 1, BYTES(0, 0) },
	{ "no row", SL_ENCODING_PACKED, 0, BYTES(0, 0) },
	{ "no byte", SL_ENCODING_PACKED, 1, BYTES(0), },
	{ "too many rows", SL_ENCODING_PACKED, SL_CHUNK_ROWS + 1, BYTES(0, 0) },
	{ "an unknown first byte", SL_ENCODING_PACKED, 1, BYTES(2, 0) },
	{ "a bitmap of none", SL_ENCODING_PACKED, 1, BYTES(1, 0, 0) },
	{ "a bitmap with a bit behind", SL_ENCODING_PACKED, 1, BYTES(1, 3, 0) },
	{ "a bitmap cut short", SL_ENCODING_PACKED, 9, BYTES(1, 1) },
	{ "plain cut short", SL_ENCODING_PLAIN, 1, BYTES(0, 1, 2, 3, 4, 5, 6, 7) },
	{ "plain and a byte", SL_ENCODING_PLAIN, 1, BYTES(0, EIGHT(1), 9) },
	{ "packed too wide", SL_ENCODING_PACKED, 1, BYTES(0, 64, EIGHT(1)) },
	{ "packed with a bit behind", SL_ENCODING_PACKED, 1, BYTES(0, 3, 8) },
	{ "frame too wide", SL_ENCODING_FRAME, 1, BYTES(0, EIGHT(1), 65, EIGHT(1), 0) },
	{ "a dictionary of none", SL_ENCODING_DICTIONARY, 1, BYTES(0, 0, 0, 0, 0, 0) },
	{ "a dictionary longer than the chunk", SL_ENCODING_DICTIONARY, 1,
	  BYTES(0, 2, 0, 0, 0, 1, EIGHT(1), EIGHT(2), 0) },
	{ "a dictionary longer than its indexes", SL_ENCODING_DICTIONARY, 2, BYTES(0, 2, 0, 0, 0, 0, EIGHT(1), EIGHT(2)) },
	{ "a dictionary with too wide indexes", SL_ENCODING_DICTIONARY, 1, BYTES(0, 1, 0, 0, 0, 17, EIGHT(1), 0, 0, 0) },
	{ "a dictionary cut short", SL_ENCODING_DICTIONARY, 2, BYTES(0, 2, 0, 0, 0, 1, EIGHT(1), 2) },
	{ "a dictionary out of order", SL_ENCODING_DICTIONARY, 2, BYTES(0, 2, 0, 0, 0, 1, EIGHT(2), EIGHT(2), 0) },
	{ "an index behind the dictionary", SL_ENCODING_DICTIONARY, 3,
	  BYTES(0, 3, 0, 0, 0, 2, EIGHT(1), EIGHT(2), EIGHT(3), 0x30) },
	{ "no run", SL_ENCODING_RUNS, 1, BYTES(0, 0, 0, 0, 0, EIGHT(1), 0, 0) },
	{ "more runs than rows", SL_ENCODING_RUNS, 1, BYTES(0, 2, 0, 0, 0, EIGHT(1), 0, 0) },
	{ "runs too wide", SL_ENCODING_RUNS, 1, BYTES(0, 1, 0, 0, 0, EIGHT(1), 65, 0, EIGHT(1), 0) },
	{ "lengths too wide", SL_ENCODING_RUNS, 1, BYTES(0, 1, 0, 0, 0, EIGHT(1), 0, 17, 0, 0, 0) },
	{ "runs that end early", SL_ENCODING_RUNS, 3, BYTES(0, 2, 0, 0, 0, EIGHT(1), 1, 0, 2) },
	{ "runs that end late", SL_ENCODING_RUNS, 3, BYTES(0, 2, 0, 0, 0, EIGHT(1), 1, 1, 2, 3) },
	{ "a run behind the last row", SL_ENCODING_RUNS, 3, BYTES(0, 3, 0, 0, 0, EIGHT(1), 1, 1, 2, 3) },
	{ "lengths cut short", SL_ENCODING_RUNS, 3, BYTES(0, 2, 0, 0, 0, EIGHT(1), 1, 1, 2) },
};

static void test_chunk_bytes_that_break_the_format_are_refused(void **state)
{
	struct sl_chunk chunk;

	(void)state;
	make_chunk(&chunk, 64, SL_CHUNK_ROWS);
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		if (parse(&chunk, broken[i].encoding, broken[i].rows, broken[i].bytes, broken[i].n))
			fail_msg("taken: %s", broken[i].what);
		assert_int_equal(chunk.rows, 0);
		assert_null(chunk.packed);
	}
	/* Neighbours of three of them, to see that it was that. */
	assert_true(parse(&chunk, SL_ENCODING_RUNS, 3, BYTES(0, 2, 0, 0, 0, EIGHT(1), 1, 1, 2, 1)));
	assert_true(parse(&chunk, SL_ENCODING_DICTIONARY, 3, BYTES(0, 3, 0, 0, 0, 2, EIGHT(1), EIGHT(2), EIGHT(3), 0x20)));
	assert_true(parse(&chunk, SL_ENCODING_PACKED, 1, BYTES(1, 1, 0)));
	sl_chunk_fini(&chunk);
}

static void test_chunk_each_cut_of_each_encoding_is_refused(void **state)
{
	static struct cells c;
	uint64_t random = 8;

	(void)state;
	for (int shape = 0; shape < SHAPES; shape++) {
		struct sl_chunk chunk;

		make_cells(&c, shape, 12, shape % 2 ? SOME : NONE, 100, &random);
		struct sl_encoded made = sl_encode_chunk(&scratch, c.values, c.nulls, c.rows);
		make_chunk(&chunk, made.bytes, c.rows);
		for (uint32_t n = 0; n < made.bytes; n++)
			assert_false(parse(&chunk, made.encoding, c.rows, scratch.out, n));
		assert_false(sl_chunk_parse(&chunk, made.encoding, c.rows, made.bytes + 1));
		assert_true(parse(&chunk, made.encoding, c.rows, scratch.out, made.bytes));
		sl_chunk_fini(&chunk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunk_examples_of_the_page_are_what_is_written),
		cmocka_unit_test(test_chunk_cells_of_every_shape_come_back_from_any_row),
		cmocka_unit_test(test_chunk_full_groups_come_back),
		cmocka_unit_test(test_chunk_unit_ordinals_are_tiny),
		cmocka_unit_test(test_chunk_the_smallest_encoding_is_taken),
		cmocka_unit_test(test_chunk_what_stands_at_a_missing_row_does_not_matter),
		cmocka_unit_test(test_chunk_bytes_that_break_the_format_are_refused),
		cmocka_unit_test(test_chunk_each_cut_of_each_encoding_is_refused),
	};

	return cmocka_run_group_tests_name("chunks", tests, NULL, NULL);
}
