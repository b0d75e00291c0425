/*
 * renewed.c - see audit.h: one question in two versions of a table. What one answer less the other tells is about the
 * units that have something else now; nobody who has counts as few, or a refusal would say that somebody has. Answers
 * about different columns have no such difference, nor have numbers of the same units: those are one number.
 */
#include "policy/history/audit.h"

bool sl_audit_is_renewed(const struct sl_audit *a, uint32_t output, uint32_t other)
{
	const struct sl_audit_output *x = &a->outputs[output], *y = &a->outputs[other];

	return sl_versions_differ(x->versions, x->nversions, y->versions, y->nversions);
}

bool sl_audit_is_current(const struct sl_audit *a, uint32_t output)
{
	for (uint32_t i = a->nearlier; i < a->noutputs; i++)
		if (sl_audit_is_renewed(a, output, i))
			return false;
	return true;
}

void sl_audit_count_renewed(const struct sl_audit *a, uint32_t set, uint64_t counts[static SL_PRINTS_MAX])
{
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1] && a->changed != NULL; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[a->atom_of[i]];
		uint32_t columns = 0;
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++)
			columns |= a->atoms->places[p].set == set ? a->changed[p] : 0;
		for (; columns != 0; columns &= columns - 1)
			counts[__builtin_ctz(columns)] += atom->units;
	}
}

/* Whether the print is of what a set of the family counts or measures. */
static bool is_of(const struct sl_audit *a, const struct sl_audit_family *f, uint8_t print)
{
	const struct sl_audit_output *o = &a->outputs[f->output];
	uint32_t number = f->first_set - o->first_set;

	return number < o->nby_set && (o->by_set[number].prints >> print & 1) != 0;
}

bool sl_audit_tells(const struct sl_audit *a, const struct sl_audit_family *f, const struct sl_reading *column,
                    uint32_t *prints)
{
	const struct sl_audit_output *o = &a->outputs[f->output];
	bool tells = false;

	*prints = 0;
	for (uint32_t i = 0; i < o->nprinted; i++) {
		const struct sl_reading *of = &o->printed[i];
		if (of->column != column->column || !is_of(a, f, of->measure))
			continue;
		tells = true;
		*prints |= of->way != 0 && of->way == column->way ? UINT32_C(1) << of->measure : 0;
	}
	return tells;
}

uint64_t sl_audit_renewed(const struct sl_audit *a, const struct sl_audit_family *then,
                          const struct sl_audit_family *now, const uint64_t counts[static SL_PRINTS_MAX])
{
	const struct sl_audit_output *x = &a->outputs[then->output], *y = &a->outputs[now->output];
	uint64_t fewest = UINT64_MAX;

	for (uint32_t i = 0; i < x->nprinted; i++) {
		const struct sl_reading *was = &x->printed[i];
		for (uint32_t k = 0; is_of(a, then, was->measure) && k < y->nprinted; k++) {
			const struct sl_reading *is = &y->printed[k];
			if (is->column != was->column || !is_of(a, now, is->measure))
				continue;
			uint64_t units = was->way != 0 && is->way == was->way ? counts[was->measure] : 0;
			fewest = units < fewest ? units : fewest;
		}
	}
	return fewest;
}
