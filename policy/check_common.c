/* check_common.c - see check_common.h. */
#include "policy/check_common.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/pact/result.h"

static void number_keys(const struct sl_plan *plan, const struct sl_view *view, uint64_t *divide, uint32_t *groups)
{
	uint64_t below = 1;

	for (uint32_t k = plan->nkeys; k-- > 0; below *= groups[k]) {
		divide[k] = below;
		groups[k] = sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0);
	}
}

void sl_common_free(struct sl_common *c)
{
	for (uint32_t p = 0; p < c->npairs; p++) {
		free(c->pairs[p].map[0]);
		free(c->pairs[p].map[1]);
	}
	memset(c, 0, sizeof *c);
}

/* The two outputs and their view. */
struct sides {
	const struct sl_plan *plan[2];
	const struct sl_view *view;
};

static struct sl_level level_of(const struct sides *s, int side, uint32_t key)
{
	return (struct sl_level){ s->plan[side], &s->plan[side]->keys[key] };
}

/* The level a pair tells of. */
static struct sl_level told_by(const struct sides *s, const struct sl_common_pair *p)
{
	return level_of(s, p->map[0] != NULL, p->key[p->map[0] != NULL]);
}

/* What the pair would tell, one that is there already tells. */
static enum sl_rc is_told(const struct sides *s, const struct sl_common *c, const struct sl_common_pair *p, bool *told,
                          struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*told = false;
	for (uint32_t i = 0; i < c->npairs && !*told && rc == SL_OK; i++) {
		enum sl_levels how;
		rc = sl_levels_compare(s->view, told_by(s, &c->pairs[i]), told_by(s, p), &how, NULL, err);
		*told = how == SL_LEVELS_SAME || how == SL_LEVELS_WITHIN;
	}
	return rc;
}

/* Takes the pair's map, or frees it. */
static enum sl_rc add_pair(const struct sides *s, struct sl_common *c, struct sl_common_pair *p, struct sl_err *err)
{
	bool told = true;
	enum sl_rc rc = is_told(s, c, p, &told, err);
	int coarser = p->map[0] != NULL;
	uint64_t ncells = (uint64_t)c->ncells * c->groups[coarser][p->key[coarser]];

	if (rc == SL_OK && !told && (ncells > SL_CELLS_MAX || c->npairs == 2 * SL_KEYS_MAX))
		rc = sl_err_set(err, SL_E_LIMIT, "the keys of two outputs have too much in common");
	if (rc != SL_OK || told) {
		free(p->map[0]);
		free(p->map[1]);
		return rc;
	}
	p->times = c->ncells;
	c->ncells = (uint32_t)ncells;
	c->pairs[c->npairs++] = *p;
	return SL_OK;
}

static enum sl_rc look_at(const struct sides *s, struct sl_common *c, uint32_t k, uint32_t l, bool same,
                          struct sl_err *err)
{
	struct sl_common_pair p = { .key = { k, l } };
	uint32_t *map = NULL;
	enum sl_levels how;
	enum sl_rc rc = sl_levels_compare(s->view, level_of(s, 0, k), level_of(s, 1, l), &how, &map, err);

	if (rc != SL_OK || (how == SL_LEVELS_SAME) != same || how == SL_LEVELS_CROSS || how == SL_LEVELS_APART) {
		free(map);
		return rc;
	}
	if (!same)
		p.map[how == SL_LEVELS_AROUND] = map;
	return add_pair(s, c, &p, err);
}

/* Keys that both have first: they tell the most. */
enum sl_rc sl_common_find(const struct sl_plan *a, const struct sl_plan *b, const struct sl_view *view,
                          struct sl_common *out, struct sl_err *err)
{
	const struct sides s = { { a, b }, view };
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	out->ncells = 1;
	number_keys(a, view, out->divide[0], out->groups[0]);
	number_keys(b, view, out->divide[1], out->groups[1]);
	for (int same = 1; same >= 0; same--)
		for (uint32_t k = 0; k < a->nkeys && rc == SL_OK; k++)
			for (uint32_t l = 0; l < b->nkeys && rc == SL_OK; l++)
				rc = look_at(&s, out, k, l, same != 0, err);
	return rc;
}

uint32_t sl_common_cell(const struct sl_common *c, int side, uint32_t cell)
{
	uint64_t at = 0;

	for (uint32_t p = 0; p < c->npairs; p++) {
		uint32_t key = c->pairs[p].key[side], group = (uint32_t)(cell / c->divide[side][key] % c->groups[side][key]);
		at += (c->pairs[p].map[side] != NULL ? c->pairs[p].map[side][group] : group) * c->pairs[p].times;
	}
	return (uint32_t)at;
}

bool sl_common_keeps(const struct sl_common *c, int side, uint32_t key)
{
	for (uint32_t p = 0; p < c->npairs; p++)
		if (c->pairs[p].key[side] == key && c->pairs[p].map[side] == NULL)
			return true;
	return false;
}
