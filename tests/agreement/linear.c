/* linear.c - see linear.h. */
#include "tests/agreement/linear.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define P LINEAR_PRIME
#define COLUMNS (LINEAR_ATOMS * LINEAR_THINGS)
#define STEPS_MAX 4000000u /* atoms looked at for one question */

typedef unsigned __int128 wide;

/* --- numbers ----------------------------------------------------------------------------------------------- */

static uint64_t plus(uint64_t a, uint64_t b)
{
	uint64_t s = a + b;

	return s >= P ? s - P : s;
}

static uint64_t minus(uint64_t a, uint64_t b)
{
	return a >= b ? a - b : a + P - b;
}

uint64_t linear_times(uint64_t a, uint64_t b)
{
	wide p = (wide)a * b;

	return plus((uint64_t)(p & P), (uint64_t)(p >> 61));
}

uint64_t linear_over(uint64_t a, uint64_t b)
{
	for (uint64_t e = P - 2; e > 0; e >>= 1) {
		a = e & 1 ? linear_times(a, b) : a;
		b = linear_times(b, b);
	}
	return a;
}

uint64_t linear_number(int64_t x)
{
	return x < 0 ? P - (uint64_t)-x % P : (uint64_t)x % P;
}

bool linear_small(uint64_t x, int64_t *over, int64_t *under)
{
	for (*under = 1; *under <= 10000; ++*under) {
		uint64_t y = linear_times(x, (uint64_t)*under);
		bool negative = y > P / 2;
		y = negative ? P - y : y;
		*over = negative ? -(int64_t)y : (int64_t)y;
		if (y < 100000)
			return true;
	}
	return false;
}

/* --- what is printed --------------------------------------------------------------------------------------- */

void linear_init(struct linear *l, uint32_t nrows, uint32_t threshold)
{
	memset(l, 0, sizeof *l);
	l->nrows = nrows;
	l->threshold = threshold;
	l->at = calloc(LINEAR_NUMBERS, sizeof *l->at);
	if (l->at == NULL)
		abort();
}

void linear_fini(struct linear *l)
{
	free(l->at);
	l->at = NULL;
}

void linear_term(struct linear_sum *s, uint32_t thing, uint64_t times)
{
	uint32_t i = 0;

	while (i < s->nterms && s->terms[i].thing != thing)
		i++;
	if (i == LINEAR_TERMS || thing >= LINEAR_THINGS)
		abort();
	if (i == s->nterms)
		s->terms[s->nterms++] = (struct linear_term){ .thing = thing };
	s->terms[i].times = plus(s->terms[i].times, times);
}

void linear_print(struct linear *l, const struct linear_sum *sum)
{
	if (l->nnumbers == LINEAR_NUMBERS)
		l->overflow = true;
	else
		l->numbers[l->nnumbers++] = *sum;
}

/* --- equations --------------------------------------------------------------------------------------------- */

static bool are_alike(const struct linear *l, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < l->nnumbers; i++)
		if (l->numbers[i].in[x] != l->numbers[i].in[y])
			return false;
	return true;
}

static bool is_printed(const struct linear *l, uint32_t row)
{
	for (uint32_t i = 0; i < l->nnumbers; i++)
		if (l->numbers[i].in[row])
			return true;
	return false;
}

static void make_atoms(struct linear *l)
{
	uint32_t first[LINEAR_ATOMS];

	l->natoms = 0;
	memset(l->units, 0, sizeof l->units);
	for (uint32_t r = 0; r < l->nrows; r++) {
		uint32_t a = 0;
		l->atom[r] = UINT16_MAX;
		if (!is_printed(l, r))
			continue;
		while (a < l->natoms && !are_alike(l, first[a], r))
			a++;
		if (a == LINEAR_ATOMS) {
			l->overflow = true;
			continue;
		}
		if (a == l->natoms)
			first[l->natoms++] = r;
		l->atom[r] = (uint16_t)a;
		l->units[a] |= UINT64_C(1) << l->unit[r];
	}
	l->ncolumns = l->natoms * LINEAR_THINGS;
}

/* A sum as a row of the matrix; false: it is of a part of an atom, or of who is in no number. */
static bool spread(const struct linear *l, const struct linear_sum *sum, uint64_t *row)
{
	bool in[LINEAR_ATOMS] = { false }, out[LINEAR_ATOMS] = { false };

	memset(row, 0, l->ncolumns * sizeof *row);
	for (uint32_t r = 0; r < l->nrows; r++) {
		if (l->atom[r] == UINT16_MAX && sum->in[r])
			return false;
		if (l->atom[r] != UINT16_MAX)
			(sum->in[r] ? in : out)[l->atom[r]] = true;
	}
	for (uint32_t a = 0; a < l->natoms; a++) {
		if (in[a] && out[a])
			return false;
		for (uint32_t t = 0; t < sum->nterms && in[a]; t++)
			row[a * LINEAR_THINGS + sum->terms[t].thing] = sum->terms[t].times;
	}
	return true;
}

