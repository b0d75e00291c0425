/*
 * check_told.c - what the numbers of one row tell together of who is in none of them: sum over mean is how many have a
 * value, count_if over share of how many a condition is known, and what a histogram leaves of the cell is in no band.
 *
 * Where those who are left are 1 to t-1, one of the numbers goes: the sum and the share, for a mean or a count beside
 * the cell's count says nothing of them; of conditions that exclude each other the last. The cell's count is taken to
 * be known, since some output has it. A number alone may say it, too, by its decimals (rules/decimals.c). A finding of
 * rule numerator, of which this is another way to ask.
 *
 * Who has a value and does not meet a condition of the same column is told by sum, mean and count_if: the sum goes.
 *
 * Two conditions of which one includes the other tell how many lie between, as a condition of their own would. The
 * later goes where those are fewer than t, nobody among them, as it would be.
 *
 * Rows less units, where that is 1 to t-1, say how few have several rows: for a person to judge, since few who were
 * there twice may be no matter. A finding of rule differencing.
 */
#include "policy/check_state.h"
#include "policy/rules/rules.h"
#include "policy/transform.h"

/* One row. */
struct row {
	const struct sl_check_state *st;
	const struct sl_plan *plan;
	const struct sl_result *result;
	uint32_t output, cell;
	bool *hidden;
};

static const struct sl_evidence *evidence_of(const struct row *r, uint32_t s)
{
	return &r->result->evidence[(size_t)r->cell * r->plan->nstats + s];
}

/* The most rows of one unit that is known of: at least so many units have `rows` of them. */
static uint64_t units_of(const struct row *r, uint64_t rows)
{
	uint64_t most = 1;

	for (uint32_t s = 0; s < r->plan->nstats; s++)
		if (evidence_of(r, s)->rows_by_one_max > most)
			most = evidence_of(r, s)->rows_by_one_max;
	return rows / most + (rows % most != 0);
}

static bool is_beside(const struct row *r, uint32_t s, enum sl_stat_fn fn)
{
	for (uint32_t i = 0; i < r->plan->nstats; i++)
		if (!r->hidden[i] && r->plan->stats[i].fn == fn &&
		    sl_check_same_argument(r->plan, &r->plan->stats[i].arg, r->plan, &r->plan->stats[s].arg))
			return true;
	return false;
}

static bool is_negation(const struct row *r, const struct sl_expr *a, const struct sl_expr *b)
{
	struct sl_expr inner = *a;

	if (a->nops != b->nops + 1 || a->ops[a->nops - 1].op != SL_OP_NOT)
		return false;
	inner.nops--;
	return sl_check_same_argument(r->plan, &inner, r->plan, b);
}

/* By how they are written nothing meets both. */
static bool exclude(const struct row *r, uint32_t s, uint32_t t)
{
	const struct sl_expr *a = &r->plan->stats[s].arg, *b = &r->plan->stats[t].arg;

	return is_negation(r, a, b) || is_negation(r, b, a) || sl_check_are_disjoint(r->plan, a, r->plan, b);
}

/* The condition with those before it that exclude each other: rows of none of them. 0: it is alone. */
static uint64_t rows_of_none(const struct row *r, uint32_t s)
{
	uint32_t with[SL_STATS_MAX] = { s }, n = 1;
	uint64_t rows = evidence_of(r, s)->rows, all = evidence_of(r, s)->cell_rows;

	for (uint32_t t = s; t-- > 0;) {
		bool fits = !r->hidden[t] && r->plan->stats[t].fn == SL_STAT_COUNT_IF;
		for (uint32_t i = 0; i < n && fits; i++)
			fits = exclude(r, with[i], t);
		if (!fits)
			continue;
		with[n++] = t;
		rows += evidence_of(r, t)->rows;
	}
	return n > 1 && rows < all ? all - rows : 0;
}

/* A condition that reads the column alone: it is known where that has a value. */
static bool is_asked_of(const struct row *r, const struct sl_expr *condition, const struct sl_expr *column)
{
	if (column->nops != 1 || column->ops[0].op != SL_OP_COLUMN)
		return false;
	for (uint32_t i = 0; i < condition->nops; i++) {
		const struct sl_op *op = &condition->ops[i];
		if (op->op == SL_OP_IS_NULL || op->op == SL_OP_COALESCE || op->op == SL_OP_CASE ||
		    (op->op == SL_OP_COLUMN &&
		     !sl_check_same_input(r->plan, (uint32_t)op->arg, r->plan, (uint32_t)column->ops[0].arg)))
			return false;
	}
	return true;
}

