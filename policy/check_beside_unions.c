/*
 * check_beside_unions.c - see check_beside_left.h: what the cells of one output have beyond those of another. What is
 * told of each is told of all of them together, and so of what is left: the persons of either sex less those under a
 * condition are those whom it leaves out. Elimination knows that, but has to be asked of those rows.
 */
#include <stdlib.h>

#include "policy/check_beside_left.h"

struct unions {
	struct sl_left *l;
	uint32_t *around;       /* kinds of what the others lie in */
	uint32_t naround;
	uint64_t missing;       /* rows of it without a value, as the engine counted; */
	bool is_counted;
	uint32_t *set_of;       /* per kind: 1 + the told set of the other output that it is in, or 0 */
	uint32_t *met;          /* per set: how many of its kinds are there */
};

/* Of the sets of an output, which follow each other, the first; and the first behind them. */
static uint32_t end_of(const struct sl_left *l, uint32_t first)
{
	uint32_t set = first;

	while (set < l->nsets && l->sets[set].output == l->sets[first].output)
		set++;
	return set;
}

static void clear(struct unions *u)
{
	u->naround = 0;
	u->missing = 0;
	u->is_counted = true;
}

static void add_set(struct unions *u, uint32_t set)
{
	struct sl_left *l = u->l;
	uint64_t rows = 0;

	if (!l->sets[set].is_told)
		return;
	for (uint32_t i = 0; i < sl_left_nkinds(l, set); i++)
		u->around[u->naround++] = sl_left_kinds(l, set)[i];
	if (!sl_beside_missing(l->b, sl_left_plan(l, set), l->sets[set].cell, &rows))
		u->is_counted = false;
	u->missing += rows;
}

/* Less the sets of the other output that lie in it: what is left is asked about, if somebody there has no value. */
static enum sl_rc look_less(struct unions *u, struct sl_err *err)
{
	struct sl_left *l = u->l;
	uint64_t missing = u->missing, rows = 0;

	for (uint32_t i = 0; i < u->naround; i++)
		if (u->set_of[u->around[i]] != 0)
			u->met[u->set_of[u->around[i]] - 1]++;
	l->nrows = 0;
	for (uint32_t i = 0; i < u->naround; i++) {
		uint32_t set = u->set_of[u->around[i]];
		if (set == 0 || u->met[set - 1] < sl_left_nkinds(l, set - 1))
			l->rows[l->nrows++] = u->around[i];
	}
	for (uint32_t i = 0; i < u->naround; i++) {
		uint32_t set = u->set_of[u->around[i]];
		if (set == 0 || u->met[set - 1] == 0)
			continue;
		if (u->met[set - 1] == sl_left_nkinds(l, set - 1) &&
		    sl_beside_missing(l->b, sl_left_plan(l, set - 1), l->sets[set - 1].cell, &rows))
			missing -= rows < missing ? rows : missing;
		u->met[set - 1] = 0;
	}
	l->b->work -= u->naround < l->b->work ? u->naround : l->b->work;
	bool is_asked = l->nrows > 0 && l->nrows < u->naround && (missing > 0 || !u->is_counted);
	return is_asked && l->b->work > 0 ? sl_left_look(l, err) : SL_OK;
}

/* Each of the output's cells, and all of them together. */
static enum sl_rc look_around(struct unions *u, uint32_t first, uint32_t end, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t set = first; set < end && rc == SL_OK; set++) {
		clear(u);
		add_set(u, set);
		rc = look_less(u, err);
	}
	clear(u);
	for (uint32_t set = first; set < end; set++)
		add_set(u, set);
	return rc == SL_OK && end - first > 1 ? look_less(u, err) : rc;
}

static void map_sets(struct unions *u, uint32_t first, uint32_t end, bool there)
{
	const struct sl_left *l = u->l;

	for (uint32_t set = first; set < end; set++)
		for (uint32_t i = 0; i < sl_left_nkinds(l, set) && l->sets[set].is_told; i++)
			u->set_of[sl_left_kinds(l, set)[i]] = there ? set + 1 : 0;
}

enum sl_rc sl_left_unions(struct sl_left *l, struct sl_err *err)
{
	struct unions u = { .l = l };
	uint32_t own = 0;
	enum sl_rc rc = SL_OK;

	while (own < l->nsets && sl_left_earlier(l, own) != NULL)
		own++;
	u.around = calloc((size_t)l->kinds.n + 1, sizeof *u.around);
	u.set_of = calloc((size_t)l->kinds.n + 1, sizeof *u.set_of);
	u.met = calloc((size_t)l->nsets + 1, sizeof *u.met);
	if (u.around == NULL || u.set_of == NULL || u.met == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics leave of each other");
	for (uint32_t in = own, end; in < l->nsets && rc == SL_OK; in = end) {
		end = end_of(l, in);
		map_sets(&u, in, end, true);
		for (uint32_t first = own, behind; first < l->nsets && rc == SL_OK && l->b->work > 0; first = behind) {
			behind = end_of(l, first);
			if (first != in)
				rc = look_around(&u, first, behind, err);
		}
		map_sets(&u, in, end, false);
	}
	free(u.around);
	free(u.set_of);
	free(u.met);
	return rc;
}
