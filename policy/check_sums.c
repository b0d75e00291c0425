/*
 * check_sums.c - what numbers of an amount leave of each other, however many are added and taken away: the sum of
 * all less those of two regions, each in another release, is that of the third. Rules numerator, dominance and
 * p-percent are asked of that too.
 *
 * Rows that are in the same cells are of one kind, and what the rows of a kind add up to is one unknown; a sum or mean
 * that is shown is an equation of those. Asked about are cells, what equations leave of each other, and what cells of
 * one output have beyond those of another that lie in them: of those that are told, and not by earlier releases alone.
 * Where few add something, or one unit makes up most of it, a number of the request goes; of what nobody counted a
 * person is told, once nothing more goes.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_sums.h"
#include "policy/history/space.h"

/* --- the equations ----------------------------------------------------------------------------------------- */

static bool is_earlier(const struct sl_sums *l, uint32_t set)
{
	return !sl_audit_is_new(l->a, l->sets[set].set);
}

static enum sl_rc solve(struct sl_sums *l, struct sl_equations *e, bool history, struct sl_err *err)
{
	enum sl_rc rc = sl_equations_init(e, l->kinds.n, history ? 0 : l->nnumbers, &l->work, err);

	for (uint32_t n = 0; n < l->nnumbers && rc == SL_OK; n++) {
		uint32_t set = l->numbers[n];
		if (history && !l->sets[set].was_told)
			continue;
		for (uint32_t i = 0; i < sl_sums_nkinds(l, set); i++)
			sl_equations_add(e, sl_sums_kinds(l, set)[i], 1);
		if (!history)
			sl_equations_add(e, l->kinds.n + n, 1);
		rc = sl_equations_keep(e, err);
	}
	return rc;
}

/* What the rows asked about add up to; then e has of which numbers it is made. */
static bool is_told(const struct sl_sums *l, struct sl_equations *e)
{
	sl_equations_clear(e);
	for (uint32_t i = 0; i < l->nrows; i++)
		sl_equations_add(e, l->rows[i], 1);
	return sl_equations_reduce(e, 0, false) == e->nunknowns;
}

static enum sl_rc was_told(struct sl_sums *l, bool *was, struct sl_err *err)
{
	enum sl_rc rc = l->earlier.first != NULL ? SL_OK : solve(l, &l->earlier, true, err);

	*was = rc == SL_OK && is_told(l, &l->earlier);
	return rc;
}

/* --- what goes ---------------------------------------------------------------------------------------------- */

/* The numbers that now is made of. */
struct made {
	uint32_t own;      /* the request's that goes, UINT32_MAX: there is none; */
	uint32_t beside;   /* another, of history if there is one */
	bool only_added;   /* each is added once, and none is taken away */
	bool is_gone;      /* one is hidden since */
};

static uint64_t units_of(const struct sl_sums *l, uint32_t set)
{
	return l->a->sets[l->sets[set].set].units;
}

/* Of those that are not the request's own: an earlier one, else the one of most units. */
static bool is_nearer(const struct sl_sums *l, uint32_t set, uint32_t than)
{
	if (than == UINT32_MAX || is_earlier(l, set) != is_earlier(l, than))
		return than == UINT32_MAX || is_earlier(l, set);
	return units_of(l, set) > units_of(l, than);
}

/* A number before a row; of as many units as there are, for then no other has to go as well. */
static bool is_better(const struct sl_sums *l, uint32_t set, uint32_t than)
{
	if (than == UINT32_MAX || sl_audit_costs_less(l->a, l->sets[set].set, l->sets[than].set))
		return true;
	return !sl_audit_costs_less(l->a, l->sets[than].set, l->sets[set].set) && units_of(l, set) > units_of(l, than);
}

static struct made made_of(const struct sl_sums *l)
{
	struct made m = { .own = UINT32_MAX, .beside = UINT32_MAX, .only_added = true };
	const struct sl_equations *e = &l->now;

	for (uint32_t c = sl_equations_next(e, e->nunknowns); c < e->ncolumns; c = sl_equations_next(e, c + 1)) {
		uint32_t set = l->numbers[c - e->nunknowns];
		m.is_gone = m.is_gone || !l->sets[set].is_told;
		m.only_added = m.only_added && sl_space_plus(e->at[c], 1) == 0;
		if (!is_earlier(l, set) && is_better(l, set, m.own))
			m.own = set;
	}
	for (uint32_t c = sl_equations_next(e, e->nunknowns); c < e->ncolumns; c = sl_equations_next(e, c + 1)) {
		uint32_t set = l->numbers[c - e->nunknowns];
		if (set != m.own && is_nearer(l, set, m.beside))
			m.beside = set;
	}
	return m;
}

