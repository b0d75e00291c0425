/* clause.c - see clause.h. */
#include "policy/history/clause.h"

#include <stdlib.h>

/* More gaps than these are one condition: the list as a whole. */
#define GAPS_MAX 8

void sl_clause_free(struct sl_clause *c)
{
	for (uint32_t i = 0; i < c->nparts; i++)
		sl_clause_free(&c->parts[i]);
	free(c->parts);
	sl_ranges_free(&c->in);
	*c = (struct sl_clause){ .kind = SL_CLAUSE_ANY };
}

static enum sl_rc push(struct sl_clause *c, struct sl_clause *child, struct sl_err *err)
{
	if (c->nparts == c->cap) {
		uint32_t cap = c->cap > 0 ? c->cap * 2 : 2;
		struct sl_clause *more = realloc(c->parts, cap * sizeof *more);
		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a condition");
		c->parts = more;
		c->cap = cap;
	}
	c->parts[c->nparts++] = *child;
	*child = (struct sl_clause){ .kind = SL_CLAUSE_ANY };
	return SL_OK;
}

enum sl_rc sl_clause_take(struct sl_clause *c, struct sl_clause *child, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (child->kind != c->kind)
		rc = push(c, child, err);
	else
		for (uint32_t i = 0; i < child->nparts && rc == SL_OK; i++)
			rc = push(c, &child->parts[i], err);
	sl_clause_free(child);
	return rc;
}

static void put_values(struct sl_buf *b, const struct sl_clause *atom)
{
	for (uint32_t i = 0; i < atom->in.n; i++) {
		const struct sl_range *r = &atom->in.at[i];
		if (atom->labels == NULL) {
			sl_buf_printf(b, " %lld..%lld", (long long)r->lo, (long long)r->hi);
			continue;
		}
		for (int64_t code = r->lo; code <= r->hi; code++)
			sl_buf_printf(b, code < atom->labels->nlabels ? "\n=%s" : "\n",
			              code < atom->labels->nlabels ? atom->labels->labels[code].text : "");
	}
}

static enum sl_rc name_parts(struct sl_clause *c, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < c->nparts && rc == SL_OK; i++)
		rc = sl_clause_name(&c->parts[i], err);
	return rc;
}

enum sl_rc sl_clause_name(struct sl_clause *c, struct sl_err *err)
{
	struct sl_buf b = { 0 };
	enum sl_rc rc = c->named ? SL_OK : name_parts(c, err);

	if (rc != SL_OK || c->named)
		return rc;
	if (c->kind == SL_CLAUSE_ATOM) {
		sl_buf_text(&b, c->or_missing ? "in or missing " : "in ");
		sl_meaning_put(&b, &c->of);
		put_values(&b, c);
	} else {
		sl_buf_text(&b, c->kind == SL_CLAUSE_ALL ? "all " : "any ");
		for (uint32_t i = 0; i < c->nparts; i++)
			sl_meaning_put(&b, &c->parts[i].is);
	}
	rc = sl_meaning_of(&b, &c->is, err);
	c->named = rc == SL_OK;
	sl_buf_free(&b);
	return rc;
}

static void become(struct sl_clause *c, enum sl_clause_kind constant)
{
	sl_clause_free(c);
	c->kind = constant;
}

/* What cannot fail, or cannot be met: of a value that may be missing only where unknown is as good as false. */
static void weigh(struct sl_clause *atom, bool filters)
{
	bool missing_passes = atom->never_missing || (filters && atom->or_missing);
	bool missing_fails = atom->never_missing || (filters && !atom->or_missing);

	if (missing_passes && sl_ranges_is_all(&atom->in, atom->universe))
		become(atom, SL_CLAUSE_ALL);
	else if (missing_fails && atom->in.n == 0)
		become(atom, SL_CLAUSE_ANY);
}

/* An atom that takes in others of the same thing. */
static bool is_open(const struct sl_clause *c)
{
	return c->kind == SL_CLAUSE_ATOM && c->merges < SL_CLAUSE_MERGES_MAX;
}

/* Open atoms first, those of one thing side by side; then by what they are. */
static int by_meaning(const void *x, const void *y)
{
	const struct sl_clause *a = x, *b = y;

	if (is_open(a) != is_open(b))
		return is_open(a) ? -1 : 1;
	return is_open(a) ? sl_meaning_order(&a->of, &b->of) : sl_meaning_order(&a->is, &b->is);
}

static enum sl_rc sort(struct sl_clause *c, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (c->nparts < 2)
		return SL_OK;
	for (uint32_t i = 0; i < c->nparts && rc == SL_OK; i++)
		if (!is_open(&c->parts[i]))
			rc = sl_clause_name(&c->parts[i], err);
	if (rc == SL_OK)
		qsort(c->parts, c->nparts, sizeof *c->parts, by_meaning);
	return rc;
}

