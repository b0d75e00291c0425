/* sample.c - see sample.h. */
#include "enclave/engine/sample.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"

/* Tests make them small, so that brackets are tried on tables of a few rows, and miss. */
#ifndef SL_SAMPLE_PARTS
#define SL_SAMPLE_PARTS 6u      /* stretches of the table, evenly spaced */
#define SL_SAMPLE_LEAST 36u     /* a table that cannot be cut into so many parts is read whole as quickly */
#define SL_SAMPLE_UNITS 50u     /* with fewer units of the sample in it a cell has no brackets: all is held */
#define SL_SAMPLE_INSIDE_MAX 6u /* at most one row in so many may be held */
#define SL_SAMPLE_BESIDE 256u   /* one sampled row in so many may lie between the two values that an end is between */
#define SL_SAMPLE_SLACK 4096u   /* rows held beyond what is expected: a guess of few is far off */
#define SL_SAMPLE_LIST_BLOCKS 1u /* the last block of each list is not full */
#endif
#define CUTS_MAX 16384u
#define ROWS_MAX (1u << 20)     /* of one argument */

/* While the sample is read. */
struct sample {
	struct sl_run *run;
	uint32_t ncuts;
	uint64_t bytes;             /* for each of: what is sampled, what is searched in it, counts; then what is held */
	uint64_t held_rows[SL_STATS_MAX]; /* expected, per pair */
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

/* Whether all values of a pair are near, as far as is known before: who holds them looks. */
static bool is_near(const struct sl_run *run, uint32_t pair)
{
	const struct sl_expr *arg = run->work.args[run->work.brackets.pairs[pair].arg].expr;
	int64_t least, most;

	return sl_work_span(&run->work, arg, &least, &most) && least >= -SL_HELD_NEAR && most < SL_HELD_NEAR;
}

/* Blocks of each thread's store, for so many rows of a pair in all threads. */
static uint64_t blocks_for(const struct sl_brackets *b, uint64_t rows, uint32_t nlanes)
{
	return rows / nlanes / SL_HELD_BLOCK_ROWS + 1 + (uint64_t)b->ncells * SL_BRACKET_PAIR * SL_SAMPLE_LIST_BLOCKS;
}

static enum sl_rc make_stores(const struct sample *s, const struct sl_brackets *b, const uint64_t *nblocks,
                              struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < b->nlanes * b->npairs && rc == SL_OK; i++)
		rc = sl_held_init(&b->held[i], b->ncells * SL_BRACKET_PAIR, (uint32_t)nblocks[i % b->npairs],
		                  is_near(s->run, i % b->npairs), err);
	return rc;
}

/* A sample is what lies inside of a bracket without an end. */
static enum sl_rc open_sample(struct sample *s, struct sl_err *err)
{
	struct sl_brackets *b = &s->run->work.brackets, *all = &s->run->work.sample;
	uint32_t readers = b->nlanes < SL_SAMPLE_PARTS ? b->nlanes : SL_SAMPLE_PARTS;
	uint64_t nblocks[SL_STATS_MAX], most = blocks_for(b, ROWS_MAX, readers);
	uint64_t each = s->bytes / (b->nlanes * b->npairs) / sl_held_bytes(0, 0, false);

	all->ncells = b->ncells;
	all->nlanes = b->nlanes;
	all->npairs = all->nquantiles = b->npairs;
	for (uint32_t i = 0; i < b->npairs; i++) {
		all->pairs[i] = (struct sl_bracket_pair){ .arg = b->pairs[i].arg, .n = 1 };
		nblocks[i] = each < most ? each : most;
	}
	enum sl_rc rc = sl_brackets_init(all, err);
	return rc == SL_OK ? make_stores(s, all, nblocks, err) : rc;
}

/* Part number i of those that are read. */
static struct sl_join_part part_at(const struct sample *s, const int64_t *first, uint32_t i)
{
	uint32_t cut = (2 * i + 1) * s->ncuts / (2 * SL_SAMPLE_PARTS);

	/* Rows of the first unit may lie in the stretch before, which is then not deciphered for them. */
	return (struct sl_join_part){ .unit_first = first[cut] + 1,
		.unit_last = cut + 1 < s->ncuts ? first[cut + 1] - 1 : INT64_MAX - 1 };
}

static enum sl_rc read_sample(struct sample *s, const int64_t *first, struct sl_err *err)
{
	struct sl_join_part parts[SL_SAMPLE_PARTS];

	for (uint32_t i = 0; i < SL_SAMPLE_PARTS; i++)
		parts[i] = part_at(s, first, i);
	return sl_run_parts(s->run, SL_PASS_SAMPLE, parts, SL_SAMPLE_PARTS, err);
}

