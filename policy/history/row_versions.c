/*
 * row_versions.c - see audit.h: sums and differences of shown sets of several versions of a table whose units have
 * several rows, of which fewer units than the threshold, or none, leave something.
 *
 * Rows of a unit that have the same of a column are worth the same, whatever it is; so of each such group it is known
 * how often it lies in which sets, and a way to add and subtract sets leaves nothing of the unit when it leaves nothing
 * of any of its groups. What enough units have must cancel out: that makes the ways a space. Of what fewer have, the
 * ways are sought that leave the least: that nobody is left is found whenever it is so, and so are units whose rows all
 * lie in the same way, such as one by itself; of several that only together are few, those that are left over.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"
#include "policy/history/lying.h"

struct work {
	struct sl_audit *a;
	struct sl_lyings l;
	uint32_t column;
	uint32_t *order;        /* sets at hand: of other versions, the request's from small to large, its version's */
	uint32_t *rest;         /* lyings of fewer units than the threshold, as they are asked about */
	uint32_t nrest;
	uint32_t *settled;      /* lyings that settled a way */
	uint32_t nsettled;
	bool *left;             /* per lying */
	uint64_t *now;          /* a way, without sets of other versions */
	uint64_t work;
	bool found, large;
};

/* Numbers looked at: some tenths of a second. */
#define WORK_MAX UINT64_C(200000000)

static uint32_t output_of(const struct work *w, uint32_t i)
{
	return sl_audit_output_of(w->a, w->l.sets[i]);
}

static bool is_own(const struct work *w, uint32_t i)
{
	return output_of(w, i) >= w->a->nearlier;
}

static bool is_renewed(const struct work *w, uint32_t i)
{
	return !sl_audit_is_current(w->a, output_of(w, i));
}

/* --- the sets at hand ----------------------------------------------------------------------------------------- */

/* What the column is, as an output of the request reads it. */
static const struct sl_reading *reading_of(const struct sl_audit *a, uint32_t column)
{
	const struct sl_alike_column *c = &a->atoms->alike_columns[column];
	const struct sl_audit_output *o = &a->outputs[c->output];

	for (uint32_t i = 0; i < o->nprinted; i++)
		if (o->printed[i].measure == c->print && o->printed[i].way != 0)
			return &o->printed[i];
	return NULL;
}

static void list_sets(struct work *w, const struct sl_reading *column)
{
	const struct sl_audit *a = w->a;

	for (uint32_t i = 0; i < w->l.nsets; i++)
		w->l.number[w->l.sets[i]] = SL_LYING_NO_SET;
	w->l.nsets = 0;
	for (uint32_t set = 0; set < a->nsets; set++) {
		uint32_t prints;
		if (a->sets[set].shown && a->sets[set].units > 0 && a->rows_of[set] != 0 &&
		    sl_audit_tells(a, &a->families[a->sets[set].family], column, &prints) && prints != 0)
			w->l.sets[w->l.nsets++] = set;
	}
}

/* Of both versions there are some. */
static bool is_to_compare(const struct work *w)
{
	bool own = false, renewed = false;

	for (uint32_t i = 0; i < w->l.nsets; i++) {
		own = own || is_own(w, i);
		renewed = renewed || is_renewed(w, i);
	}
	return own && renewed;
}

/* A large set is not put in the place of cells that make it up. */
static int by_turn(const void *x, const void *y, void *arg)
{
	const struct work *w = arg;
	uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
	int turn[2];

	for (int n = 0; n < 2; n++)
		turn[n] = is_renewed(w, n == 0 ? i : k) ? 0 : 2 - is_own(w, n == 0 ? i : k);
	if (turn[0] != turn[1])
		return turn[0] - turn[1];
	return w->l.sets[i] == w->l.sets[k] ? 0 : sl_audit_cheaper(w->a, w->l.sets[i], w->l.sets[k]) ? -1 : 1;
}

/* --- what is left --------------------------------------------------------------------------------------------- */