static void subtract(uint64_t *row, const uint64_t *other, uint64_t times, uint32_t from, uint32_t n)
{
	for (uint32_t k = from; k < n && times != 0; k++)
		if (other[k] != 0)
			row[k] = minus(row[k], linear_times(times, other[k]));
}

static void scale(uint64_t *row, uint64_t by, uint32_t from, uint32_t n)
{
	for (uint32_t k = from; k < n; k++)
		row[k] = row[k] != 0 ? linear_times(row[k], by) : 0;
}

/* What is left of a row, and of what it is made, when all that is known is taken off. */
static void reduce(const struct linear *l, uint64_t *row)
{
	for (uint32_t i = 0; i < l->rank; i++)
		subtract(row, l->at[i], row[l->pivot[i]], 0, l->ncolumns + LINEAR_NUMBERS);
}

/* Gauss and Jordan; a number that follows from others adds nothing. */
static void add_equation(struct linear *l, uint32_t number)
{
	uint64_t *row = l->at[l->rank];
	uint32_t width = l->ncolumns + LINEAR_NUMBERS, k = 0;

	(void)spread(l, &l->numbers[number], row);
	memset(row + l->ncolumns, 0, LINEAR_NUMBERS * sizeof *row);
	row[l->ncolumns + number] = 1;
	reduce(l, row);
	while (k < l->ncolumns && row[k] == 0)
		k++;
	if (k == l->ncolumns)
		return;
	scale(row, linear_over(1, row[k]), k, width);
	for (uint32_t i = 0; i < l->rank; i++)
		subtract(l->at[i], row, l->at[i][k], 0, width);
	l->pivot[l->rank++] = k;
}

void linear_solve(struct linear *l)
{
	make_atoms(l);
	l->rank = 0;
	for (uint32_t i = 0; i < l->nnumbers && !l->overflow; i++)
		add_equation(l, i);
}

static bool is_zero(const uint64_t *row, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (row[k] != 0)
			return false;
	return true;
}

bool linear_knows(const struct linear *l, const struct linear_sum *sum)
{
	uint64_t row[COLUMNS + LINEAR_NUMBERS] = { 0 };

	if (l->overflow || !spread(l, sum, row))
		return false;
	reduce(l, row);
	return is_zero(row, l->ncolumns);
}

/* --- of whom it is told ------------------------------------------------------------------------------------ */

/*
 * All ways to take what is asked for of each atom so many times that follow from the numbers: a basis, reduced, with a
 * pivot each. A way that takes each atom once or not at all is a group.
 */
struct ways {
	const struct linear *l;
	uint64_t basis[LINEAR_ATOMS][LINEAR_ATOMS];
	uint32_t pivot[LINEAR_ATOMS], n;
	int last[LINEAR_ATOMS];                       /* of an atom, the last way that has it; -1: none */
	uint64_t have[LINEAR_ATOMS];                  /* units of an atom that add to what is asked for */
	uint64_t sum[LINEAR_ATOMS + 1][LINEAR_ATOMS]; /* after each way */
	uint64_t steps;
	struct linear_secret *out;
};

/* One more way to make nothing of what is left of the atoms; or the atom's rest stays, to be taken off others. */
struct rests {
	uint64_t rest[LINEAR_ATOMS][COLUMNS], made[LINEAR_ATOMS][LINEAR_ATOMS];
	uint32_t pivot[LINEAR_ATOMS], n;
};

static void take_rest(struct rests *rests, struct ways *w, uint64_t *row, uint32_t atom)
{
	uint64_t made[LINEAR_ATOMS] = { 0 };
	uint32_t n = w->l->natoms, ncolumns = w->l->ncolumns, k = 0;

	made[atom] = 1;
	for (uint32_t i = 0; i < rests->n; i++) {
		uint64_t times = row[rests->pivot[i]];
		subtract(row, rests->rest[i], times, 0, ncolumns);
		subtract(made, rests->made[i], times, 0, n);
	}
	while (k < ncolumns && row[k] == 0)
		k++;
	if (k == ncolumns) {
		memcpy(w->basis[w->n++], made, n * sizeof *made);
		return;
	}
	uint64_t by = linear_over(1, row[k]);
	scale(row, by, 0, ncolumns);
	scale(made, by, 0, n);
	memcpy(rests->rest[rests->n], row, ncolumns * sizeof *row);
	memcpy(rests->made[rests->n], made, n * sizeof *made);
	rests->pivot[rests->n++] = k;
}

static void list_ways(struct ways *w, const struct linear_sum *what)
{
	const struct linear *l = w->l;
	struct rests *rests = malloc(sizeof *rests);
	uint64_t row[COLUMNS + LINEAR_NUMBERS];

	if (rests == NULL)
		abort();
	rests->n = 0;
	for (uint32_t a = 0; a < l->natoms; a++) {
		memset(row, 0, sizeof row);
		for (uint32_t t = 0; t < what->nterms; t++)
			row[a * LINEAR_THINGS + what->terms[t].thing] = what->terms[t].times;
		reduce(l, row);
		take_rest(rests, w, row, a);
	}
	free(rests);
}

