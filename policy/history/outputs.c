/* outputs.c - see outputs.h. */
#include "policy/history/outputs.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/halves.h"
#include "policy/history/predicate.h"
#include "policy/history/reading.h"
#include "policy/history/sensitive.h"

void sl_history_output_free(struct sl_earlier_output *o)
{
	for (uint32_t s = 0; o->sets != NULL && s < o->nsets; s++)
		free(o->sets[s].parts);
	free(o->sets);
	free(o->measures);
	free(o->readings);
	free(o->halves);
	free(o->sensitive);
	free(o->stats);
	for (uint32_t i = 0; i < o->nunions; i++)
		free(o->unions[i].values);
	free(o->unions);
	free(o->printed);
	free(o->by_set);
	free(o->versions);
	memset(o, 0, sizeof *o);
}

uint32_t sl_history_stat_of(const struct sl_plan *plan, uint32_t number)
{
	uint32_t s = 0;

	if (number == 0)
		return SL_FINDING_WHOLE;
	while (sl_plan_watched(plan, s + 1) < number)
		s++;
	return s;
}

/* A row is seen when any number of it is. */
static bool is_shown(const struct sl_plan *plan, const struct sl_published_output *published, uint32_t cell,
                     uint32_t stat)
{
	const struct sl_published_cell *row = &published->cells[(size_t)cell * (plan->nstats + plan->ncalcs)];

	for (uint32_t s = 0; s < plan->nstats; s++)
		if (row[s].shown && (stat == SL_FINDING_WHOLE || stat == s))
			return true;
	return false;
}

/* Or hidden only for what it tells beside another number, which measures as much. */
static bool is_known(const struct sl_plan *plan, const struct sl_publication *all, uint32_t number, uint32_t cell,
                     uint32_t stat)
{
	return is_shown(plan, &all->outputs[number], cell, stat) || sl_halves_are_told(plan, all, number, cell, stat);
}

/* Bit i of a row's set: a statistic that tells measure i is shown there. */
static enum sl_rc note_measures(const struct sl_plan *plan, const struct sl_view *view,
                                const struct sl_publication *all, uint32_t number, struct sl_earlier_output *out,
                                struct sl_err *err)
{
	enum sl_rc rc = sl_predicate_measures(plan, view, &out->measures, &out->nmeasures, err);

	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		struct sl_predicate_part part;
		bool has;
		uint32_t i = 0;
		rc = sl_predicate_measure(plan, view, s, &part, &has, err);
		if (rc != SL_OK || !has)
			continue;
		while (out->measures[i].hash != part.hash)
			i++;
		for (uint32_t cell = 0; cell < out->nsets / out->per_cell; cell++)
			if (is_known(plan, all, number, cell, s))
				out->sets[(size_t)cell * out->per_cell].measures |= UINT32_C(1) << i;
	}
	return rc;
}

/* Bit i of a row's set: statistic i is printed there. */
static void note_told(const struct sl_plan *plan, const struct sl_published_output *published,
                      struct sl_earlier_output *out)
{
	for (uint32_t cell = 0; cell < out->nsets / out->per_cell; cell++)
		for (uint32_t s = 0; s < plan->nstats && sl_plan_prints(plan, s); s++)
			if (is_shown(plan, published, cell, s))
				out->sets[(size_t)cell * out->per_cell].told |= UINT32_C(1) << s;
}

/*
 * For how many it counts: what hides a row for that, or counts what meets a condition. A share that is hidden for what
 * it tells beside a total is not: its own set may be as large as any, and that of the total is shown if it is the same.
 */
static bool is_of_count(const struct sl_finding *f)
{
	switch (f->rule) {
	case SL_RULE_THRESHOLD:
	case SL_RULE_GROUP_DISCLOSURE:
	case SL_RULE_WITHIN_GROUP:
	case SL_RULE_ZERO:
		return true;
	case SL_RULE_NUMERATOR:
	case SL_RULE_ALL_EQUAL:
		return f->stat != SL_FINDING_WHOLE;
	default:
		return false;
	}
}

static void note_primaries(const struct sl_plan *plan, const struct sl_publication *published, uint32_t number,
                           struct sl_earlier_output *out)
{
	for (uint32_t i = 0; i < published->nfindings; i++) {
		const struct sl_finding *f = &published->findings[i];
		bool whole = f->stat == SL_FINDING_WHOLE;
		if (f->output != number || f->severity != SL_SEVERITY_SUPPRESS || f->cell >= out->nsets / out->per_cell ||
		    !is_of_count(f) || (!whole && (f->stat >= plan->nstats || !sl_plan_watches(&plan->stats[f->stat]))) ||
		    (!whole && sl_halves_are_told(plan, published, number, f->cell, f->stat)))
			continue;
		uint32_t place = whole ? 0 : 1 + sl_plan_watched(plan, f->stat);
		struct sl_earlier_set *set = &out->sets[(size_t)f->cell * out->per_cell + place];
		set->primary = set->shown == 0;
	}
}

