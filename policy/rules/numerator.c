/*
 * numerator.c - a count_if or share that a few units decide: those who meet the condition, or those who do not, are
 * 1 to t-1 (3 readmissions of 161 stays).
 *
 * For a share, rows known not to meet it are fewer than t: then so are their units, also when many more are unknown.
 *
 * A sum counts too when it adds up ones: units that add something but nothing are its numerator. Of a mean the same.
 * Where all who add something add the same, those who add nothing are the others.
 *
 * A measure that the catalogue says has two values is a condition told by its sum or mean: a mean of 1.8 of five ones
 * and twos says that one has 1. How many rows have either is solved from the sum; of units at least as many as the one
 * with most rows leaves.
 */
#include "policy/rules/rules.h"

/* The least of those that are not nobody; 0: all are. */
static uint64_t least(uint64_t x, uint64_t y)
{
	if (x == 0 || y == 0)
		return x > y ? x : y;
	return x < y ? x : y;
}

/* Of a sum or mean: units that add something, or, where it is a count in disguise, units that do not. */
static uint64_t least_of_sum(const struct sl_evidence *e)
{
	uint64_t some = e->contributors - e->zeros;
	bool is_count = e->unit_min >= 0 && e->sum == (sl_i128)some * e->unit_max;

	return least(some, is_count ? e->zeros : 0);
}

/* The one column as it stands that an expression reads; NULL: none, or several, or what was put together per unit. */
static const struct sl_column *column_of(const struct sl_rule_case *c, const struct sl_expr *e, uint32_t *input)
{
	const struct sl_column *column = NULL;

	for (uint32_t i = 0; i < c->plan->ninputs; i++) {
		const struct sl_input *in = &c->plan->inputs[i];
		const struct sl_source *source = &c->plan->sources[in->source];
		if (!sl_rule_reads(e, i))
			continue;
		if (column != NULL || source->nfolds > 0 || in->lookup > 0)
			return NULL;
		column = &c->setup->view.tables[source->table].columns[in->column];
		*input = i;
	}
	return column;
}

/* What a row with the one value adds, and with the other. False: there may be more values than two, or one alone. */
static bool has_two_values(const struct sl_rule_case *c, const struct sl_expr *e, int64_t values[static 2])
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
	uint32_t input = 0;
	const struct sl_column *column = column_of(c, e, &input);

	if (column == NULL || column->lo == INT64_MIN || column->hi == INT64_MAX || column->hi - 1 != column->lo)
		return false;
	for (int i = 0; i < 2; i++) {
		in[input].v = column->lo + i;
		struct sl_value v = sl_expr_eval(e, in);
		if (v.missing)
			return false;
		values[i] = v.v;
	}
	return values[0] != values[1];
}

static uint64_t units_of_rows(const struct sl_evidence *e, sl_i128 rows)
{
	sl_i128 most = e->rows_by_one_max > 0 ? (sl_i128)e->rows_by_one_max : 1;

	return (uint64_t)((rows + most - 1) / most);
}

/* Of a sum of two values: the fewer of those who have the one, or the other. 0: nobody, or it is no such sum. */
static uint64_t least_of_two(const struct sl_rule_case *c, const struct sl_stat *s, const struct sl_evidence *e)
{
	int64_t values[2];

	if (!has_two_values(c, &s->arg, values))
		return 0;
	sl_i128 over = e->sum - (sl_i128)values[0] * (sl_i128)e->rows, step = (sl_i128)values[1] - values[0];
	sl_i128 rows = over / step;
	if (over % step != 0 || rows < 0 || rows > (sl_i128)e->rows)
		return 0;
	return least(units_of_rows(e, rows), units_of_rows(e, (sl_i128)e->rows - rows));
}

/* Those who meet the condition are few, or those who do not. */
struct side {
	uint64_t few;
	uint32_t limit;
};

static bool is_few(const struct side *s)
{
	return (s->few > 0 && s->few < s->limit) || s->limit == 0;
}

static struct side few_of_condition(const struct sl_rule_case *c, const struct sl_stat *s, const struct sl_evidence *e)
{
	struct side in = { e->contributors, sl_rule_limit(c) };
	struct side out = { least(e->complement_units, s->fn == SL_STAT_SHARE ? e->known_rows - e->rows : 0),
		            sl_rule_limit_others(c) };

	if (is_few(&in) != is_few(&out))
		return is_few(&in) ? in : out;
	return out.few == 0 || (in.few > 0 && in.few < out.few) ? in : out;
}

bool sl_rule_numerator(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	struct side side;

	if (c->rules->numerator == 1 || !(sl_rule_is_condition(s) || sl_rule_is_magnitude(s)))
		return false;
	if (sl_rule_is_condition(s))
		side = few_of_condition(c, s, e);
	else
		side = (struct side){ least(least_of_sum(e), least_of_two(c, s, e)), sl_rule_limit(c) };
	*hit = (struct sl_rule_hit){ .units = e->contributors,
		                     .measured = (int64_t)(side.few < INT64_MAX ? side.few : INT64_MAX),
		                     .limit = side.limit };
	return is_few(&side);
}
