/*
 * zeros.c - see audit.h: that nobody is in a hidden set, or everybody of its row, told by shown sets together.
 *
 * Who reads releases knows which kinds of units there may be (kinds.h), not which there are. So what is looked for is a
 * table with somebody in the hidden set: a number for every kind, that agrees with all shown sets. As in joint.h the
 * prover looks for it, and the witness is what is believed. Mostly there is nothing to look for: somebody there would
 * be in the same shown sets as others are.
 *
 * What has a table without the request's sets and none beside them has some of those hidden.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/kinds.h"
#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

/* Words, terms and numbers looked at: some tenths of a second. */
#define KINDS_WORK_MAX UINT64_C(100000000)
#define PROVER_WORK_MAX UINT64_C(200000000)

/* Nobody meets the conditions of the one without those of the other (SL_AUDIT_NO_SET: of the one). */
struct empty {
	uint32_t within, without;
};

struct search {
	struct sl_audit *a;
	struct sl_kinds kinds;
	struct sl_signatures all;   /* of atoms as they are, then of kinds that nobody is of */
	uint64_t *units;            /* per signature of all */
	bool *may_be;               /* per signature of all: there is a table with somebody of it */
	uint32_t natoms_all;        /* signatures of atoms */
	struct empty *empties;
	uint32_t nempties;
	struct sl_system s;         /* a fact for each signature, then one for each shown set */
	struct sl_prover p;
	struct sl_witness w;
	uint32_t *fact_of;          /* per set that has one */
	uint32_t *tried, ntried;    /* rows, by their first set */
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to look for who nobody is");
}

/* --- what is empty ------------------------------------------------------------------------------------------ */

/* The row that a set is of. */
static uint32_t row_of(const struct sl_audit *a, uint32_t set)
{
	const struct sl_audit_output *o = &a->outputs[sl_audit_output_of(a, set)];

	return set - (set - o->first_set) % o->per_cell;
}

static bool is_empty(const struct sl_audit *a, uint32_t set, struct empty *e)
{
	uint32_t row = row_of(a, set);

	if (a->sets[set].shown || a->rows_of[set] != 0)
		return false;
	*e = (struct empty){ set, SL_AUDIT_NO_SET };
	if (a->sets[set].units == 0)
		return true;
	*e = (struct empty){ row, set };
	return a->sets[set].units == a->sets[row].units && !sl_audit_same(&a->sets[set], &a->sets[row]);
}

static enum sl_rc list_empties(struct search *q, struct sl_err *err)
{
	struct empty e;
	uint32_t n = 0;

	for (uint32_t s = 0; s < q->a->nsets; s++)
		n += is_empty(q->a, s, &e);
	q->empties = calloc((size_t)n + 1, sizeof *q->empties);
	if (q->empties == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < q->a->nsets; s++)
		if (is_empty(q->a, s, &e))
			q->empties[q->nempties++] = e;
	return SL_OK;
}

/* --- what would not be seen --------------------------------------------------------------------------------- */

static bool is_in_no_set(const struct search *q, const uint64_t *words)
{
	for (uint32_t i = 0; i < q->kinds.nwords; i++)
		if (words[i] != 0)
			return false;
	return true;
}

static enum sl_rc list_atoms(struct search *q, struct sl_err *err)
{
	uint64_t *words = calloc(q->kinds.nwords, sizeof *words);
	size_t n = (size_t)q->a->atoms->natoms + SL_KINDS_MAX + 1;
	enum sl_rc rc = SL_OK;
	uint32_t at;

	q->units = calloc(n, sizeof *q->units);
	q->may_be = calloc(n, sizeof *q->may_be);
	q->all.nwords = q->kinds.nwords;
	if (words == NULL || q->units == NULL || q->may_be == NULL)
		rc = no_memory(err);
	for (uint32_t i = 0; i < q->a->atoms->natoms && rc == SL_OK; i++) {
		sl_kinds_of_atom(&q->kinds, i, words);
		if (is_in_no_set(q, words))
			continue;
		rc = sl_signatures_add(&q->all, words, &at, err);
		if (rc != SL_OK)
			break;
		q->units[at] += q->a->atoms->atoms[i].units;
		q->may_be[at] = true;
	}
	q->natoms_all = q->all.n;
	free(words);
	return rc;
}

