/*
 * check_few_less.c - see check_few.h: what is left of a place less another that lies in it, all persons less those of
 * all regions but one. Numbers that both have of the column, each in its own output, are equations of what is left.
 *
 * Two places at a time: what several leave of one is not looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_few.h"
#include "policy/rules/rules.h"

/* So many pairs of a column are looked at. */
#define PAIRS_MAX 20000

struct less {
	struct sl_few_place *outer, inner, left;
	/* Of the outer place, while others are found; and of what is left. */
	struct sl_few_place_number given[SL_FEW_NUMBERS_MAX], asked[SL_FEW_NUMBERS_MAX];
	uint32_t ngiven, nasked;
	struct sl_few_number kept[2 * SL_FEW_NUMBERS_MAX], made[2 * SL_FEW_NUMBERS_MAX];
	uint32_t nmade;
};

static void keep(struct less *l)
{
	const struct sl_few_place *p = l->outer;
	uint32_t n = 0;

	l->ngiven = p->ngiven;
	l->nasked = p->nasked;
	memcpy(l->given, p->given, sizeof l->given);
	memcpy(l->asked, p->asked, sizeof l->asked);
	for (uint32_t i = 0; i < l->ngiven; i++, n++) {
		l->kept[n] = *l->given[i].number;
		l->given[i].number = &l->kept[n];
	}
	for (uint32_t i = 0; i < l->nasked; i++, n++) {
		l->kept[n] = *l->asked[i].number;
		l->asked[i].number = &l->kept[n];
	}
}

static bool is_spread(const struct sl_few_number *n)
{
	return n->fn == SL_STAT_VAR || n->fn == SL_STAT_SD;
}

/* Of the same values, and the same is made of them. */
static bool is_like(const struct sl_few_number *a, const struct sl_few_number *b, uint32_t natoms)
{
	if ((a->fn == SL_STAT_COUNT) != (b->fn == SL_STAT_COUNT) || a->in == NULL || b->in == NULL ||
	    memcmp(a->in, b->in, natoms * sizeof *a->in) != 0)
		return false;
	for (uint32_t i = 0; i < natoms && a->fn != SL_STAT_COUNT; i++) {
		const struct sl_value *x = &a->is[(size_t)i * a->stride], *y = &b->is[(size_t)i * b->stride];
		if (a->in[i] && (x->missing != y->missing || (!x->missing && x->v != y->v)))
			return false;
	}
	return true;
}

/* a less b, as far as both say. False: that is no number of the request's. */
static bool take_off(const struct sl_few_number *a, const struct sl_few_number *b, bool asked,
                     struct sl_few_number *out)
{
	*out = *a;
	if (a->rows < b->rows || a->known_rows < b->known_rows)
		return false;
	out->rows = a->rows - b->rows;
	out->known_rows = a->known_rows - b->known_rows;
	if (!asked && a->fn != SL_STAT_COUNT)
		out->fn = a->fn == b->fn ? a->fn : SL_STAT_COUNT_IF;
	if (asked)
		out->fn = is_spread(a) && is_spread(b) ? SL_STAT_VAR : SL_STAT_SUM;
	out->has_sums = a->has_sums && b->has_sums && !__builtin_sub_overflow(a->x, b->x, &out->x) &&
	                !__builtin_sub_overflow(a->xx, b->xx, &out->xx);
	return true;
}

/* What an earlier release counted is of no side. */
static void put_left(struct less *l, const struct sl_few_place_number *a, const struct sl_few_place_number *b,
                     bool asked)
{
	struct sl_few_place_number *list = asked ? l->left.asked : l->left.given;
	uint32_t *n = asked ? &l->left.nasked : &l->left.ngiven;

	if (a->side == NULL || b->side == NULL || (asked && a->side == b->side) || *n == SL_FEW_NUMBERS_MAX ||
	    !is_like(a->number, b->number, l->left.owner->column.natoms) ||
	    !take_off(a->number, b->number, asked, &l->made[l->nmade]))
		return;
	const struct sl_few_place_number *later = a->side->output > b->side->output ? a : b, *other = later == a ? b : a;
	list[*n] = *later;
	list[*n].number = &l->made[l->nmade++];
	list[*n].less = other->side;
	list[(*n)++].less_cell = other->cell;
}

/* Each of a place with the first that is like it of the other; a spread with a spread, if there is one. */
static void put_all(struct less *l, bool asked)
{
	const struct sl_few_place_number *a = asked ? l->asked : l->given, *b = asked ? l->inner.asked : l->inner.given;
	uint32_t na = asked ? l->nasked : l->ngiven, nb = asked ? l->inner.nasked : l->inner.ngiven;

	for (uint32_t i = 0; i < na; i++) {
		uint32_t before = l->nmade;
		for (uint32_t k = 0; k < 2 * nb && l->nmade == before; k++)
			if (k >= nb || is_spread(b[k].number) == is_spread(a[i].number))
				put_left(l, &a[i], &b[k % nb], asked);
	}
}

static enum sl_rc ask_left(struct less *l, const struct sl_few_side *side, uint32_t row, bool *goes, struct sl_err *err)
{
	l->inner.owner = side;
	sl_few_place_at(&l->inner, row);
	if (l->inner.rows == 0 || l->inner.rows >= l->outer->rows ||
	    memcmp(l->inner.in, l->outer->in, side->column.natoms * sizeof l->inner.in[0]) != 0)
		return SL_OK;
	sl_few_place_find(&l->inner);
	l->left.rows = l->outer->rows - l->inner.rows;
	l->left.ngiven = l->left.nasked = l->nmade = 0;
	put_all(l, false);
	put_all(l, true);
	return l->left.nasked > 0 ? sl_few_place_ask(&l->left, goes, err) : SL_OK;
}

static bool lies_in(const struct sl_earlier_set *outer, const struct sl_earlier_set *inner)
{
	return outer->nparts < inner->nparts && sl_parts_among(outer->parts, outer->nparts, inner->parts, inner->nparts);
}

static enum sl_rc open_less(struct less **out, struct sl_few_place *p, struct sl_err *err)
{
	struct less *l = malloc(sizeof *l);

	if (l == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for columns of few values");
	l->outer = p;
	l->inner = l->left = *p;
	l->inner.past = NULL;
	keep(l);
	*out = l;
	return SL_OK;
}

enum sl_rc sl_few_ask_less(struct sl_few_place *p, bool *goes, struct sl_err *err)
{
	const struct sl_earlier_set *row = &p->owner->rows.sets[p->row];
	struct less *l = NULL;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < p->nsides && p->nasked > 0 && rc == SL_OK && !*goes; i++) {
		const struct sl_few_side *s = &p->sides[i];
		bool fits = s->asks && s != p->owner && (uint64_t)s->rows.nsets * p->owner->rows.nsets <= SL_SIDES_WITHIN_MAX;
		for (uint32_t r = 0; fits && r < s->rows.nsets && rc == SL_OK && !*goes; r++) {
			if (!lies_in(row, &s->rows.sets[r]) || p->npairs++ >= PAIRS_MAX)
				continue;
			rc = l == NULL ? open_less(&l, p, err) : SL_OK;
			if (rc == SL_OK)
				rc = ask_left(l, s, r, goes, err);
		}
	}
	free(l);
	return rc;
}