static uint64_t root(uint64_t square)
{
	uint64_t r = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit /= 2)
		if ((r | bit) * (r | bit) <= square)
			r |= bit;
	return r;
}

/*
 * Ranks, within the sample, of both ends of a bracket; 0: no end. How far the rank of a sample is off is the root of
 * the sum of squares of what each unit adds to it (Cochran, Sampling Techniques, 1977, on clusters): rows of a unit may
 * be alike, or not. Of a few units nothing can be told.
 */
static void set_ends(const struct sl_held_share *share, uint64_t rows, uint32_t p, uint32_t halves, uint64_t *lo,
                     uint64_t *hi)
{
	uint64_t one = SL_QUANTILE_ONE, rank = sl_quantile_rank(rows, p);

	*lo = *hi = 0;
	if (share->units < SL_SAMPLE_UNITS)
		return;
	/* No less than of rows that have nothing in common: a middle that is far off says less. */
	uint64_t least = (uint64_t)((unsigned __int128)rows * p * (one - p) / (one * one));
	uint64_t square = (uint64_t)(share->squares / (one * one));
	uint64_t off = halves * (root(square > least ? square : least) + 1) / 2;
	*lo = rank > off ? rank - off : 0;
	*hi = rank + off <= rows ? rank + off : 0;
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

/* A cell's sampled rows of a pair. */
struct sampled {
	struct sl_held_lists in;
	uint64_t rows;
	struct sl_held_counts counts;
	int64_t *grouped;
};

static struct sl_held_place find(const struct sampled *of, uint64_t rank)
{
	return sl_held_find(&of->in, &of->counts, of->grouped, rank, of->rows / SL_SAMPLE_BESIDE);
}

/*
 * A bracket's ends are quantiles of the sample, too, and nearly so, as its middle: an end that lies a little further
 * out holds few rows more. Returns how many of the sample lie inside.
 */
static uint64_t set_bracket(const struct sample *s, uint32_t pair, uint32_t k, const struct sampled *of,
                            const struct sl_held_share *share, uint32_t cell)
{
	struct sl_brackets *b = &s->run->work.brackets;
	uint32_t halves = half_deviations((uint64_t)b->ncells * b->nquantiles);
	struct sl_bracket bracket = { INT64_MIN, INT64_MAX };
	uint64_t below = 0, upto = of->rows, lo, hi;

	set_ends(share, of->rows, b->pairs[pair].p[k], halves, &lo, &hi);
	if (lo > 0) {
		struct sl_held_place end = find(of, lo);
		bracket.lo = end.least;
		below = end.below;
	}
	if (hi > 0) {
		struct sl_held_place end = find(of, hi);
		bracket.hi = end.most;
		upto = end.below + end.here;
	}
	sl_brackets_set(b, pair, k, cell, bracket);
	return upto - below;
}

/* Brackets of a pair; each thread has cells of its own. */
struct setting {
	const struct sample *s;
	uint32_t pair;
	bool is_spanned;              /* least and most are known, else each cell's are looked for */
	int64_t least, most;
	int64_t *room;                /* [thread][rows_max] */
	uint64_t rows_max;            /* of a cell */
	uint64_t inside[SL_CREW_MAX]; /* of the sample, by thread */
};

static void set_lane(void *arg, uint32_t lane)
{
	struct setting *setting = arg;
	const struct sl_run *run = setting->s->run;
	const struct sl_brackets *b = &run->work.brackets;
	const struct sl_bracket_pair *p = &b->pairs[setting->pair];
	struct sampled of = { .grouped = lane < b->ncells ? setting->room + lane * setting->rows_max : NULL };
	struct sl_held_share shares[SL_BRACKET_PAIR];
	int64_t least = setting->least, most = setting->most, middles[SL_BRACKET_PAIR];

	for (uint32_t cell = lane; cell < b->ncells; cell += sl_crew_size()) {
		of.in = sl_brackets_lists(&run->work.sample, setting->pair, 0, cell);
		of.rows = sl_held_rows(&of.in);
		if (of.rows == 0)
			continue;
		if (!setting->is_spanned)
			sl_held_span(&of.in, &least, &most);
		sl_held_count(&of.in, least, most, &of.counts);
		sl_held_group(&of.in, &of.counts, of.grouped);
		for (uint32_t k = 0; k < p->n; k++)
			middles[k] = find(&of, sl_quantile_rank(of.rows, p->p[k])).least;
		sl_held_shares(&of.in, p->n, middles, p->p, shares);
		for (uint32_t k = 0; k < p->n; k++)
			setting->inside[lane] += set_bracket(setting->s, setting->pair, k, &of, &shares[k], cell);
	}
}

/* *fits false: there is not as much memory as that takes, the cell with most rows for each thread. */
static enum sl_rc set_pair(struct sample *s, uint32_t pair, bool *fits, struct sl_err *err)
{
	const struct sl_work *w = &s->run->work;
	struct setting setting = { .s = s, .pair = pair };

	for (uint32_t cell = 0; cell < w->brackets.ncells; cell++) {
		struct sl_held_lists in = sl_brackets_lists(&w->sample, pair, 0, cell);
		uint64_t rows = sl_held_rows(&in);
		setting.rows_max = rows > setting.rows_max ? rows : setting.rows_max;
	}
	uint32_t at_once = w->brackets.ncells < sl_crew_size() ? w->brackets.ncells : sl_crew_size();
	uint64_t bytes = (at_once * setting.rows_max + 1) * sizeof *setting.room;
	*fits = bytes <= s->bytes;
	if (!*fits)
		return SL_OK;
	setting.room = malloc(bytes);
	if (setting.room == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a sample");
	setting.is_spanned = sl_work_span(w, w->args[w->brackets.pairs[pair].arg].expr, &setting.least, &setting.most);
	sl_crew_run(set_lane, &setting);
	for (uint32_t lane = 0; lane < SL_CREW_MAX; lane++)
		s->held_rows[pair] += setting.inside[lane] * s->ncuts / SL_SAMPLE_PARTS;
	explicit_bzero(setting.room, bytes);
	free(setting.room);
	return SL_OK;
}

static bool is_whole(const struct sl_brackets *sample)
{
	for (uint32_t i = 0; i < sample->nlanes * sample->npairs; i++)
		if (sample->held[i].overran)
			return false;
	return true;
}

/* Blocks for what is expected, and half of it more. False: there is not so much, or nothing is gained. */
static bool is_worth(const struct sample *s, uint64_t nblocks[static SL_STATS_MAX])
{
	const struct sl_brackets *b = &s->run->work.brackets, *all = &s->run->work.sample;
	uint64_t rows = 0, bytes = 0, sampled = 0;

	for (uint32_t i = 0; i < b->npairs * b->ncells; i++) {
		struct sl_held_lists in = sl_brackets_lists(all, i / b->ncells, 0, i % b->ncells);
		sampled += sl_held_rows(&in);
	}
	for (uint32_t pair = 0; pair < b->npairs; pair++) {
		rows += s->held_rows[pair];
		nblocks[pair] = blocks_for(b, s->held_rows[pair] * 3 / 2 + (uint64_t)SL_SAMPLE_SLACK * b->nlanes, b->nlanes);
		bytes += b->nlanes * sl_held_bytes(b->ncells * SL_BRACKET_PAIR, nblocks[pair], is_near(s->run, pair));
		if (nblocks[pair] > SL_HELD_BLOCKS_MAX)
			return false;
	}
	return bytes <= s->bytes &&
	       rows / b->nquantiles <= sampled / b->npairs * s->ncuts / SL_SAMPLE_PARTS / SL_SAMPLE_INSIDE_MAX;
}

static enum sl_rc guess(struct sample *s, const int64_t *first, struct sl_err *err)
{
	struct sl_brackets *b = &s->run->work.brackets;
	uint64_t nblocks[SL_STATS_MAX];
	enum sl_rc rc = sl_brackets_init(b, err);

	if (rc == SL_OK)
		rc = open_sample(s, err);
	if (rc == SL_OK)
		rc = read_sample(s, first, err);
	if (rc == SL_OK)
		sl_brackets_end(&s->run->work.sample);
	bool worth = rc == SL_OK && is_whole(&s->run->work.sample);
	for (uint32_t pair = 0; pair < b->npairs && worth && rc == SL_OK; pair++)
		rc = set_pair(s, pair, &worth, err);
	worth = worth && rc == SL_OK && is_worth(s, nblocks);
	sl_brackets_fini(&s->run->work.sample);
	if (worth)
		rc = make_stores(s, b, nblocks, err);
	if (!worth || rc != SL_OK)
		sl_brackets_fini(b);
	return rc;
}

enum sl_rc sl_sample_brackets(struct sl_run *run, uint64_t bytes, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	uint32_t table = plan->sources[sl_join_driver(plan, run->work.view)].table;
	struct sample s = { .run = run, .bytes = bytes / 3 };
	enum sl_rc rc = SL_OK;
	int64_t *first = malloc(CUTS_MAX * sizeof *first);

	if (first == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the cuts of a table");
	pair_up(run);
	s.ncuts = run->work.store->cut(run->work.store, table, CUTS_MAX, first);
	if (s.ncuts >= SL_SAMPLE_LEAST && 2 * sl_brackets_bytes(&run->work.brackets) <= s.bytes)
		rc = guess(&s, first, err);
	else
		sl_brackets_fini(&run->work.brackets);
	free(first);
	return rc;
}
