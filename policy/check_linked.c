/*
 * check_linked.c - which numbers of a row go with one that must not be seen.
 *
 * It could be had from a neighbour about the same column (share from count_if, sum from mean × n), so those go with it;
 * of what reads no column a count of rows, but not how many units there are.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_linked.h"
#include "policy/history/halves.h"
#include "policy/history/outputs.h"
#include "policy/history/predicate.h"
#include "policy/rules/rules.h"

void sl_linked_read(const struct sl_plan *plan, struct sl_linked *out)
{
	memset(out, 0, sizeof *out);
	for (uint32_t s = 0; s < plan->nstats; s++)
		for (uint32_t i = 0; i < plan->ninputs; i++) {
			if (!sl_rule_reads(&plan->stats[s].arg, i) && !sl_rule_reads(&plan->stats[s].arg2, i))
				continue;
			out->reads[s] |= UINT64_C(1) << i;
			for (uint32_t j = 0; j < plan->ninputs; j++)
				if (sl_rule_same_column(plan, i, plan, j))
					out->near[s] |= UINT64_C(1) << j;
		}
}

bool sl_linked_goes(const struct sl_linked *l, const struct sl_plan *plan, uint32_t s, uint32_t with)
{
	return (l->near[with] & l->reads[s]) != 0 ||
	       (l->reads[with] == 0 && l->reads[s] == 0 && plan->stats[s].fn != SL_STAT_UNITS);
}

/* --- for audits -------------------------------------------------------------------------------------------- */

static uint64_t all_with(const struct sl_linked *l, const struct sl_plan *plan, uint32_t with)
{
	uint64_t go = UINT64_C(1) << with;

	for (uint32_t s = 0; s < plan->nstats; s++)
		go |= !sl_stat_is_of_known(&plan->stats[s]) && sl_linked_goes(l, plan, s, with) ? UINT64_C(1) << s : 0;
	return go;
}

/* Who has a value is told by what stands beside a total, and goes with that: the total adds up. */
static enum sl_rc note_known(const struct sl_plan *plan, const struct sl_view *view, struct sl_audit_numbers *out,
                             struct sl_err *err)
{
	struct sl_half_known *known = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_halves_known(plan, view, &known, &n, err);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t place = 1 + sl_plan_watched(plan, known[i].stat);
		out->by_set[place] = known[i].quotients;
		out->stat_of[place] = (uint8_t)__builtin_ctzll(known[i].quotients);
	}
	free(known);
	return rc;
}

static enum sl_rc note_measures(const struct sl_linked *l, const struct sl_plan *plan, const struct sl_view *view,
                                const struct sl_earlier_output *own, struct sl_audit_numbers *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		struct sl_predicate_part part;
		bool has;
		rc = sl_predicate_measure(plan, view, s, &part, &has, err);
		for (uint32_t m = 0; m < own->nmeasures && rc == SL_OK && has; m++) {
			if (own->measures[m].hash != part.hash)
				continue;
			out->telling[m] |= UINT64_C(1) << s;
			out->by_measure[m] |= all_with(l, plan, s);
		}
	}
	return rc;
}

enum sl_rc sl_linked_numbers(const struct sl_plan *plan, const struct sl_view *view,
                             const struct sl_earlier_output *own, struct sl_audit_numbers *out, struct sl_err *err)
{
	struct sl_linked l;

	*out = (struct sl_audit_numbers){ 0 };
	sl_linked_read(plan, &l);
	for (uint32_t place = 1; place < own->per_cell; place++) {
		uint32_t s = sl_history_stat_of(plan, place);
		out->stat_of[place] = (uint8_t)s;
		out->by_set[place] = all_with(&l, plan, s);
	}
	enum sl_rc rc = note_known(plan, view, out, err);
	return rc == SL_OK ? note_measures(&l, plan, view, own, out, err) : rc;
}

uint64_t sl_linked_shown(const struct sl_plan *plan, const struct sl_published_output *published, uint32_t cell)
{
	const struct sl_published_cell *row = &published->cells[(size_t)cell * (plan->nstats + plan->ncalcs)];
	uint64_t shown = 0;

	for (uint32_t s = 0; s < plan->nstats; s++)
		shown |= row[s].shown ? UINT64_C(1) << s : 0;
	return shown;
}
