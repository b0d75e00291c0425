/* past.c - see past.h. */
#include "tests/unit/rules/past.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/outputs.h"

static uint64_t nsets_of(const struct past *t, uint32_t plan)
{
	return sl_plan_sets(&t->k->plans[plan], &t->k->setup.view);
}

/* Whether a row of the kit is in a set of a plan. */
static bool is_in(const struct past *t, uint32_t row, uint32_t plan, uint32_t set)
{
	const struct sl_plan *p = &t->k->plans[plan];
	uint32_t per_cell = 1 + sl_plan_watched(p, p->nstats), s = 0;

	if (kit_cell_of(t->k, p, &t->k->rows[row]) != set / per_cell)
		return false;
	if (set % per_cell == 0)
		return true;
	while (sl_plan_watched(p, s + 1) < set % per_cell)
		s++;
	return kit_meets(p, &p->stats[s], &t->k->rows[row]);
}

/* Per set of all plans whether the row is in it: rows of which this is the same, of a unit each, are alike. */
static void mark_sets(const struct past *t, uint32_t row, bool *in)
{
	for (uint32_t p = 0; p < t->k->setup.nplans; p++)
		for (uint32_t s = 0; s < nsets_of(t, p); s++)
			*in++ = is_in(t, row, p, s);
}

static void count_atoms(struct past *t)
{
	struct sl_atoms *a = &t->space.atoms;
	uint32_t nrows = t->k->nrows;
	uint64_t all = 0;

	for (uint32_t p = 0; p < t->k->setup.nplans; p++)
		all += nsets_of(t, p);
	a->outputs = calloc(t->k->setup.nplans, sizeof *a->outputs);
	a->atoms = calloc(nrows + 1, sizeof *a->atoms);
	a->places = calloc((nrows + 1) * all, sizeof *a->places);
	bool *in = calloc((nrows + 1) * all, sizeof *in);
	assert_true(a->outputs != NULL && a->atoms != NULL && a->places != NULL && in != NULL);
	for (uint32_t p = 0; p < t->k->setup.nplans; p++)
		a->outputs[a->noutputs++].nsets = (uint32_t)nsets_of(t, p);
	for (uint32_t x = 0; x < nrows; x++)
		mark_sets(t, x, in + x * all);
	for (uint32_t x = 0; x < nrows; x++) {
		const bool *mine = in + x * all;
		bool seen = false;
		struct sl_atom atom = { .first = a->nplaces };
		for (uint32_t y = 0; y < x && !seen; y++)
			seen = memcmp(mine, in + y * all, all) == 0;
		for (uint32_t y = x; y < nrows && !seen; y++)
			atom.units += memcmp(mine, in + y * all, all) == 0;
		for (uint32_t s = 0; s < all && !seen; s++)
			if (mine[s])
				a->places[a->nplaces++].set = s;
		atom.n = a->nplaces - atom.first;
		if (atom.n > 0)
			a->atoms[a->natoms++] = atom;
	}
	free(in);
}

void past_open(struct past *t)
{
	*t = (struct past){ .k = kit_new() };
}

static enum sl_rc release_alone(struct past *t, uint32_t i, struct sl_earlier_output *out)
{
	struct sl_check_setup setup = t->k->setup;
	struct sl_publication alone = { 0 };

	setup.nplans = 1;
	enum sl_rc rc = sl_check_run(&setup, &t->k->plans[i], &t->k->results[i], &alone, &t->err);
	if (rc == SL_OK)
		rc = sl_history_output(&t->k->plans[i], &setup.view, &alone, &setup.rules, 7 + i, 0, out, &t->err);
	sl_codec_free(&sl_publication_record, &alone);
	return rc;
}

/* Releases the first plans by themselves, and makes the history of it. */
void past_release(struct past *t, uint32_t earlier)
{
	struct sl_history *h = &t->space.history;

	t->earlier = earlier;
	kit_count(t->k);
	t->setup = t->k->setup;
	t->setup.nplans = earlier;
	if (earlier > 0 && !t->is_public && !t->one_by_one)
		assert_int_equal(sl_check_run(&t->setup, t->k->plans, t->k->results, &t->before, &t->err), SL_OK);
	h->outputs = calloc(earlier + 1, sizeof *h->outputs);
	h->plans = calloc(KIT_PLANS_MAX, sizeof *h->plans);
	assert_true(h->outputs != NULL && h->plans != NULL);
	for (uint32_t i = 0; i < earlier; i++, h->noutputs++) {
		const struct sl_plan *plan = &t->k->plans[i];
		struct sl_earlier_output *out = &h->outputs[i];
		enum sl_rc rc = t->one_by_one ? release_alone(t, i, out)
			        : t->is_public
		                        ? sl_history_public(plan, &t->setup.view, 0, SL_PUBLIC_FIRST + i, out, &t->err)
		                        : sl_history_output(plan, &t->setup.view, &t->before, &t->setup.rules, 7, i, out, &t->err);
		assert_int_equal(rc, SL_OK);
	}
	for (uint32_t i = earlier; i < t->k->setup.nplans; i++)
		h->plans[h->nplans++].plan = (uint16_t)(i - earlier);
	count_atoms(t);
	t->setup.nplans = t->k->setup.nplans - earlier;
	t->setup.nspaces = 1;
}

enum sl_rc past_judge(struct past *t)
{
	enum sl_rc rc = sl_check_after(&t->setup, t->k->plans + t->earlier, t->k->results + t->earlier, &t->space, &t->now,
	                               &t->err);

	if (rc == SL_OK)
		kit_refusable(&t->setup, t->k->plans + t->earlier, &t->now);
	return rc;
}

void past_close(struct past *t)
{
	sl_codec_free(&sl_publication_record, &t->before);
	sl_codec_free(&sl_publication_record, &t->now);
	sl_codec_free(&sl_history_record, &t->space.history);
	sl_codec_free(&sl_atoms_record, &t->space.atoms);
	kit_free(t->k);
}

struct sl_plan *past_persons(struct past *t, uint32_t i, bool by_gender)
{
	struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);

	kit_key(p, "region", KIT_REGION, false);
	if (by_gender)
		kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	return p;
}
