/* check_family.c - see check_secondary.h: what outputs must have in common to be audited together. */
#include "policy/check_levels.h"
#include "policy/check_secondary.h"
#include "policy/rules/rules.h"
#include "policy/secondary/acyclic.h"

#define KEYS_TOLD_APART_MAX 64

static enum sl_number kind_of(enum sl_stat_fn fn)
{
	switch (fn) {
	case SL_STAT_UNITS:
		return SL_NUMBER_UNITS;
	case SL_STAT_COUNT:
		return SL_NUMBER_ROWS;
	case SL_STAT_SUM:
	case SL_STAT_MEAN:
		return SL_NUMBER_SUM;
	default:
		return SL_NUMBER_NONE;
	}
}

bool sl_check_is_of(const struct sl_family *f, const struct sl_plan *plan, const struct sl_stat *stat)
{
	if (f->of_amounts ? kind_of((enum sl_stat_fn)stat->fn) != SL_NUMBER_SUM : stat->fn != f->stat->fn)
		return false;
	return f->kind != SL_NUMBER_SUM || sl_check_same_argument(f->plan, &f->stat->arg, plan, &stat->arg);
}

/* --- arguments ------------------------------------------------------------------------------------------- */

static bool is_column(const struct sl_expr *e)
{
	return e->nops == 1 && e->ops[0].op == SL_OP_COLUMN;
}

/* A fold adds rows up, or is one of its values; on a mean's finer grid so are the bounds. */
static bool bound_fold(const struct sl_fold *fold, struct sl_family *f)
{
	int64_t finer = 1;

	if (fold->fn == SL_FOLD_COUNT) {
		f->lo = 1;
		f->hi = INT64_MAX;
		return true;
	}
	if (!is_column(&fold->arg) || fold->fn == SL_FOLD_COUNT_IF || fold->fn == SL_FOLD_ANY || fold->fn == SL_FOLD_ALL)
		return false;
	if (fold->fn == SL_FOLD_SUM) {
		f->lo = f->lo < 0 ? INT64_MIN : f->lo;
		f->hi = f->hi > 0 ? INT64_MAX : f->hi;
	} else if (fold->fn == SL_FOLD_MEAN) {
		const struct sl_op *arg = &fold->arg.ops[0];
		const struct sl_input_type type = { .type = arg->type, .scale = arg->scale };
		finer = sl_pow10(sl_fold_type(SL_FOLD_MEAN, type).scale - arg->scale);
	}
	f->lo = f->lo == INT64_MIN || __builtin_mul_overflow(f->lo, finer, &f->lo) ? INT64_MIN : f->lo;
	f->hi = f->hi == INT64_MAX || __builtin_mul_overflow(f->hi, finer, &f->hi) ? INT64_MAX : f->hi;
	return true;
}

/* Takes the bounds of one row. False: more is known of the argument than a column's bounds. */
static bool bound_argument(const struct sl_check_state *st, struct sl_family *f)
{
	if (!is_column(&f->stat->arg))
		return false;
	const struct sl_input *in = &f->plan->inputs[f->stat->arg.ops[0].arg];
	const struct sl_source *source = &f->plan->sources[in->source];
	const struct sl_table *table = &st->setup->view.tables[source->table];
	const struct sl_fold *fold = source->nfolds > 0 ? &source->folds[in->column] : NULL;
	const struct sl_column *column = fold == NULL ? &table->columns[in->column] : NULL;

	if (in->lookup > 0)
		return false;
	if (fold != NULL && is_column(&fold->arg))
		column = &table->columns[source->raws[fold->arg.ops[0].arg].column];
	if (column != NULL) {
		f->lo = column->lo;
		f->hi = column->hi;
	}
	return fold == NULL || bound_fold(fold, f);
}

/* Amounts of which none is above 0, and some are below: so everybody will believe. */
static void bound_by_signs(const struct sl_check_state *st, struct sl_family *f)
{
	bool falls = false, rises = false;

	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		for (uint32_t n = f->stat_of[i]; f->has[i] && n < st->results[i].nevidence; n += st->plans[i].nstats) {
			const struct sl_evidence *e = &st->results[i].evidence[n];
			falls = falls || e->negatives > 0;
			rises = rises || e->contributors > e->negatives + e->zeros;
		}
	if (falls && !rises && f->hi > 0)
		f->hi = 0;
}

/* --- keys ------------------------------------------------------------------------------------------------ */

