/* alike.c - see alike.h. */
#include "enclave/engine/alike.h"

#include <stdlib.h>
#include <string.h>

/* Units of one kind: where their key lies. */
struct sl_alike_kind {
	uint64_t units;
	uint32_t first, nbytes, hash;
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare rows");
}

enum sl_rc sl_alike_table_add(struct sl_alike_table *t, const struct sl_alike_row *row, struct sl_err *err)
{
	if (t->nrows == t->rows_cap) {
		uint32_t cap = t->rows_cap == 0 ? 256 : t->rows_cap * 2;
		struct sl_alike_row *rows = realloc(t->rows, cap * sizeof *rows);
		if (rows == NULL)
			return no_memory(err);
		t->rows = rows;
		struct sl_alike_place *places = realloc(t->places, cap * sizeof *places);
		if (places == NULL)
			return no_memory(err);
		t->places = places;
		t->rows_cap = cap;
	}
	t->rows[t->nrows++] = *row;
	return SL_OK;
}

static int compare_rows(const void *a, const void *b)
{
	const struct sl_alike_row *x = a, *y = b;

	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	if (x->print != y->print)
		return x->print < y->print ? -1 : 1;
	return (x->set > y->set) - (x->set < y->set);
}

/* Places of one group. */
struct group {
	const struct sl_alike_place *places;
	uint32_t n;
};

static struct group group_at(const struct sl_alike_place *places, uint32_t n)
{
	struct group g = { places, 1 };

	while (g.n < n && places[g.n].group == places[0].group)
		g.n++;
	return g;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
	while (b != 0) {
		uint32_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* So many rows twice over lie as those do once. */
static void divide(struct sl_alike_place *places, uint32_t n)
{
	uint32_t by = 0;

	for (uint32_t i = 0; i < n; i++)
		by = common_divisor(places[i].times, by);
	for (uint32_t i = 0; i < n; i++)
		places[i].times /= by;
}

/* Rows of one column, in order, as places: a print is a group. Returns how many. */
static uint32_t place_rows(const struct sl_alike_row *rows, uint32_t n, struct sl_alike_place *places)
{
	uint32_t nplaces = 0, group = 0, first = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i > 0 && rows[i].print != rows[i - 1].print) {
			divide(&places[first], nplaces - first);
			first = nplaces;
			group++;
		} else if (i > 0 && rows[i].set == rows[i - 1].set) {
			places[nplaces - 1].times++;
			continue;
		}
		places[nplaces++] = (struct sl_alike_place){ rows[i].set, group, 1 };
	}
	divide(&places[first], nplaces - first);
	return nplaces;
}

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	for (uint32_t i = 0; i < x->n && i < y->n; i++) {
		if (x->places[i].set != y->places[i].set)
			return x->places[i].set < y->places[i].set ? -1 : 1;
		if (x->places[i].times != y->places[i].times)
			return x->places[i].times < y->places[i].times ? -1 : 1;
	}
	return (x->n > y->n) - (x->n < y->n);
}

/* Groups in an order that no print says, each once: then the same places are the same bytes. */
static enum sl_rc make_key(struct sl_alike_table *t, uint32_t column, uint32_t nplaces, struct sl_err *err)
{
	uint32_t ngroups = t->places[nplaces - 1].group + 1, kept = 0, group = 0;
	struct group *groups = calloc(ngroups, sizeof *groups);
	struct sl_alike_place *ordered = malloc(nplaces * sizeof *ordered);

	sl_buf_reset(&t->key);
	for (uint32_t i = 0; groups != NULL && i < nplaces; i += groups[group++].n)
		groups[group] = group_at(&t->places[i], nplaces - i);
	if (groups != NULL && ordered != NULL) {
		qsort(groups, ngroups, sizeof *groups, compare_groups);
		for (uint32_t g = 0, number = 0; g < ngroups; g++) {
			if (g > 0 && compare_groups(&groups[g - 1], &groups[g]) == 0)
				continue;
			for (uint32_t i = 0; i < groups[g].n; i++, kept++)
				ordered[kept] = (struct sl_alike_place){ groups[g].places[i].set, number, groups[g].places[i].times };
			number++;
		}
		sl_alike_put(&t->key, column, ordered, kept);
	}
	bool made = groups != NULL && ordered != NULL;
	free(groups);
	free(ordered);
	return made ? sl_buf_ok(&t->key, "rows that are alike", err) : no_memory(err);
}

