/* predicate.c - see predicate.h: conditions as text with names, and the text's hash. */
#include "policy/history/predicate.h"

#include <stdlib.h>
#include <string.h>

#include "policy/digest.h"

#define TEXT_BYTES_MAX ((size_t)8 << 20)

/* What the columns of an expression are: a source's raws, its folds, or a plan's inputs. */
enum scope_kind { SCOPE_RAWS, SCOPE_FOLDS, SCOPE_INPUTS };

struct scope {
	const struct sl_plan *plan;
	const struct sl_view *view;
	const struct sl_source *source;   /* of SCOPE_RAWS, SCOPE_FOLDS */
	enum scope_kind kind;
};

static void put_expr(struct sl_buf *b, const struct scope *s, const struct sl_expr *e, uint32_t from, uint32_t to);

static void put_column(struct sl_buf *b, const struct sl_table *t, uint32_t column)
{
	sl_buf_printf(b, "%s.%s", t->name, t->columns[column].name);
}

static void put_fold(struct sl_buf *b, const struct scope *s, uint32_t i)
{
	const struct sl_fold *f = &s->source->folds[i];
	struct scope raws = { s->plan, s->view, s->source, SCOPE_RAWS };

	sl_buf_printf(b, "fold%u(", f->fn);
	put_expr(b, &raws, &f->arg, 0, f->arg.nops);
	sl_buf_text(b, ")");
}

static void put_input(struct sl_buf *b, const struct scope *s, uint32_t i)
{
	const struct sl_input *in = &s->plan->inputs[i];
	const struct sl_source *source = &s->plan->sources[in->source];
	const struct sl_table *t = &s->view->tables[source->table];
	struct scope folds = { s->plan, s->view, source, SCOPE_FOLDS };

	if (source->nfolds > 0) {
		sl_buf_printf(b, "%s:", t->name);
		put_fold(b, &folds, in->column);
		return;
	}
	put_column(b, t, in->column);
	if (in->lookup > 0) {
		sl_buf_text(b, "@");
		put_column(b, &s->view->tables[t->columns[in->column].reference - 1], in->lookup - 1u);
	}
}

static void put_operand(struct sl_buf *b, const struct scope *s, uint32_t i)
{
	if (s->kind == SCOPE_INPUTS)
		put_input(b, s, i);
	else if (s->kind == SCOPE_FOLDS)
		put_fold(b, s, i);
	else
		put_column(b, &s->view->tables[s->source->table], s->source->raws[i].column);
}

static void put_set(struct sl_buf *b, const struct sl_set *set)
{
	sl_buf_printf(b, "{%d:", set->scale);
	for (uint32_t i = 0; i < set->nitems; i++)
		sl_buf_printf(b, " %lld", (long long)set->items[i].value);
	sl_buf_text(b, "}");
}

/* Operators from .. to, in postfix order as they stand. */
static void put_expr(struct sl_buf *b, const struct scope *s, const struct sl_expr *e, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		const struct sl_op *op = &e->ops[i];
		sl_buf_printf(b, " %s/%u/%d", sl_opcode_name(op->op), op->type, op->scale);
		if (op->op == SL_OP_CONST)
			sl_buf_printf(b, "=%lld", (long long)op->value);
		else if (op->op == SL_OP_COLUMN)
			put_operand(b, s, op->arg);
		else if (op->op == SL_OP_IN)
			put_set(b, &e->sets[op->arg]);
		else
			sl_buf_printf(b, "#%u", op->arg);
	}
}

static enum sl_rc add_part(struct sl_buf *text, struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err)
{
	uint8_t digest[SL_DIGEST_BYTES];
	enum sl_rc rc = sl_buf_ok(text, "a condition", err);

