/* rows.c - see rows.h. */
#include "enclave/load/rows.h"

#include <stdlib.h>

#include "enclave/confine/crew.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
/* Up to here insertion is quicker than counting. */
#define FEW 24u

void sl_rows_init(struct sl_rows *r, uint32_t row_bytes)
{
	*r = (struct sl_rows){ .row_bytes = row_bytes };
}

static size_t chunk_bytes(uint32_t row_bytes)
{
	return (size_t)SL_ROWS_CHUNK * row_bytes + SL_LAYOUT_SLACK;
}

enum sl_rc sl_rows_reserve(struct sl_rows *r, uint64_t count, struct sl_err *err)
{
	uint64_t wanted = (count + SL_ROWS_CHUNK - 1) / SL_ROWS_CHUNK;

	if (wanted > r->chunks_cap) {
		uint64_t cap = wanted > 2 * r->chunks_cap ? wanted : 2 * r->chunks_cap;
		uint8_t **more = realloc(r->chunks, cap * sizeof(*more));

		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
		r->chunks = more;
		r->chunks_cap = cap;
	}
	for (; r->nchunks < wanted; r->nchunks++) {
		r->chunks[r->nchunks] = malloc(chunk_bytes(r->row_bytes));
		if (r->chunks[r->nchunks] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for rows");
	}
	return SL_OK;
}

void sl_rows_set(struct sl_rows *r, uint64_t at, const uint8_t *rows, uint64_t n)
{
	while (n > 0) {
		uint64_t here = SL_ROWS_CHUNK - at % SL_ROWS_CHUNK;

		here = here < n ? here : n;
		memcpy(r->chunks[at / SL_ROWS_CHUNK] + at % SL_ROWS_CHUNK * r->row_bytes, rows, here * r->row_bytes);
		rows += here * r->row_bytes;
		at += here;
		n -= here;
	}
}

uint64_t sl_rows_bytes(uint32_t row_bytes, uint64_t count)
{
	uint64_t chunks = (count + SL_ROWS_CHUNK - 1) / SL_ROWS_CHUNK;

	return chunks * (chunk_bytes(row_bytes) + 64) + count * 2 * sizeof(struct sl_row_order);
}

/* One sort; each thread has a stretch of the rows, then a stretch of the buckets. */
struct sort {
	const struct sl_rows *rows;
	struct sl_row_order *a, *b;
	uint32_t threads, shift;
	uint32_t lo[SL_CREW_MAX], hi[SL_CREW_MAX];
	uint64_t (*starts)[DIGITS]; /* per thread: where its next row of a bucket goes */
};

static uint64_t part(const struct sort *s, uint32_t i)
{
	return s->rows->count * i / s->threads;
}

static void find_bounds(void *arg, uint32_t i)
{
	struct sort *s = arg;

	s->lo[i] = UINT32_MAX;
	s->hi[i] = 0;
	for (uint64_t k = part(s, i); k < part(s, i + 1); k++) {
		uint32_t unit = sl_layout_unit(sl_rows_at(s->rows, k));

		s->lo[i] = unit < s->lo[i] ? unit : s->lo[i];
		s->hi[i] = unit > s->hi[i] ? unit : s->hi[i];
	}
}

static void count_buckets(void *arg, uint32_t i)
{
	struct sort *s = arg;

	for (uint64_t k = part(s, i); k < part(s, i + 1); k++)
		s->starts[i][(sl_layout_unit(sl_rows_at(s->rows, k)) - s->lo[0]) >> s->shift]++;
}

/* From counts to places: bucket by bucket, in each the threads in order, so that rows keep theirs. */
static void add_up(struct sort *s)
{
	uint64_t sum = 0;

	for (uint32_t d = 0; d < DIGITS; d++)
		for (uint32_t i = 0; i < s->threads; i++) {
			uint64_t n = s->starts[i][d];

			s->starts[i][d] = sum;
			sum += n;
		}
}

static void fill_buckets(void *arg, uint32_t i)
{
	struct sort *s = arg;

	for (uint64_t k = part(s, i); k < part(s, i + 1); k++) {
		uint32_t unit = sl_layout_unit(sl_rows_at(s->rows, k));

		s->a[s->starts[i][(unit - s->lo[0]) >> s->shift]++] = (struct sl_row_order){ unit, (uint32_t)k };
	}
}

static void insert_all(struct sl_row_order *a, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++) {
		struct sl_row_order o = a[i];
		uint64_t k = i;

		for (; k > 0 && a[k - 1].unit > o.unit; k--)
			a[k] = a[k - 1];
		a[k] = o;
	}
}