/* What the sets of the request's version tell by themselves is for other questions. */
static bool is_of_one_version(struct work *w, const uint64_t *way)
{
	for (uint32_t i = 0; i < w->l.nsets; i++)
		w->now[i] = is_renewed(w, i) ? 0 : way[i];
	return sl_lyings_left(&w->l, w->now, w->left) < w->a->threshold;
}

/* The cheapest of the request's sets that the way takes, and the first of another version. False: there is none. */
static bool find_sets(const struct work *w, const uint64_t *way, struct sl_audit_hit *hit)
{
	hit->set = hit->other = SL_AUDIT_NO_SET;
	for (uint32_t i = 0; i < w->l.nsets; i++) {
		uint32_t set = w->l.sets[i];
		if (way[i] == 0)
			continue;
		if (!w->a->sets[set].shown)
			return false;
		if (is_own(w, i) && sl_audit_cheaper(w->a, set, hit->set))
			hit->set = set;
		if (is_renewed(w, i) && set < hit->other)
			hit->other = set;
	}
	return hit->set != SL_AUDIT_NO_SET && hit->other != SL_AUDIT_NO_SET;
}

static enum sl_rc judge(struct work *w, const struct sl_ways *ways, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < ways->count && rc == SL_OK; i++) {
		const uint64_t *way = sl_ways_row(ways, i);
		struct sl_audit_hit hit;
		if (!find_sets(w, way, &hit))
			continue;
		w->work += w->l.n;
		hit.units = sl_lyings_left(&w->l, way, w->left);
		if (hit.units >= w->a->threshold || is_of_one_version(w, way))
			continue;
		w->found = true;
		rc = sl_audit_hide(w->a, &hit, err);
	}
	return rc;
}

/* Of what few units have the ways leave the least, where what `last` have is asked about last. UINT32_MAX: nobody. */
static enum sl_rc leave_least(struct work *w, const struct sl_ways *from, uint32_t last, struct sl_err *err)
{
	const struct sl_lying_units *u = last != UINT32_MAX ? &w->l.units[last] : NULL;
	struct sl_ways ways;
	enum sl_rc rc = sl_ways_copy(from, &ways, err);

	memset(w->left, 0, w->l.n * sizeof *w->left);
	for (uint32_t i = 0; u != NULL && i < u->n; i++)
		w->left[w->l.lying_of[u->first + i]] = true;
	for (int turn = 0; turn < 2 && rc == SL_OK; turn++)
		for (uint32_t i = 0; i < w->nrest && ways.work <= WORK_MAX; i++) {
			const struct sl_lying *k = &w->l.all[w->rest[i]];
			if (w->left[w->rest[i]] == (turn == 1) && sl_ways_settle(&ways, &w->l.terms[k->first], k->n) && u == NULL)
				w->settled[w->nsettled++] = w->rest[i];
		}
	if (rc == SL_OK) {
		sl_ways_order(&ways, w->order);
		w->work += ways.work - from->work;
		rc = judge(w, &ways, err);
	}
	sl_ways_fini(&ways);
	return rc;
}

static bool has_settled(const struct work *w, const struct sl_lying_units *u)
{
	for (uint32_t i = u->first; i < u->first + u->n; i++)
		for (uint32_t k = 0; k < w->nsettled; k++)
			if (w->l.lying_of[i] == w->settled[k])
				return true;
	return false;
}

/* Units that are by themselves what a way leaves: asked about last, they are what it is settled by. */
static enum sl_rc ask_each(struct work *w, const struct sl_ways *ways, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < w->l.nunits && rc == SL_OK && w->work <= WORK_MAX && !w->found; i++)
		if (w->l.units[i].units < w->a->threshold && has_settled(w, &w->l.units[i]))
			rc = leave_least(w, ways, i, err);
	return rc;
}

/* --- asking --------------------------------------------------------------------------------------------------- */

