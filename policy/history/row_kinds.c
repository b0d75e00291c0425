/* row_kinds.c - see row_kinds.h: the groups of all atoms, each kind once, found by a hash of its sets. */
#include "policy/history/row_kinds.h"

#include <stdlib.h>
#include <string.h>

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of rows");
}

/* What is made: kinds by their sets, and where they are found. */
struct making {
	struct sl_row_kinds *out;
	struct kind {
		uint32_t first, n, atom; /* sets[first] …; the last atom that has it */
	} *kinds;
	uint32_t kinds_cap;
	uint32_t *sets, nsets, sets_cap;
	uint32_t *slots, nslots;         /* 1 + kind; 0: free; at most half of them are taken */
};

static uint32_t hash_of(const uint32_t *sets, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++) {
		h = (h ^ sets[i]) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

static uint32_t slot_of(const struct making *m, const uint32_t *sets, uint32_t n)
{
	uint32_t at = hash_of(sets, n) & (m->nslots - 1);

	while (m->slots[at] != 0) {
		const struct kind *k = &m->kinds[m->slots[at] - 1];
		if (k->n == n && memcmp(&m->sets[k->first], sets, n * sizeof *sets) == 0)
			break;
		at = (at + 1) & (m->nslots - 1);
	}
	return at;
}

static enum sl_rc grow_kinds(struct making *m, struct sl_err *err)
{
	uint32_t cap = m->kinds_cap == 0 ? 256 : m->kinds_cap * 2;
	struct kind *kinds = realloc(m->kinds, cap * sizeof *kinds);

	m->kinds = kinds != NULL ? kinds : m->kinds;
	uint64_t *units = realloc(m->out->units, cap * sizeof *units);
	m->out->units = units != NULL ? units : m->out->units;
	uint32_t *slots = calloc((size_t)cap * 2, sizeof *slots);
	if (kinds == NULL || units == NULL || slots == NULL) {
		free(slots);
		return no_memory(err);
	}
	free(m->slots);
	m->slots = slots;
	m->nslots = cap * 2;
	m->kinds_cap = cap;
	for (uint32_t k = 0; k < m->out->n; k++)
		slots[slot_of(m, &m->sets[kinds[k].first], kinds[k].n)] = k + 1;
	return SL_OK;
}

static enum sl_rc add_set(struct making *m, uint32_t set, struct sl_err *err)
{
	if (m->nsets == m->sets_cap) {
		uint32_t cap = m->sets_cap == 0 ? 1024 : m->sets_cap * 2;
		uint32_t *sets = realloc(m->sets, cap * sizeof *sets);
		if (sets == NULL)
			return no_memory(err);
		m->sets = sets;
		m->sets_cap = cap;
	}
	m->sets[m->nsets++] = set;
	return SL_OK;
}

/* The sets from `first` on are those of a group; they stay where they are the first of their kind. */
static enum sl_rc add_kind(struct making *m, uint32_t atom, uint64_t units, uint32_t first, struct sl_err *err)
{
	uint32_t n = m->nsets - first;
	enum sl_rc rc = n > 0 && m->out->n == m->kinds_cap ? grow_kinds(m, err) : SL_OK;

	if (n == 0 || rc != SL_OK)
		return rc;
	uint32_t at = slot_of(m, &m->sets[first], n);
	if (m->slots[at] == 0) {
		m->kinds[m->out->n] = (struct kind){ first, n, atom };
		m->out->units[m->out->n] = units;
		m->slots[at] = ++m->out->n;
		return SL_OK;
	}
	struct kind *k = &m->kinds[m->slots[at] - 1];
	m->nsets = first;
	m->out->units[k - m->kinds] += k->atom != atom ? units : 0;
	k->atom = atom;
	return SL_OK;
}

static enum sl_rc add_atom(struct making *m, const struct sl_atoms *atoms, uint32_t atom, const uint32_t *asked,
                           struct sl_err *err)
{
	const struct sl_atom *of = &atoms->atoms[atom];
	const struct sl_atom_place *places = &atoms->places[of->first];
	uint32_t first = m->nsets;
	enum sl_rc rc = SL_OK;

	for (uint32_t p = 0; p < of->n && rc == SL_OK; p++) {
		if (asked[places[p].set] != SL_ROW_KINDS_NO_SET)
			rc = add_set(m, asked[places[p].set], err);
		if (rc != SL_OK || (p + 1 < of->n && places[p + 1].group == places[p].group))
			continue;
		rc = add_kind(m, atom, of->units, first, err);
		first = m->nsets;
	}
	return rc;
}

/* From the sets of each kind to the kinds of each set. */
static enum sl_rc turn(const struct making *m, uint32_t nsets, struct sl_err *err)
{
	struct sl_row_kinds *out = m->out;

	out->nsets = nsets;
	out->first = calloc((size_t)nsets + 2, sizeof *out->first);
	out->of_set = malloc(((size_t)m->nsets + 1) * sizeof *out->of_set);
	if (out->first == NULL || out->of_set == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < m->nsets; i++)
		out->first[m->sets[i] + 2]++;
	for (uint32_t s = 2; s <= nsets; s++)
		out->first[s] += out->first[s - 1];
	for (uint32_t k = 0; k < out->n; k++)
		for (uint32_t i = 0; i < m->kinds[k].n; i++)
			out->of_set[out->first[m->sets[m->kinds[k].first + i] + 1]++] = k;
	return SL_OK;
}

void sl_row_kinds_free(struct sl_row_kinds *k)
{
	free(k->units);
	free(k->first);
	free(k->of_set);
	*k = (struct sl_row_kinds){ 0 };
}

enum sl_rc sl_row_kinds_make(const struct sl_atoms *atoms, const uint32_t *asked, uint32_t nsets,
                             struct sl_row_kinds *out, bool *fits, struct sl_err *err)
{
	struct making m = { .out = out };
	enum sl_rc rc = SL_OK;

	*out = (struct sl_row_kinds){ 0 };
	for (uint32_t i = 0; i < atoms->natoms && rc == SL_OK && m.nsets <= SL_ROW_KINDS_PLACES_MAX; i++)
		rc = add_atom(&m, atoms, i, asked, err);
	*fits = m.nsets <= SL_ROW_KINDS_PLACES_MAX;
	if (rc == SL_OK && *fits)
		rc = turn(&m, nsets, err);
	free(m.kinds);
	free(m.sets);
	free(m.slots);
	return rc;
}