static enum sl_rc hide(struct sl_sums *l, const struct made *m, uint64_t units, struct sl_err *err)
{
	struct sl_audit *a = l->a;
	uint32_t set = l->sets[m->own].set;
	struct sl_audit_hit hit = { .set = set, .other = l->sets[m->beside].set, .units = units };

	enum sl_rc rc = sl_audit_hide(a, &hit, err);
	if (rc != SL_OK)
		return rc;
	a->sets[set].shown = true; /* but for what goes */
	sl_audit_hide_again(a, &a->hits[a->nhits - 1]);
	l->sets[m->own].is_told = false;
	return SL_OK;
}

static uint32_t plan_of(const struct sl_sums *l, uint32_t set)
{
	return l->before->plans[sl_audit_output_of(l->a, l->sets[set].set) - l->a->nearlier].plan;
}

static void note_unknown(struct sl_sums *l, const struct made *m)
{
	struct sl_sums_unknown *u = &l->unknown[plan_of(l, m->own)];

	if (u->units > 0)
		return;
	u->beside = m->beside;
	for (uint32_t i = 0; i < l->nrows; i++)
		u->units += l->kinds.units[l->rows[i]];
}

/* For a person, where nothing more goes. */
static enum sl_rc tell_unknown(const struct sl_sums *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < SL_PLANS_MAX && rc == SL_OK; i++) {
		struct sl_rule_hit hit = { .measured = (int64_t)l->unknown[i].units };
		uint32_t stat;
		if (l->unknown[i].units == 0)
			continue;
		rc = sl_sums_stat(l, i, &stat, err);
		sl_check_name_other(l->before, l->a, l->sets[l->unknown[i].beside].set, &hit);
		if (rc == SL_OK)
			rc = sl_check_depth(l->st, i, stat, &hit, err);
	}
	return rc;
}

/* Sums of what is fine are fine. */
enum sl_rc sl_sums_look(struct sl_sums *l, struct sl_err *err)
{
	enum sl_sums_answer answer = SL_SUMS_UNKNOWN;
	uint64_t units = 0;
	bool was = false;

	if (l->nrows == 0 || sl_sums_hold_told(l) || !is_told(l, &l->now))
		return SL_OK;
	struct made m = made_of(l);
	if (m.own == UINT32_MAX || m.beside == UINT32_MAX || m.only_added || m.is_gone)
		return SL_OK;
	enum sl_rc rc = was_told(l, &was, err);
	if (rc == SL_OK && !was)
		rc = sl_sums_judge(l, &answer, &units, err);
	if (rc != SL_OK || was || l->work == 0 || answer == SL_SUMS_FINE)
		return rc;
	if (answer == SL_SUMS_FEW)
		return hide(l, &m, units, err);
	note_unknown(l, &m);
	return SL_OK;
}

/* --- of which rows ------------------------------------------------------------------------------------------ */

static enum sl_rc ask_sets(struct sl_sums *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < l->nsets && rc == SL_OK && l->work > 0; s++) {
		l->nrows = sl_sums_nkinds(l, s);
		memcpy(l->rows, sl_sums_kinds(l, s), l->nrows * sizeof *l->rows);
		if (!l->sets[s].is_told)
			rc = sl_sums_look(l, err);
	}
	return rc;
}

/* What the told cells from `first` on have beyond those of the other output that lie in them. */
static enum sl_rc look_less(struct sl_sums *l, uint32_t first, uint32_t end, uint32_t in, uint32_t in_end,
                            struct sl_err *err)
{
	uint32_t naround = 0;

	l->nrows = 0;
	for (uint32_t s = first; s < end; s++)
		for (uint32_t i = 0; i < sl_sums_nkinds(l, s) && l->sets[s].is_told; i++, naround++)
			l->is_in[sl_sums_kinds(l, s)[i]] = true;
	for (uint32_t s = in; s < in_end && naround > 0; s++) {
		uint32_t n = sl_sums_nkinds(l, s), met = 0;
		while (l->sets[s].is_told && met < n && l->is_in[sl_sums_kinds(l, s)[met]])
			met++;
		for (uint32_t i = 0; i < n && met == n; i++)
			l->is_in[sl_sums_kinds(l, s)[i]] = false;
		l->work -= met + 1 < l->work ? met + 1 : l->work;
	}
	for (uint32_t s = first; s < end; s++)
		for (uint32_t i = 0; i < sl_sums_nkinds(l, s) && l->sets[s].is_told; i++) {
			uint32_t kind = sl_sums_kinds(l, s)[i];
			if (l->is_in[kind])
				l->rows[l->nrows++] = kind;
			l->is_in[kind] = false;
		}
	l->work -= naround < l->work ? naround : l->work;
	return l->nrows < naround && l->work > 0 ? sl_sums_look(l, err) : SL_OK;
}