	if (rc != SL_OK)
		return rc;
	if (*n == SL_PREDICATE_PARTS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %d conditions", SL_PREDICATE_PARTS_MAX);
	sl_digest_sha256(text->data, text->len, digest);
	uint64_t hash = 0;
	for (int i = 0; i < 8; i++)
		hash = hash << 8 | digest[i];
	parts[(*n)++].hash = hash;
	sl_buf_reset(text);
	return SL_OK;
}

/* Where the operand that ends before `to` begins. */
static uint32_t operand_start(const struct sl_expr *e, uint32_t to)
{
	size_t wanted = 1;

	while (wanted > 0 && to > 0)
		wanted += sl_op_operands(&e->ops[--to]) - 1;
	return to;
}

/* The operands of a chain of ANDs, each a part. */
static enum sl_rc add_conjuncts(struct sl_buf *text, const struct scope *s, const struct sl_expr *e,
                                struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err)
{
	uint32_t ends[SL_EXPR_OPS_MAX], nends = 0;
	enum sl_rc rc = SL_OK;

	if (e->nops == 0)
		return SL_OK;
	ends[nends++] = e->nops;
	while (nends > 0 && rc == SL_OK) {
		uint32_t to = ends[--nends];
		if (e->ops[to - 1].op == SL_OP_AND && nends + 2 <= SL_EXPR_OPS_MAX) {
			ends[nends++] = to - 1;
			ends[nends++] = operand_start(e, to - 1);
			continue;
		}
		sl_buf_text(text, "is");
		put_expr(text, s, e, operand_start(e, to), to);
		rc = add_part(text, parts, n, err);
	}
	return rc;
}

/* A source that gives its table's rows as they are, or its units: its where is as good as the plan's. */
static bool is_plain(const struct sl_source *s)
{
	return s->nfolds == 0 && s->join == SL_JOIN_INNER;
}

/* Tables, joins and folds: one part. */
static void put_sources(struct sl_buf *b, const struct sl_plan *plan, const struct sl_view *view)
{
	sl_buf_text(b, "of");
	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_source *s = &plan->sources[i];
		struct scope raws = { plan, view, s, SCOPE_RAWS }, folds = { plan, view, s, SCOPE_FOLDS };
		sl_buf_printf(b, " %u %s %s", s->join, view->tables[s->table].name, s->nfolds > 0 ? "units" : "rows");
		if (is_plain(s))
			continue;
		put_expr(b, &raws, &s->where, 0, s->where.nops);
		sl_buf_text(b, " having");
		put_expr(b, &folds, &s->having, 0, s->having.nops);
	}
}

enum sl_rc sl_predicate_init(struct sl_predicate *p, const struct sl_plan *plan, const struct sl_view *view,
                             struct sl_err *err)
{
	struct sl_buf text = { .max = TEXT_BYTES_MAX };
	struct scope inputs = { plan, view, NULL, SCOPE_INPUTS };

	*p = (struct sl_predicate){ .plan = plan, .view = view, .per_cell = 1 + sl_plan_watched(plan, plan->nstats) };
	put_sources(&text, plan, view);
	enum sl_rc rc = add_part(&text, p->common, &p->ncommon, err);
	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++) {
		struct scope raws = { plan, view, &plan->sources[i], SCOPE_RAWS };
		if (is_plain(raws.source))
			rc = add_conjuncts(&text, &raws, &raws.source->where, p->common, &p->ncommon, err);
	}
	if (rc == SL_OK)
		rc = add_conjuncts(&text, &inputs, &plan->where, p->common, &p->ncommon, err);
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc add_keys(const struct sl_predicate *p, uint32_t cell, struct sl_buf *text,
                           struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err)
{
	struct scope inputs = { p->plan, p->view, NULL, SCOPE_INPUTS };
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0; k < p->plan->nkeys && rc == SL_OK; k++) {
		const struct sl_key *key = &p->plan->keys[k];
		uint32_t group = sl_plan_cell_group(p->plan, p->view, cell, k);
		sl_buf_text(text, key->banded ? "band " : "group ");
		put_input(text, &inputs, key->input);
		sl_buf_printf(text, "\n%s", sl_column_group_label(sl_plan_key_column(p->plan, p->view, k), key->banded != 0, group));
		rc = add_part(text, parts, n, err);
	}
	return rc;
}

