/*
 * groups.c - see attributes.h: what the keys of outputs are. Sets have their conditions as hashes, and a group of a key
 * may be several of them (from 18 on, and up to 39); so it is found out by the cells, which are all ways to cross the
 * keys: how often two conditions are asked for together is just what chance would make of it if they are of two keys,
 * and never if they are of one.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/digest.h"
#include "policy/history/attributes.h"

#define CONDITIONS_MAX 1024u /* of the keys of an output */
#define GROUPS_MAX 20000u    /* of all outputs, before those that are the same are one */

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for kinds of units");
}

/* The conditions of an output's keys. */
struct keys {
	uint32_t first_set, ncells, per_cell;
	sl_i128 *hash;         /* rising */
	uint32_t n;
	uint32_t *cells_of;    /* cells that ask for it */
	uint32_t *together;    /* n × n: cells that ask for both */
	uint32_t *key;         /* the key it is of, as its first condition */
	struct bundle {
		uint32_t key, nparts, cell;
		sl_i128 hash;
	} *bundles;            /* per cell and key */
	uint32_t nbundles;
};

static void close_keys(struct keys *keys)
{
	free(keys->hash);
	free(keys->cells_of);
	free(keys->together);
	free(keys->key);
	free(keys->bundles);
}

static int by_number(const void *x, const void *y)
{
	const sl_i128 *p = x, *q = y;

	return (*p > *q) - (*p < *q);
}

static const struct sl_audit_set *cell_at(const struct sl_kinds *k, const struct keys *keys, uint32_t cell)
{
	return &k->a->sets[keys->first_set + cell * keys->per_cell];
}

/* keys->n: it is of no key. */
static uint32_t place_of(const struct keys *keys, sl_i128 hash)
{
	const sl_i128 *found = bsearch(&hash, keys->hash, keys->n, sizeof hash, by_number);

	return found == NULL ? keys->n : (uint32_t)(found - keys->hash);
}

/* What all cells ask for is of no key. */
static enum sl_rc list_conditions(struct keys *keys, const struct sl_kinds *k, struct sl_err *err)
{
	uint64_t n = 0;
	uint32_t kept = 0;

	for (uint32_t c = 0; c < keys->ncells; c++)
		n += cell_at(k, keys, c)->nparts;
	keys->hash = calloc((size_t)n + 1, sizeof *keys->hash);
	keys->cells_of = calloc((size_t)n + 1, sizeof *keys->cells_of);
	if (keys->hash == NULL || keys->cells_of == NULL)
		return no_memory(err);
	for (uint32_t c = 0, at = 0; c < keys->ncells; c++)
		for (uint32_t i = 0; i < cell_at(k, keys, c)->nparts; i++)
			keys->hash[at++] = cell_at(k, keys, c)->parts[i].hash;
	qsort(keys->hash, (size_t)n, sizeof *keys->hash, by_number);
	for (uint64_t i = 0, same; i < n; i += same) {
		for (same = 1; i + same < n && keys->hash[i + same] == keys->hash[i];)
			same++;
		if (same == keys->ncells)
			continue;
		keys->cells_of[kept] = (uint32_t)same;
		keys->hash[kept++] = keys->hash[i];
	}
	keys->n = kept;
	return SL_OK;
}

static enum sl_rc tell_keys_apart(struct keys *keys, const struct sl_kinds *k, struct sl_err *err)
{
	keys->together = calloc((size_t)keys->n * keys->n + 1, sizeof *keys->together);
	keys->key = calloc((size_t)keys->n + 1, sizeof *keys->key);
	if (keys->together == NULL || keys->key == NULL)
		return no_memory(err);
	for (uint32_t c = 0; c < keys->ncells; c++) {
		const struct sl_audit_set *cell = cell_at(k, keys, c);
		uint32_t here[SL_PREDICATE_PARTS_MAX], n = 0;
		for (uint32_t i = 0; i < cell->nparts; i++)
			if ((here[n] = place_of(keys, cell->parts[i].hash)) < keys->n)
				n++;
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t j = 0; j < n; j++)
				keys->together[(size_t)here[i] * keys->n + here[j]]++;
	}
	for (uint32_t i = 0; i < keys->n; i++) {
		keys->key[i] = i;
		for (uint32_t j = 0; j < i; j++) {
			uint64_t both = keys->together[(size_t)i * keys->n + j];
			uint32_t from = keys->key[i], to = keys->key[j];
			if (both * keys->ncells == (uint64_t)keys->cells_of[i] * keys->cells_of[j] || from == to)
				continue;
			for (uint32_t x = 0; x <= i; x++)
				keys->key[x] = keys->key[x] == from ? to : keys->key[x];
		}
	}
	return SL_OK;
}

