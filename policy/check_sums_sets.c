/*
 * check_sums_sets.c - see check_sums.h: the cells that tell an amount, and the kinds of their rows.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_sums.h"
#include "policy/history/predicate.h"
#include "policy/rules/rules.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what sums leave of each other");
}

const uint32_t *sl_sums_kinds(const struct sl_sums *l, uint32_t set)
{
	return &l->kinds.of_set[l->kinds.first[set]];
}

uint32_t sl_sums_nkinds(const struct sl_sums *l, uint32_t set)
{
	return l->kinds.first[set + 1] - l->kinds.first[set];
}

/* --- of which outputs --------------------------------------------------------------------------------------- */

enum sl_rc sl_sums_stat(const struct sl_sums *l, uint32_t plan, uint32_t *stat, struct sl_err *err)
{
	const struct sl_plan *p = &l->st->plans[plan];
	enum sl_rc rc = SL_OK;

	for (*stat = 0; *stat < p->nstats && rc == SL_OK; ++*stat) {
		struct sl_predicate_part part = { 0 };
		bool has = false;
		if (sl_rule_is_magnitude(&p->stats[*stat]))
			rc = sl_predicate_measure(p, &l->st->setup->view, *stat, &part, &has, err);
		if (has && part.hash == l->measure)
			return rc;
	}
	return rc;
}

/* A bit among its measures; 0: it does not tell it. */
static uint32_t bit_of(const struct sl_sums *l, uint32_t output)
{
	const struct sl_audit_output *o = &l->a->outputs[output];

	for (uint32_t i = 0; i < o->nmeasures; i++)
		if (o->measures[i].hash == l->measure)
			return UINT32_C(1) << i;
	return 0;
}

/* Several outputs, one of them the request's, and of one row per unit in each. */
static bool is_to_ask(const struct sl_sums *l)
{
	uint32_t all = 0, own = 0;

	for (uint32_t o = 0; o < l->a->noutputs; o++) {
		if (bit_of(l, o) == 0)
			continue;
		if (l->a->atoms->outputs[o].rows_of != 0)
			return false;
		all++;
		own += o >= l->a->nearlier;
	}
	return all > 1 && own > 0;
}

/* --- the sets ----------------------------------------------------------------------------------------------- */

/* The request's cells count where they have the amount itself: evidence of twice as much does not add up with it. */
static enum sl_rc note_evidence(struct sl_sums *l, uint32_t output, uint32_t first, struct sl_err *err)
{
	uint32_t i = l->before->plans[output - l->a->nearlier].plan, stat;
	const struct sl_plan *plan = &l->st->plans[i];
	enum sl_rc rc = sl_sums_stat(l, i, &stat, err);

	if (rc != SL_OK || stat == plan->nstats)
		return rc;
	if (l->plan == SL_FINDING_WHOLE) {
		l->plan = i;
		l->stat = stat;
	}
	const struct sl_plan *of = &l->st->plans[l->plan];
	if (!sl_check_same_argument(of, &of->stats[l->stat].arg, plan, &plan->stats[stat].arg))
		return SL_OK;
	for (uint32_t s = first, cell = 0; s < l->nsets; s++, cell++)
		l->sets[s].evidence = &l->st->results[i].evidence[(size_t)cell * plan->nstats + stat];
	return SL_OK;
}

/*
 * A mean that was hidden for what it tells beside another number is among the measures all the same. Of the request it
 * is known which are shown; of history only where all numbers of a row left.
 */
static void note_told(const struct sl_sums *l, uint32_t output, uint32_t bit, struct sl_sums_set *s)
{
	const struct sl_audit_set *row = &l->a->sets[s->set];
	const struct sl_audit_output *o = &l->a->outputs[output];

	s->is_told = row->shown && (row->measures & bit) != 0;
	if (output >= l->a->nearlier) {
		s->is_told = s->is_told && (o->numbers == NULL || (row->numbers & o->numbers->telling[__builtin_ctz(bit)]) != 0);
		return;
	}
	const struct sl_earlier_output *e = &l->before->outputs[output];
	uint64_t all = (UINT64_C(1) << e->nstats) - 1;
	s->was_told = s->is_told && (e->sets[s->set - o->first_set].told & all) == all;
}

static enum sl_rc list_sets(struct sl_sums *l, uint32_t *asked, struct sl_err *err)
{
	const struct sl_audit *a = l->a;
	enum sl_rc rc = SL_OK;

	l->plan = SL_FINDING_WHOLE;
	for (uint32_t o = 0; o < a->noutputs && rc == SL_OK; o++) {
		uint32_t bit = bit_of(l, o), first = l->nsets;
		for (uint32_t set = a->outputs[o].first_set; set < a->outputs[o + 1].first_set; set++) {
			bool is_row = bit != 0 && (set - a->outputs[o].first_set) % a->outputs[o].per_cell == 0;
			asked[set] = is_row ? l->nsets : SL_ROW_KINDS_NO_SET;
			if (!is_row)
				continue;
			l->sets[l->nsets] = (struct sl_sums_set){ .set = set };
			note_told(l, o, bit, &l->sets[l->nsets++]);
		}
		if (bit != 0 && o >= a->nearlier)
			rc = note_evidence(l, o, first, err);
	}
	return rc;
}

/* Rows of a cell in which nobody adds anything are as if they were not there. */
static enum sl_rc forget_nothing(struct sl_sums *l, struct sl_err *err)
{
	bool *nothing = calloc((size_t)l->kinds.n + 1, sizeof *nothing);
	uint32_t kept = 0, from = 0;

