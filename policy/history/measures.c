/*
 * measures.c - see audit.h: what was hidden for what it measures, and is measured elsewhere too.
 *
 * What is made of a column of it in another way stands in for it: the sum of pay and bonus of all, less the pay of
 * those whose pay is shown, is nearly the pay that is hidden. It stands in only beside outputs that tell the measure
 * itself: history's all at once, since they are not compared with each other, the request's one by one.
 */
#include <stdlib.h>

#include "policy/history/audit.h"

/* Its place among what an output tells; nmeasures: it does not. */
static uint32_t place_of(const struct sl_audit_output *o, sl_i128 measure)
{
	uint32_t i = 0;

	while (i < o->nmeasures && o->measures[i].hash != measure)
		i++;
	return i;
}

/* Whether some output of the request tells it, and another one too. */
static bool is_told_twice(const struct sl_audit *a, sl_i128 measure)
{
	uint32_t all = 0, new = 0;

	for (uint32_t i = 0; i < a->noutputs; i++) {
		bool tells = place_of(&a->outputs[i], measure) < a->outputs[i].nmeasures;
		all += tells;
		new += tells && i >= a->nearlier;
	}
	return new > 0 && all > 1;
}

/* Among the measures of an output. */
static uint32_t bit_of(const struct sl_audit_output *o, sl_i128 measure)
{
	uint32_t place = place_of(o, measure);

	return place < o->nmeasures ? UINT32_C(1) << place : 0;
}

/* Those made of a column that the measure of the other output, at `place`, is made of, too. */
static uint32_t standing_in(const struct sl_audit_output *o, const struct sl_audit_output *of, uint32_t place)
{
	uint32_t bits = 0;

	for (uint32_t k = 0; k < of->nreadings; k++)
		for (uint32_t i = 0; i < o->nreadings && of->readings[k].measure == place; i++)
			if (o->readings[i].column == of->readings[k].column)
				bits |= UINT32_C(1) << o->readings[i].measure;
	return bits;
}

/* What an output tells of the measure, or nearly; 0: nothing. */
static uint32_t bits_of(const struct sl_audit *a, uint32_t output, sl_i128 measure)
{
	uint32_t bits = bit_of(&a->outputs[output], measure);

	if (a->asked_of == SL_AUDIT_EACH || sl_audit_is_asked_of(a, output))
		return bits;
	for (uint32_t i = 0; i < a->noutputs; i++)
		if (sl_audit_is_asked_of(a, i))
			bits |= standing_in(&a->outputs[output], &a->outputs[i], place_of(&a->outputs[i], measure));
	return bits;
}

/* What is shown of the measure; of rows that stay hidden nothing is. */
static void look_at(struct sl_audit *a, sl_i128 measure, const bool *rows_shown)
{
	for (uint32_t i = 0; i < a->noutputs; i++) {
		struct sl_audit_output *o = &a->outputs[i];
		uint32_t bits = bits_of(a, i, measure);
		o->absent = bits == 0;
		o->asked = bits;
		for (uint32_t s = o->first_set; s < a->outputs[i + 1].first_set; s++)
			a->sets[s].shown = rows_shown[s] && (a->sets[s].measures & bits) != 0;
	}
}

static enum sl_rc ask(struct sl_audit *a, sl_i128 measure, bool *rows_shown, struct sl_err *err)
{
	uint32_t before = a->nhits;
	enum sl_rc rc;

	look_at(a, measure, rows_shown);
	a->of_measure = true;
	a->measure = measure;
	rc = sl_audit_remainders(a, err);
	if (rc == SL_OK)
		rc = sl_audit_lattices(a, err);
	a->of_measure = false;
	for (uint32_t s = 0; s < a->nsets; s++)
		a->sets[s].shown = rows_shown[s];
	for (uint32_t i = 0; i < a->noutputs; i++)
		a->outputs[i].absent = false;
	for (; before < a->nhits; before++) {
		sl_audit_hide_again(a, &a->hits[before]);
		for (uint32_t s = 0; s < a->nsets; s++)
			rows_shown[s] = a->sets[s].shown;
	}
	return rc;
}

/* Of some units it is not shown. */
static bool hides(const struct sl_audit *a, uint32_t output, sl_i128 measure, const bool *rows_shown)
{
	const struct sl_audit_output *o = &a->outputs[output];
	uint32_t bit = bit_of(o, measure);

	for (uint32_t s = o->first_set; s < o[1].first_set && bit != 0; s += o->per_cell)
		if (a->sets[s].units > 0 && !(rows_shown[s] && (a->sets[s].measures & bit) != 0))
			return true;
	return false;
}

/* Whether an output that may be compared with those asked about tells nearly what they hide. */
static bool is_stood_in_for(const struct sl_audit *a, sl_i128 measure)
{
	for (uint32_t i = 0; i < a->noutputs; i++)
		if (!sl_audit_is_asked_of(a, i) && (bits_of(a, i, measure) & ~bit_of(&a->outputs[i], measure)) != 0)
			return true;
	return false;
}

static enum sl_rc ask_nearly(struct sl_audit *a, uint32_t asked_of, sl_i128 measure, bool *rows_shown,
                             struct sl_err *err)
{
	sl_audit_rest_fn *rest = a->rest;
	enum sl_rc rc = SL_OK;

	a->asked_of = asked_of;
	a->rest = NULL;
	if (is_stood_in_for(a, measure))
		rc = ask(a, measure, rows_shown, err);
	a->asked_of = SL_AUDIT_EACH;
	a->rest = rest;
	return rc;
}

/* Every measure that history hides somewhere, once; then those of the request's outputs. */
static enum sl_rc ask_all_nearly(struct sl_audit *a, bool *rows_shown, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < a->noutputs && rc == SL_OK; i++)
		for (uint32_t m = 0; m < a->outputs[i].nmeasures && rc == SL_OK; m++) {
			sl_i128 measure = a->outputs[i].measures[m].hash;
			uint32_t before = 0;
			while (before < i && !hides(a, before, measure, rows_shown))
				before++;
			uint32_t asked_of = i < a->nearlier ? SL_AUDIT_EARLIER : i + 2;
			if (hides(a, i, measure, rows_shown) && (i >= a->nearlier || before == i))
				rc = ask_nearly(a, asked_of, measure, rows_shown, err);
		}
	return rc;
}

enum sl_rc sl_audit_measures(struct sl_audit *a, struct sl_err *err)
{
	bool *rows_shown = calloc((size_t)a->nsets + 1, sizeof *rows_shown);
	enum sl_rc rc = rows_shown != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);

	for (uint32_t s = 0; s < a->nsets && rc == SL_OK; s++)
		rows_shown[s] = a->sets[s].shown;
	for (uint32_t i = a->nearlier; i < a->noutputs && rc == SL_OK; i++)
		for (uint32_t m = 0; m < a->outputs[i].nmeasures && rc == SL_OK; m++)
			if (is_told_twice(a, a->outputs[i].measures[m].hash))
				rc = ask(a, a->outputs[i].measures[m].hash, rows_shown, err);
	if (rc == SL_OK)
		rc = ask_all_nearly(a, rows_shown, err);
	free(rows_shown);
	return rc;
}