bool sl_check_same_key(const struct sl_plan *a, const struct sl_key *ka, const struct sl_plan *b,
                       const struct sl_key *kb)
{
	return ka->banded == kb->banded && sl_check_same_input(a, ka->input, b, kb->input);
}

enum sl_rc sl_check_keys_cross(const struct sl_view *view, const struct sl_plan *a, const struct sl_plan *b,
                               bool *cross, struct sl_err *err)
{
	enum sl_levels how = SL_LEVELS_CROSS;
	enum sl_rc rc = SL_OK;

	*cross = false;
	for (uint32_t k = 0; k < a->nkeys; k++)
		for (uint32_t l = 0; l < b->nkeys && rc == SL_OK; l++) {
			struct sl_level x = { a, &a->keys[k] }, y = { b, &b->keys[l] };
			rc = sl_levels_compare(view, x, y, &how, NULL, err);
			*cross = *cross || (rc == SL_OK && how == SL_LEVELS_CROSS);
		}
	return rc;
}

/* A sum of ages within a band is bounded by it. */
static bool is_of_argument(const struct sl_family *f, const struct sl_plan *plan, const struct sl_key *key)
{
	return f->kind == SL_NUMBER_SUM &&
	       sl_rule_same_column(f->plan, f->stat->arg.ops[0].arg, plan, key->input);
}

/* The keys of all outputs, each once. */
struct keys {
	struct sl_level level[KEYS_TOLD_APART_MAX];
	uint64_t tells[KEYS_TOLD_APART_MAX];   /* itself, and those of its column whose groups put its own together */
	uint32_t column[KEYS_TOLD_APART_MAX];  /* the first key that comes from the same column */
	uint32_t n;
};

static enum sl_rc too_much(struct sl_err *err)
{
	return sl_err_set(err, SL_E_LIMIT, "a key tells of another");
}

/* Its number; keys->n: it is not there. */
static uint32_t number_of(const struct keys *keys, const struct sl_plan *plan, const struct sl_key *key)
{
	uint32_t n = 0;

	while (n < keys->n && !sl_check_same_key(keys->level[n].plan, keys->level[n].key, plan, key))
		n++;
	return n;
}

/* Of two keys of one column one must tell the other. */
static enum sl_rc add_key(const struct sl_view *view, struct keys *keys, struct sl_level level, struct sl_err *err)
{
	uint32_t n = keys->n;
	enum sl_rc rc = SL_OK;

	if (number_of(keys, level.plan, level.key) < n)
		return SL_OK;
	if (n == KEYS_TOLD_APART_MAX)
		return too_much(err);
	keys->level[n] = level;
	keys->tells[n] = UINT64_C(1) << n;
	keys->column[n] = n;
	for (uint32_t m = 0; m < n && rc == SL_OK; m++) {
		enum sl_levels how, back;
		rc = sl_levels_compare(view, level, keys->level[m], &how, NULL, err);
		if (rc == SL_OK)
			rc = sl_levels_compare(view, keys->level[m], level, &back, NULL, err);
		if (rc != SL_OK || how == SL_LEVELS_APART)
			continue;
		if (how == SL_LEVELS_CROSS)
			return too_much(err);
		keys->column[n] = keys->column[m];
		keys->tells[n] |= how == SL_LEVELS_WITHIN ? UINT64_C(1) << m : 0;
		keys->tells[m] |= back == SL_LEVELS_WITHIN ? UINT64_C(1) << n : 0;
	}
	keys->n += rc == SL_OK;
	return rc;
}

static enum sl_rc add_keys(const struct sl_check_state *st, const struct sl_family *f, struct keys *keys,
                           struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		const struct sl_plan *plan = &st->plans[i];
		for (uint32_t k = 0; f->has[i] && k < plan->nkeys && rc == SL_OK; k++) {
			struct sl_level level = { plan, &plan->keys[k] };
			rc = add_key(&st->setup->view, keys, level, err);
		}
	}
	return rc;
}

