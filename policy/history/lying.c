/* lying.c - see lying.h. */
#include "policy/history/lying.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/space.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare rows");
}

enum sl_rc sl_lyings_init(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t nsets, struct sl_err *err)
{
	size_t n = (size_t)atoms->nalike_places + 1;

	*l = (struct sl_lyings){ .nslots = 16 };
	while (l->nslots / 2 < n)
		l->nslots *= 2;
	l->sets = calloc((size_t)nsets + 1, sizeof *l->sets);
	l->number = malloc(((size_t)nsets + 1) * sizeof *l->number);
	l->same = calloc((size_t)nsets + 1, sizeof *l->same);
	l->in_first = calloc((size_t)nsets + 2, sizeof *l->in_first);
	l->in = calloc(n, sizeof *l->in);
	l->terms = calloc(n, sizeof *l->terms);
	l->all = calloc(n, sizeof *l->all);
	l->units = calloc((size_t)atoms->nalike + 1, sizeof *l->units);
	l->lying_of = calloc(n, sizeof *l->lying_of);
	l->slots = calloc(l->nslots, sizeof *l->slots);
	if (l->sets == NULL || l->number == NULL || l->same == NULL || l->in_first == NULL || l->in == NULL ||
	    l->terms == NULL || l->all == NULL || l->units == NULL || l->lying_of == NULL || l->slots == NULL)
		return no_memory(err);
	memset(l->number, 0xFF, ((size_t)nsets + 1) * sizeof *l->number);
	return SL_OK;
}