static int by_size(const void *x, const void *y, void *arg)
{
	const struct sl_lying *p = (const struct sl_lying *)arg + *(const uint32_t *)x;
	const struct sl_lying *q = (const struct sl_lying *)arg + *(const uint32_t *)y;

	if (p->units != q->units)
		return p->units > q->units ? -1 : 1;
	return (p->key > q->key) - (p->key < q->key);
}

/* What enough units have cancels out in all ways that are left. */
static enum sl_rc find_ways(struct work *w, struct sl_ways *ways, struct sl_err *err)
{
	enum sl_rc rc = sl_ways_init(ways, w->l.nsets, err);

	w->nrest = w->nsettled = 0;
	for (uint32_t k = 0; k < w->l.n && rc == SL_OK && ways->work <= WORK_MAX; k++) {
		const struct sl_lying *one = &w->l.all[k];
		if (one->units >= w->a->threshold)
			sl_ways_without(ways, &w->l.terms[one->first], one->n);
		else
			w->rest[w->nrest++] = k;
	}
	w->work += ways->work;
	qsort_r(w->rest, w->nrest, sizeof *w->rest, by_size, w->l.all);
	for (uint32_t i = 0; i < w->l.nsets; i++)
		w->order[i] = i;
	qsort_r(w->order, w->l.nsets, sizeof *w->order, by_turn, w);
	return rc;
}

/* One column, until nothing is found any more. */
static enum sl_rc ask(struct work *w, const struct sl_reading *column, struct sl_err *err)
{
	bool large = false;
	enum sl_rc rc;

	do {
		struct sl_ways ways = { 0 };
		w->found = false;
		list_sets(w, column);
		if (!is_to_compare(w))
			return SL_OK;
		rc = sl_lyings_make(&w->l, w->a->atoms, w->column, w->a->threshold, err);
		if (rc != SL_OK || !is_to_compare(w))
			return rc;
		large = w->l.nsets > SL_AUDIT_SETS_SMALL || w->work > WORK_MAX;
		w->large = w->large || large;
		if (large)
			return SL_OK;
		rc = find_ways(w, &ways, err);
		if (rc == SL_OK)
			rc = leave_least(w, &ways, UINT32_MAX, err);
		if (rc == SL_OK && !w->found)
			rc = ask_each(w, &ways, err);
		sl_ways_fini(&ways);
	} while (w->found && rc == SL_OK);
	w->large = w->large || w->work > WORK_MAX;
	return rc;
}

static enum sl_rc open_work(struct work *w, struct sl_err *err)
{
	size_t n = (size_t)w->a->atoms->nalike_places + 1, nsets = (size_t)w->a->nsets + 1;

	w->order = calloc(nsets, sizeof *w->order);
	w->now = calloc(nsets, sizeof *w->now);
	w->settled = calloc(nsets, sizeof *w->settled);
	w->rest = calloc(n, sizeof *w->rest);
	w->left = calloc(n, sizeof *w->left);
	if (w->order == NULL || w->now == NULL || w->settled == NULL || w->rest == NULL || w->left == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", w->a->nsets);
	return sl_lyings_init(&w->l, w->a->atoms, w->a->nsets, err);
}

enum sl_rc sl_audit_row_versions(struct sl_audit *a, struct sl_err *err)
{
	struct work w = { .a = a, .large = a->atoms->alike_given_up != 0 };
	enum sl_rc rc = SL_OK;

	if (a->atoms->nalike > 0)
		rc = open_work(&w, err);
	for (w.column = 0; w.column < a->atoms->nalike_columns && a->atoms->nalike > 0 && rc == SL_OK; w.column++) {
		const struct sl_reading *column = reading_of(a, w.column);
		if (column != NULL)
			rc = ask(&w, column, err);
	}
	a->versions_given_up = a->versions_given_up || w.large;
	sl_lyings_fini(&w.l);
	free(w.order);
	free(w.now);
	free(w.settled);
	free(w.rest);
	free(w.left);
	return rc;
}