/* A table by wards is one by wards and districts: so it is counted when cycles are looked for. */
static enum sl_rc judge_keys(const struct sl_check_state *st, struct sl_family *f, struct keys *keys,
                             struct sl_err *err)
{
	uint64_t sets[SL_PLANS_MAX] = { 0 };
	uint32_t n = 0;
	enum sl_rc rc = add_keys(st, f, keys, err);

	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		for (uint32_t k = 0; f->has[i] && k < st->plans[i].nkeys && rc == SL_OK; k++)
			f->keys[i] |= keys->tells[number_of(keys, &st->plans[i], &st->plans[i].keys[k])];
		sets[n] = f->keys[i];
		n += f->has[i];
	}
	if (rc != SL_OK)
		return rc;
	return sl_is_acyclic(sets, n) ? SL_OK : sl_err_set(err, SL_E_LIMIT, "the keys of the outputs are cyclic");
}

/* --- conditions ------------------------------------------------------------------------------------------ */

/* A condition and what its columns are: inputs of the plan, or raws, or folds of a source. */
struct condition {
	const struct sl_plan *plan;
	const struct sl_expr *expr;
	const struct sl_source *source;   /* NULL: of the plan */
	bool having;
};

static bool fold_reads(const struct sl_source *source, uint32_t fold, uint32_t column)
{
	for (uint32_t r = 0; r < source->nraws; r++)
		if (source->raws[r].column == column && sl_rule_reads(&source->folds[fold].arg, r))
			return true;
	return false;
}

/* Whether what the condition calls `arg` may come from the same column as an input of a plan. */
static bool is_from(const struct condition *c, uint32_t arg, const struct sl_plan *plan, uint32_t input)
{
	const struct sl_input *in = &plan->inputs[input];
	const struct sl_source *of = &plan->sources[in->source];

	if (c->source == NULL)
		return sl_rule_same_column(c->plan, arg, plan, input);
	if (c->source->table != of->table)
		return false;
	for (uint32_t column = 0; column < SL_COLUMNS_MAX; column++) {
		bool here = of->nfolds > 0 ? fold_reads(of, in->column, column) : in->column == column;
		if (here && (c->having ? fold_reads(c->source, arg, column) : c->source->raws[arg].column == column))
			return true;
	}
	return of->nfolds > 0 && c->having && of->folds[in->column].arg.nops == 0;
}

static bool reads_argument(const struct condition *c, const struct sl_family *f)
{
	for (uint32_t i = 0; i < c->expr->nops && f->kind == SL_NUMBER_SUM; i++)
		if (c->expr->ops[i].op == SL_OP_COLUMN &&
		    is_from(c, c->expr->ops[i].arg, f->plan, f->stat->arg.ops[0].arg))
			return true;
	return false;
}

/* The columns of keys that a column of the condition is, a bit each. */
static uint64_t keys_of(const struct condition *c, uint32_t arg, const struct keys *keys)
{
	uint64_t bits = 0;

	for (uint32_t k = 0; k < keys->n; k++)
		if (is_from(c, arg, keys->level[k].plan, keys->level[k].key->input))
			bits |= UINT64_C(1) << keys->column[k];
	return bits;
}

/* An operation that, beside other such ones, keeps to one column: "and" of comparisons with a constant. */
static bool is_apart(const struct sl_op *op, const struct sl_op *before)
{
	if (op->op >= SL_OP_EQ && op->op <= SL_OP_GE)
		return before->op == SL_OP_CONST;
	return op->op == SL_OP_COLUMN || op->op == SL_OP_CONST || op->op == SL_OP_AND || op->op == SL_OP_IN ||
	       op->op == SL_OP_IS_NULL;
}

/* Whether a group of one key may be empty because of the group of another. */
static bool couples_keys(const struct condition *c, const struct keys *all)
{
	const struct sl_op *ops = c->expr->ops;
	uint64_t keys = 0;
	bool apart = true;

	for (uint32_t i = 0; i < c->expr->nops; i++) {
		keys |= ops[i].op == SL_OP_COLUMN ? keys_of(c, ops[i].arg, all) : 0;
		apart = apart && is_apart(&ops[i], i > 0 ? &ops[i - 1] : &ops[i]);
	}
	return (keys & (keys - 1)) != 0 && !apart;
}

/* Its n-th: where of the plan, then where and having of each source. */
static struct condition condition_of(const struct sl_plan *plan, uint32_t n)
{
	struct condition c = { .plan = plan, .expr = &plan->where };

	if (n == 0)
		return c;
	c.source = &plan->sources[(n - 1) / 2];
	c.having = n % 2 == 0;
	c.expr = c.having ? &c.source->having : &c.source->where;
	return c;
}

