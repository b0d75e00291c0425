/*
 * check_rests.c - dominance and numerator on differences. Of a sum less sums that lie in it the largest contributions
 * are not known, but none is larger than the largest of the outer sum: where those would not dominate what is left,
 * nobody does. How many add anything but zero is known of sums of the request; beside what left earlier only that all
 * do, where all have a value.
 */
#include "policy/check_state.h"
#include "policy/history/operands.h"
#include "policy/history/predicate.h"
#include "policy/history/value.h"
#include "policy/rules/rules.h"

struct asking {
	struct sl_check_state *st;
	const struct sl_history *before;
	struct sl_audit *audit;
};

/* A set of the request as a sum: its plan, cell and statistic. */
struct sum {
	uint32_t plan, cell, stat;
};

/* The sum or mean of output i that tells the measure; nstats: none. */
static enum sl_rc stat_of(const struct sl_check_state *st, uint32_t i, sl_i128 measure, uint32_t *stat,
                          struct sl_err *err)
{
	const struct sl_plan *plan = &st->plans[i];
	enum sl_rc rc = SL_OK;

	for (*stat = 0; *stat < plan->nstats && rc == SL_OK; ++*stat) {
		struct sl_predicate_part part = { 0 };
		bool has = false;
		if (sl_rule_is_magnitude(&plan->stats[*stat]))
			rc = sl_predicate_measure(plan, &st->setup->view, *stat, &part, &has, err);
		if (has && part.hash == measure)
			return rc;
	}
	return rc;
}

static enum sl_rc find_sum(const struct asking *q, uint32_t set, sl_i128 measure, struct sum *out, struct sl_err *err)
{
	const struct sl_audit *a = q->audit;
	uint32_t output = sl_audit_output_of(a, set);

	out->plan = q->before->plans[output - a->nearlier].plan;
	out->cell = (set - a->outputs[output].first_set) / a->outputs[output].per_cell;
	return stat_of(q->st, out->plan, measure, &out->stat, err);
}

static const struct sl_evidence *evidence_of(const struct asking *q, const struct sum *s)
{
	const struct sl_plan *plan = &q->st->plans[s->plan];

	return &q->st->results[s->plan].evidence[(size_t)s->cell * plan->nstats + s->stat];
}

/* Whether nobody dominates `left`, whose contributions are no larger than those of the outer sum. */
static bool is_spread(const struct sl_rules *rules, const struct sl_evidence *outer, sl_i128 left)
{
	const int64_t top[3] = { outer->top1, outer->top2, outer->top3 };
	sl_i128 largest = 0;

	for (uint32_t i = 0; i < rules->dominance_n && i < 3; i++)
		largest += top[i];
	if (rules->dominance_k > 0 && largest * SL_PERCENT_WHOLE >= left * rules->dominance_k)
		return false;
	sl_i128 rest = left - outer->top1 - outer->top2;
	return rules->p_percent == 0 || rest * SL_PERCENT_WHOLE >= (sl_i128)outer->top1 * rules->p_percent;
}

/* Whether as many as policy asks add something to what is left, or nobody does. */
static bool are_many(const struct sl_rules *rules, uint64_t adding)
{
	return rules->numerator == 1 || adding == 0 || adding >= rules->threshold;
}

static bool asks_who_dominates(const struct sl_rules *rules)
{
	return rules->dominance_k > 0 || rules->p_percent > 0;
}

/* By the catalogue. */
static bool all_have_one(const struct sl_check_state *st, const struct sum *s)
{
	const struct sl_plan *plan = &st->plans[s->plan];
	struct sl_operands inputs = { plan, &st->setup->view, NULL, SL_OPERANDS_INPUTS };

	return sl_value_never_missing(&inputs, &plan->stats[s->stat].arg);
}

static bool is_same_sum(const struct sl_check_state *st, const struct sum *a, const struct sum *b)
{
	const struct sl_plan *x = &st->plans[a->plan], *y = &st->plans[b->plan];

	return sl_check_same_argument(x, &x->stats[a->stat].arg, y, &y->stats[b->stat].arg);
}

