/* measures.c - see audit.h: what was hidden for what it measures, and is measured elsewhere too. */
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

/* What is shown of the measure; of rows that stay hidden nothing is. */
static void look_at(struct sl_audit *a, sl_i128 measure, const bool *rows_shown)
{
	for (uint32_t i = 0; i < a->noutputs; i++) {
		struct sl_audit_output *o = &a->outputs[i];
		uint32_t bit = place_of(o, measure);
		o->absent = bit == o->nmeasures;
		for (uint32_t s = o->first_set; s < a->outputs[i + 1].first_set; s++)
			a->sets[s].shown = !o->absent && rows_shown[s] && (a->sets[s].measures >> bit & 1) != 0;
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
		sl_audit_hide_row(a, a->hits[before].set);
		for (uint32_t s = 0; s < a->nsets; s++)
			rows_shown[s] = a->sets[s].shown;
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
	free(rows_shown);
	return rc;
}
