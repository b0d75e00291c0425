/* sample.c - see sample.h. */
#include "enclave/engine/sample.h"

#include <stdlib.h>

#include "enclave/confine/crew.h"

/* Tests make them small, so that brackets are tried on tables of a few rows, and miss. */
#ifndef SL_SAMPLE_PARTS
#define SL_SAMPLE_PARTS 6u      /* stretches of the table, evenly spaced */
#define SL_SAMPLE_LEAST 36u     /* a table that cannot be cut into so many parts is read whole as quickly */
#define SL_SAMPLE_UNITS 50u     /* with fewer units of the sample in it a cell has no brackets: all is held */
#define SL_SAMPLE_INSIDE_MAX 6u /* at most one row in so many may be held */
#define SL_SAMPLE_MANY 1024u    /* of so many rows a cell, every SL_SAMPLE_STEP-th says where its middle is */
#define SL_SAMPLE_STEP 8u
#define SL_SAMPLE_BESIDE 256u   /* one sampled row in so many may lie between the two values that an end is between */
#define SL_SAMPLE_SLACK 4096u   /* rows held beyond what is expected: a guess of few is far off */
#endif
#define CUTS_MAX 16384u
#define ROWS_MAX (1u << 20)     /* of one argument */
#define LOOK_STEP 8u            /* every so-manieth sampled row is asked whether it would be held */

/* While the sample is read. */
struct sample {
	struct sl_run *run;
	struct sl_held *held;       /* [lane][pair], as work.sample */
	uint32_t ncuts;
	uint64_t bytes;             /* for each of: what is sampled, what is searched in it, what will be held */
	uint64_t held_rows[SL_STATS_MAX]; /* expected, per quantile */
	int64_t least, most;        /* of the present pair's values */
};

/* Statistics that are quantiles, by two of one argument. */
static void pair_up(struct sl_run *run)
{
	const struct sl_plan *plan = run->work.plan;
	struct sl_brackets *b = &run->work.brackets;
	uint32_t at = 0;

	for (uint32_t s = 0; s < plan->nstats; s++) {
		uint32_t arg = (uint32_t)run->work.arg_of[s], p = 0;
		if (plan->stats[s].fn != SL_STAT_QUANTILE)
			continue;
		while (p < b->npairs && (b->pairs[p].arg != arg || b->pairs[p].n == SL_BRACKET_PAIR))
			p++;
		if (p == b->npairs)
			b->pairs[b->npairs++] = (struct sl_bracket_pair){ .arg = arg };
		b->pairs[p].p[b->pairs[p].n] = plan->stats[s].p;
		b->pairs[p].at[b->pairs[p].n++] = at++;
	}
	b->nquantiles = at;
	b->ncells = run->lanes[0].tally.ncells;
	b->nlanes = run->nlanes;
}

static enum sl_rc open_sample(struct sample *s, struct sl_err *err)
{
	struct sl_work *w = &s->run->work;
	uint32_t nlists = s->run->nlanes * w->brackets.npairs;
	uint64_t rows = s->bytes / (nlists * sizeof(struct sl_held_row)), most = ROWS_MAX / s->run->nlanes;
	enum sl_rc rc = SL_OK;

