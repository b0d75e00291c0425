/*
 * unions.c - see unions.h.
 *
 * A sum of reduced rows has in each pivot's column how often that row was taken. So a group, of which each atom counts
 * once or not at all, is a sum of some of the rows, each taken once; and none of them has a pivot of many units. The
 * rows that are left hardly ever have many: of columns of many units as many as can be are pivots.
 *
 * Rows are added one by one. As long as some column is neither 0 nor 1 there, one of the rows that have something in it
 * is missing: the column with the fewest of those is looked at. If all are 0 or 1 and the group is not few, or is known
 * already, a row is missing that has something where the group is. What no row can change any more is settled: a column
 * that is wrong, or too many units, end the search there.
 *
 * That is quick where few persons are in the system, or most atoms have many. Else witnesses help: who may as well be
 * many is in no group of which it is known that they are few.
 */
#include "policy/history/unions.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/joint.h"
#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

struct search {
	struct sl_audit *a;
	const struct sl_audit_columns *c;
	const struct sl_space *s;
	uint32_t first_row, first_column;  /* of few units: only those matter */
	uint64_t *sums;                    /* a row for each that was taken */
	uint32_t depth_max;
	bool *gone;                        /* per row: it was taken, or tried */
	uint32_t *left;                    /* per column: rows not gone that have something in it */
	struct sl_space before;            /* what history tells; made when it is asked */
	bool has_before;
	const uint64_t *found;             /* NULL: nothing */
	uint64_t units;                    /* in it */
	uint64_t end;                      /* of the search, as a->searched */
};

/* Columns looked at before witnesses are looked for; and their work. */
#define SEARCH_QUICK UINT64_C(2000000)
#define WITNESS_WORK_MAX UINT64_C(200000000)

static enum sl_rc make_before(struct search *q, struct sl_err *err)
{
	uint32_t nsets = q->a->outputs[q->a->nearlier].first_set;
	uint32_t *row_of = calloc((size_t)q->a->nsets + 1, sizeof *row_of);
	enum sl_rc rc = sl_space_init(&q->before, q->s->nrows, q->s->ncolumns, err);

	if (rc == SL_OK && row_of == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", q->s->nrows);
	if (rc == SL_OK) {
		sl_columns_fill(q->a, q->c, nsets, &q->before, row_of);
		sl_space_reduce(&q->before);
		q->has_before = true;
	}
	free(row_of);
	return rc;
}

/* Whether history alone tells the group. */
static enum sl_rc was_told(struct search *q, const uint64_t *sum, bool *told, struct sl_err *err)
{
	enum sl_rc rc = q->has_before ? SL_OK : make_before(q, err);

	if (rc == SL_OK) {
		memcpy(q->before.row, sum, q->s->ncolumns * sizeof *sum);
		*told = sl_space_is_told(&q->before);
	}
	return rc;
}

/* Units of the group: of atoms each counts once; of rows, who has several of them is one. */
static uint64_t count(const struct search *q, const uint64_t *sum)
{
	const struct sl_audit *a = q->a;
	uint64_t units = 0;

	for (uint32_t k = q->first_column; q->c->rows_of == 0 && k < q->c->n; k++)
		units += sum[k] != 0 ? q->c->list[k].units : 0;
	for (uint32_t i = 0; q->c->rows_of != 0 && i < a->atoms->natoms; i++) {
		bool in = false;
		for (uint32_t k = q->first_column; k < q->c->n && !in; k++)
			in = sum[k] != 0 && sl_columns_has(a, &q->c->list[k], i);
		units += in ? a->atoms->atoms[i].units : 0;
	}
	return units;
}

/* What a sum of rows looks like. */
struct look {
	uint32_t wrong;     /* the column, neither 0 nor 1, that the fewest rows can change; UINT32_MAX: there is none */
	bool hopeless;
};

static struct look look_at(struct search *q, const uint64_t *sum)
{
	struct look l = { .wrong = UINT32_MAX };
	uint64_t settled = 0, most = 0;