/* Amounts of one sign, and all of the request: of what left earlier the largest amounts are not known any more. */
static enum sl_rc is_answered(const struct asking *q, const struct sl_audit_rest *rest, const struct sum *own,
                              bool *answered, struct sl_err *err)
{
	const struct sl_rules *rules = &q->st->setup->rules;
	enum sl_rc rc = SL_OK;

	*answered = !asks_who_dominates(rules) && (rules->numerator == 1 || all_have_one(q->st, own));
	if (!sl_audit_is_new(q->audit, rest->set) || !sl_audit_is_new(q->audit, rest->inner[0]))
		return SL_OK;
	const struct sl_evidence *outer = evidence_of(q, own);
	sl_i128 left = outer->sum;
	uint64_t adding = outer->contributors - outer->zeros;
	bool fits = outer->negatives == 0 && outer->overflow == 0, alike = true;
	struct sum s;
	for (uint32_t i = 0; i < rest->ninner && rc == SL_OK; i++) {
		rc = find_sum(q, rest->inner[i], rest->measure, &s, err);
		/* Twice as much tells as much, but its evidence does not add up with this one's. */
		alike = alike && rc == SL_OK && is_same_sum(q->st, own, &s);
		const struct sl_evidence *e = rc == SL_OK ? evidence_of(q, &s) : outer;
		fits = fits && e->negatives == 0 && e->overflow == 0;
		left -= e->sum;
		adding -= e->contributors - e->zeros;
	}
	*answered = rc == SL_OK && alike && are_many(rules, adding) &&
	            (!asks_who_dominates(rules) || (fits && is_spread(rules, outer, left)));
	return rc;
}

static bool is_told(const struct sl_check_state *st, uint32_t i, uint32_t stat)
{
	for (uint32_t f = 0; f < st->pub->nfindings; f++)
		if (st->pub->findings[f].rule == SL_RULE_DEPTH && st->pub->findings[f].output == i &&
		    st->pub->findings[f].stat == stat)
			return true;
	return false;
}

enum sl_rc sl_check_depth(struct sl_check_state *st, uint32_t i, uint32_t stat, const struct sl_rule_hit *hit,
                          struct sl_err *err)
{
	if (is_told(st, i, stat))
		return SL_OK;
	enum sl_rc rc = sl_check_find(st, i, SL_FINDING_WHOLE, stat, SL_RULE_DEPTH, hit, err);
	if (rc == SL_OK)
		sl_check_settle(st->pub);
	return rc;
}

static enum sl_rc look_at(void *context, const struct sl_audit_rest *rest, struct sl_err *err)
{
	struct asking *q = context;
	bool outer = sl_audit_is_new(q->audit, rest->set), answered = false;
	struct sl_rule_hit hit = { .measured = (int64_t)rest->units };
	struct sum s;
	enum sl_rc rc = find_sum(q, outer ? rest->set : rest->inner[0], rest->measure, &s, err);

	if (rc != SL_OK || s.stat == q->st->plans[s.plan].nstats || is_told(q->st, s.plan, s.stat))
		return rc;
	rc = is_answered(q, rest, &s, &answered, err);
	if (rc != SL_OK || answered)
		return rc;
	sl_check_name_other(q->before, q->audit, outer ? rest->inner[0] : rest->set, &hit);
	return sl_check_depth(q->st, s.plan, s.stat, &hit, err);
}

enum sl_rc sl_check_rests(struct sl_check_state *st, const struct sl_history *before, struct sl_audit *audit,
                          struct sl_err *err)
{
	struct asking q = { .st = st, .before = before, .audit = audit };
	enum sl_rc rc;

	audit->rest = look_at;
	audit->rest_context = &q;
	rc = sl_audit_measures(audit, err);
	audit->rest = NULL;
	audit->rest_context = NULL;
	return rc;
}