	w->sample = calloc(nlists, sizeof *w->sample);
	if (w->sample == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a sample");
	for (uint32_t i = 0; i < nlists && rc == SL_OK; i++)
		rc = sl_held_init(&w->sample[i], (uint32_t)(rows < most ? rows : most), err);
	return rc;
}

static void close_sample(struct sample *s)
{
	struct sl_work *w = &s->run->work;

	if (w->sample != NULL)
		sl_held_wipe(w->sample, s->run->nlanes, w->brackets.npairs);
	for (uint32_t i = 0; w->sample != NULL && i < s->run->nlanes * w->brackets.npairs; i++)
		sl_held_fini(&w->sample[i]);
	free(w->sample);
	w->sample = NULL;
}

/* Part number i of those that are read; none beyond the last. */
static void set_part(const struct sample *s, const int64_t *first, uint32_t i, struct sl_join_part *part)
{
	uint32_t cut = (2 * i + 1) * s->ncuts / (2 * SL_SAMPLE_PARTS);

	part->unit_first = part->unit_last = INT64_MAX;
	if (i >= SL_SAMPLE_PARTS)
		return;
	/* Rows of the first unit may lie in the stretch before, which is then not deciphered for them. */
	part->unit_first = first[cut] + 1;
	part->unit_last = cut + 1 < s->ncuts ? first[cut + 1] - 1 : INT64_MAX - 1;
}

/* All parts of the sample, as many at once as there are lanes. */
static enum sl_rc read_sample(struct sample *s, const int64_t *first, struct sl_err *err)
{
	struct sl_run *run = s->run;
	struct sl_join_part parts[SL_CREW_MAX];
	enum sl_rc rc = SL_OK;

	for (uint32_t lane = 0; lane < run->nlanes; lane++)
		parts[lane] = run->lanes[lane].part;
	for (uint32_t i = 0; i < SL_SAMPLE_PARTS && rc == SL_OK; i += run->nlanes) {
		for (uint32_t lane = 0; lane < run->nlanes; lane++)
			set_part(s, first, i + lane, &run->lanes[lane].part);
		rc = sl_run_pass(run, SL_PASS_SAMPLE, err);
	}
	for (uint32_t lane = 0; lane < run->nlanes; lane++)
		run->lanes[lane].part = parts[lane];
	return rc;
}

static uint64_t root(uint64_t square)
{
	uint64_t r = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit /= 2)
		if ((r | bit) * (r | bit) <= square)
			r |= bit;
	return r;
}

/* Sampled rows of a cell; of each of a pair's quantiles, how far its units are from having their share below it. */
struct share {
	uint32_t rows, units;
	int64_t last;                                  /* unit that came last, -1: none */
	int64_t off[SL_BRACKET_PAIR];                  /* of that unit: rows below less its share, in ten-thousandths */
	unsigned __int128 squares[SL_BRACKET_PAIR];    /* of the units before */
};

static void fold_unit(struct share *of)
{
	for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++) {
		of->squares[k] += (unsigned __int128)((__int128)of->off[k] * of->off[k]);
		of->off[k] = 0;
	}
}

/* The rows from `r` on that are of one unit in one cell; returns the row after the last. */
static uint32_t see_stretch(const struct sl_held *h, uint32_t r, const struct sl_bracket_pair *p,
                            const struct sl_quantiles *q, struct share *of)
{
	uint32_t cell = h->list[r].cell, unit = h->list[r].unit, from = r, below[SL_BRACKET_PAIR] = { 0 };
	int64_t middle[] = { sl_quantiles_value(q, cell, 0), sl_quantiles_value(q, cell, p->n - 1) };

	for (; r < h->rows && h->list[r].unit == unit && h->list[r].cell == cell; r++)
		for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++)
			below[k] += h->list[r].value < middle[k];
	if (of->last != unit) {
		fold_unit(of);
		of->units++;
		of->last = unit;
	}
	of->rows += r - from;
	for (uint32_t k = 0; k < p->n; k++)
		of->off[k] += (int64_t)below[k] * SL_QUANTILE_ONE - (int64_t)(r - from) * p->p[k];
	return r;
}

/* All sampled rows of a pair, around values near to the quantiles of the sample; each lane's by itself. */
struct look {
	const struct sample *s;
	uint32_t pair;
	const struct sl_quantiles *q;
	struct share *shares;       /* [lane][cell] */
};

