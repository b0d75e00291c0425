/* predicate.c - see predicate.h: a plan's tables, conditions, keys and statistics, each as what it means. */
#include "policy/history/predicate.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/amount.h"
#include "policy/history/condition.h"
#include "policy/history/reading.h"
#include "policy/history/value.h"

/* A source that gives its table's rows as they are, or its units: its where is as good as the plan's. */
static bool is_plain(const struct sl_source *s)
{
	return s->nfolds == 0 && s->join == SL_JOIN_INNER;
}

static void put_source(const struct sl_source *s, const struct sl_view *view, struct sl_buf *b)
{
	sl_buf_printf(b, " %u %s %s", s->join, view->tables[s->table].name, s->nfolds > 0 ? "units" : "rows");
}

enum sl_rc sl_predicate_tables(const struct sl_plan *plan, const struct sl_view *view, struct sl_predicate_part *part,
                               struct sl_err *err)
{
	struct sl_meaning m = { 0 };
	struct sl_buf b = { 0 };
	uint32_t none = 0;

	sl_buf_text(&b, "tables");
	for (uint32_t i = 0; i < plan->nsources; i++)
		put_source(&plan->sources[i], view, &b);
	enum sl_rc rc = sl_meaning_of(&b, &m, err);
	sl_buf_free(&b);
	return rc == SL_OK ? sl_meaning_part(&m, part, &none, err) : rc;
}

/* Tables, joins and folds: one part. */
static enum sl_rc add_sources(struct sl_predicate *p, struct sl_err *err)
{
	struct sl_buf b = { 0 };
	struct sl_meaning m = { 0 };
	enum sl_rc rc = SL_OK;

	sl_buf_text(&b, "of");
	for (uint32_t i = 0; i < p->plan->nsources && rc == SL_OK; i++) {
		const struct sl_source *s = &p->plan->sources[i];
		struct sl_operands raws = { p->plan, p->view, s, SL_OPERANDS_RAWS };
		struct sl_operands folds = { p->plan, p->view, s, SL_OPERANDS_FOLDS };
		put_source(s, p->view, &b);
		if (is_plain(s))
			continue;
		rc = sl_condition_filter(&raws, &s->where, &m, err);
		sl_meaning_put(&b, &m);
		if (rc == SL_OK)
			rc = sl_condition_filter(&folds, &s->having, &m, err);
		sl_meaning_put(&b, &m);
	}
	if (rc == SL_OK)
		rc = sl_meaning_of(&b, &m, err);
	sl_buf_free(&b);
	return rc == SL_OK ? sl_meaning_part(&m, p->common, &p->ncommon, err) : rc;
}

/* What the w-th watched statistic asks of a row besides. */
static enum sl_rc add_watched(const struct sl_predicate *p, uint32_t w, struct sl_predicate_part *parts, uint32_t *n,
                              struct sl_err *err)
{
	struct sl_operands inputs = { p->plan, p->view, NULL, SL_OPERANDS_INPUTS };
	struct sl_expr more[SL_EXPR_PARTS_MAX];
	uint32_t s = 0;

	while (sl_plan_watched(p->plan, s + 1) <= w)
		s++;
	const struct sl_stat *stat = &p->plan->stats[s];
	if (stat->fn == SL_STAT_COUNT_IF || stat->fn == SL_STAT_SHARE)
		return sl_condition_parts(&inputs, &stat->arg, parts, n, err);
	if (sl_value_never_missing(&inputs, &stat->arg) && sl_value_never_missing(&inputs, &stat->arg2))
		return SL_OK; /* of nothing: these are the rows themselves, for whoever knows the catalogue */
	enum sl_rc rc = sl_condition_known(&inputs, &stat->arg, parts, n, err);
	uint32_t nmore = sl_expr_parts(&stat->arg2, more);
	for (uint32_t i = 0; i < nmore && rc == SL_OK; i++)
		rc = sl_condition_known(&inputs, &more[i], parts, n, err);
	return rc;
}

