/*
 * primaries.c - see audit.h: how many units a set has that was hidden for that, told by shown sets together.
 *
 * Who reads releases knows which kinds of units there may be (kinds.h), not which there are. So a number is told when
 * its set is a sum and difference of shown ones in every kind; that it is so for the units that happen to be there
 * tells nothing. What is so for no unit that is there is looked at no further.
 *
 * Of all ways to put the set together the one that needs the request least is taken, and its cheapest row of the
 * request is hidden. Where none of the request is needed history told it by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/columns.h"
#include "policy/history/kinds.h"

/* Words of kinds, and numbers of equations, looked at: some tenths of a second. */
#define KINDS_WORK_MAX UINT64_C(100000000)
#define WORK_MAX UINT64_C(500000000)

struct search {
	struct sl_audit *a;
	bool *told;            /* per set: to be looked at */
	uint32_t ntold;
	struct sl_kinds kinds;
	struct sl_signatures in, out; /* of kinds that meet the conditions of the set at hand, and that do not */
	uint32_t *rows, nrows; /* shown sets: those of the request, then history's */
	uint64_t *words;       /* of two kinds */
	uint32_t *values;
	uint64_t work;
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to look for hidden numbers");
}

/* Of few units others ask. */
static bool is_meant(const struct sl_audit *a, uint32_t set)
{
	return a->sets[set].primary && !a->sets[set].shown && a->sets[set].units >= a->threshold && a->rows_of[set] == 0;
}

/* --- by the units that are there ------------------------------------------------------------------------------ */

static enum sl_rc sieve(struct search *q, struct sl_err *err)
{
	struct sl_audit *a = q->a;
	struct sl_audit_columns c = { .list = calloc(SL_AUDIT_ATOMS_SMALL + 1, sizeof *c.list) };
	uint32_t *row_of = calloc((size_t)a->nsets + 1, sizeof *row_of), nrows = 0;
	struct sl_space s = { 0 };
	enum sl_rc rc = c.list != NULL && row_of != NULL ? SL_OK : no_memory(err);

	for (uint32_t set = 0; set < a->nsets; set++)
		nrows += a->sets[set].shown && a->sets[set].units > 0;
	if (rc == SL_OK && sl_columns_list(a, &c)) {
		rc = sl_space_init(&s, nrows, c.n, err);
		if (rc == SL_OK) {
			sl_columns_fill(a, &c, a->nsets, &s, row_of);
			sl_space_reduce(&s);
		}
		for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++) {
			q->told[set] = is_meant(a, set) && sl_columns_tell(a, &c, &s, set);
			q->ntold += q->told[set];
		}
	}
	sl_space_fini(&s);
	free(row_of);
	free(c.list);
	return rc;
}

/* --- by the kinds that may be --------------------------------------------------------------------------------- */

static bool is_in(const struct sl_audit *a, uint32_t atom, uint32_t set)
{
	const struct sl_atom *from = &a->atoms->atoms[atom];

	for (uint32_t p = from->first; p < from->first + from->n; p++)
		if (a->atoms->places[p].set == set)
			return true;
	return false;
}

/* The kinds of those who are there among them, by where they are. */
static enum sl_rc add_atoms(struct search *q, uint32_t set, struct sl_err *err)
{
	const struct sl_atoms *atoms = q->a->atoms;
	enum sl_rc rc = SL_OK;
	uint32_t at;

	for (uint32_t i = 0; i < atoms->natoms && rc == SL_OK; i++) {
		sl_kinds_of_atom(&q->kinds, i, q->words);
		rc = sl_signatures_add(is_in(q->a, i, set) ? &q->in : &q->out, q->words, &at, err);
	}
	return rc;
}

/* Somebody like the atom, and with the conditions as for sl_kinds_like, is in the same shown sets. */
static bool is_unseen(struct search *q, uint32_t atom, uint32_t within, uint32_t without)
{
	uint64_t *as_is = q->words, *moved = q->words + q->kinds.nwords;

	if (!sl_kinds_like(&q->kinds, atom, within, without, q->values, moved))
		return false;
	sl_kinds_of_atom(&q->kinds, atom, as_is);
	return memcmp(as_is, moved, q->kinds.nwords * sizeof *moved) == 0;
}

/* One of those in the set may as well be in another of its family, or fail its condition; or one who is not, in it. */
static bool may_move(struct search *q, uint32_t set)
{
	const struct sl_audit *a = q->a;
	const struct sl_audit_family *f = &a->families[a->sets[set].family];
	const struct sl_audit_output *o = &a->outputs[f->output];
	uint32_t row = set - (set - o->first_set) % o->per_cell;
	bool may = false;

	for (uint32_t i = 0; i < a->atoms->natoms && !may && q->kinds.work <= KINDS_WORK_MAX; i++) {
		if (!is_in(a, i, set)) {
			may = is_unseen(q, i, set, SL_AUDIT_NO_SET);
			continue;
		}
		may = row != set && is_unseen(q, i, row, set);
		for (uint32_t k = 0; k < f->nsets && !may; k++)
			may = f->first_set + k * f->stride != set && is_unseen(q, i, f->first_set + k * f->stride, SL_AUDIT_NO_SET);
	}
	return may;
}

/* *apart: no kind within looks like one without. */
static enum sl_rc list_kinds(struct search *q, uint32_t set, bool *apart, struct sl_err *err)
{
	bool fits = true;
	*apart = false;
	if (may_move(q, set))
		return SL_OK;
	enum sl_rc rc = sl_kinds_list(&q->kinds, set, SL_AUDIT_NO_SET, &q->in, &fits, err);