/* Of rows with a value, those that do not meet a condition that is counted: the fewest, if there are any. */
static uint64_t rows_unmet(const struct row *r, uint32_t s)
{
	uint64_t with = evidence_of(r, s)->rows, fewest = 0;

	for (uint32_t t = 0; t < r->plan->nstats; t++) {
		const struct sl_stat *stat = &r->plan->stats[t];
		uint64_t met = evidence_of(r, t)->rows;
		if (!r->hidden[t] && stat->fn == SL_STAT_COUNT_IF && is_asked_of(r, &stat->arg, &r->plan->stats[s].arg) &&
		    met < with && (fewest == 0 || with - met < fewest))
			fewest = with - met;
	}
	return fewest;
}

/* Those without a value, or those of a condition that have one and do not meet it, whoever are fewer. */
static uint64_t rows_beside_a_sum(const struct row *r, uint32_t s)
{
	uint64_t without = evidence_of(r, s)->cell_rows - evidence_of(r, s)->rows, unmet = rows_unmet(r, s);

	return without == 0 || (unmet > 0 && unmet < without) ? unmet : without;
}

/* Rows of the cell that the number, with others that are shown, says to be in none of them. */
static uint64_t rows_left(const struct row *r, uint32_t s)
{
	const struct sl_evidence *e = evidence_of(r, s);

	switch (r->plan->stats[s].fn) {
	case SL_STAT_SUM:
		return is_beside(r, s, SL_STAT_MEAN) ? rows_beside_a_sum(r, s) : 0;
	case SL_STAT_SHARE:
		return is_beside(r, s, SL_STAT_COUNT_IF) ? e->cell_rows - e->known_rows : 0;
	case SL_STAT_COUNT_IF:
		return rows_of_none(r, s);
	default:
		return 0;
	}
}

static bool is_condition(const struct row *r, uint32_t s)
{
	return !r->hidden[s] && sl_rule_is_condition(&r->plan->stats[s]);
}

/*
 * Of two conditions of which one includes the other, the units that lie between, nobody among them: as they would be
 * counted by a condition of their own. The fewest with those before it; UINT64_MAX: there is no such condition.
 */
static uint64_t units_between(const struct row *r, uint32_t s)
{
	const struct sl_expr *a = &r->plan->stats[s].arg;
	uint64_t fewest = UINT64_MAX;

	for (uint32_t t = 0; t < s && is_condition(r, s); t++) {
		const struct sl_expr *b = &r->plan->stats[t].arg;
		bool within = is_condition(r, t) && sl_check_includes(r->plan, b, a);
		if (!within && !(is_condition(r, t) && sl_check_includes(r->plan, a, b)))
			continue;
		uint64_t outer = evidence_of(r, within ? t : s)->rows, inner = evidence_of(r, within ? s : t)->rows;
		uint64_t units = units_of(r, outer > inner ? outer - inner : 0);
		fewest = units < fewest ? units : fewest;
	}
	return fewest;
}

/* A count of rows where few units have more than one: less the units it is about those, unless counts are rounded. */
static bool tells_of_several(const struct row *r, const struct sl_rules *rules, uint32_t s)
{
	const struct sl_evidence *e = evidence_of(r, s);

	return !r->hidden[s] && r->plan->stats[s].fn == SL_STAT_COUNT && !sl_transform_is_on(rules) &&
	       e->cell_rows > e->cell_units && e->cell_rows - e->cell_units < rules->threshold;
}

enum sl_rc sl_check_told(struct sl_check_state *st, uint32_t output, uint32_t cell, bool *hidden, struct sl_err *err)
{
	struct row r = { .st = st, .plan = &st->plans[output], .result = &st->results[output], .output = output,
		         .cell = cell, .hidden = hidden };
	struct sl_rule_case c = { .setup = st->setup, .rules = &st->setup->rules, .plan = r.plan, .result = r.result,
		                  .cell = cell };
	enum sl_rc rc = SL_OK;

	bool off = c.rules->numerator == 1 || st->without == SL_RULE_NUMERATOR;
	for (uint32_t s = r.plan->nstats; s-- > 0 && rc == SL_OK;) {
		c.stat = s;
		if (st->without != SL_RULE_DIFFERENCING && tells_of_several(&r, c.rules, s))
			rc = sl_check_find(st, output, cell, s, SL_RULE_DIFFERENCING, &(struct sl_rule_hit){ 0 }, err);
		c.evidence = evidence_of(&r, s);
		uint32_t limit = sl_rule_limit_others(&c);
		bool ask = !off && !hidden[s] && rc == SL_OK;
		uint64_t rows = ask ? rows_left(&r, s) : 0;
		if (ask && rows == 0)
			rows = sl_rule_missing_told(&c, limit);
		uint64_t units = units_of(&r, rows), between = ask ? units_between(&r, s) : UINT64_MAX;
		if ((units == 0 || units >= limit) && between >= limit)
			continue;
		units = units == 0 || units >= limit ? between : units;
		struct sl_rule_hit hit = { .units = evidence_of(&r, s)->contributors, .measured = (int64_t)units,
			                   .limit = limit };
		hidden[s] = true;
		rc = sl_check_find(st, output, cell, s, SL_RULE_NUMERATOR, &hit, err);
	}
	return rc;
}