void sl_lyings_fini(struct sl_lyings *l)
{
	free(l->sets);
	free(l->number);
	free(l->same);
	free(l->in_first);
	free(l->in);
	free(l->terms);
	free(l->all);
	free(l->units);
	free(l->lying_of);
	free(l->slots);
	*l = (struct sl_lyings){ 0 };
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

/* The terms from `first` on are of one group. Where others lie so already, these are not kept. */
static uint32_t number_of(struct sl_lyings *l, uint32_t first, uint32_t n)
{
	uint32_t by = 0;
	uint64_t key = 0;

	for (uint32_t i = first; i < first + n; i++)
		by = common_divisor(l->terms[i].times, by);
	for (uint32_t i = first; i < first + n; i++) {
		l->terms[i].times /= by;
		key += sl_space_mixed(l->terms[i].set) * l->terms[i].times;
	}
	uint32_t at = (uint32_t)(key >> 20) & (l->nslots - 1);
	for (; l->slots[at] != 0; at = (at + 1) & (l->nslots - 1))
		if (l->all[l->slots[at] - 1].key == key)
			return l->slots[at] - 1;
	l->slots[at] = ++l->n;
	l->all[l->n - 1] = (struct sl_lying){ .key = key, .first = first, .n = n };
	return l->n - 1;
}

static uint32_t end_of_terms(const struct sl_lyings *l)
{
	return l->n > 0 ? l->all[l->n - 1].first + l->all[l->n - 1].n : 0;
}

static void add_to_units(struct sl_lyings *l, struct sl_lying_units *u, uint32_t lying)
{
	if (l->all[lying].last == l->nunits + 1)
		return;
	l->all[lying].last = l->nunits + 1;
	l->lying_of[u->first + u->n++] = lying;
	l->all[lying].units += u->units;
}

/* What rows of these units, which lie among the sets at hand, have in each. */
static void note_same(struct sl_lyings *l, const struct sl_alike_place *p, uint32_t unit)
{
	l->same[l->number[p->set]] += sl_space_mixed((uint64_t)unit << 32 | p->group) * p->times;
}

static void add_units(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t i)
{
	const struct sl_alike *from = &atoms->alike[i];
	const struct sl_alike_place *p = &atoms->alike_places[from->first];
	struct sl_lying_units u = { .units = from->units };

	if (l->nunits > 0)
		u.first = l->units[l->nunits - 1].first + l->units[l->nunits - 1].n;
	for (uint32_t k = 0; k < from->n;) {
		uint32_t first = end_of_terms(l), n = 0, group = p[k].group;
		for (; k < from->n && p[k].group == group; k++) {
			if (l->number[p[k].set] == SL_LYING_NO_SET)
				continue;
			note_same(l, &p[k], i);
			l->terms[first + n++] = (struct sl_way_term){ l->number[p[k].set], p[k].times };
		}
		if (n > 0)
			add_to_units(l, &u, number_of(l, first, n));
	}
	if (u.n > 0)
		l->units[l->nunits++] = u;
}

static void list(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t column)
{
	l->n = l->nunits = 0;
	memset(l->slots, 0, l->nslots * sizeof *l->slots);
	for (uint32_t i = 0; i < l->nsets; i++) {
		l->number[l->sets[i]] = i;
		l->same[i] = 0;
	}
	for (uint32_t i = 0; i < atoms->nalike; i++)
		if (atoms->alike[i].column == column)
			add_units(l, atoms, i);
	memset(l->in_first, 0, ((size_t)l->nsets + 2) * sizeof *l->in_first);
	for (uint32_t t = 0; t < end_of_terms(l); t++)
		l->in_first[l->terms[t].set + 2]++;
	for (uint32_t i = 2; i <= l->nsets; i++)
		l->in_first[i] += l->in_first[i - 1];
	for (uint32_t k = 0; k < l->n; k++)
		for (uint32_t t = l->all[k].first; t < l->all[k].first + l->all[k].n; t++)
			l->in[l->in_first[l->terms[t].set + 1]++] = k;
}

/* --- what cannot be taken ------------------------------------------------------------------------------------- */

/* The lying's one set that may be taken. */
static uint32_t last_of(const struct sl_lyings *l, uint32_t lying, const bool *gone)
{
	uint32_t t = l->all[lying].first;

	while (gone[l->terms[t].set])
		t++;
	return l->terms[t].set;
}

/*
 * What enough units have must cancel out: where it lies in one set, that is not taken, and then what lies in one set
 * besides. open: per lying, its sets that may be taken; gone: per set. Returns how many are gone.
 */
static uint32_t drop(const struct sl_lyings *l, uint64_t threshold, uint32_t *open, uint32_t *queue, bool *gone)
{
	uint32_t n = 0, at = 0, dropped = 0;

	for (uint32_t k = 0; k < l->n; k++) {
		open[k] = l->all[k].n;
		if (open[k] == 1 && l->all[k].units >= threshold)
			queue[n++] = k;
	}
	while (at < n) {
		uint32_t k = queue[at++];
		if (open[k] != 1)
			continue;
		uint32_t set = last_of(l, k, gone);
		gone[set] = true;
		dropped++;
		for (uint32_t i = l->in_first[set]; i < l->in_first[set + 1]; i++)
			if (--open[l->in[i]] == 1 && l->all[l->in[i]].units >= threshold)
				queue[n++] = l->in[i];
	}
	for (uint32_t s = 0; s < l->nsets; s++)
		if (!gone[s] && l->in_first[s] == l->in_first[s + 1]) {
			gone[s] = true;
			dropped++;
		}
	return dropped;
}

static enum sl_rc drop_sets(struct sl_lyings *l, uint64_t threshold, bool *dropped, struct sl_err *err)
{
	uint32_t *open = calloc((size_t)l->n + 1, sizeof *open), *queue = calloc((size_t)l->n + 1, sizeof *queue);
	bool *gone = calloc((size_t)l->nsets + 1, sizeof *gone);
	enum sl_rc rc = open != NULL && queue != NULL && gone != NULL ? SL_OK : no_memory(err);
	uint32_t kept = 0;

	*dropped = rc == SL_OK && drop(l, threshold, open, queue, gone) > 0;
	for (uint32_t s = 0; *dropped && s < l->nsets; s++) {
		l->number[l->sets[s]] = SL_LYING_NO_SET;
		if (!gone[s])
			l->sets[kept++] = l->sets[s];
	}
	l->nsets = *dropped ? kept : l->nsets;
	free(open);
	free(queue);
	free(gone);
	return rc;
}

enum sl_rc sl_lyings_make(struct sl_lyings *l, const struct sl_atoms *atoms, uint32_t column, uint64_t threshold,
                          struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	bool dropped = true;

	while (rc == SL_OK && dropped) {
		list(l, atoms, column);
		rc = drop_sets(l, threshold, &dropped, err);
	}
	return rc;
}

uint64_t sl_lyings_left(const struct sl_lyings *l, const uint64_t *way, bool *left)
{
	uint64_t units = 0;

	for (uint32_t k = 0; k < l->n; k++)
		left[k] = sl_ways_left(way, &l->terms[l->all[k].first], l->all[k].n) != 0;
	for (uint32_t i = 0; i < l->nunits; i++) {
		bool any = false;
		for (uint32_t k = l->units[i].first; k < l->units[i].first + l->units[i].n && !any; k++)
			any = left[l->lying_of[k]];
		units += any ? l->units[i].units : 0;
	}
	return units;
}