static void reduce_ways(struct ways *w)
{
	uint32_t n = w->l->natoms;

	for (uint32_t i = 0; i < w->n; i++) {
		uint32_t k = 0;
		while (w->basis[i][k] == 0)
			k++; /* they are independent */
		scale(w->basis[i], linear_over(1, w->basis[i][k]), 0, n);
		w->pivot[i] = k;
		for (uint32_t j = 0; j < w->n; j++)
			if (j != i)
				subtract(w->basis[j], w->basis[i], w->basis[j][k], 0, n);
	}
	for (uint32_t a = 0; a < n; a++) {
		w->last[a] = -1;
		for (uint32_t i = 0; i < w->n; i++)
			w->last[a] = w->basis[i][a] != 0 ? (int)i : w->last[a];
	}
}

static uint32_t ones(uint64_t x)
{
	return (uint32_t)__builtin_popcountll(x);
}

static void note_group(struct ways *w, const uint64_t *sum)
{
	const struct linear *l = w->l;
	uint64_t units = 0, have = 0;

	for (uint32_t a = 0; a < l->natoms; a++) {
		units |= sum[a] != 0 ? l->units[a] : 0;
		have |= sum[a] != 0 ? w->have[a] : 0;
	}
	bool few = units != 0 && ones(units) < l->threshold;
	if (!few && (have == 0 || ones(have) >= l->threshold))
		return;
	if (w->out->found && w->out->units <= ones(units))
		return;
	w->out->found = true;
	w->out->units = ones(units);
	w->out->few = ones(have);
	for (uint32_t r = 0; r < l->nrows; r++)
		w->out->in[r] = l->atom[r] != UINT16_MAX && sum[l->atom[r]] != 0;
}

/* What cannot become few any more is not tried. */
static void search(struct ways *w, uint32_t i)
{
	const struct linear *l = w->l;

	if (w->steps > STEPS_MAX) {
		w->out->unsaid = true;
		return;
	}
	if (i == w->n) {
		note_group(w, w->sum[i]);
		return;
	}
	for (uint64_t taken = 0; taken < 2; taken++) {
		const uint64_t *before = w->sum[i];
		uint64_t *after = w->sum[i + 1], have = 0;
		bool right = true;
		w->steps += l->natoms;
		for (uint32_t a = 0; a < l->natoms && right; a++) {
			after[a] = taken ? plus(before[a], w->basis[i][a]) : before[a];
			bool settled = w->last[a] <= (int)i;
			right = !settled || after[a] <= 1;
			have |= settled && after[a] == 1 ? w->have[a] : 0;
		}
		if (right && ones(have) < l->threshold)
			search(w, i + 1);
	}
}

void linear_ask(struct linear *l, const struct linear_sum *what, const bool has[LINEAR_ROWS],
                struct linear_secret *out)
{
	struct ways *w = calloc(1, sizeof *w);

	if (w == NULL)
		abort();
	*out = (struct linear_secret){ .found = false };
	w->l = l;
	w->out = out;
	for (uint32_t r = 0; r < l->nrows; r++)
		if (l->atom[r] != UINT16_MAX && has[r])
			w->have[l->atom[r]] |= UINT64_C(1) << l->unit[r];
	if (!l->overflow) {
		list_ways(w, what);
		reduce_ways(w);
		search(w, 0);
	}
	l->steps += w->steps;
	free(w);
}

/* --- how ----------------------------------------------------------------------------------------------------- */

/* Equations of some numbers alone; the atoms stay those of all. */
static void solve_some(struct linear *l, const bool left_out[LINEAR_NUMBERS])
{
	l->rank = 0;
	for (uint32_t i = 0; i < l->nnumbers; i++)
		if (!left_out[i])
			add_equation(l, i);
}

void linear_explain(const struct linear *l, const struct linear_sum *what, struct linear_secret *out)
{
	bool left_out[LINEAR_NUMBERS] = { false };
	uint64_t row[COLUMNS + LINEAR_NUMBERS] = { 0 };
	struct linear *some = malloc(sizeof *some);
	struct linear_sum told = *what;

	if (some == NULL)
		abort();
	*some = *l;
	some->at = calloc(LINEAR_NUMBERS, sizeof *some->at);
	if (some->at == NULL)
		abort();
	memcpy(told.in, out->in, sizeof told.in);
	for (uint32_t i = 0; i < l->nnumbers; i++) {
		left_out[i] = true;
		solve_some(some, left_out);
		left_out[i] = linear_knows(some, &told);
	}
	solve_some(some, left_out);
	(void)spread(some, &told, row);
	reduce(some, row);
	for (uint32_t i = 0; i < LINEAR_NUMBERS; i++)
		out->times[i] = minus(0, row[l->ncolumns + i]);
	free(some->at);
	free(some);
}