	if (nothing == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < l->nsets; s++) {
		const struct sl_evidence *e = l->sets[s].evidence;
		for (uint32_t i = 0; e != NULL && e->contributors == e->zeros && i < sl_sums_nkinds(l, s); i++)
			nothing[sl_sums_kinds(l, s)[i]] = true;
	}
	for (uint32_t s = 0; s < l->nsets; s++) {
		uint32_t end = l->kinds.first[s + 1];
		l->kinds.first[s] = kept;
		for (; from < end; from++)
			if (!nothing[l->kinds.of_set[from]])
				l->kinds.of_set[kept++] = l->kinds.of_set[from];
	}
	l->kinds.first[l->nsets] = kept;
	free(nothing);
	return SL_OK;
}

static enum sl_rc list_kinds(struct sl_sums *l, struct sl_err *err)
{
	uint32_t nplaces = l->kinds.first[l->nsets];

	l->first_in = calloc((size_t)l->kinds.n + 2, sizeof *l->first_in);
	l->in = calloc((size_t)nplaces + 1, sizeof *l->in);
	l->rows = calloc((size_t)l->kinds.n + 1, sizeof *l->rows);
	l->is_in = calloc((size_t)l->kinds.n + 1, sizeof *l->is_in);
	l->is_covered = calloc((size_t)l->kinds.n + 1, sizeof *l->is_covered);
	if (l->first_in == NULL || l->in == NULL || l->rows == NULL || l->is_in == NULL || l->is_covered == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < nplaces; i++)
		l->first_in[l->kinds.of_set[i] + 2]++;
	for (uint32_t k = 2; k <= l->kinds.n; k++)
		l->first_in[k] += l->first_in[k - 1];
	for (uint32_t s = 0; s < l->nsets; s++)
		for (uint32_t i = 0; i < sl_sums_nkinds(l, s); i++)
			l->in[l->first_in[sl_sums_kinds(l, s)[i] + 1]++] = s;
	return SL_OK;
}

/* Sets that were told, or are told now, by how many kinds they have: how many have fewer is where they begin. */
static void add_numbers(struct sl_sums *l, bool were_told, uint32_t *begin)
{
	uint32_t first = l->nnumbers;

	memset(begin, 0, ((size_t)l->kinds.n + 2) * sizeof *begin);
	for (int place = 0; place < 2; place++) {
		for (uint32_t s = 0; s < l->nsets; s++) {
			uint32_t n = sl_sums_nkinds(l, s);
			if (!l->sets[s].is_told || n == 0 || l->sets[s].was_told != were_told)
				continue;
			if (place == 0)
				begin[n + 1]++;
			else
				l->numbers[first + begin[n]++] = s;
			l->nnumbers += (uint32_t)place;
		}
		for (uint32_t k = 1; place == 0 && k <= l->kinds.n; k++)
			begin[k] += begin[k - 1];
	}
}

static enum sl_rc list_numbers(struct sl_sums *l, struct sl_err *err)
{
	uint32_t *begin = calloc((size_t)l->kinds.n + 2, sizeof *begin);

	l->numbers = calloc((size_t)l->nsets + 1, sizeof *l->numbers);
	if (begin == NULL || l->numbers == NULL) {
		free(begin);
		return no_memory(err);
	}
	add_numbers(l, true, begin);
	add_numbers(l, false, begin);
	free(begin);
	return SL_OK;
}

/* All of them together stay far below the prime. */
static void note_sums(struct sl_sums *l)
{
	sl_i128 all = 0;

	l->fits = true;
	for (uint32_t s = 0; s < l->nsets; s++) {
		const struct sl_evidence *e = l->sets[s].evidence;
		if (e == NULL)
			continue;
		l->fits = l->fits && e->overflow == 0 && e->negatives == 0 && e->sum < (sl_i128)1 << 60;
		all += l->fits ? e->sum : 0;
	}
	l->fits = l->fits && all < (sl_i128)1 << 60;
}

enum sl_rc sl_sums_open(struct sl_sums *l, bool *asked, bool *fits, struct sl_err *err)
{
	uint32_t nall = l->a->nsets;

	*fits = true;
	*asked = is_to_ask(l);
	if (!*asked)
		return SL_OK;
	uint32_t *places = malloc(((size_t)nall + 1) * sizeof *places);
	l->sets = calloc((size_t)nall + 1, sizeof *l->sets);
	enum sl_rc rc = places != NULL && l->sets != NULL ? list_sets(l, places, err) : no_memory(err);
	*asked = rc == SL_OK && l->plan != SL_FINDING_WHOLE;
	if (*asked)
		rc = sl_row_kinds_make(l->a->atoms, places, l->nsets, &l->kinds, fits, err);
	free(places);
	if (rc != SL_OK || !*asked || !*fits)
		return rc;
	note_sums(l);
	rc = forget_nothing(l, err);
	if (rc == SL_OK)
		rc = list_kinds(l, err);
	return rc == SL_OK ? list_numbers(l, err) : rc;
}

void sl_sums_close(struct sl_sums *l)
{
	sl_row_kinds_free(&l->kinds);
	sl_equations_free(&l->now);
	sl_equations_free(&l->earlier);
	sl_equations_free(&l->counted);
	free(l->sets);
	free(l->first_in);
	free(l->in);
	free(l->numbers);
	free(l->rows);
	free(l->is_in);
	free(l->is_covered);
}