static void see_lane(void *arg, uint32_t lane)
{
	const struct look *look = arg;
	const struct sl_brackets *b = &look->s->run->work.brackets;
	struct share *shares = look->shares + (size_t)lane * b->ncells;

	if (lane >= b->nlanes)
		return;
	const struct sl_held *h = &look->s->run->work.sample[lane * b->npairs + look->pair];
	for (uint32_t cell = 0; cell < b->ncells; cell++)
		shares[cell] = (struct share){ .last = -1 };
	for (uint32_t r = 0; r < h->rows;)
		r = see_stretch(h, r, &b->pairs[look->pair], look->q, &shares[h->list[r].cell]);
	for (uint32_t cell = 0; cell < b->ncells; cell++)
		fold_unit(&shares[cell]);
}

/* Into the first lane's shares: no unit is in two of them. */
static void see_units(const struct sample *s, uint32_t pair, const struct sl_quantiles *q, struct share *shares)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	struct look look = { s, pair, q, shares };

	sl_crew_run(see_lane, &look);
	for (uint32_t i = b->ncells; i < b->nlanes * b->ncells; i++) {
		struct share *all = &shares[i % b->ncells];
		all->rows += shares[i].rows;
		all->units += shares[i].units;
		for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++)
			all->squares[k] += shares[i].squares[k];
	}
}

/* How many of the rows that are looked at lie in each cell. */
static void count_rows(const struct sample *s, uint32_t pair, uint32_t row_step, struct share *shares)
{
	const struct sl_brackets *b = &s->run->work.brackets;

	for (uint32_t cell = 0; cell < b->ncells; cell++)
		shares[cell] = (struct share){ .last = -1 };
	for (uint32_t lane = 0; lane < b->nlanes; lane++) {
		const struct sl_held *h = &s->run->work.sample[lane * b->npairs + pair];
		for (uint32_t r = 0; r < h->rows; r += row_step)
			shares[h->list[r].cell].rows++;
	}
}

/*
 * Ranks, within the sample, of both ends of a bracket; 0: no end. How far the rank of a sample is off is the root of
 * the sum of squares of what each unit adds to it (Cochran, Sampling Techniques, 1977, on clusters): rows of a unit may
 * be alike, or not. Of a few units nothing can be told.
 */
static void set_ends(const struct share *of, uint32_t p, uint32_t k, uint32_t halves, uint64_t *lo, uint64_t *hi)
{
	uint64_t one = SL_QUANTILE_ONE, rows = of->rows, rank = (rows * p + one - 1) / one;

	*lo = *hi = 0;
	if (of->units < SL_SAMPLE_UNITS)
		return;
	/* No less than of rows that have nothing in common: a middle that is far off says less. */
	uint64_t least = (uint64_t)((unsigned __int128)rows * p * (one - p) / (one * one));
	uint64_t square = (uint64_t)(of->squares[k] / (one * one));
	uint64_t off = halves * (root(square > least ? square : least) + 1) / 2;
	*lo = rank > off ? rank - off : 0;
	*hi = rank + off <= rows ? rank + off : 0;
}

/* How many rows of a pair the brackets will hold, from how many of the sample they do. */
static void expect(struct sample *s, uint32_t pair)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	const struct sl_bracket_pair *p = &b->pairs[pair];
	uint64_t inside[SL_BRACKET_PAIR] = { 0 };

	for (uint32_t lane = 0; lane < b->nlanes; lane++) {
		const struct sl_held *h = &s->run->work.sample[lane * b->npairs + pair];
		for (uint32_t r = 0; r < h->rows; r += LOOK_STEP)
			for (uint32_t k = 0; k < p->n; k++) {
				struct sl_bracket of = sl_brackets_of(b, pair, k, h->list[r].cell);
				inside[k] += h->list[r].value >= of.lo && h->list[r].value <= of.hi;
			}
	}
	for (uint32_t k = 0; k < p->n; k++)
		s->held_rows[p->at[k]] = inside[k] * LOOK_STEP * s->ncuts / SL_SAMPLE_PARTS;
}

static struct sl_held_lists lists_of(const struct sample *s, uint32_t pair)
{
	const struct sl_brackets *b = &s->run->work.brackets;