bool sl_check_conditions_read(const struct sl_plan *plan, const struct sl_expr *arg)
{
	for (uint32_t n = 0; n <= 2 * plan->nsources; n++) {
		struct condition c = condition_of(plan, n);
		for (uint32_t i = 0; i < c.expr->nops; i++)
			for (uint32_t k = 0; k < arg->nops && c.expr->ops[i].op == SL_OP_COLUMN; k++)
				if (arg->ops[k].op == SL_OP_COLUMN && is_from(&c, c.expr->ops[i].arg, plan, arg->ops[k].arg))
					return true;
	}
	return false;
}

/* Any output of the request groups by what is added up, or asks for it: how many there are tells how large they are. */
static bool sorts_argument(const struct sl_check_state *st, const struct sl_family *f)
{
	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		const struct sl_plan *plan = &st->plans[i];
		for (uint32_t k = 0; k < plan->nkeys; k++)
			if (is_of_argument(f, plan, &plan->keys[k]))
				return true;
		for (uint32_t n = 0; n <= 2 * plan->nsources; n++) {
			struct condition c = condition_of(plan, n);
			if (reads_argument(&c, f))
				return true;
		}
	}
	return false;
}

/* All outputs have the same conditions, so those of one plan are looked at. */
static bool tells_more(const struct sl_family *f, const struct keys *keys)
{
	for (uint32_t n = 0; n <= 2 * f->plan->nsources; n++) {
		struct condition c = condition_of(f->plan, n);
		if (couples_keys(&c, keys))
			return true;
	}
	return false;
}

/* What is known of the numbers besides. */
static enum sl_rc judge_family(const struct sl_check_state *st, struct sl_family *f, struct sl_err *err)
{
	struct keys keys = { .n = 0 };

	if (f->kind == SL_NUMBER_SUM) {
		if (!bound_argument(st, f))
			return sl_err_set(err, SL_E_LIMIT, "a sum of something else than a column");
		bound_by_signs(st, f);
	}
	enum sl_rc rc = judge_keys(st, f, &keys, err);
	if (rc == SL_OK && (sorts_argument(st, f) || tells_more(f, &keys)))
		rc = sl_err_set(err, SL_E_LIMIT, "a key or condition tells of what is added up, or of two keys together");
	return rc;
}

enum sl_rc sl_check_family(const struct sl_check_state *st, const bool *in_group, struct sl_family *f,
                           struct sl_err *err)
{
	*f = (struct sl_family){ .lo = INT64_MIN, .hi = INT64_MAX };
	for (uint32_t i = 0; i < st->pub->noutputs; i++) {
		const struct sl_plan *plan = &st->plans[i];
		f->has[i] = in_group[i];
		for (uint32_t s = 0; s < plan->nstats && in_group[i]; s++) {
			const struct sl_stat *stat = &plan->stats[s];
			/* Of a sum with two values it is the sum once more; what implies others does not add up. */
			if (sl_stat_is_implied(stat))
				continue;
			if (f->stat == NULL) {
				f->kind = kind_of((enum sl_stat_fn)stat->fn);
				f->plan = plan;
				f->stat = stat;
			}
			if (f->kind == SL_NUMBER_NONE || !sl_check_is_of(f, plan, stat))
				return sl_err_set(err, SL_E_LIMIT, "not all statistics are one number that adds up");
		}
	}
	return judge_family(st, f, err);
}

/* --- amounts beside counts ------------------------------------------------------------------------------- */

/* One or two units dominate what the hidden number adds up, whatever it was hidden for. */
static bool is_dominated(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t s)
{
	const struct sl_plan *plan = &st->plans[i];
	struct sl_rule_case c = {
		.setup = st->setup,
		.rules = &st->setup->rules,
		.plan = plan,
		.result = &st->results[i],
		.evidence = &st->results[i].evidence[(size_t)cell * plan->nstats + s],
		.cell = cell,
		.stat = s,
	};
	struct sl_rule_hit hit;

	return c.evidence->contributors > 0 &&
	       ((st->without != SL_RULE_DOMINANCE && sl_rule_dominance(&c, &hit)) ||
	        (st->without != SL_RULE_P_PERCENT && sl_rule_p_percent(&c, &hit)));
}

