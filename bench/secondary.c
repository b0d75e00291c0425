/*
 * secondary.c - how long it takes to hide what could be worked out: two-way tables with their row totals, column totals
 * and grand total shown, and three-way ones with the totals of each key; made-up counts of which one in so many is few.
 * `bench_secondary`. Prints a line per size: processor seconds, what was hidden, and whether it is safe: a refusal
 * reaches nothing. The last two have as many numbers as are audited together: they show that the work is bounded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy/secondary/choose.h"

#define KEYS 3
#define WORK UINT64_C(2000000000) /* what policy has unless it says otherwise */

struct size {
	uint32_t groups[KEYS];   /* a two-way table has one group of the third */
	uint32_t one_in;
	double wanted;           /* seconds */
};

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

/* Few are hidden; who is not may be hidden, totals as well as cells. */
static void add(struct sl_system *s, int64_t value)
{
	const struct sl_fact fact = { .value = value, .hi = SL_FACT_VALUE_MAX, .above = 10, .below = 10,
		.cost = (uint64_t)value, .row = s->nfacts, .state = value < 10 ? SL_FACT_PRIMARY : SL_FACT_SHOWN,
		.insider = value == 0 ? SL_INSIDER_EVERYBODY : value == 1 ? SL_INSIDER_UNIT : SL_INSIDER_NONE };

	must(sl_system_fact(s, &fact, NULL, NULL));
}

/* The numbers first + i * step add up to `total`; every `width` of them, `stride` apart from the next. */
struct line {
	uint32_t first, width, step, times, stride, total;
	bool implied;
};

static void add_line(struct sl_system *s, struct line l)
{
	must(sl_system_begin(s, NULL));
	for (uint32_t t = 0; t < l.times; t++)
		for (uint32_t i = 0; i < l.width; i++)
			must(sl_system_term(s, l.first + t * l.stride + i * l.step, 1, NULL));
	must(sl_system_term(s, l.total, -1, NULL));
	if (l.implied)
		sl_system_implied(s);
}

/* Cells by first, second, third key; then the totals of each key; then of all: it follows from those of a key. */
static void make(struct sl_system *s, const struct size *size)
{
	const uint32_t *n = size->groups, ncells = n[0] * n[1] * n[2],
		       total_at[] = { ncells, ncells + n[0], ncells + n[0] + n[1] };
	uint32_t nkeys = n[2] > 1 ? 3 : 2, all = total_at[nkeys - 1] + n[nkeys - 1];
	int64_t *values = calloc((size_t)all + 1, sizeof *values);

	if (values == NULL)
		abort();
	for (uint32_t i = 0; i < ncells; i++) {
		values[i] = (int64_t)(draw() % size->one_in == 0 ? draw() % 10 : 10 + draw() % 200);
		const uint32_t group[] = { i / (n[1] * n[2]), i / n[2] % n[1], i % n[2] };
		for (uint32_t k = 0; k < nkeys; k++)
			values[total_at[k] + group[k]] += values[i];
		values[all] += values[i];
	}
	for (uint32_t i = 0; i <= all; i++)
		add(s, values[i]);
	for (uint32_t g = 0; g < n[0]; g++)
		add_line(s, (struct line){ g * n[1] * n[2], n[1] * n[2], 1, 1, 0, total_at[0] + g, false });
	for (uint32_t g = 0; g < n[1]; g++)
		add_line(s, (struct line){ g * n[2], n[2], 1, n[0], n[1] * n[2], total_at[1] + g, false });
	for (uint32_t g = 0; g < n[2] && nkeys == 3; g++)
		add_line(s, (struct line){ g, n[0] * n[1], n[2], 1, 0, total_at[2] + g, false });
	for (uint32_t k = 0; k < nkeys; k++)
		add_line(s, (struct line){ total_at[k], n[k], 1, 1, 0, all, k + 1 < nkeys });
	add_line(s, (struct line){ 0, ncells, 1, 1, 0, all, true });
	must(sl_system_index(s, NULL));
	free(values);
}

static double seconds_of(struct sl_system *s, struct sl_choice *choice)
{
	struct timespec a, b;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	must(sl_choose(s, 1, WORK, choice, NULL));
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
}

static void measure(const struct size *size)
{
	struct sl_system s = { 0 };
	struct sl_choice choice;
	uint64_t cost = 0;

	make(&s, size);
	double took = seconds_of(&s, &choice);
	for (uint32_t f = 0; f < s.nfacts; f++)
		cost += s.facts[f].state == SL_FACT_SECONDARY ? s.facts[f].cost : 0;
	bool reached = took <= size->wanted && choice.safe;
	printf("%4u x %-3u x %-2u %7u %9.3f %9u %9u %10llu %8.1f  %s%s%s, %s\n", size->groups[0], size->groups[1],
	       size->groups[2], size->one_in, took, choice.primaries, choice.rows_hidden, (unsigned long long)cost,
	       size->wanted, choice.safe ? "safe" : "refused", choice.cheapest ? " (the least there is)" : "",
	       choice.coarse ? " (work ran out: hidden coarsely)" : "",
	       reached ? "reached" : "NOT reached");
	sl_system_free(&s);
}

int main(void)
{
	static const struct size sizes[] = {
		{ { 4, 4, 1 }, 4, 0.1 }, { { 6, 6, 1 }, 6, 0.1 }, { { 8, 8, 1 }, 8, 0.1 }, { { 10, 10, 1 }, 8, 0.1 },
		{ { 20, 20, 1 }, 8, 0.1 }, { { 20, 20, 1 }, 4, 0.1 }, { { 20, 20, 1 }, 2, 0.1 },
		{ { 50, 20, 1 }, 8, 1 }, { { 50, 20, 1 }, 4, 1 }, { { 50, 20, 1 }, 2, 1 },
		{ { 100, 50, 1 }, 2, 20 }, { { 200, 50, 1 }, 8, 20 }, { { 200, 50, 1 }, 4, 20 },
		{ { 200, 50, 1 }, 2, 20 }, { { 20, 10, 5 }, 8, 1 }, { { 20, 10, 5 }, 2, 1 },
		{ { 50, 20, 10 }, 8, 20 }, { { 50, 20, 10 }, 2, 20 }, { { 300, 330, 1 }, 500, 20 },
		{ { 300, 330, 1 }, 8, 20 },
	};

	printf("%-15s %7s %9s %9s %9s %10s %8s\n", "table", "one in", "seconds", "primaries", "rows more", "units", "wanted");
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		measure(&sizes[i]);
		(void)fflush(stdout);
	}
	return 0;
}