/* In the shown sets of somebody who is there, or in none. */
static bool is_unseen(const struct search *q, const uint64_t *words)
{
	return is_in_no_set(q, words) || sl_signatures_find(&q->all, words) < q->natoms_all;
}

/* Of all who are there, one with the conditions of the empty set. */
static enum sl_rc is_like_an_atom(struct search *q, const struct empty *e, bool *is, struct sl_err *err)
{
	uint32_t *values = calloc((size_t)q->kinds.nattributes + 1, sizeof *values);
	uint64_t *words = calloc(q->kinds.nwords, sizeof *words);
	enum sl_rc rc = values != NULL && words != NULL ? SL_OK : no_memory(err);

	*is = false;
	for (uint32_t i = 0; i < q->a->atoms->natoms && rc == SL_OK && !*is && q->kinds.work <= KINDS_WORK_MAX; i++)
		*is = sl_kinds_like(&q->kinds, i, e->within, e->without, values, words) && is_unseen(q, words);
	free(values);
	free(words);
	return rc;
}

/* Keeps those that somebody in would be seen. Who cannot be anyway is no secret. */
static enum sl_rc sieve(struct search *q, struct sl_err *err)
{
	uint32_t kept = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < q->nempties && rc == SL_OK && !q->a->zeros_given_up; i++) {
		struct sl_signatures kinds = { 0 };
		bool free_to_be, fits = true;
		rc = is_like_an_atom(q, &q->empties[i], &free_to_be, err);
		if (rc != SL_OK || free_to_be)
			continue;
		rc = sl_kinds_list(&q->kinds, q->empties[i].within, q->empties[i].without, &kinds, &fits, err);
		for (uint32_t s = 0; s < kinds.n && !free_to_be; s++)
			free_to_be = is_unseen(q, &kinds.words[(size_t)s * kinds.nwords]);
		if (!free_to_be && kinds.n > 0)
			q->empties[kept++] = q->empties[i];
		sl_signatures_free(&kinds);
		q->a->zeros_given_up = !fits || q->kinds.work > KINDS_WORK_MAX;
	}
	q->nempties = kept;
	return rc;
}

/* --- tables ------------------------------------------------------------------------------------------------- */

static enum sl_rc list_kinds(struct search *q, struct sl_err *err)
{
	struct sl_signatures kinds = { 0 };
	bool fits = true;
	enum sl_rc rc = sl_kinds_list(&q->kinds, SL_AUDIT_NO_SET, SL_AUDIT_NO_SET, &kinds, &fits, err);
	uint32_t at;

	for (uint32_t i = 0; i < kinds.n && rc == SL_OK; i++)
		if (!is_in_no_set(q, &kinds.words[(size_t)i * kinds.nwords]))
			rc = sl_signatures_add(&q->all, &kinds.words[(size_t)i * kinds.nwords], &at, err);
	sl_signatures_free(&kinds);
	q->a->zeros_given_up = !fits;
	return rc;
}

static bool is_of(const struct search *q, uint32_t signature, uint32_t set)
{
	uint32_t bit = q->kinds.bit_of[set];

	return bit != UINT32_MAX && (q->all.words[(size_t)signature * q->all.nwords + bit / 64] >> (bit % 64) & 1) != 0;
}

static enum sl_rc add_equation(struct search *q, uint32_t set, uint32_t fact, struct sl_err *err)
{
	enum sl_rc rc = sl_system_begin(&q->s, err);

	if (rc == SL_OK)
		rc = sl_system_term(&q->s, fact, 1, err);
	for (uint32_t i = 0; i < q->all.n && rc == SL_OK; i++)
		if (is_of(q, i, set))
			rc = sl_system_term(&q->s, i, -1, err);
	return rc;
}