bool sl_check_hides_for_amount(const struct sl_check_state *st, uint32_t i, uint32_t s)
{
	for (uint32_t n = 0; n < st->pub->nfindings; n++) {
		const struct sl_finding *f = &st->pub->findings[n];
		/* Rows that one unit has nearly all of are a count: looked after as those are. */
		if (f->output == i && (s == SL_FINDING_WHOLE || f->stat == s) &&
		    (f->rule == SL_RULE_DOMINANCE || f->rule == SL_RULE_P_PERCENT) &&
		    !sl_rule_counts_rows(&st->plans[i].stats[f->stat]))
			return true;
	}
	return false;
}

/* A sum or mean in which such a number is hidden. */
static bool hides_amount(const struct sl_check_state *st, uint32_t i, uint32_t s)
{
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_published_cell *cells = st->pub->outputs[i].cells;
	uint32_t ncells = st->results[i].nevidence / plan->nstats, width = plan->nstats + plan->ncalcs;

	if (!sl_rule_is_magnitude(&plan->stats[s]))
		return sl_check_hides_for_amount(st, i, s);
	for (uint32_t cell = 0; cell < ncells; cell++)
		if (!cells[(size_t)cell * width + s].shown && is_dominated(st, i, cell, s))
			return true;
	return false;
}

/* Of an argument that no statistic before it is of; *must: a number of it was hidden for what it is. */
static bool is_first(const struct sl_check_state *st, const bool *in_group, uint32_t i, uint32_t s, bool *must)
{
	const struct sl_plan *plan = &st->plans[i];
	bool first = true;

	*must = false;
	for (uint32_t j = 0; j < st->pub->noutputs; j++)
		for (uint32_t t = 0; t < st->plans[j].nstats && in_group[j]; t++) {
			const struct sl_expr *arg = &st->plans[j].stats[t].arg;
			if (!sl_check_same_argument(plan, &plan->stats[s].arg, &st->plans[j], arg))
				continue;
			*must = *must || sl_check_hides_for_amount(st, j, t);
			first = first && !((j < i || (j == i && t < s)) && hides_amount(st, j, t));
		}
	return first;
}

/* Another sum that reads the column: amounts that are others in the one are others in it. */
static bool reads_amount(const struct sl_family *f, const struct sl_plan *plan, const struct sl_stat *stat)
{
	for (uint32_t i = 0; i < stat->arg.nops; i++)
		if (stat->arg.ops[i].op == SL_OP_COLUMN &&
		    sl_rule_same_column(f->plan, f->stat->arg.ops[0].arg, plan, stat->arg.ops[i].arg))
			return true;
	return false;
}

static enum sl_rc find_numbers(const struct sl_check_state *st, const bool *in_group, struct sl_family *f,
                               struct sl_err *err)
{
	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		for (uint32_t s = 0; s < st->plans[i].nstats && in_group[i]; s++) {
			const struct sl_stat *stat = &st->plans[i].stats[s];
			bool of = sl_check_is_of(f, &st->plans[i], stat);
			if (sl_stat_is_implied(stat))
				continue;
			if (kind_of((enum sl_stat_fn)stat->fn) == SL_NUMBER_NONE || (!of && reads_amount(f, &st->plans[i], stat)))
				return sl_err_set(err, SL_E_LIMIT, "a statistic may tell more of amounts than their sum");
			if (f->has[i] || !of)
				continue;
			f->has[i] = true;
			f->stat_of[i] = s;
		}
	return SL_OK;
}

enum sl_rc sl_check_amount(const struct sl_check_state *st, const bool *in_group, uint32_t n, struct sl_family *f,
                           bool *found, struct sl_err *err)
{
	*f = (struct sl_family){ .kind = SL_NUMBER_SUM, .of_amounts = true, .lo = INT64_MIN, .hi = INT64_MAX };
	*found = false;
	for (uint32_t i = 0; i < st->pub->noutputs && !*found; i++)
		for (uint32_t s = 0; s < st->plans[i].nstats && in_group[i] && !*found; s++) {
			if (!hides_amount(st, i, s) || !is_first(st, in_group, i, s, &f->must) || n-- > 0)
				continue;
			f->plan = &st->plans[i];
			f->stat = &f->plan->stats[s];
			*found = true;
		}
	if (!*found)
		return SL_OK;
	if (kind_of((enum sl_stat_fn)f->stat->fn) != SL_NUMBER_SUM || !is_column(&f->stat->arg))
		return sl_err_set(err, SL_E_LIMIT, "what was hidden for what it is adds up to nothing");
	enum sl_rc rc = find_numbers(st, in_group, f, err);
	return rc == SL_OK ? judge_family(st, f, err) : rc;
}
