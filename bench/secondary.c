/*
 * secondary.c - how long it takes to hide what could be worked out: two-way tables with all their totals shown, made-up
 * counts of which one in so many is few. `bench_secondary`. Prints a line per size: processor seconds, what was hidden,
 * found safe or not. The last ones have as many numbers as are audited together, or more few ones than can be
 * protected: they show that the work is bounded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy/secondary/choose.h"

static uint64_t draw(void)
{
	static uint64_t s = 5;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

static void must(enum sl_rc rc)
{
	if (rc != SL_OK)
		abort();
}

static void add(struct sl_system *s, int64_t value, bool may_hide)
{
	const struct sl_fact fact = { .value = value, .hi = SL_FACT_VALUE_MAX, .above = 10, .below = 10,
		.cost = may_hide ? (uint64_t)value : 0, .row = s->nfacts, .insider = may_hide && value == 1,
		.state = may_hide && value > 0 && value < 10 ? SL_FACT_PRIMARY : SL_FACT_SHOWN };

	must(sl_system_fact(s, &fact, NULL, NULL));
}

static void line(struct sl_system *s, uint32_t first, uint32_t step, uint32_t n, uint32_t total)
{
	must(sl_system_begin(s, NULL));
	for (uint32_t i = 0; i < n; i++)
		must(sl_system_term(s, first + i * step, 1, NULL));
	must(sl_system_term(s, total, -1, NULL));
}

static void make(struct sl_system *s, uint32_t rows, uint32_t columns, uint32_t one_in)
{
	int64_t *totals = calloc(rows + columns, sizeof *totals);

	if (totals == NULL)
		abort();
	for (uint32_t i = 0; i < rows * columns; i++) {
		int64_t value = (int64_t)(draw() % one_in == 0 ? draw() % 10 : 10 + draw() % 200);
		totals[i / columns] += value;
		totals[rows + i % columns] += value;
		add(s, value, true);
	}
	for (uint32_t i = 0; i < rows + columns; i++)
		add(s, totals[i], false);
	for (uint32_t r = 0; r < rows; r++)
		line(s, r * columns, 1, columns, rows * columns + r);
	for (uint32_t c = 0; c < columns; c++)
		line(s, c, columns, rows, rows * columns + rows + c);
	must(sl_system_index(s, NULL));
	free(totals);
}

int main(void)
{
	static const struct {
		uint32_t rows, columns, one_in;
		double wanted;
	} sizes[] = { { 20, 20, 8, 0.1 }, { 50, 20, 8, 1 },   { 200, 50, 8, 10 },  { 300, 330, 500, 20 },
		      { 200, 50, 2, 20 }, { 300, 330, 8, 20 } };

	printf("%-12s %8s %10s %10s %10s %10s\n", "table", "one in", "seconds", "primaries", "rows more", "wanted s");
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct sl_system s = { 0 };
		struct sl_choice choice;
		struct timespec a, b;

		make(&s, sizes[i].rows, sizes[i].columns, sizes[i].one_in);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
		must(sl_choose(&s, 1, &choice, NULL));
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
		double took = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
		printf("%4u x %-4u  %8u %10.3f %10u %10u %9.1f: %s%s\n", sizes[i].rows, sizes[i].columns, sizes[i].one_in, took,
		       choice.primaries, choice.rows_hidden, sizes[i].wanted,
		       took <= sizes[i].wanted ? "reached" : "NOT reached", choice.safe ? "" : ", and not safe");
		sl_system_free(&s);
	}
	return 0;
}