static int by_bundle(const void *x, const void *y)
{
	const struct bundle *p = x, *q = y;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return p->hash != q->hash ? (p->hash < q->hash ? -1 : 1) : (p->cell > q->cell) - (p->cell < q->cell);
}

/* Of conditions, so far, and one more. Whoever writes them must not find two lists that are one here. */
static sl_i128 and_also(sl_i128 so_far, sl_i128 hash)
{
	sl_i128 both[2] = { so_far, hash };
	uint8_t digest[SL_DIGEST_BYTES];

	sl_digest_sha256(both, sizeof both, digest);
	memcpy(&so_far, digest, sizeof so_far);
	return so_far;
}

/* What each cell asks for, by key. */
static enum sl_rc bundle(struct keys *keys, const struct sl_kinds *k, struct sl_err *err)
{
	uint64_t n = 0;

	for (uint32_t c = 0; c < keys->ncells; c++)
		n += cell_at(k, keys, c)->nparts;
	keys->bundles = calloc((size_t)n + 1, sizeof *keys->bundles);
	if (keys->bundles == NULL)
		return no_memory(err);
	for (uint32_t c = 0; c < keys->ncells; c++) {
		const struct sl_audit_set *cell = cell_at(k, keys, c);
		uint32_t first = keys->nbundles;
		for (uint32_t i = 0; i < cell->nparts; i++) {
			uint32_t at = place_of(keys, cell->parts[i].hash), b = first;
			if (at == keys->n)
				continue;
			while (b < keys->nbundles && keys->bundles[b].key != keys->key[at])
				b++;
			if (b == keys->nbundles)
				keys->bundles[keys->nbundles++] = (struct bundle){ .key = keys->key[at], .cell = c };
			keys->bundles[b].nparts++;
			keys->bundles[b].hash = and_also(keys->bundles[b].hash, cell->parts[i].hash);
		}
	}
	qsort(keys->bundles, keys->nbundles, sizeof *keys->bundles, by_bundle);
	return SL_OK;
}

/* One group more, of conditions, rising; attribute and complete are the caller's. */
static enum sl_rc push_group(struct sl_kinds *k, sl_i128 hash, const sl_i128 *parts, uint32_t nparts, uint32_t tables,
                             struct sl_err *err)
{
	if (k->nvalues == k->values_cap) {
		uint32_t cap = k->values_cap == 0 ? 64 : k->values_cap * 2;
		struct sl_kinds_value *values = realloc(k->values, cap * sizeof *values);
		if (values == NULL)
			return no_memory(err);
		k->values = values;
		k->values_cap = cap;
	}
	if (k->nparts + nparts > k->parts_cap) {
		uint32_t cap = k->parts_cap * 2 + nparts;
		sl_i128 *more = realloc(k->parts, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		k->parts = more;
		k->parts_cap = cap;
	}
	k->values[k->nvalues] = (struct sl_kinds_value){ .hash = hash, .first = k->nparts, .nparts = nparts, .tables = tables,
		                                         .attribute = k->nvalues };
	k->nvalues++;
	for (uint32_t i = 0; i < nparts; i++)
		k->parts[k->nparts++] = parts[i];
	return SL_OK;
}

/* Of the bundle's conditions. */
static enum sl_rc add_group(struct sl_kinds *k, const struct keys *keys, const struct bundle *b, uint32_t tables,
                            struct sl_err *err)
{
	const struct sl_audit_set *cell = cell_at(k, keys, b->cell);
	sl_i128 parts[SL_PREDICATE_PARTS_MAX];
	uint32_t n = 0;

	for (uint32_t i = 0; i < cell->nparts; i++) {
		uint32_t at = place_of(keys, cell->parts[i].hash);
		if (at < keys->n && keys->key[at] == b->key)
			parts[n++] = cell->parts[i].hash;
	}
	return push_group(k, b->hash, parts, n, tables, err);
}

/* A key's groups are one attribute, and all of it if each cell has one. */
static enum sl_rc add_keys(struct sl_kinds *k, const struct keys *keys, uint32_t tables, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t b = 0, first = 0, cells = 0; b < keys->nbundles && rc == SL_OK; b++) {
		const struct bundle *now = &keys->bundles[b];
		bool new_key = b == 0 || now[-1].key != now->key;
		first = new_key ? k->nvalues : first;
		cells = new_key ? 1 : cells + 1;
		if (new_key || now[-1].hash != now->hash)
			rc = add_group(k, keys, now, tables, err);
		if (rc != SL_OK)
			break;
		k->values[k->nvalues - 1].attribute = first;
		for (uint32_t v = first; cells == keys->ncells && v < k->nvalues; v++)
			k->values[v].complete = true;
	}
	return rc;
}

