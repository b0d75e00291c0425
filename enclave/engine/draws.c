/* draws.c - see draws.h. */
#include "enclave/engine/draws.h"

#include <stdlib.h>
#include <string.h>

enum sl_rc sl_draws_init(struct sl_draws *d, const uint8_t key[static SL_ROUNDING_KEY_BYTES], const char *space,
                         uint8_t level, uint32_t ncells, const bool *is_condition, uint32_t nargs, struct sl_err *err)
{
	for (uint32_t k = 0; k < SL_DRAWS_KEYS; k++) {
		unsigned __int128 own = sl_siphash(key + (size_t)k * SL_SIPHASH_KEY_BYTES, space, strlen(space));
		memcpy(d->keys[k], &own, sizeof d->keys[k]);
	}
	d->unit = -1;
	d->ncells = ncells;
	d->nargs = nargs;
	d->is_condition = is_condition;
	d->cells = calloc(ncells, sizeof *d->cells);
	d->args = calloc((size_t)ncells * nargs + 1, sizeof *d->args);
	if (level == SL_DRAWS_LIMITS)
		d->contributors = calloc((size_t)ncells * nargs + 1, sizeof *d->contributors);
	if (d->cells == NULL || d->args == NULL || (level == SL_DRAWS_LIMITS && d->contributors == NULL))
		return sl_err_set(err, SL_E_NOMEM, "out of memory for draws of %u cells", ncells);
	for (uint32_t i = 0; i < ncells; i++)
		d->cells[i].last = -1;
	for (size_t i = 0; d->contributors != NULL && i < (size_t)ncells * nargs; i++)
		d->contributors[i].last = -1;
	return SL_OK;
}

void sl_draws_fini(struct sl_draws *d)
{
	free(d->cells);
	free(d->args);
	free(d->contributors);
	explicit_bzero(d, sizeof *d);
}

static void add_contributor(const struct sl_draws *d, struct sl_draws_contributors *c)
{
	if (c->last != d->unit)
		c->units += d->of_unit;
	c->last = d->unit;
}

static void add_row(struct sl_draws *d, uint32_t row, uint32_t cell, const struct sl_computed *args)
{
	struct sl_draws_cell *c = &d->cells[cell];
	struct sl_draws_arg *to = &d->args[(size_t)cell * d->nargs];

	c->rows += d->of_unit;
	if (c->last != d->unit)
		c->units += d->of_unit;
	c->last = d->unit;
	for (uint32_t a = 0; a < d->nargs; a++) {
		if (args[a].nulls != NULL && args[a].nulls[row] != 0)
			continue;
		to[a].known += d->of_unit;
		if (d->is_condition[a] && args[a].values[row] == 0)
			continue;
		to[a].counted += d->of_unit;
		if (d->contributors != NULL)
			add_contributor(d, &d->contributors[(size_t)cell * d->nargs + a]);
	}
}

void sl_draws_add(struct sl_draws *d, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args)
{
	for (uint32_t r = 0; d->ncells > 0 && r < batch->rows; r++) {
		if (marks != NULL && marks[r] != SL_ROW_KEPT)
			continue;
		if (batch->units[r] != d->unit) {
			d->unit = batch->units[r];
			d->of_unit = sl_siphash(d->keys[0], &d->unit, sizeof d->unit);
		}
		add_row(d, r, cells[r], args);
	}
}

void sl_draws_merge(struct sl_draws *d, const struct sl_draws *from)
{
	for (uint32_t i = 0; i < d->ncells; i++) {
		d->cells[i].units += from->cells[i].units;
		d->cells[i].rows += from->cells[i].rows;
	}
	for (size_t i = 0; i < (size_t)d->ncells * d->nargs; i++) {
		d->args[i].counted += from->args[i].counted;
		d->args[i].known += from->args[i].known;
	}
	for (size_t i = 0; d->contributors != NULL && i < (size_t)d->ncells * d->nargs; i++)
		d->contributors[i].units += from->contributors[i].units;
}

static uint64_t draw(const struct sl_draws *d, unsigned __int128 sum)
{
	return (uint64_t)sl_siphash(d->keys[1], &sum, sizeof sum);
}

struct sl_draw sl_draws_tell(const struct sl_draws *d, uint32_t cell, int arg, enum sl_stat_fn fn)
{
	const struct sl_draws_cell *c = &d->cells[cell];

	if (fn == SL_STAT_UNITS || fn == SL_STAT_COUNT || arg < 0)
		return (struct sl_draw){ draw(d, fn == SL_STAT_UNITS ? c->units : c->rows), 0 };
	const struct sl_draws_arg *a = &d->args[(size_t)cell * d->nargs + (uint32_t)arg];
	return (struct sl_draw){ draw(d, a->counted), fn == SL_STAT_SHARE ? draw(d, a->known) : 0 };
}

/* Another number than what rounds the same units. */
static uint64_t limit(const struct sl_draws *d, unsigned __int128 sum)
{
	const unsigned __int128 of[2] = { sum, 1 };

	return (uint64_t)sl_siphash(d->keys[1], of, sizeof of);
}

struct sl_draw sl_draws_limit(const struct sl_draws *d, uint32_t cell, int arg, enum sl_stat_fn fn)
{
	unsigned __int128 all = d->cells[cell].units, some = all;

	if (fn != SL_STAT_UNITS && fn != SL_STAT_COUNT && arg >= 0)
		some = d->contributors[(size_t)cell * d->nargs + (uint32_t)arg].units;
	return (struct sl_draw){ limit(d, some), limit(d, all - some) };
}

struct sl_draw sl_draws_cell_limit(const struct sl_draws *d, uint32_t cell)
{
	return (struct sl_draw){ limit(d, d->cells[cell].units), 0 };
}