	return (struct sl_held_lists){ .lists = s->run->work.sample + pair, .nlanes = b->nlanes, .lane_step = b->npairs,
		.row_step = 1 };
}

/* Nearly: a bracket that begins or ends a little further out holds few rows more. */
static void search_sample(const struct sample *s, uint32_t pair, uint32_t row_step, struct sl_quantiles *q)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	struct sl_held_lists in = lists_of(s, pair);
	uint64_t rows = 0;

	in.row_step = row_step;
	for (uint32_t lane = 0; lane < b->nlanes; lane++)
		rows += in.lists[lane * b->npairs].rows / row_step;
	for (uint32_t at = 0; at < q->n; at++)
		sl_quantiles_span(q, at, 0, s->least, s->most);
	sl_held_search(&in, rows * q->n / SL_SAMPLE_BESIDE, q);
}

static enum sl_rc init_search(const struct sample *s, uint32_t n, struct sl_quantiles *q, struct sl_err *err)
{
	const struct sl_brackets *b = &s->run->work.brackets;

	return sl_quantiles_init(q, b->ncells, n, b->nlanes, sl_quantile_bits(b->ncells, n, b->nlanes, s->bytes), err);
}

/* How far off a pair's quantiles of the sample may be. They are needed nearly: a few of the rows say where they lie. */
static enum sl_rc find_middles(const struct sample *s, uint32_t pair, struct share *shares, struct sl_err *err)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	const struct sl_bracket_pair *p = &b->pairs[pair];
	uint32_t row_step = s->run->work.sample[pair].rows / b->ncells >= SL_SAMPLE_MANY ? SL_SAMPLE_STEP : 1;
	struct sl_quantiles q;
	enum sl_rc rc = init_search(s, p->n, &q, err);

	if (rc == SL_OK) {
		count_rows(s, pair, row_step, shares);
		for (uint32_t i = 0; i < b->ncells * p->n; i++)
			sl_quantiles_rank(&q, i / p->n, i % p->n, shares[i / p->n].rows, p->p[i % p->n]);
		search_sample(s, pair, row_step, &q);
		see_units(s, pair, &q, shares);
	}
	sl_quantiles_fini(&q);
	return rc;
}

/*
 * How far from a middle the ends of so many brackets are, in halves of a deviation: by the normal law one of them
 * misses in one plan of a thousand with 128 brackets, of four hundred with 4,096, of seventy with 400,000.
 */
static uint32_t half_deviations(uint64_t brackets)
{
#ifdef SL_SAMPLE_HALF_DEVIATIONS
	(void)brackets;
	return SL_SAMPLE_HALF_DEVIATIONS;
#else
	return brackets <= 128 ? 9 : brackets <= 4096 ? 10 : 11;
#endif
}

/* The ends of a pair's brackets are quantiles of the sample, too. */
static enum sl_rc find_ends(const struct sample *s, uint32_t pair, const struct share *shares, struct sl_err *err)
{
	struct sl_brackets *b = &s->run->work.brackets;
	const struct sl_bracket_pair *p = &b->pairs[pair];
	struct sl_quantiles q;
	enum sl_rc rc = init_search(s, 2 * p->n, &q, err);

	if (rc == SL_OK) {
		uint32_t halves = half_deviations((uint64_t)b->ncells * b->nquantiles);
		for (uint32_t i = 0; i < b->ncells * p->n; i++)
			set_ends(&shares[i / p->n], p->p[i % p->n], i % p->n, halves, &q.rank[2 * i], &q.rank[2 * i + 1]);
		search_sample(s, pair, 1, &q);
		for (uint32_t i = 0; i < b->ncells * p->n; i++) {
			uint32_t cell = i / p->n, k = i % p->n;
			sl_brackets_set(b, pair, k, cell, (struct sl_bracket){
				q.rank[2 * i] > 0 ? sl_quantiles_value(&q, cell, 2 * k) : INT64_MIN,
				q.rank[2 * i + 1] > 0 ? sl_quantiles_most(&q, cell, 2 * k + 1) : INT64_MAX });
		}
	}
	sl_quantiles_fini(&q);
	return rc;
}