/* Rising, each once: to ask for a thing twice is to ask for it. */
static void sort_parts(struct sl_predicate_part *parts, uint32_t *n)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i < *n; i++)
		for (uint32_t j = i; j > 0 && parts[j].hash < parts[j - 1].hash; j--) {
			struct sl_predicate_part t = parts[j];
			parts[j] = parts[j - 1];
			parts[j - 1] = t;
		}
	for (uint32_t i = 0; i < *n; i++)
		if (kept == 0 || parts[kept - 1].hash != parts[i].hash)
			parts[kept++] = parts[i];
	*n = kept;
}

static enum sl_rc hand_out(struct sl_predicate_part *parts, uint32_t n, struct sl_predicate_part **out, uint32_t *nout,
                           struct sl_err *err)
{
	sort_parts(parts, &n);
	*out = malloc(((size_t)n + 1) * sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	memcpy(*out, parts, n * sizeof **out);
	*nout = n;
	return SL_OK;
}

/* Once for all cells: a condition may be a list of thousands. */
static enum sl_rc list_watched(struct sl_predicate *p, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	p->watched = calloc(p->per_cell, sizeof *p->watched);
	if (p->watched == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	for (uint32_t w = 0; w + 1 < p->per_cell && rc == SL_OK; w++) {
		struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
		uint32_t n = 0;
		rc = add_watched(p, w, parts, &n, err);
		if (rc == SL_OK)
			rc = hand_out(parts, n, &p->watched[w].parts, &p->watched[w].nparts, err);
	}
	return rc;
}

enum sl_rc sl_predicate_init(struct sl_predicate *p, const struct sl_plan *plan, const struct sl_view *view,
                             struct sl_err *err)
{
	struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };

	*p = (struct sl_predicate){ .plan = plan, .view = view, .per_cell = 1 + sl_plan_watched(plan, plan->nstats) };
	enum sl_rc rc = add_sources(p, err);
	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++) {
		struct sl_operands raws = { plan, view, &plan->sources[i], SL_OPERANDS_RAWS };
		if (is_plain(raws.source))
			rc = sl_condition_parts(&raws, &raws.source->where, p->common, &p->ncommon, err);
	}
	if (rc == SL_OK)
		rc = sl_condition_parts(&inputs, &plan->where, p->common, &p->ncommon, err);
	return rc == SL_OK ? list_watched(p, err) : rc;
}

void sl_predicate_fini(struct sl_predicate *p)
{
	for (uint32_t w = 0; p->watched != NULL && w + 1 < p->per_cell; w++)
		free(p->watched[w].parts);
	free(p->watched);
	p->watched = NULL;
}

enum sl_rc sl_predicate_set(const struct sl_predicate *p, uint32_t set, struct sl_predicate_part **out, uint32_t *nout,
                            struct sl_err *err)
{
	struct sl_operands inputs = { p->plan, p->view, NULL, SL_OPERANDS_INPUTS };
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	uint32_t n = p->ncommon, cell = set / p->per_cell, number = set % p->per_cell;
	enum sl_rc rc = SL_OK;

	*out = NULL;
	*nout = 0;
	memcpy(parts, p->common, n * sizeof *parts);
	for (uint32_t k = 0; k < p->plan->nkeys && rc == SL_OK; k++)
		rc = sl_condition_key(&inputs, k, sl_plan_cell_group(p->plan, p->view, cell, k), parts, &n, err);
	for (uint32_t i = 0; number > 0 && i < p->watched[number - 1].nparts && rc == SL_OK; i++)
		rc = sl_meaning_add(p->watched[number - 1].parts[i], parts, &n, err);
	return rc == SL_OK ? hand_out(parts, n, out, nout, err) : rc;
}