	if (rc == SL_OK && fits)
		rc = sl_kinds_list(&q->kinds, SL_AUDIT_NO_SET, set, &q->out, &fits, err);
	q->a->primaries_given_up = q->a->primaries_given_up || !fits;
	*apart = fits;
	if (rc == SL_OK && fits)
		rc = add_atoms(q, set, err);
	for (uint32_t i = 0; i < q->in.n && *apart && rc == SL_OK; i++)
		*apart = sl_signatures_find(&q->out, &q->in.words[(size_t)i * q->in.nwords]) == UINT32_MAX;
	return rc;
}

static void list_rows(struct search *q)
{
	const struct sl_audit *a = q->a;
	uint32_t first_new = a->outputs[a->nearlier].first_set;

	q->nrows = 0;
	for (uint32_t i = 0; i < a->nsets; i++) {
		uint32_t set = (i + first_new) % a->nsets;
		if (a->sets[set].shown && q->kinds.bit_of[set] != UINT32_MAX)
			q->rows[q->nrows++] = set;
	}
}

static bool is_of(const struct sl_signatures *s, uint32_t i, uint32_t bit)
{
	return (s->words[(size_t)i * s->nwords + bit / 64] >> (bit % 64) & 1) != 0;
}

/* A column for each kind, then one for each row: how often it was taken. */
static void fill(const struct search *q, struct sl_space *s)
{
	uint32_t n = q->in.n + q->out.n;

	for (uint32_t r = 0; r < q->nrows; r++) {
		uint64_t *row = sl_space_row(s, r);
		uint32_t bit = q->kinds.bit_of[q->rows[r]];
		for (uint32_t k = 0; k < n; k++)
			row[k] = k < q->in.n ? is_of(&q->in, k, bit) : is_of(&q->out, k - q->in.n, bit);
		row[n + r] = 1;
	}
	for (uint32_t k = 0; k < q->in.n; k++)
		s->row[k] = 1;
}

/*
 * The cheapest row of the request that the set is put together with; SL_AUDIT_NO_SET: none. In a reduced form rows of
 * the request, whose columns come first, are not taken where others do.
 */
static enum sl_rc find(struct search *q, uint32_t *best, struct sl_err *err)
{
	uint32_t n = q->in.n + q->out.n;
	struct sl_space s;

	*best = SL_AUDIT_NO_SET;
	list_rows(q);
	q->work += (uint64_t)q->nrows * q->nrows * (n + q->nrows);
	if (q->work > WORK_MAX) {
		q->a->primaries_given_up = true;
		return SL_OK;
	}
	enum sl_rc rc = sl_space_init(&s, q->nrows, n + q->nrows, err);
	if (rc == SL_OK) {
		fill(q, &s);
		sl_space_reduce(&s);
		bool told = sl_space_is_told_in(&s, n);
		for (uint32_t r = 0; r < q->nrows && told; r++)
			if (s.row[n + r] != 0 && sl_audit_is_new(q->a, q->rows[r]) && sl_audit_cheaper(q->a, q->rows[r], *best))
				*best = q->rows[r];
	}
	sl_space_fini(&s);
	return rc;
}

static enum sl_rc protect(struct search *q, uint32_t set, struct sl_err *err)
{
	struct sl_audit_hit hit = { .other = SL_AUDIT_NO_SET, .units = q->a->sets[set].units };
	bool apart;
	enum sl_rc rc = list_kinds(q, set, &apart, err);

	while (rc == SL_OK && apart) {
		rc = find(q, &hit.set, err);
		if (rc != SL_OK || hit.set == SL_AUDIT_NO_SET)
			break;
		rc = sl_audit_hide(q->a, &hit, err);
	}
	sl_signatures_free(&q->in);
	sl_signatures_free(&q->out);
	return rc;
}

static enum sl_rc protect_all(struct search *q, struct sl_err *err)
{
	bool fits = true;
	enum sl_rc rc = sl_kinds_make(&q->kinds, q->a, &fits, err);

	q->a->primaries_given_up = q->a->primaries_given_up || !fits;
	q->rows = calloc((size_t)q->a->nsets + 1, sizeof *q->rows);
	q->words = calloc((size_t)q->kinds.nwords * 2 + 1, sizeof *q->words);
	q->values = calloc((size_t)q->kinds.nattributes + 1, sizeof *q->values);
	if (rc == SL_OK && (q->rows == NULL || q->words == NULL || q->values == NULL))
		rc = no_memory(err);
	for (uint32_t set = 0; set < q->a->nsets && fits && rc == SL_OK && !q->a->primaries_given_up; set++) {
		if (!q->told[set])
			continue;
		rc = protect(q, set, err);
		q->a->primaries_given_up = q->a->primaries_given_up || q->kinds.work > KINDS_WORK_MAX;
	}
	return rc;
}

static bool has_any(const struct sl_audit *a)
{
	for (uint32_t set = 0; set < a->nsets; set++)
		if (is_meant(a, set))
			return true;
	return false;
}

enum sl_rc sl_audit_primaries(struct sl_audit *a, struct sl_err *err)
{
	struct search q = { .a = a };
	enum sl_rc rc;

	if (!sl_audit_is_small(a) || a->primaries_given_up || !has_any(a))
		return SL_OK;
	q.told = calloc((size_t)a->nsets + 1, sizeof *q.told);
	rc = q.told != NULL ? sieve(&q, err) : no_memory(err);
	if (rc == SL_OK && q.ntold > 0)
		rc = protect_all(&q, err);
	sl_kinds_free(&q.kinds);
	free(q.rows);
	free(q.words);
	free(q.values);
	free(q.told);
	return rc;
}
