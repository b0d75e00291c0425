/* duration.c - see duration.h. */
#include "enclave/pact/duration.h"

#include "enclave/pact/result.h"

/* Nanoseconds a row: of a source, a column of it, a key, a statistic, an operation. */
#define ROW_NS 10u
#define COLUMN_NS 5u
#define FOUND_NS 20u /* in a source that is joined */
#define FOLD_NS 20u
#define KEY_NS 3u
#define COUNT_NS 5u
#define STAT_NS 20u
#define MOMENTS_NS 40u
#define PRODUCT_NS 20u
#define QUANTILE_NS 100u
#define QUANTILE_PASSES 4u
#define STEP_NS 3u
#define LONG_STEP_NS 12u
#define SEARCH_NS 100u /* among more than FEW_ITEMS */
#define FEW_ITEMS 8u
#define FAR_NS 60u /* a statistic whose cells are more than a processor holds near */
#define FAR_NUMBERS 4096u
/* Of each output, and of each number of it, told and sealed. */
#define OUTPUT_US 3000u
#define NUMBER_NS 1000u

static uint64_t step_ns(enum sl_opcode op)
{
	switch (op) {
	case SL_OP_MUL:
	case SL_OP_DIV:
	case SL_OP_IDIV:
	case SL_OP_MOD:
	case SL_OP_IN:
	case SL_OP_YEAR:
	case SL_OP_MONTH:
	case SL_OP_DAY:
	case SL_OP_WEEKDAY:
	case SL_OP_MONTHS:
	case SL_OP_CASE:
	case SL_OP_COALESCE:
		return LONG_STEP_NS;
	default:
		return STEP_NS;
	}
}

static uint64_t expr_ns(const struct sl_expr *expr)
{
	uint64_t ns = 0;

	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		bool searched = op->op == SL_OP_IN && op->arg < expr->nsets && expr->sets[op->arg].nitems > FEW_ITEMS;
		ns += step_ns((enum sl_opcode)op->op) + (searched ? SEARCH_NS : 0);
	}
	return ns;
}

static uint64_t stat_ns(const struct sl_stat *s)
{
	uint64_t arg = expr_ns(&s->arg) + expr_ns(&s->arg2);
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint64_t n = sl_expr_parts(&s->arg2, parts) + 1;

	if (s->arg.nops == 0)
		return COUNT_NS;
	if (s->fn == SL_STAT_QUANTILE)
		return QUANTILE_NS + QUANTILE_PASSES * arg;
	if (sl_stat_is_model((enum sl_stat_fn)s->fn))
		return STAT_NS + arg + n * n * PRODUCT_NS;
	return arg + (sl_stat_has_moments((enum sl_stat_fn)s->fn) ? MOMENTS_NS : STAT_NS);
}

/* What a source takes for each of its own rows. */
static uint64_t source_ns(const struct sl_plan *plan, uint32_t source)
{
	const struct sl_source *s = &plan->sources[source];
	uint64_t ns = ROW_NS + s->nraws * COLUMN_NS + expr_ns(&s->where) + expr_ns(&s->having);

	for (uint32_t i = 0; i < s->nfolds; i++)
		ns += FOLD_NS + expr_ns(&s->folds[i].arg);
	for (uint32_t i = 0; i < plan->ninputs; i++)
		ns += plan->inputs[i].source == source ? COLUMN_NS : 0;
	return ns;
}

static uint64_t joined_ns(const struct sl_plan *plan, bool far)
{
	uint64_t ns = plan->nsources * FOUND_NS + expr_ns(&plan->where) + plan->nkeys * KEY_NS;

	for (uint32_t i = 0; i < plan->nstats; i++)
		ns += stat_ns(&plan->stats[i]) + (far ? FAR_NS : 0);
	return ns;
}

static uint64_t rounded_up(uint64_t rows)
{
	uint64_t n = 1;

	while (n < rows && n < UINT64_C(1) << 62)
		n *= 2;
	return n;
}

uint64_t sl_plan_engine_us(const struct sl_plan *plan, const struct sl_view *view, const uint64_t *rows)
{
	uint64_t most = 0, ns = 0, of_rows, cells = sl_plan_cells(plan, view), numbers;
	bool far = cells > FAR_NUMBERS / (plan->nstats + 1);

	for (uint32_t s = 0; s < plan->nsources; s++) {
		uint64_t n = rounded_up(rows[plan->sources[s].table]);
		if (__builtin_mul_overflow(n, source_ns(plan, s), &of_rows) || __builtin_add_overflow(ns, of_rows, &ns))
			return UINT64_MAX;
		most = n > most ? n : most;
	}
	/* Whichever source is driven by, no more rows come out of a join than the largest of them has. */
	if (__builtin_mul_overflow(most, joined_ns(plan, far), &of_rows) || __builtin_add_overflow(ns, of_rows, &ns) ||
	    __builtin_mul_overflow(cells, (uint64_t)(plan->nstats + plan->nkeys) * NUMBER_NS, &numbers) ||
	    __builtin_add_overflow(ns, numbers, &ns))
		return UINT64_MAX;
	return ns / 1000 + OUTPUT_US;
}