static enum sl_rc set_pair(struct sample *s, uint32_t pair, struct sl_err *err)
{
	struct sl_held_lists in = lists_of(s, pair);
	const struct sl_brackets *b = &s->run->work.brackets;
	struct share *shares = malloc((size_t)b->nlanes * b->ncells * sizeof *shares);
	enum sl_rc rc = shares != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for a sample");

	if (!sl_work_span(&s->run->work, s->run->work.args[b->pairs[pair].arg].expr, &s->least, &s->most))
		sl_held_span(&in, 0, &s->least, &s->most);
	if (rc == SL_OK)
		rc = find_middles(s, pair, shares, err);
	if (rc == SL_OK)
		rc = find_ends(s, pair, shares, err);
	if (rc == SL_OK)
		expect(s, pair);
	free(shares);
	return rc;
}

/* Room for what is expected, and half of it more. False: there is not so much, or nothing is gained. */
static bool is_worth(const struct sample *s)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	uint64_t rows = 0, bytes = 0, sampled = 0;

	for (uint32_t i = 0; i < b->nlanes * b->npairs; i++) {
		if (s->run->work.sample[i].overran)
			return false;
		sampled += s->run->work.sample[i].rows;
	}
	for (uint32_t at = 0; at < b->nquantiles; at++) {
		rows += s->held_rows[at];
		bytes += (s->held_rows[at] * 3 / 2 + SL_SAMPLE_SLACK * b->nlanes) * sizeof(struct sl_held_row);
	}
	return bytes <= s->bytes &&
	       rows / b->nquantiles <= sampled / b->npairs * s->ncuts / SL_SAMPLE_PARTS / SL_SAMPLE_INSIDE_MAX;
}

static enum sl_rc make_room(const struct sample *s, struct sl_err *err)
{
	const struct sl_brackets *b = &s->run->work.brackets;
	enum sl_rc rc = SL_OK;

	for (uint32_t at = 0; at < b->nquantiles; at++)
		for (uint32_t lane = 0; lane < b->nlanes && rc == SL_OK; lane++)
			rc = sl_held_init(sl_brackets_held(b, lane, at),
			                  (uint32_t)(s->held_rows[at] * 3 / 2 / b->nlanes) + SL_SAMPLE_SLACK, err);
	return rc;
}

static enum sl_rc guess(struct sample *s, const int64_t *first, struct sl_err *err)
{
	struct sl_brackets *b = &s->run->work.brackets;
	enum sl_rc rc = sl_brackets_init(b, err);

	if (rc == SL_OK)
		rc = open_sample(s, err);
	if (rc == SL_OK)
		rc = read_sample(s, first, err);
	for (uint32_t pair = 0; pair < b->npairs && rc == SL_OK; pair++)
		rc = set_pair(s, pair, err);
	bool worth = rc == SL_OK && is_worth(s);
	close_sample(s);
	if (worth)
		rc = make_room(s, err);
	if (!worth || rc != SL_OK)
		sl_brackets_fini(b);
	return rc;
}

enum sl_rc sl_sample_brackets(struct sl_run *run, uint64_t bytes, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	uint32_t table = plan->sources[sl_join_driver(plan, run->work.view)].table;
	struct sample s = { .run = run, .bytes = bytes / 4 };
	enum sl_rc rc = SL_OK;
	int64_t *first = malloc(CUTS_MAX * sizeof *first);

	if (first == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the cuts of a table");
	pair_up(run);
	s.ncuts = run->work.store->cut(run->work.store, table, CUTS_MAX, first);
	if (s.ncuts >= SL_SAMPLE_LEAST && sl_brackets_bytes(&run->work.brackets) <= s.bytes)
		rc = guess(&s, first, err);
	else
		sl_brackets_fini(&run->work.brackets);
	free(first);
	return rc;
}
