/*
 * load-mutated.c - six hundred images made from real databases by changing bytes, pages and lengths, of one seed, in
 * the real sluice-load under its filter. Each must end in rows or in a reason: never in a signal, never in a segment
 * with more rows than there can be. The same for write-ahead logs, half of them with check sums that fit what was done
 * to them. SL_MUTATIONS and SL_MUTATION_SEED make more, or others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/unit/load/harness.h"

#define MUTATIONS 600
#define SEED 20260704u
#define ROWS_MAX 5000
#define LOG_HEADER 32
#define FRAME_HEADER 24

/* What real databases have: trees of several levels, overflow, freed pages, indexes, other encodings and page sizes. */
#define COUNT(n) "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" #n ")"
static const char *const sources[] = {
	"PRAGMA page_size=512; CREATE TABLE t(id, v, w); CREATE INDEX i ON t(v);"
	COUNT(900) "INSERT INTO t SELECT i, i%100, NULL FROM n;",
	"PRAGMA page_size=512; PRAGMA auto_vacuum=FULL; CREATE TABLE t(id, v, w);"
	COUNT(60) "INSERT INTO t SELECT i, hex(zeroblob(400)), i FROM n;",
	"PRAGMA page_size=1024; PRAGMA encoding='UTF-16be'; CREATE TABLE t(id TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;"
	COUNT(300) "INSERT INTO t SELECT 'p' || i, i FROM n;",
	"PRAGMA page_size=4096; CREATE TABLE gone(x); CREATE TABLE t(id INTEGER PRIMARY KEY, v REAL);"
	"CREATE VIEW u AS SELECT * FROM t; INSERT INTO gone VALUES (zeroblob(60000)); DROP TABLE gone;"
	COUNT(500) "INSERT INTO t SELECT i, i/7.0 FROM n;",
	"PRAGMA page_size=65536; CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2), ('x', NULL), (3, 4.5);",
};
#define NSOURCES (sizeof sources / sizeof sources[0])

struct image {
	uint8_t *data;
	size_t len, room, page;
};

static uint64_t state_of_chance;

/* Marsaglia's xorshift64*: the same on every machine. */
static uint32_t chance(uint32_t below)
{
	state_of_chance ^= state_of_chance >> 12;
	state_of_chance ^= state_of_chance << 25;
	state_of_chance ^= state_of_chance >> 27;
	return (uint32_t)((state_of_chance * UINT64_C(2685821657736338717)) >> 33) % below;
}

static struct image image_of(const char *sql)
{
	struct image m = { 0 };
	sqlite3 *db = NULL;
	sqlite3_int64 n = 0;
	uint8_t *data;

