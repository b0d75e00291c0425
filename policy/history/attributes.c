/*
 * attributes.c - see attributes.h: what sets ask for. The groups of a key are values of one attribute; a set asks for a
 * group if its conditions are among the set's, whether a key made them or the author, and for one of several if the
 * condition that lists them is. What is left of a set's conditions is met or not, each by itself.
 */
#include "policy/history/attributes.h"

#include <stdlib.h>
#include <string.h>

#define SET_PARTS_MAX 1000000u          /* conditions of all sets */
#define TRIALS_MAX UINT64_C(50000000)   /* of a group on a set; of two sets of an atom: a second */

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of units");
}

static int by_hash(const void *x, const void *y)
{
	const struct sl_kinds_value *p = x, *q = y;

	if (p->tables != q->tables)
		return p->tables < q->tables ? -1 : 1;
	return (p->hash > q->hash) - (p->hash < q->hash);
}

static uint32_t tables_of(const struct sl_kinds *k, uint32_t set)
{
	return k->tables_of[sl_audit_output_of(k->a, set)];
}

/* --- conditions by themselves ------------------------------------------------------------------------------- */

/* All there are, each once, each an attribute of its own; some no set asks for, when groups are taken off. */
static enum sl_rc list_singles(struct sl_kinds *k, bool *fits, struct sl_err *err)
{
	const struct sl_audit *a = k->a;
	uint64_t n = k->ngroups;
	uint32_t kept = k->ngroups;

	for (uint32_t s = 0; s < a->nsets; s++)
		n += tables_of(k, s) != UINT32_MAX ? a->sets[s].nparts : 0;
	*fits = n <= SET_PARTS_MAX;
	if (!*fits)
		return SL_OK;
	struct sl_kinds_value *values = realloc(k->values, ((size_t)n + 1) * sizeof *values);
	if (values == NULL)
		return no_memory(err);
	k->values = values;
	k->values_cap = (uint32_t)n + 1;
	for (uint32_t s = 0; s < a->nsets; s++)
		for (uint32_t i = 0; tables_of(k, s) != UINT32_MAX && i < a->sets[s].nparts; i++)
			values[k->nvalues++] = (struct sl_kinds_value){ .hash = a->sets[s].parts[i].hash,
				                                        .tables = tables_of(k, s) };
	if (k->nvalues > k->ngroups)
		qsort(&values[k->ngroups], k->nvalues - k->ngroups, sizeof *values, by_hash);
	for (uint32_t v = k->ngroups; v < k->nvalues; v++)
		if (kept == k->ngroups || by_hash(&values[kept - 1], &values[v]) != 0)
			values[kept++] = values[v];
	k->nvalues = kept;
	/* Groups have numbers below GROUPS_MAX. */
	for (uint32_t v = k->ngroups; v < kept; v++)
		values[v].attribute = UINT32_MAX - v;
	*fits = kept <= SL_KINDS_VALUES_MAX;
	return SL_OK;
}

static uint32_t single(const struct sl_kinds *k, uint32_t tables, sl_i128 hash)
{
	struct sl_kinds_value wanted = { .hash = hash, .tables = tables };
	const struct sl_kinds_value *found = bsearch(&wanted, &k->values[k->ngroups], k->nvalues - k->ngroups, sizeof wanted,
	                                             by_hash);

	return (uint32_t)(found - k->values);
}

/* --- what sets ask for -------------------------------------------------------------------------------------- */

/* The set's conditions that are the group's, marked; false: not all of them are the set's, or none is left of them. */
static bool take_group(const struct sl_audit_set *s, const sl_i128 *hash, uint32_t n, bool *is_taken)
{
	uint32_t at[SL_PREDICATE_PARTS_MAX], fresh = 0;

	for (uint32_t i = 0, p = 0; i < n; i++, p++) {
		while (p < s->nparts && s->parts[p].hash < hash[i])
			p++;
		if (p == s->nparts || s->parts[p].hash != hash[i])
			return false;
		at[i] = p;
		fresh += !is_taken[p];
	}
	for (uint32_t i = 0; i < n && fresh > 0; i++)
		is_taken[at[i]] = true;
	return fresh > 0;
}

/* What a set asks for, while it is listed. */
struct asking {
	struct sl_kinds *k;
	uint32_t set, n;
	uint32_t *asked;
};

static bool is_one_of(uint32_t value, const uint32_t *values, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (values[i] == value)
			return true;
	return false;
}

