/*
 * check_sums_judge.c - see check_sums.h: rules numerator, dominance and p-percent of rows that are a cell of no
 * output. What they add up to, and how many add something, follows from the evidence of cells that are added and taken
 * away. The largest do not: they are no larger than those of cells that hold them.
 */
#include "policy/check_sums.h"
#include "policy/history/operands.h"
#include "policy/history/space.h"
#include "policy/history/value.h"
#include "policy/rules/rules.h"

#define TOPS 3

/* What is known of the rows asked about. */
struct left {
	bool is_counted;
	uint64_t adding;
	sl_i128 sum;
};

/* The cells of the request, hidden ones as well: who adds something in them, and how much all do. */
static enum sl_rc count(struct sl_sums *l, struct sl_err *err)
{
	struct sl_equations *e = &l->counted;
	enum sl_rc rc = sl_equations_init(e, l->kinds.n, 2, &l->work, err);

	for (uint32_t s = 0; s < l->nsets && rc == SL_OK; s++) {
		const struct sl_evidence *of = l->sets[s].evidence;
		if (of == NULL || sl_sums_nkinds(l, s) == 0)
			continue;
		for (uint32_t i = 0; i < sl_sums_nkinds(l, s); i++)
			sl_equations_add(e, sl_sums_kinds(l, s)[i], 1);
		sl_equations_add(e, l->kinds.n, sl_space_minus(0, of->contributors - of->zeros));
		sl_equations_add(e, l->kinds.n + 1, sl_space_minus(0, l->fits ? (uint64_t)of->sum : 0));
		rc = sl_equations_keep(e, err);
	}
	return rc;
}

static enum sl_rc look_up(struct sl_sums *l, struct left *out, struct sl_err *err)
{
	struct sl_equations *e = &l->counted;
	enum sl_rc rc = e->first != NULL ? SL_OK : count(l, err);

	if (rc != SL_OK)
		return rc;
	sl_equations_clear(e);
	for (uint32_t i = 0; i < l->nrows; i++)
		sl_equations_add(e, l->rows[i], 1);
	*out = (struct left){ .is_counted = sl_equations_reduce(e, 0, false) == e->nunknowns };
	out->adding = e->at[l->kinds.n];
	out->sum = (sl_i128)e->at[l->kinds.n + 1];
	return SL_OK;
}

/* --- few ---------------------------------------------------------------------------------------------------- */

static uint32_t count_met(struct sl_sums *l, uint32_t set)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sl_sums_nkinds(l, set); i++)
		n += l->is_in[sl_sums_kinds(l, set)[i]];
	l->work -= sl_sums_nkinds(l, set) < l->work ? sl_sums_nkinds(l, set) : l->work;
	return n;
}

static bool is_within(const struct sl_sums *l, uint32_t set)
{
	uint32_t i = 0, n = sl_sums_nkinds(l, set);

	while (i < n && l->is_in[sl_sums_kinds(l, set)[i]])
		i++;
	return i == n;
}

bool sl_sums_hold_told(struct sl_sums *l)
{
	uint64_t steps = 1;
	bool found = false;

	for (uint32_t i = 0; i < l->nrows; i++)
		l->is_in[l->rows[i]] = true;
	for (uint32_t i = 0; i < l->nrows && !found; i++)
		for (uint32_t at = l->first_in[l->rows[i]]; at < l->first_in[l->rows[i] + 1] && !found; at++, steps++) {
			uint32_t set = l->in[at];
			bool is_seen = sl_sums_kinds(l, set)[0] != l->rows[i]; /* by its first kind, or not within */
			found = !is_seen && l->sets[set].is_told && is_within(l, set);
		}
	for (uint32_t i = 0; i < l->nrows; i++)
		l->is_in[l->rows[i]] = false;
	l->work -= steps < l->work ? steps : l->work;
	return found;
}

/* By the catalogue. */
static bool all_have_one(const struct sl_sums *l)
{
	struct sl_operands inputs = { &l->st->plans[l->plan], &l->st->setup->view, NULL, SL_OPERANDS_INPUTS };

	return sl_value_never_missing(&inputs, &l->st->plans[l->plan].stats[l->stat].arg);
}

/* Of an earlier release's cell of these rows it was hidden, and nobody knows now why. */
static bool was_hidden(struct sl_sums *l)
{
	for (uint32_t at = l->first_in[l->rows[0]]; at < l->first_in[l->rows[0] + 1]; at++) {
		uint32_t set = l->in[at];
		if (!l->sets[set].is_told && !sl_audit_is_new(l->a, l->sets[set].set) &&
		    sl_sums_nkinds(l, set) == l->nrows && count_met(l, set) == l->nrows)
			return true;
	}
	return false;
}

static enum sl_sums_answer ask_few(struct sl_sums *l, const struct left *left, uint64_t *units)
{
	const struct sl_rules *rules = &l->st->setup->rules;

	if (rules->numerator == 1 || l->st->without == SL_RULE_NUMERATOR)
		return SL_SUMS_FINE;
	*units = left->adding;
	if (left->is_counted)
		return left->adding > 0 && left->adding < rules->threshold ? SL_SUMS_FEW : SL_SUMS_FINE;
	return all_have_one(l) ? SL_SUMS_FINE : SL_SUMS_UNKNOWN;
}

/* --- one of them -------------------------------------------------------------------------------------------- */

/* The largest of several cells; or, at each place, what is no smaller than the rows' own. */
struct largest {
	sl_i128 top[TOPS];
};