/* --- lists of values ---------------------------------------------------------------------------------------- */

/* What makes a group of one value of the list. */
static uint32_t parts_of_value(const struct sl_condition_union *u, uint32_t i, sl_i128 parts[2])
{
	uint32_t n = 0;
	sl_i128 value = u->values[i].hash, known = u->known.hash;

	if (known != 0 && known < value)
		parts[n++] = known;
	parts[n++] = value;
	if (known != 0 && known > value)
		parts[n++] = known;
	return n;
}

static sl_i128 hash_of_parts(const sl_i128 *parts, uint32_t n)
{
	sl_i128 hash = 0;

	for (uint32_t i = 0; i < n; i++)
		hash = and_also(hash, parts[i]);
	return hash;
}

/* Its values are of one attribute; so are those of another list of the same, which a group of nothing stands for. */
static enum sl_rc add_union(struct sl_kinds *k, const struct sl_condition_union *u, uint32_t tables, struct sl_err *err)
{
	uint32_t first = k->nvalues;
	enum sl_rc rc = push_group(k, u->of.hash, NULL, 0, tables, err);

	for (uint32_t i = 0; i < u->nvalues && rc == SL_OK; i++) {
		sl_i128 parts[2];
		uint32_t n = parts_of_value(u, i, parts);
		rc = push_group(k, hash_of_parts(parts, n), parts, n, tables, err);
		if (rc == SL_OK)
			k->values[k->nvalues - 1].attribute = first;
	}
	return rc;
}

/* --- of an output ------------------------------------------------------------------------------------------- */

static enum sl_rc add_output(struct sl_kinds *k, uint32_t output, bool *fits, struct sl_err *err)
{
	const struct sl_audit_output *o = &k->a->outputs[output];
	struct keys keys = { .first_set = o->first_set, .per_cell = o->per_cell,
		             .ncells = (o[1].first_set - o->first_set) / o->per_cell };
	enum sl_rc rc = list_conditions(&keys, k, err);

	*fits = keys.n <= CONDITIONS_MAX;
	if (rc == SL_OK && *fits)
		rc = tell_keys_apart(&keys, k, err);
	if (rc == SL_OK && *fits)
		rc = bundle(&keys, k, err);
	if (rc == SL_OK && *fits)
		rc = add_keys(k, &keys, k->tables_of[output], err);
	for (uint32_t u = 0; u < o->nunions && rc == SL_OK && *fits; u++) {
		rc = add_union(k, &o->unions[u], k->tables_of[output], err);
		*fits = k->nvalues <= GROUPS_MAX;
	}
	*fits = *fits && k->nvalues <= GROUPS_MAX;
	close_keys(&keys);
	return rc;
}

/* --- groups of several outputs ------------------------------------------------------------------------------ */

/* Of one group of several outputs, which stand together, the first one; and groups with many conditions first. */
static int by_group(const void *x, const void *y)
{
	const struct sl_kinds_value *p = x, *q = y;

	if (p->tables != q->tables)
		return p->tables < q->tables ? -1 : 1;
	if (p->nparts != q->nparts)
		return p->nparts > q->nparts ? -1 : 1;
	if (p->hash != q->hash)
		return p->hash < q->hash ? -1 : 1;
	return (p->first > q->first) - (p->first < q->first);
}

static bool is_same_group(const struct sl_kinds_value *x, const struct sl_kinds_value *y)
{
	return x->tables == y->tables && x->nparts == y->nparts && x->hash == y->hash;
}

static uint32_t root(const uint32_t *joined, uint32_t attribute)
{
	while (joined[attribute] != attribute)
		attribute = joined[attribute];
	return attribute;
}

/* Attributes with a group in common are one. An attribute is named by one of its first groups' old places. */
static enum sl_rc join_groups(struct sl_kinds *k, struct sl_err *err)
{
	uint32_t *joined = calloc((size_t)k->nvalues + 1, sizeof *joined), kept = 0;