/* One of these, and of what it asks for of their attribute already. */
static void ask_for(struct asking *q, const uint32_t *values, uint32_t n)
{
	const struct sl_kinds_value *all = q->k->values;
	uint32_t from = 0, kept = 0, end;

	while (from < q->n && all[q->asked[from]].attribute != all[values[0]].attribute)
		from++;
	if (from == q->n) {
		for (uint32_t i = 0; i < n; i++)
			q->asked[q->n++] = values[i];
		return;
	}
	for (end = from; end < q->n && all[q->asked[end]].attribute == all[values[0]].attribute; end++)
		kept += is_one_of(q->asked[end], values, n);
	if (kept == 0) {
		q->k->impossible[q->set] = true;
		return;
	}
	kept = from;
	for (uint32_t i = from; i < q->n; i++)
		if (i >= end || is_one_of(q->asked[i], values, n))
			q->asked[kept++] = q->asked[i];
	q->n = kept;
}

static void ask_for_lists(struct asking *q, bool *is_taken)
{
	const struct sl_audit_set *s = &q->k->a->sets[q->set];

	for (uint32_t p = 0; p < s->nparts; p++) {
		const struct sl_kinds_union *u = is_taken[p] ? NULL
		                                             : sl_attributes_union(q->k, tables_of(q->k, q->set), s->parts[p].hash);
		if (u == NULL)
			continue;
		is_taken[p] = true;
		ask_for(q, &q->k->union_values[u->first], u->n);
		for (uint32_t i = 0; i < s->nparts; i++)
			is_taken[i] = is_taken[i] || (u->known != 0 && s->parts[i].hash == u->known);
	}
}

static uint32_t ask(struct sl_kinds *k, uint32_t set, uint32_t first_group, uint32_t *asked)
{
	const struct sl_audit_set *s = &k->a->sets[set];
	bool is_taken[SL_PREDICATE_PARTS_MAX] = { false };
	uint32_t tables = tables_of(k, set);
	struct asking q = { .k = k, .set = set, .asked = asked };

	for (uint32_t v = first_group; v < k->ngroups && k->values[v].tables == tables; v++)
		if (take_group(s, &k->parts[k->values[v].first], k->values[v].nparts, is_taken))
			ask_for(&q, &v, 1);
	ask_for_lists(&q, is_taken);
	for (uint32_t p = 0; p < s->nparts; p++)
		if (!is_taken[p])
			asked[q.n++] = single(k, tables, s->parts[p].hash);
	return q.n;
}

/* Room for what one set more may ask for. */
static enum sl_rc make_room(struct sl_kinds *k, uint32_t at, uint32_t nparts, struct sl_err *err)
{
	uint64_t need = (uint64_t)at + (uint64_t)nparts * (k->nunions > 0 ? SL_CONDITION_VALUES_MAX : 1) + 1;

	if (need <= k->asked_cap)
		return SL_OK;
	uint32_t *more = need * 2 <= UINT32_MAX ? realloc(k->asked, need * 2 * sizeof *more) : NULL;
	if (more == NULL)
		return no_memory(err);
	k->asked = more;
	k->asked_cap = (uint32_t)(need * 2);
	return SL_OK;
}

static enum sl_rc ask_all(struct sl_kinds *k, bool *fits, struct sl_err *err)
{
	const struct sl_audit *a = k->a;
	enum sl_rc rc = SL_OK;

	*fits = (uint64_t)a->nsets * k->ngroups <= TRIALS_MAX;
	if (!*fits)
		return SL_OK;
	free(k->first_asked);
	free(k->impossible);
	k->first_asked = calloc((size_t)a->nsets + 2, sizeof *k->first_asked);
	k->impossible = calloc((size_t)a->nsets + 1, sizeof *k->impossible);
	if (k->first_asked == NULL || k->impossible == NULL)
		return no_memory(err);
	for (uint32_t s = 0; s < a->nsets && rc == SL_OK; s++) {
		uint32_t first = 0, at = k->first_asked[s];
		rc = make_room(k, at, a->sets[s].nparts, err);
		if (rc != SL_OK)
			break;
		while (first < k->ngroups && k->values[first].tables < tables_of(k, s))
			first++;
		k->first_asked[s + 1] = at + (tables_of(k, s) != UINT32_MAX ? ask(k, s, first, &k->asked[at]) : 0);
	}
	return rc;
}

static enum sl_rc make_values(struct sl_kinds *k, bool *fits, struct sl_err *err)
{
	enum sl_rc rc = sl_attributes_groups(k, fits, err);

	if (rc == SL_OK && *fits)
		rc = list_singles(k, fits, err);
	return rc == SL_OK && *fits ? ask_all(k, fits, err) : rc;
}

/* --- which tables are not the same -------------------------------------------------------------------------- */