	assert_int_equal(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	data = sqlite3_serialize(db, "main", &n, 0);
	assert_non_null(data);
	m.len = (size_t)n;
	m.page = (size_t)(data[16] << 8 | data[17]) == 1 ? 65536 : (size_t)(data[16] << 8 | data[17]);
	m.room = m.len + 4 * m.page;
	m.data = calloc(1, m.room);
	memcpy(m.data, data, m.len);
	sqlite3_free(data);
	(void)sqlite3_close(db);
	return m;
}

/* The places that lead somewhere: header, page headers, cell pointers; and any place. */
static size_t some_place(const struct image *m)
{
	size_t page = chance((uint32_t)(m->len / m->page)) * m->page, start = page == 0 ? 100 : page;

	switch (chance(4)) {
	case 0:
		return chance(100);
	case 1:
		return start + chance(12);
	case 2:
		return start + 8 + chance(64);
	default:
		return chance((uint32_t)m->len);
	}
}

static void put_number(struct image *m, size_t at)
{
	static const uint32_t odd[] = { 0, 1, 2, 3, 5, 10, 13, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF };
	uint32_t v = chance(2) ? odd[chance(sizeof odd / sizeof odd[0])] : chance((uint32_t)(m->len / m->page) + 2);

	for (int i = (int)chance(3) == 0 ? 3 : 1; i >= 0 && at < m->len; i--)
		m->data[at++] = (uint8_t)(v >> (8 * i));
}

static void swap_pages(struct image *m, bool copy)
{
	uint32_t n = (uint32_t)(m->len / m->page);
	uint8_t *a = m->data + chance(n) * m->page, *b = m->data + chance(n) * m->page;

	for (size_t i = 0; i < m->page; i++) {
		uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = copy ? b[i] : kept;
	}
}

static void mutate(struct image *m)
{
	size_t at = some_place(m);

	switch (chance(8)) {
	case 0:
		m->data[at] ^= (uint8_t)(1u << chance(8));
		break;
	case 1:
		m->data[at] = (uint8_t)chance(256);
		break;
	case 2:
	case 3:
	case 4:
		put_number(m, at);
		break;
	case 5:
		swap_pages(m, chance(2));
		break;
	case 6:
		memset(m->data + at, chance(2) ? 0 : 0xFF, m->len - at < 200 ? m->len - at : chance(200));
		break;
	default:
		m->len = chance(2) ? m->len - chance((uint32_t)m->page) : m->len + chance((uint32_t)(m->room - m->len) + 1);
		m->len = m->len > m->page ? m->len : m->page;
		break;
	}
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

static void play(struct harness *h, const struct image *m, const struct image *log, uint32_t *taken, uint64_t round)
{
	enum sl_rc rc = harness_confined(h, m->data, m->len, log->data, log->len);

	if (rc != SL_OK && rc != SL_E_LIMIT)
		fail_msg("round %llu: %s: %s", (unsigned long long)round, sl_rc_name(rc), h->err.text);
	if (rc == SL_OK && !h->report.complete)
		assert_true(h->report.bad_rows_total > 0 && h->report.bad_rows[0].reason[0] != '\0');
	if (rc == SL_OK && h->report.complete) {
		assert_true(h->report.rows <= ROWS_MAX && h->reader.manifest.rows == h->report.rows);
		(*taken)++;
	}
}

static void begin(struct harness *h)
{
	harness_init(h, "id");
	h->setup.format = SL_LOAD_SQLITE;
	h->setup.rows_max = ROWS_MAX;
	free(h->setup.table);
	h->setup.table = strdup("t");
	(void)harness_column(h, "v", SL_TYPE_REAL);
}

static struct image mutated(const struct image *from)
{
	struct image m = *from;

	m.data = malloc(m.room);
	memcpy(m.data, from->data, m.room);
	for (uint32_t times = 1 + chance(6); times > 0; times--)
		mutate(&m);
	return m;
}

static struct image file_image(const char *path, size_t page)
{
	FILE *f = fopen(path, "rb");
	struct image m = { .page = page };

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	m.len = (size_t)ftell(f);
	m.room = m.len + 4 * page;
	m.data = calloc(1, m.room);
	rewind(f);
	assert_int_equal(fread(m.data, 1, m.len, f), m.len);
	(void)fclose(f);
	return m;
}

/* A database and its log while the application is at work. */
static void live_images(struct image *db, struct image *log)
{
	char dir[] = "/tmp/sluice-log-XXXXXX", path[64], log_path[80];
	sqlite3 *app = NULL;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/t", dir);
	(void)snprintf(log_path, sizeof log_path, "%s-wal", path);
	assert_int_equal(sqlite3_open_v2(path, &app, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	assert_int_equal(sqlite3_exec(app, "PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
	                                   "CREATE TABLE t(id, v);" COUNT(100) "INSERT INTO t SELECT i, i FROM n;"
	                                   "PRAGMA wal_checkpoint(TRUNCATE); UPDATE t SET v = v + 0.5 WHERE id % 3 = 0;"
	                                   "INSERT INTO t SELECT id + 100, v FROM t;",
	                              NULL, NULL, NULL), SQLITE_OK);
	*db = file_image(path, 512);
	*log = file_image(log_path, 512 + FRAME_HEADER);
	(void)sqlite3_close(app);
	(void)unlink(path);
	(void)unlink(log_path);
	(void)rmdir(dir);
}

/* SQLite's file format, 4.2: sums of pairs of words, here big-endian or little-endian by the last bit of the magic. */
static void add_up(const uint8_t *at, size_t len, bool big, uint32_t sum[2])
{
	for (size_t i = 0; i + 8 <= len; i += 8) {
		uint32_t word[2];

		for (int k = 0; k < 2; k++) {
			const uint8_t *b = at + i + 4 * k;

			word[k] = big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
			              : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
		}
		sum[0] += word[0] + sum[1];
		sum[1] += word[1] + sum[0];
	}
}

static void put_sum(uint8_t *at, const uint32_t sum[2])
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(sum[i / 4] >> (24 - 8 * (i % 4)));
}

/* Every frame is of this log again, whatever it says. */
static void mend_sums(struct image *log)
{
	bool big = log->data[3] & 1;
	uint32_t sum[2] = { 0, 0 };

	if (log->len < LOG_HEADER)
		return;
	add_up(log->data, 24, big, sum);
	put_sum(log->data + 24, sum);
	for (size_t at = LOG_HEADER; at + log->page <= log->len; at += log->page) {
		memcpy(log->data + at + 8, log->data + 16, 8);
		add_up(log->data + at, 8, big, sum);
		add_up(log->data + at + FRAME_HEADER, log->page - FRAME_HEADER, big, sum);
		put_sum(log->data + at + 16, sum);
	}
}

static void test_mutated_logs_end_in_rows_or_a_reason(void **state)
{
	uint64_t seed = number_of("SL_MUTATION_SEED", SEED), n = number_of("SL_MUTATIONS", MUTATIONS) / 2;
	struct image db, log;
	uint32_t taken = 0;
	struct harness h;

	(void)state;
	live_images(&db, &log);
	begin(&h);
	for (uint64_t round = 0; round < n; round++) {
		struct image m;

		state_of_chance = (seed << 20) + round + 1;
		m = mutated(&log);
		if (round % 2 == 0)
			mend_sums(&m);
		play(&h, &db, &m, &taken, round);
		free(m.data);
	}
	print_message("%llu logs, %u read as rows\n", (unsigned long long)n, taken);
	assert_true(n < 100 || (taken > n / 20 && taken < n));
	harness_fini(&h);
	free(db.data);
	free(log.data);
}

static void test_mutated_images_end_in_rows_or_a_reason(void **state)
{
	static const struct image no_log;
	uint64_t seed = number_of("SL_MUTATION_SEED", SEED), n = number_of("SL_MUTATIONS", MUTATIONS);
	struct image first[NSOURCES];
	uint32_t taken = 0;
	struct harness h;

	(void)state;
	for (size_t i = 0; i < NSOURCES; i++)
		first[i] = image_of(sources[i]);
	begin(&h);
	for (uint64_t round = 0; round < n; round++) {
		struct image m;

		state_of_chance = (seed << 20) + round + 1;
		m = mutated(&first[round % NSOURCES]);
		play(&h, &m, &no_log, &taken, round);
		free(m.data);
	}
	print_message("%llu images, %u read as rows\n", (unsigned long long)n, taken);
	/* Neither was everything refused at the door nor everything harmless. */
	assert_true(n < 100 || (taken > n / 20 && taken < n - n / 20));
	harness_fini(&h);
	for (size_t i = 0; i < NSOURCES; i++)
		free(first[i].data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutated_images_end_in_rows_or_a_reason),
		cmocka_unit_test(test_mutated_logs_end_in_rows_or_a_reason),
	};

	return cmocka_run_group_tests_name("mutated images", tests, NULL, NULL);
}