static void put(struct largest *t, sl_i128 v)
{
	for (int i = 0; i < TOPS; i++)
		if (v > t->top[i]) {
			sl_i128 smaller = t->top[i];
			t->top[i] = v;
			v = smaller;
		}
}

static struct largest tops_of(const struct sl_evidence *e)
{
	return (struct largest){ { e->top1, e->top2, e->top3 } };
}

static void limit(struct largest *t, const struct largest *by)
{
	for (int i = 0; i < TOPS; i++)
		t->top[i] = by->top[i] < t->top[i] ? by->top[i] : t->top[i];
}

/* Of the cells that have a kind, the largest that lies in the rows asked about; else the one of fewest kinds. */
static uint32_t best_of(struct sl_sums *l, uint32_t kind, bool *within)
{
	uint32_t best = UINT32_MAX;

	*within = false;
	for (uint32_t at = l->first_in[kind]; at < l->first_in[kind + 1]; at++) {
		uint32_t set = l->in[at], n = sl_sums_nkinds(l, set);
		if (l->sets[set].evidence == NULL)
			continue;
		bool in = count_met(l, set) == n;
		bool better = best == UINT32_MAX || (in != *within ? in : in == (n > sl_sums_nkinds(l, best)));
		best = better ? set : best;
		*within = better ? in : *within;
	}
	return best;
}

/* Cells that hold all rows asked about. False: of some there is none. *exact: they are those rows, each once. */
static bool cover(struct sl_sums *l, struct largest *out, bool *exact)
{
	uint32_t ncovered = 0;

	*out = (struct largest){ { 0 } };
	*exact = true;
	for (uint32_t i = 0; i < l->nrows; i++)
		l->is_covered[l->rows[i]] = false;
	for (uint32_t i = 0; i < l->nrows; i++) {
		bool within;
		if (l->is_covered[l->rows[i]])
			continue;
		uint32_t set = best_of(l, l->rows[i], &within);
		if (set == UINT32_MAX)
			return false;
		for (uint32_t k = 0; k < sl_sums_nkinds(l, set); k++)
			l->is_covered[sl_sums_kinds(l, set)[k]] = true;
		ncovered += sl_sums_nkinds(l, set);
		*exact = *exact && within;
		for (int t = 0; t < TOPS; t++)
			put(out, tops_of(l->sets[set].evidence).top[t]);
	}
	*exact = *exact && ncovered == l->nrows;
	return true;
}

/* One cell that holds them all says as much. */
static void limit_by_one(struct sl_sums *l, struct largest *t)
{
	for (uint32_t at = l->first_in[l->rows[0]]; at < l->first_in[l->rows[0] + 1]; at++) {
		uint32_t set = l->in[at];
		if (l->sets[set].evidence == NULL || count_met(l, set) < l->nrows)
			continue;
		struct largest by = tops_of(l->sets[set].evidence);
		limit(t, &by);
	}
}

static bool is_spread(const struct sl_sums *l, const struct largest *t, sl_i128 sum)
{
	const struct sl_rules *rules = &l->st->setup->rules;
	sl_i128 most = 0;

	for (uint32_t i = 0; i < rules->dominance_n && i < TOPS; i++)
		most += t->top[i];
	if (rules->dominance_k > 0 && l->st->without != SL_RULE_DOMINANCE &&
	    (rules->dominance_n > TOPS || most * SL_PERCENT_WHOLE >= sum * rules->dominance_k))
		return false;
	sl_i128 rest = sum - t->top[0] - t->top[1];
	return rules->p_percent == 0 || l->st->without == SL_RULE_P_PERCENT ||
	       rest * SL_PERCENT_WHOLE >= t->top[0] * rules->p_percent;
}

static enum sl_sums_answer ask_one(struct sl_sums *l, const struct left *left, uint64_t *units)
{
	const struct sl_rules *rules = &l->st->setup->rules;
	struct largest t;
	bool exact;

	if (rules->dominance_k == 0 && rules->p_percent == 0)
		return SL_SUMS_FINE;
	if (!left->is_counted || !l->fits || !cover(l, &t, &exact))
		return SL_SUMS_UNKNOWN;
	if (!exact)
		limit_by_one(l, &t);
	if (left->adding == 0 || is_spread(l, &t, left->sum))
		return SL_SUMS_FINE;
	*units = 1;
	return exact ? SL_SUMS_FEW : SL_SUMS_UNKNOWN;
}

static enum sl_sums_answer judge(struct sl_sums *l, const struct left *left, uint64_t *units)
{
	enum sl_sums_answer few = ask_few(l, left, units), one;

	if (few == SL_SUMS_FEW)
		return few;
	one = ask_one(l, left, units);
	if (one == SL_SUMS_FEW || (few == SL_SUMS_FINE && one == SL_SUMS_FINE))
		return one;
	if (left->is_counted || !was_hidden(l))
		return SL_SUMS_UNKNOWN;
	*units = 0;
	for (uint32_t i = 0; i < l->nrows; i++)
		*units += l->kinds.units[l->rows[i]];
	return SL_SUMS_FEW;
}

enum sl_rc sl_sums_judge(struct sl_sums *l, enum sl_sums_answer *answer, uint64_t *units, struct sl_err *err)
{
	struct left left = { .is_counted = false };
	enum sl_rc rc = look_up(l, &left, err);

	*answer = SL_SUMS_FINE;
	for (uint32_t i = 0; i < l->nrows; i++)
		l->is_in[l->rows[i]] = true;
	if (rc == SL_OK && l->work > 0)
		*answer = judge(l, &left, units);
	for (uint32_t i = 0; i < l->nrows; i++)
		l->is_in[l->rows[i]] = false;
	return rc;
}
