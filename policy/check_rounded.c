/*
 * check_rounded.c - rule rounding beside earlier releases: printed counts of several of them are put together, as
 * check_rounding.c does with those of the request. Where the request leaves of a printed count fewer than half of those
 * that print alike, and earlier releases by themselves did not, it is refused.
 *
 * Each count is known as it was printed, by the rules of its time: exact, rounded, or at random. Where a set is shown
 * and no count of it is, one that is rounded is taken to be known all the same; of one at random nothing is.
 */
#include <stdlib.h>

#include "policy/check_compared.h"
#include "policy/history/rounded.h"
#include "policy/secondary/system.h"
#include "policy/transform.h"

/* Beyond it nothing is said: totals are found by comparing all sets of a release with each other. */
#define SETS_MAX 4000u

/* Every set of the one holds a set of the other by its conditions: it was made of the other's printed cells. */
static bool is_made_of(const struct sl_audit *a, uint32_t total, uint32_t fine)
{
	const struct sl_audit_output *t = &a->outputs[total], *f = &a->outputs[fine];

	if (f[1].first_set - f->first_set <= t[1].first_set - t->first_set)
		return false;
	for (uint32_t x = t->first_set; x < t[1].first_set; x++) {
		bool holds = false;
		for (uint32_t y = f->first_set; y < f[1].first_set && !holds; y++)
			holds = sl_audit_within(&a->sets[y], &a->sets[x]);
		if (!holds)
			return false;
	}
	return true;
}

static const struct sl_earlier_output *output_at(const struct sl_compared *c, uint32_t output)
{
	uint32_t nearlier = c->audit.nearlier;

	return output < nearlier ? &c->space->history.outputs[output] : &c->own[output - nearlier];
}

/* Then it says nothing besides. Exact totals, and those drawn by themselves, say what they say. */
static bool is_total(const struct sl_compared *c, uint32_t output)
{
	const struct sl_earlier_output *before = c->space->history.outputs;
	const struct sl_audit *a = &c->audit;
	uint8_t transform = output_at(c, output)->rules.transform;

	if (transform != SL_TRANSFORM_ROUND && transform != SL_TRANSFORM_MIDPOINT)
		return false;
	if (output >= a->nearlier)
		return c->st->total_of[sl_compared_plan(c, output)] != 0;
	for (uint32_t o = 0; o < a->nearlier; o++)
		if (o != output && !a->outputs[o].is_public && before[o].release == before[output].release &&
		    is_made_of(a, output, o))
			return true;
	return false;
}

static struct sl_rounded interval_of(const struct sl_compared *c, uint32_t set)
{
	uint32_t output = sl_audit_output_of(&c->audit, set);
	const struct sl_earlier_output *o = output_at(c, output);
	const struct sl_earlier_set *of = &o->sets[set - c->audit.outputs[output].first_set];
	struct sl_rules rules = o->rules;
	const struct sl_audit_set *s = &c->audit.sets[set];
	int64_t units = (int64_t)s->units, printed = of->count;
	struct sl_rounded known = { 0, SL_FACT_VALUE_MAX };

	if (!s->shown && s->units < rules.threshold)
		known.hi = (int64_t)rules.threshold - 1;
	if (!s->shown || (!of->counted && rules.transform == SL_TRANSFORM_RANDOM))
		return known;
	if (!of->counted && !sl_transform_count(&rules, s->units, 0, &printed))
		return known;
	struct sl_interval in = sl_transform_interval(&rules, printed);
	if (units >= in.lo && units <= in.hi)
		known = (struct sl_rounded){ in.lo > 0 ? in.lo : 0, in.hi };
	return known;
}

/* What is known without the request, or with it; narrowed. */
static enum sl_rc narrow(const struct sl_compared *c, bool with_own, struct sl_rounded *known, bool *settled,
                         struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;

	for (uint32_t o = 0; o < a->noutputs; o++) {
		bool says = (with_own || o < a->nearlier) && !is_total(c, o);
		for (uint32_t s = a->outputs[o].first_set; s < a->outputs[o + 1].first_set; s++)
			known[s] = says ? interval_of(c, s) : (struct sl_rounded){ 0, SL_FACT_VALUE_MAX };
	}
	return sl_rounded_narrow(a, known, settled, err);
}

static enum sl_rc tell(struct sl_compared *c, uint32_t set, int64_t left, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	uint32_t output = sl_audit_is_new(a, set) ? sl_audit_output_of(a, set) : a->nearlier;
	uint32_t cell = (set - a->outputs[output].first_set) / a->outputs[output].per_cell;
	struct sl_rule_hit hit = { .measured = left, .limit = sl_transform_least(&c->st->setup->rules) };

	if (!sl_audit_is_new(a, set)) {
		cell = SL_FINDING_WHOLE;
		sl_check_name_other(&c->space->history, a, set, &hit);
	}
	enum sl_rc rc = sl_check_find(c->st, sl_compared_plan(c, output), cell, SL_FINDING_WHOLE, SL_RULE_ROUNDING, &hit,
	                              err);
	if (rc == SL_OK)
		sl_check_settle(c->st->pub);
	return rc;
}

/* The first is enough: it refuses. */
static enum sl_rc judge(struct sl_compared *c, const struct sl_rounded *before, const struct sl_rounded *after,
                        struct sl_err *err)
{
	int64_t least = sl_transform_least(&c->st->setup->rules);

	for (uint32_t s = 0; s < c->audit.nsets; s++) {
		int64_t left = after[s].hi - after[s].lo + 1;
		if (!c->audit.sets[s].shown || c->audit.sets[s].units == 0 || left >= least)
			continue;
		if (before[s].hi - before[s].lo + 1 >= least)
			return tell(c, s, left, err);
	}
	return SL_OK;
}

static enum sl_rc look_at(struct sl_compared *c, struct sl_err *err)
{
	size_t n = (size_t)c->audit.nsets + 1;
	struct sl_rounded *before = calloc(n, sizeof *before), *after = calloc(n, sizeof *after);
	bool settled = true;
	enum sl_rc rc = SL_OK;

	if (before == NULL || after == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare rounded numbers");
	if (rc == SL_OK)
		rc = narrow(c, false, before, &settled, err);
	if (rc == SL_OK && settled)
		rc = narrow(c, true, after, &settled, err);
	if (rc == SL_OK && settled)
		rc = judge(c, before, after, err);
	free(before);
	free(after);
	return rc;
}

/* All were printed by one rule: who says again what was said then says the same number. */
static bool is_printed_alike(const struct sl_compared *c)
{
	const struct sl_earlier_output *first = output_at(c, 0);
	bool alike = true;

	for (uint32_t o = 1; o < c->audit.noutputs && alike; o++)
		alike = output_at(c, o)->rules.transform == first->rules.transform &&
		        output_at(c, o)->rules.transform_base == first->rules.transform_base;
	return alike;
}

/* Something, in a space that is small enough to look at. */
static bool is_to_ask(const struct sl_compared *c)
{
	const struct sl_audit *a = &c->audit;

	return a->nsets <= SETS_MAX && sl_audit_is_small(a) &&
	       !(is_printed_alike(c) && sl_audit_all_repeat(a) == SL_AUDIT_REPEATS);
}

enum sl_rc sl_check_rounded(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < st->setup->nspaces && rc == SL_OK; s++) {
		struct sl_compared c = { .st = st, .space = &st->spaces[s] };
		if (c.space->history.noutputs == 0)
			continue;
		rc = sl_compared_open(&c, err);
		if (rc == SL_OK && is_to_ask(&c))
			rc = look_at(&c, err);
		sl_compared_close(&c);
	}
	return rc;
}