/* n open atoms of one thing become the first. What all let through is what none keeps out: one sort, however many. */
static enum sl_rc put_together(enum sl_clause_kind kind, struct sl_clause *atoms, uint32_t n, struct sl_err *err)
{
	struct sl_clause *a = &atoms[0];
	bool all = kind == SL_CLAUSE_ALL;
	uint32_t merges = a->merges;
	enum sl_rc rc = all ? sl_ranges_invert(&a->in, SL_RANGE_ALL, err) : SL_OK;

	for (uint32_t i = 1; i < n && rc == SL_OK; i++) {
		struct sl_clause *b = &atoms[i];
		a->or_missing = all ? a->or_missing && b->or_missing : a->or_missing || b->or_missing;
		merges = merges > b->merges ? merges : b->merges;
		if (all)
			rc = sl_ranges_invert(&b->in, SL_RANGE_ALL, err);
		if (rc == SL_OK)
			rc = sl_ranges_append(&a->in, &b->in, err);
		sl_clause_free(b);
	}
	a->merges = merges + 1;
	a->named = false;
	sl_ranges_settle(&a->in);
	return rc == SL_OK && all ? sl_ranges_invert(&a->in, SL_RANGE_ALL, err) : rc;
}

/* Of equal parts the first stays. */
static enum sl_rc merge(struct sl_clause *c, bool filters, struct sl_err *err)
{
	uint32_t kept = 0;
	enum sl_rc rc = sort(c, err);

	for (uint32_t i = 0, n; i < c->nparts && rc == SL_OK; i += n) {
		struct sl_clause *first = &c->parts[i];
		for (n = 1; i + n < c->nparts && by_meaning(first, &first[n]) == 0; n++)
			if (!is_open(first))
				sl_clause_free(&first[n]);
		if (is_open(first) && n > 1)
			rc = put_together(c->kind, first, n, err);
		if (first->kind == SL_CLAUSE_ATOM)
			weigh(first, filters);
		if (kept < i) {
			c->parts[kept] = *first;
			*first = (struct sl_clause){ .kind = SL_CLAUSE_ANY };
		}
		kept++;
	}
	if (rc == SL_OK)
		c->nparts = kept;
	return rc;
}

/* Parts that change nothing go; one that decides is all that stays. */
static void leave_out_constants(struct sl_clause *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->nparts; i++) {
		const struct sl_clause *part = &c->parts[i];
		if (part->kind == SL_CLAUSE_ATOM || part->nparts > 0) {
			if (kept < i) {
				c->parts[kept] = c->parts[i];
				c->parts[i] = (struct sl_clause){ .kind = SL_CLAUSE_ANY };
			}
			kept++;
		} else if (part->kind != c->kind) {
			become(c, part->kind);
			return;
		}
	}
	c->nparts = kept;
	if (kept == 0)
		become(c, c->kind);
}

enum sl_rc sl_clause_settle(struct sl_clause *c, bool filters, struct sl_err *err)
{
	if (c->kind == SL_CLAUSE_ATOM) {
		weigh(c, filters);
		return SL_OK;
	}
	leave_out_constants(c);
	enum sl_rc rc = merge(c, filters, err);
	if (rc != SL_OK)
		return rc;
	leave_out_constants(c);
	if (c->nparts == 1) {
		struct sl_clause only = c->parts[0];
		free(c->parts);
		*c = only;
	}
	return SL_OK;
}

static enum sl_rc add(struct sl_buf *b, struct sl_predicate_part *parts, uint32_t *n, struct sl_err *err)
{
	struct sl_meaning m;
	enum sl_rc rc = sl_meaning_of(b, &m, err);

	return rc != SL_OK ? rc : sl_meaning_part(&m, parts, n, err);
}

/* One by one, so that who asks for 3 to 5 is seen to lie within who asks for 3 and more. */
static enum sl_rc add_gaps(const struct sl_clause *atom, struct sl_predicate_part *parts, uint32_t *n,
                           struct sl_err *err)
{
	struct sl_buf b = { 0 };
	sl_i128 from = atom->universe.lo;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i <= atom->in.n && rc == SL_OK; i++) {
		sl_i128 to = i < atom->in.n ? (sl_i128)atom->in.at[i].lo - 1 : atom->universe.hi;
		if (from <= to) {
			sl_buf_text(&b, "not in ");
			sl_meaning_put(&b, &atom->of);
			sl_buf_printf(&b, " %lld..%lld", (long long)from, (long long)to);
			rc = add(&b, parts, n, err);
		}
		if (i < atom->in.n)
			from = (sl_i128)atom->in.at[i].hi + 1;
	}
	sl_buf_free(&b);
	return rc;
}

static enum sl_rc add_of(const struct sl_clause *atom, const char *what, struct sl_predicate_part *parts, uint32_t *n,
                         struct sl_err *err)
{
	struct sl_buf b = { 0 };