/* A number that says how many are in the set: of a row any count of it, of what meets a condition that count. */
static void note_count(const struct sl_plan *plan, const struct sl_published_output *published, uint32_t cell,
                       uint32_t stat, struct sl_earlier_set *set)
{
	const struct sl_published_cell *row = &published->cells[(size_t)cell * (plan->nstats + plan->ncalcs)];

	for (uint32_t s = 0; s < plan->nstats && set->counted == 0; s++) {
		uint8_t fn = plan->stats[s].fn;
		bool counts = stat == SL_FINDING_WHOLE ? fn == SL_STAT_UNITS || fn == SL_STAT_COUNT
		                                       : s == stat && fn == SL_STAT_COUNT_IF &&
		                                                 !sl_stat_is_of_known(&plan->stats[s]);
		if (!counts || !row[s].shown || row[s].missing)
			continue;
		set->counted = 1;
		set->count = row[s].value;
	}
}

/* all NULL: everything is seen. */
static enum sl_rc list_sets(const struct sl_predicate *p, const struct sl_publication *all, uint32_t number,
                            struct sl_earlier_output *out, struct sl_err *err)
{
	uint64_t n = sl_plan_sets(p->plan, p->view);
	enum sl_rc rc = SL_OK;

	if (n > SL_SETS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has more than %u sets to compare", p->plan->output,
		                  SL_SETS_MAX);
	out->per_cell = p->per_cell;
	out->sets = calloc((size_t)n + 1, sizeof *out->sets);
	if (out->sets == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");
	out->nsets = (uint32_t)n;
	for (uint32_t s = 0; s < out->nsets && rc == SL_OK; s++) {
		struct sl_earlier_set *set = &out->sets[s];
		rc = sl_predicate_set(p, s, &set->parts, &set->nparts, err);
		if (all == NULL) {
			set->shown = 1;
			continue;
		}
		set->shown = is_shown(p->plan, &all->outputs[number], s / p->per_cell,
		                      sl_history_stat_of(p->plan, s % p->per_cell));
		note_count(p->plan, &all->outputs[number], s / p->per_cell, sl_history_stat_of(p->plan, s % p->per_cell), set);
	}
	return rc;
}

static uint64_t sets_of_known(const struct sl_plan *plan)
{
	uint64_t bits = 0;

	for (uint32_t s = 0; s < plan->nstats; s++)
		bits |= sl_stat_is_of_known(&plan->stats[s]) ? UINT64_C(1) << sl_plan_watched(plan, s) : 0;
	return bits;
}

/* out has them also after failure, to be freed. */
static enum sl_rc note_unions(const struct sl_plan *plan, const struct sl_view *view, struct sl_earlier_output *out,
                              struct sl_err *err)
{
	struct sl_condition_unions all = { 0 };
	enum sl_rc rc = sl_predicate_unions(plan, view, &all, err);

	out->unions = all.at;
	out->nunions = all.n;
	return rc;
}

static enum sl_rc make(const struct sl_plan *plan, const struct sl_view *view, const struct sl_publication *all,
                       uint32_t number, struct sl_earlier_output *out, struct sl_err *err)
{
	const struct sl_published_output *published = &all->outputs[number];
	struct sl_predicate p;
	enum sl_rc rc = sl_predicate_init(&p, plan, view, err);

	out->of_known = sets_of_known(plan);
	if (rc == SL_OK)
		rc = list_sets(&p, all, number, out, err);
	sl_predicate_fini(&p);
	if (rc == SL_OK)
		note_primaries(plan, all, number, out);
	if (rc == SL_OK)
		note_told(plan, published, out);
	if (rc == SL_OK)
		rc = sl_predicate_tables(plan, view, &out->tables, err);
	if (rc == SL_OK)
		rc = note_measures(plan, view, all, number, out, err);
	if (rc == SL_OK)
		rc = sl_reading_list(plan, view, out->measures, out->nmeasures, &out->readings, &out->nreadings, err);
	if (rc == SL_OK)
		rc = sl_halves_list(plan, view, &out->halves, &out->nhalves, err);
	if (rc == SL_OK)
		rc = sl_sensitive_list(plan, view, &out->sensitive, &out->nsensitive, err);
	if (rc == SL_OK)
		rc = note_unions(plan, view, out, err);
	if (rc == SL_OK)
		rc = sl_reading_printed(plan, view, &out->printed, &out->nprinted, err);
	if (rc == SL_OK)
		rc = sl_reading_by_set(plan, view, &out->by_set, &out->nby_set, err);
	return rc == SL_OK ? sl_predicate_stats(plan, view, &out->stats, &out->nstats, err) : rc;
}

enum sl_rc sl_history_output(const struct sl_plan *plan, const struct sl_view *view,
                             const struct sl_publication *published, const struct sl_rules *rules, uint64_t release,
                             uint32_t number, struct sl_earlier_output *out, struct sl_err *err)
{
	*out = (struct sl_earlier_output){ .release = release, .output = (uint16_t)number, .rules = *rules };
	enum sl_rc rc = make(plan, view, published, number, out, err);
	if (rc != SL_OK)
		sl_history_output_free(out);
	return rc;
}

enum sl_rc sl_history_public(const struct sl_plan *plan, const struct sl_view *view, uint64_t release, uint32_t number,
                             struct sl_earlier_output *out, struct sl_err *err)
{
	struct sl_predicate p;
	enum sl_rc rc = sl_predicate_init(&p, plan, view, err);

	*out = (struct sl_earlier_output){ .release = release, .output = (uint16_t)number };
	if (rc == SL_OK)
		rc = list_sets(&p, NULL, number, out, err);
	sl_predicate_fini(&p);
	if (rc != SL_OK)
		sl_history_output_free(out);
	return rc;
}