	for (uint32_t k = q->first_column; k < q->c->n; k++) {
		if (sum[k] == 0)
			continue;
		if (sum[k] != 1 && (l.wrong == UINT32_MAX || q->left[k] < q->left[l.wrong]))
			l.wrong = k;
		if (q->left[k] > 0)
			continue;
		l.hopeless = l.hopeless || sum[k] != 1;
		settled += q->c->list[k].units;
		most = q->c->list[k].units > most ? q->c->list[k].units : most;
	}
	/* Of rows, one unit may have all that are settled. */
	l.hopeless = l.hopeless || (q->c->rows_of == 0 ? settled : most) >= q->a->threshold;
	q->a->searched += q->c->n - q->first_column + 1;
	return l;
}

static void set_gone(struct search *q, uint32_t r, bool gone)
{
	const uint64_t *row = sl_space_row(q->s, r);

	q->gone[r] = gone;
	for (uint32_t k = q->first_column; k < q->c->n; k++)
		if (row[k] != 0)
			q->left[k] += gone ? UINT32_MAX : 1;
	q->a->searched += q->c->n - q->first_column;
}

/* Whether the row can help: it has something in the column that is wrong, or else where the group is. */
static bool may_help(struct search *q, const uint64_t *sum, const struct look *l, uint32_t depth, uint32_t r)
{
	const uint64_t *row = sl_space_row(q->s, r);

	if (q->gone[r])
		return false;
	if (l->wrong != UINT32_MAX || depth == 0)
		return depth == 0 || row[l->wrong] != 0;
	for (uint32_t k = q->first_column; k < q->c->n; k++)
		if (sum[k] != 0 && row[k] != 0)
			return true;
	return false;
}

static enum sl_rc judge(struct search *q, const uint64_t *sum, struct sl_err *err)
{
	uint64_t units = count(q, sum);
	bool told = false;

	if (units == 0 || units >= q->a->threshold)
		return SL_OK;
	enum sl_rc rc = was_told(q, sum, &told, err);
	if (rc == SL_OK && !told) {
		q->found = sum;
		q->units = units;
	}
	return rc;
}

static enum sl_rc add(struct search *q, uint32_t depth, struct sl_err *err)
{
	const uint64_t *sum = &q->sums[(size_t)depth * q->c->n];
	uint64_t *next = &q->sums[(size_t)(depth + 1) * q->c->n];
	struct look l = look_at(q, sum);
	enum sl_rc rc = SL_OK;
	uint32_t tried = q->first_row;

	if (l.hopeless || q->a->searched > q->end)
		return SL_OK;
	if (depth > 0 && l.wrong == UINT32_MAX)
		rc = judge(q, sum, err);
	bool *mine = depth < q->depth_max ? calloc((size_t)q->s->rank + 1, sizeof *mine) : NULL;
	if (depth < q->depth_max && mine == NULL && rc == SL_OK)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", q->s->nrows);
	for (uint32_t r = q->first_row; mine != NULL && r < q->s->rank && q->found == NULL && rc == SL_OK; r++) {
		if (!may_help(q, sum, &l, depth, r))
			continue;
		const uint64_t *row = sl_space_row(q->s, r);
		for (uint32_t k = 0; k < q->c->n; k++)
			next[k] = k < q->first_column ? 0 : sl_space_plus(sum[k], row[k]);
		set_gone(q, r, true);
		mine[r] = true;
		rc = add(q, depth + 1, err);
		tried = r + 1;
	}
	for (uint32_t r = q->first_row; r < tried; r++)
		if (mine[r])
			set_gone(q, r, false);
	free(mine);
	return rc;
}

/* The request's cheapest set that some of the group is in. */
static uint32_t way_out(const struct search *q)
{
	uint32_t best = SL_AUDIT_NO_SET;

	for (uint32_t k = q->first_column; k < q->c->n; k++) {
		uint32_t set = q->found[k] != 0 ? sl_audit_way_out(q->a, q->c->list[k].atom) : SL_AUDIT_NO_SET;
		if (set != SL_AUDIT_NO_SET && sl_audit_cheaper(q->a, set, best))
			best = set;
	}
	return best;
}

/* Rows of few units, and what they may change. Each that is taken has a pivot of its own: a unit, at least. */
static enum sl_rc begin(struct search *q, struct sl_err *err)
{
	const struct sl_space *s = q->s;