	if (joined == NULL)
		return no_memory(err);
	for (uint32_t v = 0; v < k->nvalues; v++)
		joined[v] = v;
	if (k->nvalues > 0)
		qsort(k->values, k->nvalues, sizeof *k->values, by_group);
	for (uint32_t v = 0; v < k->nvalues; v++) {
		if (kept == 0 || !is_same_group(&k->values[kept - 1], &k->values[v])) {
			k->values[kept++] = k->values[v];
			continue;
		}
		k->values[kept - 1].complete = k->values[kept - 1].complete || k->values[v].complete;
		joined[root(joined, k->values[v].attribute)] = root(joined, k->values[kept - 1].attribute);
	}
	k->nvalues = 0;
	for (uint32_t v = 0; v < kept; v++) {
		if (k->values[v].nparts == 0)
			continue; /* it has joined lists, and is nobody's */
		k->values[k->nvalues] = k->values[v];
		k->values[k->nvalues++].attribute = root(joined, k->values[v].attribute);
	}
	k->ngroups = k->nvalues;
	free(joined);
	return SL_OK;
}

/* The place of a group that is there. */
static uint32_t find_group(const struct sl_kinds *k, const struct sl_condition_union *u, uint32_t i, uint32_t tables)
{
	sl_i128 parts[2];
	uint32_t n = parts_of_value(u, i, parts), lo = 0, hi = k->ngroups;
	struct sl_kinds_value wanted = { .tables = tables, .nparts = n, .hash = hash_of_parts(parts, n) };

	while (lo < hi) {
		uint32_t at = lo + (hi - lo) / 2;
		if (by_group(&k->values[at], &wanted) < 0)
			lo = at + 1;
		else
			hi = at;
	}
	return lo;
}

static int by_union(const void *x, const void *y)
{
	const struct sl_kinds_union *p = x, *q = y;

	if (p->tables != q->tables)
		return p->tables < q->tables ? -1 : 1;
	return (p->hash > q->hash) - (p->hash < q->hash);
}

/* Of one value they are groups themselves. */
static enum sl_rc list_unions(struct sl_kinds *k, struct sl_err *err)
{
	uint32_t nunions = 0, nvalues = 0;

	for (uint32_t o = 0; o < k->a->noutputs; o++)
		for (uint32_t u = 0; k->tables_of[o] != UINT32_MAX && u < k->a->outputs[o].nunions; u++) {
			nunions += k->a->outputs[o].unions[u].nvalues > 1;
			nvalues += k->a->outputs[o].unions[u].nvalues;
		}
	free(k->unions);
	free(k->union_values);
	k->nunions = 0;
	k->unions = calloc((size_t)nunions + 1, sizeof *k->unions);
	k->union_values = calloc((size_t)nvalues + 1, sizeof *k->union_values);
	if (k->unions == NULL || k->union_values == NULL)
		return no_memory(err);
	nvalues = 0;
	for (uint32_t o = 0; o < k->a->noutputs; o++)
		for (uint32_t u = 0; k->tables_of[o] != UINT32_MAX && u < k->a->outputs[o].nunions; u++) {
			const struct sl_condition_union *from = &k->a->outputs[o].unions[u];
			if (from->nvalues < 2)
				continue;
			k->unions[k->nunions++] = (struct sl_kinds_union){ .hash = from->whole.hash, .known = from->known.hash,
				.tables = k->tables_of[o], .first = nvalues, .n = from->nvalues };
			for (uint32_t i = 0; i < from->nvalues; i++)
				k->union_values[nvalues++] = find_group(k, from, i, k->tables_of[o]);
		}
	if (k->nunions > 0)
		qsort(k->unions, k->nunions, sizeof *k->unions, by_union);
	return SL_OK;
}

const struct sl_kinds_union *sl_attributes_union(const struct sl_kinds *k, uint32_t tables, sl_i128 hash)
{
	struct sl_kinds_union wanted = { .tables = tables, .hash = hash };

	return k->nunions > 0 ? bsearch(&wanted, k->unions, k->nunions, sizeof wanted, by_union) : NULL;
}

enum sl_rc sl_attributes_groups(struct sl_kinds *k, bool *fits, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	k->nvalues = k->nparts = 0;
	for (uint32_t o = 0; o < k->a->noutputs && rc == SL_OK && *fits; o++)
		if (k->tables_of[o] != UINT32_MAX)
			rc = add_output(k, o, fits, err);
	if (rc == SL_OK && *fits)
		rc = join_groups(k, err);
	return rc == SL_OK && *fits ? list_unions(k, err) : rc;
}