static enum sl_rc make_system(struct search *q, struct sl_err *err)
{
	struct sl_audit *a = q->a;
	enum sl_rc rc = SL_OK;

	q->fact_of = calloc((size_t)a->nsets + 1, sizeof *q->fact_of);
	q->tried = calloc((size_t)a->nsets + 1, sizeof *q->tried);
	if (q->fact_of == NULL || q->tried == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < q->all.n && rc == SL_OK; i++)
		rc = sl_system_fact(&q->s, &(struct sl_fact){ .value = (int64_t)q->units[i], .hi = SL_FACT_VALUE_MAX,
		                                              .state = SL_FACT_PRIMARY }, NULL, err);
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++)
		if (q->kinds.bit_of[set] != UINT32_MAX)
			rc = sl_system_fact(&q->s, &(struct sl_fact){ .value = (int64_t)a->sets[set].units,
			                                              .hi = SL_FACT_VALUE_MAX, .state = SL_FACT_SHOWN },
			                    &q->fact_of[set], err);
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++)
		if (q->kinds.bit_of[set] != UINT32_MAX)
			rc = add_equation(q, set, q->fact_of[set], err);
	if (rc == SL_OK)
		rc = sl_system_index(&q->s, err);
	if (rc == SL_OK)
		rc = sl_prover_init(&q->p, &q->s, err);
	return rc == SL_OK ? sl_witness_init(&q->w, &q->s, err) : rc;
}

/* Whether somebody may be of one of the kinds. What is found shows it of others, too. */
static bool may_be(struct search *q, const struct sl_signatures *kinds, bool *noted)
{
	for (uint32_t i = 0; i < kinds->n; i++) {
		uint32_t fact = sl_signatures_find(&q->all, &kinds->words[(size_t)i * kinds->nwords]);
		if (noted != NULL && noted[fact])
			return true;
		if (!sl_prover_find(&q->p, fact, 1) || q->p.values[fact] < 1)
			continue;
		sl_witness_set_all(&q->w, q->p.values);
		if (!sl_witness_holds(&q->w, fact))
			continue;
		for (uint32_t f = 0; noted != NULL && f < q->all.n; f++)
			noted[f] = noted[f] || q->p.values[f] > 0;
		return true;
	}
	return false;
}

/* In the system alone: whether a row of the request is seen. */
static void set_seen(struct search *q, uint32_t row, bool seen)
{
	uint32_t per_cell = q->a->outputs[sl_audit_output_of(q->a, row)].per_cell;

	for (uint32_t set = row; set < row + per_cell; set++) {
		if (q->kinds.bit_of[set] == UINT32_MAX || !q->a->sets[set].shown)
			continue;
		q->s.facts[q->fact_of[set]].state = seen ? SL_FACT_SHOWN : SL_FACT_PRIMARY;
		sl_prover_changed(&q->p, q->fact_of[set]);
	}
}

static void set_own_seen(struct search *q, bool seen)
{
	for (uint32_t set = q->a->outputs[q->a->nearlier].first_set; set < q->a->nsets; set++)
		if (row_of(q->a, set) == set)
			set_seen(q, set, seen);
}

/* --- what is hidden for it ---------------------------------------------------------------------------------- */

static bool is_asked_for_by(const struct search *q, const struct sl_signatures *kinds, uint32_t set)
{
	for (uint32_t i = 0; i < kinds->n; i++)
		if (is_of(q, sl_signatures_find(&q->all, &kinds->words[(size_t)i * kinds->nwords]), set))
			return true;
	return false;
}