/* A value of every row: of columns that the catalogue requires, by operators that make something of anything. */
static bool is_always_there(const struct sl_predicate *p, const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++) {
		const struct sl_op *op = &e->ops[i];
		if (op->op == SL_OP_COLUMN) {
			const struct sl_input *in = &p->plan->inputs[op->arg];
			const struct sl_source *source = &p->plan->sources[in->source];
			if (source->nfolds > 0 || source->join != SL_JOIN_INNER || in->lookup > 0 ||
			    p->view->tables[source->table].columns[in->column].nullable)
				return false;
		} else if (op->op != SL_OP_CONST && !(op->op >= SL_OP_NEG && op->op <= SL_OP_MUL) &&
		           !(op->op >= SL_OP_EQ && op->op <= SL_OP_IN)) {
			return false;
		}
	}
	return true;
}

/* What the w-th watched statistic asks of a row besides. */
static enum sl_rc add_watched(const struct sl_predicate *p, uint32_t w, struct sl_buf *text,
                              struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err)
{
	struct scope inputs = { p->plan, p->view, NULL, SCOPE_INPUTS };
	uint32_t s = 0;

	while (sl_plan_watched(p->plan, s + 1) <= w)
		s++;
	const struct sl_stat *stat = &p->plan->stats[s];
	if (stat->fn == SL_STAT_COUNT_IF || stat->fn == SL_STAT_SHARE)
		return add_conjuncts(text, &inputs, &stat->arg, parts, n, err);
	if (is_always_there(p, &stat->arg) && is_always_there(p, &stat->arg2))
		return SL_OK; /* of nothing: these are the rows themselves, for whoever knows the catalogue */
	sl_buf_text(text, "has");
	put_expr(text, &inputs, &stat->arg, 0, stat->arg.nops);
	sl_buf_text(text, " and");
	put_expr(text, &inputs, &stat->arg2, 0, stat->arg2.nops);
	return add_part(text, parts, n, err);
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

enum sl_rc sl_predicate_set(const struct sl_predicate *p, uint32_t set, struct sl_predicate_part **out, uint32_t *nout,
                            struct sl_err *err)
{
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	struct sl_buf text = { .max = TEXT_BYTES_MAX };
	uint32_t n = p->ncommon, number = set % p->per_cell;
	enum sl_rc rc;

	*out = NULL;
	*nout = 0;
	memcpy(parts, p->common, n * sizeof *parts);
	rc = add_keys(p, set / p->per_cell, &text, parts, &n, err);
	if (rc == SL_OK && number > 0)
		rc = add_watched(p, number - 1, &text, parts, &n, err);
	sl_buf_free(&text);
	if (rc != SL_OK)
		return rc;
	return hand_out(parts, n, out, nout, err);
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

enum sl_rc sl_predicate_measure(const struct sl_plan *plan, const struct sl_view *view, uint32_t stat,
                                struct sl_predicate_part *part, bool *has, struct sl_err *err)
{
	struct sl_buf text = { .max = TEXT_BYTES_MAX };
	struct scope inputs = { plan, view, NULL, SCOPE_INPUTS };
	const struct sl_stat *s = &plan->stats[stat];
	const char *kind = kind_of((enum sl_stat_fn)s->fn);
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	*has = kind != NULL;
	if (kind != NULL) {
		sl_buf_printf(&text, "%s of", kind);
		put_expr(&text, &inputs, &s->arg, 0, s->arg.nops);
		sl_buf_text(&text, " and");
		put_expr(&text, &inputs, &s->arg2, 0, s->arg2.nops);
		rc = add_part(&text, part, &n, err);
	}
	sl_buf_free(&text);
	return rc;
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
	struct sl_buf text = { .max = TEXT_BYTES_MAX };
	struct scope inputs = { plan, view, NULL, SCOPE_INPUTS };
	enum sl_rc rc = SL_OK;
	uint32_t n = 0;

	*nout = 0;
	*out = calloc((size_t)plan->nstats + 1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		const struct sl_stat *stat = &plan->stats[s];
		sl_buf_printf(&text, "%s %u of", sl_stat_fn_name((enum sl_stat_fn)stat->fn), stat->p);
		put_expr(&text, &inputs, &stat->arg, 0, stat->arg.nops);
		sl_buf_text(&text, " and");
		put_expr(&text, &inputs, &stat->arg2, 0, stat->arg2.nops);
		rc = add_part(&text, *out, &n, err);
	}
	sl_buf_free(&text);
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		return rc;
	}
	*nout = n;
	return SL_OK;
}