/* What two sets of an atom ask for is no one value of some attribute. */
static bool do_differ(const struct sl_kinds *k, uint32_t x, uint32_t y)
{
	for (uint32_t i = k->first_asked[x], next; i < k->first_asked[x + 1]; i = next) {
		uint32_t attribute = k->values[k->asked[i]].attribute;
		bool has = false, common = false;
		for (next = i; next < k->first_asked[x + 1] && k->values[k->asked[next]].attribute == attribute; next++)
			for (uint32_t j = k->first_asked[y]; j < k->first_asked[y + 1]; j++) {
				has = has || k->values[k->asked[j]].attribute == attribute;
				common = common || k->asked[j] == k->asked[next];
			}
		if (has && !common)
			return true;
	}
	return false;
}

/* differ: outputs × outputs. */
static bool find_different(const struct sl_kinds *k, bool *differ, bool *fits)
{
	const struct sl_audit *a = k->a;
	uint64_t trials = 0;
	bool any = false;

	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[i];
		trials += (uint64_t)atom->n * atom->n / 2;
		*fits = trials <= TRIALS_MAX;
		if (!*fits)
			return false;
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++)
			for (uint32_t q = atom->first; q < p; q++) {
				uint32_t x = a->atoms->places[p].set, y = a->atoms->places[q].set;
				uint32_t ox = sl_audit_output_of(a, x), oy = sl_audit_output_of(a, y);
				if (ox == oy || k->tables_of[ox] == UINT32_MAX || k->tables_of[oy] == UINT32_MAX ||
				    differ[ox * a->noutputs + oy] || !do_differ(k, x, y))
					continue;
				differ[ox * a->noutputs + oy] = differ[oy * a->noutputs + ox] = any = true;
			}
	}
	return any;
}

/* Each output goes with the first ones that none of differs from it. */
static void number_tables(struct sl_kinds *k, const bool *differ)
{
	uint32_t n = k->a->noutputs;

	for (uint32_t o = 0; o < n; o++) {
		bool fits = k->tables_of[o] == UINT32_MAX;
		for (uint32_t t = 0; !fits; t++) {
			fits = true;
			for (uint32_t other = 0; other < o && fits; other++)
				fits = k->tables_of[other] != t || !differ[o * n + other];
			k->tables_of[o] = fits ? t : k->tables_of[o];
		}
	}
}

/* --- attributes --------------------------------------------------------------------------------------------- */

static int by_attribute(const void *x, const void *y)
{
	const uint32_t *p = x, *q = y; /* attribute, value */

	return p[0] != q[0] ? (p[0] < q[0] ? -1 : 1) : (p[1] > q[1]) - (p[1] < q[1]);
}

static enum sl_rc number_attributes(struct sl_kinds *k, struct sl_err *err)
{
	uint32_t (*order)[2] = calloc((size_t)k->nvalues + 1, sizeof *order);

	k->members = calloc((size_t)k->nvalues + 1, sizeof *k->members);
	k->attributes = calloc((size_t)k->nvalues + 1, sizeof *k->attributes);
	if (order == NULL || k->members == NULL || k->attributes == NULL) {
		free(order);
		return no_memory(err);
	}
	for (uint32_t v = 0; v < k->nvalues; v++) {
		order[v][0] = k->values[v].attribute;
		order[v][1] = v;
	}
	qsort(order, k->nvalues, sizeof *order, by_attribute);
	for (uint32_t i = 0; i < k->nvalues; i++) {
		if (i == 0 || order[i][0] != order[i - 1][0])
			k->attributes[k->nattributes++].first = i;
		struct sl_kinds_attribute *t = &k->attributes[k->nattributes - 1];
		k->members[i] = order[i][1];
		k->values[order[i][1]].attribute = k->nattributes - 1;
		t->n++;
		t->complete = t->complete || k->values[order[i][1]].complete;
	}
	free(order);
	return SL_OK;
}

enum sl_rc sl_attributes_make(struct sl_kinds *k, bool *fits, struct sl_err *err)
{
	const struct sl_audit *a = k->a;
	size_t n = a->noutputs;
	enum sl_rc rc = SL_OK;

	*fits = n <= SL_KINDS_OUTPUTS_MAX;
	if (!*fits)
		return SL_OK;
	bool *differ = calloc(n * n + 1, sizeof *differ);
	k->tables_of = calloc(n + 1, sizeof *k->tables_of);
	if (differ == NULL || k->tables_of == NULL)
		rc = no_memory(err);
	for (uint32_t o = 0; o < n && rc == SL_OK; o++)
		k->tables_of[o] = a->atoms->outputs[o].rows_of == 0 ? 0 : UINT32_MAX;
	if (rc == SL_OK)
		rc = make_values(k, fits, err);
	if (rc == SL_OK && *fits && find_different(k, differ, fits)) {
		number_tables(k, differ);
		rc = make_values(k, fits, err);
	}
	if (rc == SL_OK && *fits)
		rc = number_attributes(k, err);
	free(differ);
	return rc;
}