	sl_buf_text(&b, what);
	sl_meaning_put(&b, &atom->of);
	enum sl_rc rc = add(&b, parts, n, err);
	sl_buf_free(&b);
	return rc;
}

static enum sl_rc add_atom(struct sl_clause *atom, struct sl_predicate_part *parts, uint32_t *n,
                           struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (!atom->or_missing && !atom->never_missing)
		rc = add_of(atom, "known ", parts, n, err);
	if (rc != SL_OK || sl_ranges_is_all(&atom->in, atom->universe))
		return rc;
	if (atom->is_ordered && atom->in.n < GAPS_MAX)
		return add_gaps(atom, parts, n, err);
	rc = sl_clause_name(atom, err);
	return rc == SL_OK ? sl_meaning_part(&atom->is, parts, n, err) : rc;
}

enum sl_rc sl_clause_conditions(struct sl_clause *c, struct sl_predicate_part *parts, uint32_t *n,
                                struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (c->kind == SL_CLAUSE_ATOM)
		return add_atom(c, parts, n, err);
	if (c->kind == SL_CLAUSE_ANY) {
		rc = sl_clause_name(c, err);
		return rc == SL_OK ? sl_meaning_part(&c->is, parts, n, err) : rc;
	}
	for (uint32_t i = 0; i < c->nparts && rc == SL_OK; i++)
		rc = sl_clause_conditions(&c->parts[i], parts, n, err);
	return rc;
}

/* --- one of several values ---------------------------------------------------------------------------------- */

/* How many values it lets through. 0: none of this kind, or too many. */
static uint32_t values_of(const struct sl_clause *c)
{
	uint64_t n = 0;

	if (c->kind != SL_CLAUSE_ATOM || c->is_ordered || c->or_missing || sl_ranges_is_all(&c->in, c->universe))
		return 0;
	for (uint32_t i = 0; i < c->in.n && n <= SL_CONDITION_VALUES_MAX; i++)
		n += (uint64_t)c->in.at[i].hi - (uint64_t)c->in.at[i].lo + 1;
	return n <= SL_CONDITION_VALUES_MAX ? (uint32_t)n : 0;
}

/* The condition that asks for this value alone: as sl_clause_conditions has it, when a key's group is one. */
static enum sl_rc add_value(const struct sl_clause *atom, sl_i128 value, struct sl_condition_union *u,
                            struct sl_err *err)
{
	struct sl_clause one = *atom;

	one.named = false;
	one.in = (struct sl_ranges){ 0 };
	enum sl_rc rc = sl_ranges_add(&one.in, value, value, one.universe, err);
	if (rc == SL_OK)
		rc = sl_clause_name(&one, err);
	if (rc == SL_OK)
		rc = sl_meaning_part(&one.is, u->values, &u->nvalues, err);
	sl_ranges_free(&one.in);
	return rc;
}

static enum sl_rc fill(struct sl_clause *atom, struct sl_condition_union *u, uint32_t nvalues, struct sl_err *err)
{
	uint32_t n = 0;
	enum sl_rc rc = sl_clause_name(atom, err);

	u->values = calloc(nvalues, sizeof *u->values);
	if (rc == SL_OK && u->values == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for a condition");
	if (rc == SL_OK)
		rc = sl_meaning_part(&atom->is, &u->whole, &n, err);
	n = 0;
	if (rc == SL_OK)
		rc = add_of(atom, "values of ", &u->of, &n, err);
	n = 0;
	if (rc == SL_OK && !atom->never_missing)
		rc = add_of(atom, "known ", &u->known, &n, err);
	for (uint32_t i = 0; i < atom->in.n; i++)
		for (sl_i128 v = atom->in.at[i].lo; v <= atom->in.at[i].hi && rc == SL_OK; v++)
			rc = add_value(atom, v, u, err);
	return rc;
}

static enum sl_rc add_union(struct sl_clause *atom, struct sl_condition_unions *out, struct sl_err *err)
{
	uint32_t nvalues = values_of(atom);

	if (nvalues == 0 || out->n == SL_PREDICATE_PARTS_MAX)
		return SL_OK;
	if (out->n == out->cap) {
		uint32_t cap = out->cap > 0 ? out->cap * 2 : 4;
		struct sl_condition_union *more = realloc(out->at, cap * sizeof *more);
		if (more == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a condition");
		out->at = more;
		out->cap = cap;
	}
	out->at[out->n] = (struct sl_condition_union){ 0 };
	return fill(atom, &out->at[out->n++], nvalues, err);
}

enum sl_rc sl_clause_unions(struct sl_clause *c, struct sl_condition_unions *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (c->kind == SL_CLAUSE_ATOM)
		return add_union(c, out, err);
	for (uint32_t i = 0; c->kind == SL_CLAUSE_ALL && i < c->nparts && rc == SL_OK; i++)
		rc = sl_clause_unions(&c->parts[i], out, err);
	return rc;
}