static uint32_t end_of(const struct sl_sums *l, uint32_t first)
{
	uint32_t set = first;

	while (set < l->nsets && sl_audit_output_of(l->a, l->sets[set].set) == sl_audit_output_of(l->a, l->sets[first].set))
		set++;
	return set;
}

/* Each cell of an output, and all of them together, less the cells of each other one; not both of history. */
static enum sl_rc ask_beyond(struct sl_sums *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t first = 0, end; first < l->nsets && rc == SL_OK; first = end) {
		end = end_of(l, first);
		for (uint32_t in = 0, in_end; in < l->nsets && rc == SL_OK && l->work > 0; in = in_end) {
			in_end = end_of(l, in);
			if (in == first || (is_earlier(l, in) && is_earlier(l, first)))
				continue;
			for (uint32_t s = first; s < end && rc == SL_OK && l->work > 0; s++)
				rc = look_less(l, s, s + 1, in, in_end, err);
			if (rc == SL_OK && end - first > 1 && l->work > 0)
				rc = look_less(l, first, end, in, in_end, err);
		}
	}
	return rc;
}

static enum sl_rc ask(struct sl_sums *l, bool *through, struct sl_err *err)
{
	enum sl_rc rc = solve(l, &l->now, false, err);

	if (rc == SL_OK)
		rc = ask_sets(l, err);
	if (rc == SL_OK)
		rc = ask_beyond(l, err);
	if (rc == SL_OK)
		rc = sl_sums_groups(l, through, err);
	*through = *through && l->work > 0;
	return rc;
}

/* There was too much of it: a person is told so. */
static enum sl_rc give_up(const struct sl_sums *l, struct sl_err *err)
{
	const struct sl_rule_hit hit = { .measured = -1 };
	enum sl_rc rc = tell_unknown(l, err);

	if (rc != SL_OK)
		return rc;
	return sl_check_depth(l->st, l->plan, l->stat, &hit, err);
}

static enum sl_rc ask_measure(struct sl_sums *l, struct sl_err *err)
{
	uint32_t before = l->a->nhits;
	bool asked = false, fits = true, through = true;
	enum sl_rc rc = sl_sums_open(l, &asked, &fits, err);

	l->a->of_measure = true;
	l->a->measure = l->measure;
	if (rc == SL_OK && asked && fits)
		rc = ask(l, &through, err);
	l->a->of_measure = false;
	if (rc == SL_OK && asked && l->a->nhits == before)
		rc = fits && through ? tell_unknown(l, err) : give_up(l, err);
	sl_sums_close(l);
	return rc;
}

static bool is_asked_before(const struct sl_audit *a, uint32_t output, uint32_t m)
{
	for (uint32_t o = a->nearlier; o <= output; o++)
		for (uint32_t i = 0; i < (o < output ? a->outputs[o].nmeasures : m); i++)
			if (a->outputs[o].measures[i].hash == a->outputs[output].measures[m].hash)
				return true;
	return false;
}

/* What is hidden of a measure is looked for by its place. */
static void name_measure(struct sl_audit *a, sl_i128 measure)
{
	for (uint32_t o = 0; o < a->noutputs; o++) {
		a->outputs[o].asked = 0;
		for (uint32_t i = 0; i < a->outputs[o].nmeasures; i++)
			if (a->outputs[o].measures[i].hash == measure)
				a->outputs[o].asked = UINT32_C(1) << i;
	}
}

enum sl_rc sl_check_sums(struct sl_check_state *st, const struct sl_history *before, struct sl_audit *a,
                         struct sl_err *err)
{
	const struct sl_rules *rules = &st->setup->rules;
	uint64_t work = SL_SUMS_WORK_MAX, steps = SL_SUMS_STEPS_MAX;
	bool asks = rules->numerator != 1 || rules->dominance_k > 0 || rules->p_percent > 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t o = a->nearlier; asks && o < a->noutputs && rc == SL_OK; o++)
		for (uint32_t m = 0; m < a->outputs[o].nmeasures && rc == SL_OK; m++) {
			struct sl_sums l = { .st = st, .before = before, .a = a, .measure = a->outputs[o].measures[m].hash,
				                .work = work, .steps = steps };
			if (is_asked_before(a, o, m))
				continue;
			name_measure(a, l.measure);
			rc = ask_measure(&l, err);
			work = l.work;
			steps = l.steps;
		}
	st->work += SL_SUMS_WORK_MAX - work + SL_SUMS_STEPS_MAX - steps;
	return rc;
}