	q->end = SL_AUDIT_SEARCH_MAX;
	if (!q->c->freed && q->a->searched + SEARCH_QUICK < q->end)
		q->end = q->a->searched + SEARCH_QUICK;
	while (q->first_column < q->c->n && !q->c->list[q->first_column].is_few)
		q->first_column++;
	while (q->first_row < s->rank && s->pivot[q->first_row] < q->first_column)
		q->first_row++;
	q->depth_max = s->rank - q->first_row;
	if (q->c->rows_of == 0 && q->depth_max >= q->a->threshold)
		q->depth_max = (uint32_t)q->a->threshold - 1;
	q->sums = calloc((size_t)(q->depth_max + 1) * s->ncolumns + 1, sizeof *q->sums);
	q->gone = calloc((size_t)s->rank + 1, sizeof *q->gone);
	q->left = calloc((size_t)s->ncolumns + 1, sizeof *q->left);
	if (q->sums == NULL || q->gone == NULL || q->left == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", s->nrows);
	for (uint32_t r = q->first_row; r < s->rank; r++)
		for (uint32_t k = q->first_column; k < s->ncolumns; k++)
			q->left[k] += sl_space_row(s, r)[k] != 0;
	return SL_OK;
}

enum sl_rc sl_unions_find(struct sl_audit *a, const struct sl_audit_columns *c, const struct sl_space *s,
                          struct sl_audit_hit *hit, bool *through, struct sl_err *err)
{
	struct search q = { .a = a, .c = c, .s = s };
	enum sl_rc rc = a->threshold > 1 ? begin(&q, err) : SL_OK;

	if (rc == SL_OK && q.depth_max > 0)
		rc = add(&q, 0, err);
	hit->set = rc == SL_OK && q.found != NULL ? way_out(&q) : SL_AUDIT_NO_SET;
	hit->other = SL_AUDIT_NO_SET;
	hit->units = q.units;
	*through = a->searched <= q.end;
	sl_space_fini(&q.before);
	free(q.sums);
	free(q.gone);
	free(q.left);
	return rc;
}

/* One table may show of many atoms that they can be many. */
static void note_many(const struct sl_audit *a, const struct sl_prover *p, bool *is_many)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++)
		is_many[i] = is_many[i] || p->values[i] >= (int64_t)a->threshold;
}

static void look_for_many(const struct sl_audit *a, struct sl_prover *p, struct sl_witness *w, bool *is_many)
{
	for (uint32_t i = 0; i < a->atoms->natoms && p->work <= WITNESS_WORK_MAX; i++) {
		if (is_many[i] || !sl_prover_find(p, i, (int64_t)a->threshold))
			continue;
		sl_witness_set_all(w, p->values);
		if (sl_witness_holds(w, i))
			note_many(a, p, is_many);
	}
}

enum sl_rc sl_unions_free(const struct sl_audit *a, struct sl_audit_columns *c, struct sl_err *err)
{
	struct sl_system s = { 0 };
	struct sl_prover p = { 0 };
	struct sl_witness w = { 0 };
	bool *is_many = calloc((size_t)a->atoms->natoms + 1, sizeof *is_many);
	enum sl_rc rc = is_many != NULL ? sl_audit_joint_system(a, &s, err)
	                                : sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", a->nsets);

	if (rc == SL_OK)
		rc = sl_prover_init(&p, &s, err);
	if (rc == SL_OK)
		rc = sl_witness_init(&w, &s, err);
	if (rc == SL_OK) {
		for (uint32_t k = 0; k < c->n; k++)
			is_many[c->list[k].atom] = !c->list[k].is_few;
		look_for_many(a, &p, &w, is_many);
		for (uint32_t k = 0; k < c->n; k++)
			c->list[k].is_few = !is_many[c->list[k].atom];
		c->freed = true;
		sl_columns_sort(c);
	}
	sl_prover_fini(&p);
	sl_witness_fini(&w);
	sl_system_free(&s);
	free(is_many);
	return rc;
}
