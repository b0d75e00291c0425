/* atom_table.c - see atom_table.h. */
#include "enclave/engine/atom_table.h"

#include <stdlib.h>
#include <string.h>

/* Of an atom, beside what is sent: where its bytes end, and their hash; its first change, if it has one. */
struct sl_atom_bytes {
	uint32_t end, hash, first_change;
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare units");
}

static uint32_t hash_bytes(const uint8_t *p, size_t n)
{
	uint64_t h = n, word;

	for (; n > 0; p += sizeof word) {
		size_t some = n < sizeof word ? n : sizeof word;
		word = 0;
		memcpy(&word, p, some);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 29;
		n -= some;
	}
	return (uint32_t)h;
}

static enum sl_rc grow_slots(struct sl_atom_table *t, struct sl_err *err)
{
	uint32_t n = t->nslots == 0 ? 1024 : t->nslots * 2;
	uint32_t *slots = calloc(n, sizeof *slots);

	if (slots == NULL)
		return no_memory(err);
	for (uint32_t a = 0; a < t->out->natoms; a++) {
		uint32_t at = t->bytes[a].hash & (n - 1);
		while (slots[at] != 0)
			at = (at + 1) & (n - 1);
		slots[at] = a + 1;
	}
	free(t->slots);
	t->slots = slots;
	t->nslots = n;
	return SL_OK;
}

static enum sl_rc grow_atoms(struct sl_atom_table *t, struct sl_err *err)
{
	uint32_t cap = t->atoms_cap == 0 ? 256 : t->atoms_cap * 2;
	struct sl_atom *a = realloc(t->out->atoms, cap * sizeof *a);

	if (a == NULL)
		return no_memory(err);
	t->out->atoms = a;
	struct sl_atom_bytes *b = realloc(t->bytes, cap * sizeof *b);
	if (b == NULL)
		return no_memory(err);
	t->bytes = b;
	t->atoms_cap = cap;
	return SL_OK;
}

/* Of the atom that is added. */
static enum sl_rc add_changes(struct sl_atom_table *t, const struct sl_atom_unit *unit, struct sl_err *err)
{
	struct sl_atoms_packed *out = t->out;

	for (uint32_t i = 0; i < unit->nplaces; i++) {
		if (unit->columns[i] == 0)
			continue;
		if (out->nchanges == t->changes_cap) {
			uint32_t cap = t->changes_cap == 0 ? 256 : t->changes_cap * 2;
			struct sl_atom_change *more = realloc(out->changes, cap * sizeof *more);
			if (more == NULL)
				return no_memory(err);
			out->changes = more;
			t->changes_cap = cap;
		}
		out->changes[out->nchanges++] = (struct sl_atom_change){ out->nplaces + i, unit->columns[i] };
	}
	return SL_OK;
}

static enum sl_rc add_atom(struct sl_atom_table *t, const struct sl_atom_unit *unit, uint32_t hash,
                           struct sl_err *err)
{
	struct sl_atoms_packed *out = t->out;
	enum sl_rc rc = SL_OK;

	if (out->natoms == SL_ATOMS_MAX || unit->nplaces > SL_ATOM_PLACES_MAX - out->nplaces)
		return sl_err_set(err, SL_E_LIMIT, "too many kinds of units to compare");
	if (out->natoms == t->atoms_cap)
		rc = grow_atoms(t, err);
	if (rc != SL_OK)
		return rc;
	/* Within 32 bits: so many places of so many bytes at most. */
	if (out->nplaces_bytes + unit->npacked > t->bytes_cap) {
		uint32_t cap = 2 * (t->bytes_cap + unit->npacked);
		uint8_t *p = realloc(out->places, cap);
		if (p == NULL)
			return no_memory(err);
		out->places = p;
		t->bytes_cap = cap;
	}
	memcpy(&out->places[out->nplaces_bytes], unit->packed, unit->npacked);
	out->nplaces_bytes += unit->npacked;
	t->bytes[out->natoms] = (struct sl_atom_bytes){ out->nplaces_bytes, hash, out->nchanges };
	out->atoms[out->natoms++] = (struct sl_atom){ .units = 1, .first = out->nplaces, .n = unit->nplaces };
	if (t->compares)
		rc = add_changes(t, unit, err);
	out->nplaces += unit->nplaces;
	return rc;
}

/* An atom of as many places: changed at the same ones. */
static bool has_changed_alike(const struct sl_atom_table *t, const struct sl_atom_unit *unit, uint32_t atom)
{
	const struct sl_atoms_packed *out = t->out;
	uint32_t k = t->bytes[atom].first_change, first = out->atoms[atom].first;

	for (uint32_t i = 0; i < unit->nplaces; i++) {
		bool has = k < out->nchanges && out->changes[k].place == first + i;
		if ((has ? out->changes[k].columns : 0) != unit->columns[i])
			return false;
		k += has;
	}
	return true;
}

/* The same places are the same bytes. */
static bool is_the_same(const struct sl_atom_table *t, const struct sl_atom_unit *unit, uint32_t atom,
                        uint32_t hash)
{
	uint32_t first = atom > 0 ? t->bytes[atom - 1].end : 0;

	return t->bytes[atom].hash == hash && t->bytes[atom].end - first == unit->npacked &&
	       memcmp(&t->out->places[first], unit->packed, unit->npacked) == 0 &&
	       (!t->compares || has_changed_alike(t, unit, atom));
}

enum sl_rc sl_atom_table_count(struct sl_atom_table *t, const struct sl_atom_unit *unit, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (t->out->natoms >= t->nslots / 2)
		rc = grow_slots(t, err);
	if (rc != SL_OK)
		return rc;
	uint32_t hash = hash_bytes(unit->packed, unit->npacked);
	if (t->compares)
		hash = hash * 31 + hash_bytes((const uint8_t *)unit->columns, unit->nplaces * sizeof *unit->columns);
	uint32_t at = hash & (t->nslots - 1);
	for (; t->slots[at] != 0; at = (at + 1) & (t->nslots - 1))
		if (is_the_same(t, unit, t->slots[at] - 1, hash)) {
			t->out->atoms[t->slots[at] - 1].units++;
			return SL_OK;
		}
	t->slots[at] = t->out->natoms + 1;
	return add_atom(t, unit, hash, err);
}

void sl_atom_table_fini(struct sl_atom_table *t)
{
	free(t->bytes);
	free(t->slots);
	t->bytes = NULL;
	t->slots = NULL;
}
