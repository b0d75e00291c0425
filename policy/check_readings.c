/*
 * check_readings.c - rule differencing over releases: a sum of the request and an earlier one about units in common,
 * made of one column in two ways. One less the other is what the two make of it differently, as the bonus in pay and
 * bonus after pay, and of how many units that is nothing tells: so a person looks. What reads a column in one way
 * (history/amount.h), whatever is computed of it and by whichever groups, is no matter here; of that sums of sets that
 * lie in each other are asked about (check_rests.c).
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_compared.h"
#include "policy/history/predicate.h"
#include "policy/history/reading.h"

struct looking {
	struct sl_compared *c;
	bool *met;                 /* per atom: in a set that shows the request's measure */
};

/* Measures of an earlier output that are made of one of the columns in another way. */
static uint32_t others_of(const struct sl_audit_output *mine, uint32_t measure, const struct sl_audit_output *earlier)
{
	uint32_t bits = 0;

	for (uint32_t k = 0; k < mine->nreadings; k++)
		for (uint32_t i = 0; i < earlier->nreadings && mine->readings[k].measure == measure; i++)
			if (earlier->readings[i].column == mine->readings[k].column &&
			    earlier->readings[i].way != mine->readings[k].way)
				bits |= UINT32_C(1) << earlier->readings[i].measure;
	return bits;
}

static void meet(const struct looking *l, uint32_t output, uint32_t measure)
{
	const struct sl_audit *a = &l->c->audit;
	const struct sl_audit_output *o = &a->outputs[output];

	memset(l->met, 0, a->atoms->natoms * sizeof *l->met);
	for (uint32_t s = o->first_set; s < o[1].first_set; s++) {
		bool tells = (a->sets[s].measures >> measure & 1) != 0;
		for (uint32_t i = a->first_atom[s]; tells && i < a->first_atom[s + 1]; i++)
			l->met[a->atom_of[i]] = true;
	}
}

/* The first set of an output that shows one of the measures of somebody who is met; SL_AUDIT_NO_SET: none. */
static uint32_t find_common(const struct looking *l, uint32_t output, uint32_t bits)
{
	const struct sl_audit *a = &l->c->audit;
	const struct sl_audit_output *o = &a->outputs[output];

	for (uint32_t s = o->first_set; s < o[1].first_set && bits != 0; s++)
		for (uint32_t i = a->first_atom[s]; (a->sets[s].measures & bits) != 0 && i < a->first_atom[s + 1]; i++)
			if (l->met[a->atom_of[i]])
				return s;
	return SL_AUDIT_NO_SET;
}

/* The first statistic of the plan that tells the measure. */
static enum sl_rc stat_of(const struct looking *l, uint32_t i, sl_i128 measure, uint32_t *stat, struct sl_err *err)
{
	const struct sl_plan *plan = &l->c->st->plans[i];
	enum sl_rc rc = SL_OK;

	for (*stat = 0; *stat < plan->nstats && rc == SL_OK; ++*stat) {
		struct sl_predicate_part part = { 0 };
		bool has;
		rc = sl_predicate_measure(plan, &l->c->st->setup->view, *stat, &part, &has, err);
		if (rc == SL_OK && has && part.hash == measure)
			return rc;
	}
	return rc;
}

/* A plan of several spaces is told of once. */
static bool is_told(const struct sl_publication *pub, uint32_t i, uint32_t stat)
{
	for (uint32_t f = 0; f < pub->nfindings; f++)
		if (pub->findings[f].rule == SL_RULE_DIFFERENCING && pub->findings[f].release > 0 &&
		    pub->findings[f].output == i && pub->findings[f].stat == stat)
			return true;
	return false;
}

/* Beside the oldest that there is: what is released meanwhile does not change what was found. */
static enum sl_rc look_at(const struct looking *l, uint32_t output, uint32_t measure, struct sl_err *err)
{
	const struct sl_audit *a = &l->c->audit;
	const struct sl_audit_output *o = &a->outputs[output];
	uint32_t set = SL_AUDIT_NO_SET, stat, i = sl_compared_plan(l->c, output);
	struct sl_rule_hit hit = { 0 };

	for (uint32_t j = 0, met = false; j < a->nearlier && set == SL_AUDIT_NO_SET; j++) {
		uint32_t bits = others_of(o, measure, &a->outputs[j]);
		if (bits != 0 && !met)
			meet(l, output, measure);
		met = met || bits != 0;
		set = find_common(l, j, bits);
	}
	if (set == SL_AUDIT_NO_SET)
		return SL_OK;
	enum sl_rc rc = stat_of(l, i, o->measures[measure].hash, &stat, err);
	if (rc != SL_OK || is_told(l->c->st->pub, i, stat))
		return rc;
	sl_check_name_other(&l->c->space->history, a, set, &hit);
	rc = sl_check_find(l->c->st, i, SL_FINDING_WHOLE, stat, SL_RULE_DIFFERENCING, &hit, err);
	if (rc == SL_OK)
		sl_check_settle(l->c->st->pub);
	return rc;
}

enum sl_rc sl_check_readings(struct sl_compared *c, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	struct looking l = { .c = c, .met = calloc((size_t)a->atoms->natoms + 1, sizeof *l.met) };
	enum sl_rc rc = l.met != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");

	for (uint32_t i = a->nearlier; i < a->noutputs && rc == SL_OK; i++)
		for (uint32_t m = 0; m < a->outputs[i].nmeasures && rc == SL_OK; m++)
			rc = look_at(&l, i, m, err);
	free(l.met);
	return rc;
}