/* The cheapest of the request's sets that is seen: first of those that one of the kinds would be in. */
static uint32_t next_to_hide(const struct search *q, const struct sl_signatures *kinds)
{
	uint32_t best = SL_AUDIT_NO_SET;

	for (int all = 0; all < 2 && best == SL_AUDIT_NO_SET; all++)
		for (uint32_t set = q->a->outputs[q->a->nearlier].first_set; set < q->a->nsets; set++)
			if (q->kinds.bit_of[set] != UINT32_MAX && q->s.facts[q->fact_of[set]].state == SL_FACT_SHOWN &&
			    (all || is_asked_for_by(q, kinds, set)) && sl_audit_cheaper(q->a, set, best))
				best = set;
	return best;
}

/* Rows that need not be hidden, once others are. */
static void take_back(struct search *q, const struct sl_signatures *kinds)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < q->ntried; i++) {
		set_seen(q, q->tried[i], true);
		if (i + 1 < q->ntried && may_be(q, kinds, NULL))
			continue;
		set_seen(q, q->tried[i], false);
		q->tried[kept++] = q->tried[i];
	}
	q->ntried = kept;
}

static enum sl_rc hide(struct search *q, const struct sl_signatures *kinds, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	bool found = false;

	for (q->ntried = 0; !found && q->p.work <= PROVER_WORK_MAX;) {
		uint32_t set = next_to_hide(q, kinds);
		if (set == SL_AUDIT_NO_SET)
			break;
		q->tried[q->ntried] = row_of(q->a, set);
		set_seen(q, q->tried[q->ntried++], false);
		found = may_be(q, kinds, NULL);
	}
	if (found)
		take_back(q, kinds);
	for (uint32_t i = 0; i < q->ntried && rc == SL_OK; i++) {
		if (found)
			rc = sl_audit_hide(q->a, &(struct sl_audit_hit){ .set = q->tried[i], .other = SL_AUDIT_NO_SET }, err);
		else
			set_seen(q, q->tried[i], true);
	}
	return rc;
}

static enum sl_rc protect(struct search *q, const struct empty *e, struct sl_err *err)
{
	struct sl_signatures kinds = { 0 };
	bool fits;
	enum sl_rc rc = sl_kinds_list(&q->kinds, e->within, e->without, &kinds, &fits, err);

	if (rc == SL_OK && !may_be(q, &kinds, q->may_be)) {
		set_own_seen(q, false);
		bool before = may_be(q, &kinds, NULL);
		set_own_seen(q, true);
		if (before)
			rc = hide(q, &kinds, err);
	}
	sl_signatures_free(&kinds);
	return rc;
}

static enum sl_rc protect_all(struct search *q, struct sl_err *err)
{
	enum sl_rc rc = list_kinds(q, err);

	if (rc == SL_OK && !q->a->zeros_given_up)
		rc = make_system(q, err);
	for (uint32_t i = 0; i < q->nempties && rc == SL_OK && !q->a->zeros_given_up; i++) {
		rc = protect(q, &q->empties[i], err);
		q->a->zeros_given_up = q->p.work > PROVER_WORK_MAX;
	}
	return rc;
}

static void close_search(struct search *q)
{
	sl_prover_fini(&q->p);
	sl_witness_fini(&q->w);
	sl_system_free(&q->s);
	sl_signatures_free(&q->all);
	sl_kinds_free(&q->kinds);
	free(q->units);
	free(q->may_be);
	free(q->empties);
	free(q->fact_of);
	free(q->tried);
}

enum sl_rc sl_audit_zeros(struct sl_audit *a, struct sl_err *err)
{
	struct search q = { .a = a };
	bool fits = true;
	enum sl_rc rc;

	if (!sl_audit_is_small(a) || a->zeros_given_up)
		return SL_OK;
	rc = list_empties(&q, err);
	if (rc == SL_OK && q.nempties > 0) {
		rc = sl_kinds_make(&q.kinds, a, &fits, err);
		a->zeros_given_up = !fits;
		if (rc == SL_OK && fits)
			rc = list_atoms(&q, err);
		if (rc == SL_OK && fits)
			rc = sieve(&q, err);
		if (rc == SL_OK && fits && q.nempties > 0 && !a->zeros_given_up)
			rc = protect_all(&q, err);
	}
	close_search(&q);
	return rc;
}