enum sl_rc sl_predicate_unions(const struct sl_plan *plan, const struct sl_view *view, struct sl_condition_unions *out,
                               struct sl_err *err)
{
	struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	enum sl_rc rc = sl_condition_unions(&inputs, &plan->where, out, err);

	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++) {
		struct sl_operands raws = { plan, view, &plan->sources[i], SL_OPERANDS_RAWS };
		if (is_plain(raws.source))
			rc = sl_condition_unions(&raws, &raws.source->where, out, err);
	}
	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++)
		if (plan->stats[s].fn == SL_STAT_COUNT_IF || plan->stats[s].fn == SL_STAT_SHARE)
			rc = sl_condition_unions(&inputs, &plan->stats[s].arg, out, err);
	return rc;
}

static const char *kind_of(enum sl_stat_fn fn)
{
	switch (fn) {
	case SL_STAT_UNITS:
	case SL_STAT_COUNT:
		return NULL;
	case SL_STAT_SUM:
	case SL_STAT_MEAN:
		return "sum";
	case SL_STAT_COUNT_IF:
	case SL_STAT_SHARE:
		return "condition";
	default:
		return sl_stat_fn_name(fn);
	}
}

/* A statistic's part: what it is, in words, and what it is of: a value, or what adds up to as much. */
static enum sl_rc add_stat(const struct sl_plan *plan, const struct sl_view *view, const struct sl_stat *s,
                           const char *kind, unsigned p, bool adds_up, struct sl_predicate_part *part,
                           struct sl_err *err)
{
	struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	struct sl_expr args[1 + SL_EXPR_PARTS_MAX] = { s->arg };
	struct sl_meaning m = { 0 };
	struct sl_buf b = { 0 };
	uint32_t none = 0, nargs = (s->arg.nops > 0) + (s->arg2.nops > 0 ? sl_expr_parts(&s->arg2, args + 1) : 0);
	enum sl_rc rc = SL_OK;

	sl_buf_printf(&b, "%s %u of ", kind, p);
	for (uint32_t i = 0; i < nargs && rc == SL_OK; i++) {
		rc = adds_up ? sl_amount_of(&inputs, &args[i], &m, err) : sl_condition_value(&inputs, &args[i], &m, err);
		sl_meaning_put(&b, &m);
	}
	if (rc == SL_OK)
		rc = sl_meaning_of(&b, &m, err);
	sl_buf_free(&b);
	return rc == SL_OK ? sl_meaning_part(&m, part, &none, err) : rc;
}

enum sl_rc sl_predicate_measure(const struct sl_plan *plan, const struct sl_view *view, uint32_t stat,
                                struct sl_predicate_part *part, bool *has, struct sl_err *err)
{
	const struct sl_stat *s = &plan->stats[stat];
	const char *kind = kind_of((enum sl_stat_fn)s->fn);

	*has = kind != NULL && !sl_stat_is_implied(s);
	return *has ? add_stat(plan, view, s, kind, 0, sl_reading_adds_up(s), part, err) : SL_OK;
}

enum sl_rc sl_predicate_measures(const struct sl_plan *plan, const struct sl_view *view, struct sl_predicate_part **out,
                                 uint32_t *nout, struct sl_err *err)
{
	struct sl_predicate_part parts[SL_STATS_MAX];
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	*out = NULL;
	*nout = 0;
	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		bool has;
		rc = sl_predicate_measure(plan, view, s, &parts[n], &has, err);
		n += has;
	}
	return rc == SL_OK ? hand_out(parts, n, out, nout, err) : rc;
}

enum sl_rc sl_predicate_stats(const struct sl_plan *plan, const struct sl_view *view, struct sl_predicate_part **out,
                              uint32_t *nout, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*nout = 0;
	*out = calloc((size_t)plan->nstats + 1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	for (uint32_t s = 0; s < plan->nstats && sl_plan_prints(plan, s) && rc == SL_OK; s++) {
		const struct sl_stat *stat = &plan->stats[s];
		++*nout;
		rc = add_stat(plan, view, stat, sl_stat_fn_name((enum sl_stat_fn)stat->fn), stat->p, false, &(*out)[s],
		              err);
	}
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		*nout = 0;
	}
	return rc;
}