/* The low digits of a bucket, least first; `b` is as long as `a`, which has the result. */
static void sort_bucket(const struct sort *s, struct sl_row_order *a, struct sl_row_order *b, uint64_t n)
{
	struct sl_row_order *from = a, *to = b, *swap;

	if (n <= FEW) {
		insert_all(a, n);
		return;
	}
	for (uint32_t shift = 0; shift < s->shift; shift += DIGIT_BITS) {
		uint64_t start[DIGITS] = { 0 }, sum = 0;

		for (uint64_t i = 0; i < n; i++)
			start[(from[i].unit - s->lo[0]) >> shift & (DIGITS - 1)]++;
		for (uint32_t d = 0; d < DIGITS; d++) {
			uint64_t count = start[d];

			start[d] = sum;
			sum += count;
		}
		for (uint64_t i = 0; i < n; i++)
			to[start[(from[i].unit - s->lo[0]) >> shift & (DIGITS - 1)]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != a)
		memcpy(a, from, n * sizeof *a);
}

/* The last thread's places are the buckets' ends by now. */
static void sort_buckets(void *arg, uint32_t i)
{
	struct sort *s = arg;
	uint64_t begin = 0;

	for (uint32_t d = 0; d < DIGITS; d++) {
		uint64_t end = s->starts[s->threads - 1][d];

		if (begin >= part(s, i) && begin < part(s, i + 1))
			sort_bucket(s, s->a + begin, s->b + begin, end - begin);
		begin = end;
	}
}

enum sl_rc sl_rows_sort(struct sl_rows *r, struct sl_err *err)
{
	struct sort s = { .rows = r, .threads = sl_crew_size() };
	enum sl_rc rc = SL_OK;

	s.a = malloc(r->count * sizeof *s.a + 1);
	s.b = malloc(r->count * sizeof *s.b + 1);
	s.starts = calloc(s.threads, sizeof *s.starts);
	if (s.a == NULL || s.b == NULL || s.starts == NULL) {
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for sorting rows");
	} else if (r->count > 0) {
		sl_crew_run(find_bounds, &s);
		for (uint32_t i = 1; i < s.threads; i++) {
			s.lo[0] = s.lo[i] < s.lo[0] ? s.lo[i] : s.lo[0];
			s.hi[0] = s.hi[i] > s.hi[0] ? s.hi[i] : s.hi[0];
		}
		while ((s.hi[0] - s.lo[0]) >> s.shift >= DIGITS)
			s.shift++;
		sl_crew_run(count_buckets, &s);
		add_up(&s);
		sl_crew_run(fill_buckets, &s);
		sl_crew_run(sort_buckets, &s);
	}
	free(s.b);
	free(s.starts);
	free(r->order);
	r->order = s.a;
	return rc;
}

void sl_rows_clear(struct sl_rows *r)
{
	for (uint64_t i = 0; i < r->nchunks; i++)
		free(r->chunks[i]);
	free(r->chunks);
	free(r->order);
	*r = (struct sl_rows){ .row_bytes = r->row_bytes };
}

void sl_rows_fini(struct sl_rows *r)
{
	sl_rows_clear(r);
}