static uint32_t hash_of(const uint8_t *p, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return (uint32_t)(h ^ h >> 32);
}

static enum sl_rc grow(struct sl_alike_table *t, struct sl_err *err)
{
	uint32_t cap = t->kinds_cap == 0 ? 256 : t->kinds_cap * 2;
	struct sl_alike_kind *kinds = realloc(t->kinds, cap * sizeof *kinds);

	if (kinds == NULL)
		return no_memory(err);
	t->kinds = kinds;
	uint32_t *slots = calloc((size_t)cap * 2, sizeof *slots);
	if (slots == NULL)
		return no_memory(err);
	free(t->slots);
	t->slots = slots;
	t->nslots = cap * 2;
	t->kinds_cap = cap;
	for (uint32_t k = 0; k < t->nkinds; k++) {
		uint32_t at = kinds[k].hash & (t->nslots - 1);
		while (slots[at] != 0)
			at = (at + 1) & (t->nslots - 1);
		slots[at] = k + 1;
	}
	return SL_OK;
}

static void give_up(struct sl_alike_table *t)
{
	t->full = true;
	sl_buf_free(&t->keys);
	t->nkinds = 0;
}

/* One unit more that has the key. */
static enum sl_rc count_key(struct sl_alike_table *t, struct sl_err *err)
{
	enum sl_rc rc = t->nkinds == t->kinds_cap ? grow(t, err) : SL_OK;

	if (rc != SL_OK)
		return rc;
	uint32_t hash = hash_of(t->key.data, t->key.len), at = hash & (t->nslots - 1);
	for (; t->slots[at] != 0; at = (at + 1) & (t->nslots - 1)) {
		struct sl_alike_kind *k = &t->kinds[t->slots[at] - 1];
		if (k->hash == hash && k->nbytes == t->key.len && memcmp(&t->keys.data[k->first], t->key.data, k->nbytes) == 0) {
			k->units++;
			return SL_OK;
		}
	}
	/* With the units before it, which take ten bytes at most. */
	if (t->keys.len + t->key.len + (t->nkinds + UINT64_C(1)) * 10 > SL_ALIKE_WIRE_MAX) {
		give_up(t);
		return SL_OK;
	}
	t->slots[at] = t->nkinds + 1;
	t->kinds[t->nkinds++] = (struct sl_alike_kind){ 1, (uint32_t)t->keys.len, (uint32_t)t->key.len, hash };
	sl_buf_put(&t->keys, t->key.data, t->key.len);
	return sl_buf_ok(&t->keys, "rows that are alike", err);
}

enum sl_rc sl_alike_table_count(struct sl_alike_table *t, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (t->nrows > 1)
		qsort(t->rows, t->nrows, sizeof *t->rows, compare_rows);
	for (uint32_t first = 0, n; first < t->nrows && !t->full && rc == SL_OK; first += n) {
		for (n = 1; first + n < t->nrows && t->rows[first + n].column == t->rows[first].column; n++)
			;
		rc = make_key(t, t->rows[first].column, place_rows(&t->rows[first], n, t->places), err);
		if (rc == SL_OK)
			rc = count_key(t, err);
	}
	t->nrows = 0;
	return rc;
}

enum sl_rc sl_alike_table_send(struct sl_alike_table *t, struct sl_atoms_packed *out, struct sl_err *err)
{
	struct sl_buf b = { 0 };

	out->alike_given_up = t->full;
	for (uint32_t k = 0; k < t->nkinds; k++) {
		sl_varint_put(&b, t->kinds[k].units);
		sl_buf_put(&b, &t->keys.data[t->kinds[k].first], t->kinds[k].nbytes);
	}
	enum sl_rc rc = sl_buf_ok(&b, "rows that are alike", err);
	if (rc != SL_OK) {
		sl_buf_free(&b);
		return rc;
	}
	out->alike = b.data;
	out->nalike_bytes = (uint32_t)b.len;
	return SL_OK;
}

void sl_alike_table_fini(struct sl_alike_table *t)
{
	free(t->rows);
	free(t->places);
	free(t->kinds);
	free(t->slots);
	sl_buf_free(&t->key);
	sl_buf_free(&t->keys);
}
