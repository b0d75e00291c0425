/*
 * check_history.c - the request's outputs of one unit space beside what was released of it before, and beside each
 * other where they are about different units: from plans and publication to history/audit.h and back to rows and
 * findings.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_compared.h"
#include "policy/check_linked.h"
#include "policy/history/needs.h"
#include "policy/history/joint.h"
#include "policy/history/narrow.h"
#include "policy/history/outputs.h"

const struct sl_check_space *sl_check_space_of(const struct sl_check_state *st, uint32_t i)
{
	for (uint32_t s = 0; s < st->setup->nspaces; s++)
		for (uint32_t k = 0; k < st->spaces[s].history.nplans; k++)
			if (st->spaces[s].history.plans[k].plan == i)
				return &st->spaces[s];
	return NULL;
}

uint32_t sl_compared_plan(const struct sl_compared *c, uint32_t output)
{
	return c->space->history.plans[output - c->audit.nearlier].plan;
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");
}

/* --- from plans to sets ---------------------------------------------------------------------------------- */

/* Ties are broken by the conditions, which whoever reads the release knows. */
static uint64_t rank_of(const struct sl_earlier_set *set)
{
	uint64_t rank = 0;

	for (uint32_t i = 0; i < set->nparts; i++)
		rank = (rank ^ (uint64_t)set->parts[i].hash) * UINT64_C(0xff51afd7ed558ccd);
	return rank;
}

static void add_output(struct sl_audit *a, const struct sl_earlier_output *from)
{
	a->outputs[a->noutputs++] = (struct sl_audit_output){ .first_set = a->nsets, .per_cell = from->per_cell,
		.measures = from->measures, .nmeasures = from->nmeasures, .readings = from->readings,
		.nreadings = from->nreadings, .unions = from->unions, .nunions = from->nunions, .printed = from->printed,
		.nprinted = from->nprinted, .by_set = from->by_set, .nby_set = from->nby_set, .versions = from->versions,
		.nversions = from->nversions,
		.is_public = sl_earlier_is_public(from) };
	for (uint32_t s = 0; s < from->nsets; s++) {
		const struct sl_earlier_set *set = &from->sets[s];
		a->sets[a->nsets++] = (struct sl_audit_set){ .parts = set->parts, .nparts = set->nparts, .rank = rank_of(set),
			                                     .measures = set->measures, .shown = set->shown != 0,
			                                     .primary = set->primary != 0 };
	}
}

static enum sl_rc make_own(struct sl_compared *c, struct sl_err *err)
{
	const struct sl_history *h = &c->space->history;
	enum sl_rc rc = SL_OK;

	c->own = calloc((size_t)h->nplans + 1, sizeof *c->own);
	if (c->own == NULL)
		return no_memory(err);
	c->numbers = calloc((size_t)h->nplans + 1, sizeof *c->numbers);
	if (c->numbers == NULL)
		return no_memory(err);
	for (uint32_t k = 0; k < h->nplans && rc == SL_OK; k++) {
		uint32_t i = h->plans[k].plan;
		rc = sl_history_output(&c->st->plans[i], &c->st->setup->view, c->st->pub, &c->st->setup->rules, 0, i,
		                       &c->own[k], err);
		if (rc == SL_OK)
			rc = sl_linked_numbers(&c->st->plans[i], &c->st->setup->view, &c->own[k], &c->numbers[k], err);
	}
	return rc;
}

/* What is shown of each row of an output of the request, and which numbers go together. */
static void note_numbers(struct sl_compared *c, uint32_t k)
{
	struct sl_audit_output *o = &c->audit.outputs[c->audit.nearlier + k];
	uint32_t i = c->space->history.plans[k].plan;

	o->numbers = &c->numbers[k];
	for (uint32_t set = o->first_set, cell = 0; set < c->audit.nsets; set += o->per_cell, cell++)
		c->audit.sets[set].numbers = sl_linked_shown(&c->st->plans[i], &c->st->pub->outputs[i], cell);
}

static enum sl_rc make_sets(struct sl_compared *c, struct sl_err *err)
{
	const struct sl_history *h = &c->space->history;
	struct sl_audit *a = &c->audit;
	uint64_t nsets = 0;

	for (uint32_t i = 0; i < h->noutputs; i++)
		nsets += h->outputs[i].nsets;
	for (uint32_t k = 0; k < h->nplans; k++)
		nsets += c->own[k].nsets;
	if (nsets > SL_SETS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %u sets to compare", SL_SETS_MAX);
	a->sets = calloc((size_t)nsets + 1, sizeof *a->sets);
	a->outputs = calloc((size_t)h->noutputs + h->nplans + 1, sizeof *a->outputs);
	if (a->sets == NULL || a->outputs == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < h->noutputs; i++)
		add_output(a, &h->outputs[i]);
	a->nearlier = h->noutputs;
	for (uint32_t k = 0; k < h->nplans; k++) {
		add_output(a, &c->own[k]);
		a->outputs[a->noutputs - 1].versions = h->plans[k].versions;
		a->outputs[a->noutputs - 1].nversions = h->plans[k].nversions;
		note_numbers(c, k);
	}
	a->outputs[a->noutputs].first_set = a->nsets;
	return SL_OK;
}

/* The request's outputs about the same units are secondary suppression's matter, as far as that goes. */
static bool are_apart(const struct sl_check_state *st, uint32_t i, uint32_t j)
{
	return !(st->by_units[i] && st->by_units[j]) && sl_check_same_population(&st->plans[i], &st->plans[j]);
}

static enum sl_rc set_apart(struct sl_compared *c, struct sl_err *err)
{
	const struct sl_history *h = &c->space->history;

	c->apart = calloc((size_t)h->nplans * h->nplans + 1, sizeof *c->apart);
	if (c->apart == NULL)
		return no_memory(err);
	for (uint32_t k = 0; k < h->nplans; k++)
		for (uint32_t l = 0; l < h->nplans; l++)
			c->apart[k * h->nplans + l] = are_apart(c->st, h->plans[k].plan, h->plans[l].plan);
	c->audit.apart = c->apart;
	return SL_OK;
}

enum sl_rc sl_compared_open(struct sl_compared *c, struct sl_err *err)
{
	enum sl_rc rc = make_own(c, err);

	c->audit.atoms = &c->space->atoms;
	c->audit.threshold = c->st->setup->rules.threshold;
	if (rc == SL_OK)
		rc = make_sets(c, err);
	if (rc == SL_OK)
		rc = set_apart(c, err);
	if (rc == SL_OK)
		rc = sl_audit_index(&c->audit, err);
	return rc == SL_OK ? sl_check_known_fold(c, err) : rc;
}

void sl_compared_close(struct sl_compared *c)
{
	sl_audit_free(&c->audit);
	for (uint32_t k = 0; c->own != NULL && k < c->space->history.nplans; k++)
		sl_history_output_free(&c->own[k]);
	free(c->own);
	free(c->numbers);
	free(c->apart);
	free(c->audit.sets);
	free(c->audit.outputs);
}

/* --- from hits to findings ------------------------------------------------------------------------------- */

void sl_check_name_other(const struct sl_history *before, const struct sl_audit *audit, uint32_t set,
                         struct sl_rule_hit *hit)
{
	if (set == SL_AUDIT_NO_SET)
		return;
	uint32_t output = sl_audit_output_of(audit, set);
	const struct sl_audit_output *o = &audit->outputs[output];
	bool earlier = output < audit->nearlier;
	const struct sl_earlier_output *e = earlier ? &before->outputs[output] : NULL;

	hit->has_other = true;
	hit->release = earlier ? e->release : 0;
	hit->other_output = earlier ? e->output : before->plans[output - audit->nearlier].plan;
	hit->other_cell = (set - o->first_set) / o->per_cell;
}

static enum sl_rc tell_output(struct sl_compared *c, uint32_t i, enum sl_rule rule, const struct sl_rule_hit *hit,
                              struct sl_err *err)
{
	enum sl_rc rc = sl_check_find(c->st, i, SL_FINDING_WHOLE, SL_FINDING_WHOLE, rule, hit, err);

	if (rc == SL_OK)
		sl_check_settle(c->st->pub);
	return rc;
}

/* stat SL_FINDING_WHOLE: the row of the set. */
static enum sl_rc tell_row(struct sl_compared *c, uint32_t set, uint32_t stat, enum sl_rule rule,
                           const struct sl_rule_hit *hit, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	uint32_t output = sl_audit_output_of(a, set);
	uint32_t cell = (set - a->outputs[output].first_set) / a->outputs[output].per_cell;
	enum sl_rc rc = sl_check_find(c->st, sl_compared_plan(c, output), cell, stat, rule, hit, err);

	if (rc == SL_OK)
		sl_check_settle(c->st->pub);
	return rc;
}

/*
 * One finding for each release that it takes, as far as a person can read them; else one. beside: per earlier output
 * the set that is named.
 */
static enum sl_rc tell_each(struct sl_compared *c, uint32_t set, uint32_t stat, enum sl_rule rule,
                            struct sl_rule_hit hit, const uint32_t *beside, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	enum sl_rc rc = SL_OK;
	uint32_t n = 0;

	for (uint32_t o = 0; o < a->nearlier; o++)
		n += beside[o] != SL_AUDIT_NO_SET;
	if (n == 0 || n > SL_NEEDS_MAX)
		return tell_row(c, set, stat, rule, &hit, err);
	for (uint32_t o = 0; o < a->nearlier && rc == SL_OK; o++) {
		if (beside[o] == SL_AUDIT_NO_SET)
			continue;
		sl_check_name_other(&c->space->history, a, beside[o], &hit);
		rc = tell_row(c, set, stat, rule, &hit, err);
	}
	return rc;
}

static enum sl_rc tell_together(struct sl_compared *c, uint32_t set, uint32_t stat, const struct sl_rule_hit *hit,
                                uint64_t *work, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	bool *needed = calloc((size_t)a->nearlier + 1, sizeof *needed);
	uint32_t *beside = calloc((size_t)a->nearlier + 1, sizeof *beside);
	enum sl_rc rc = needed != NULL && beside != NULL ? sl_audit_needs(a, set, needed, work, err) : no_memory(err);

	for (uint32_t o = 0; o < a->nearlier && rc == SL_OK; o++) {
		beside[o] = needed[o] ? sl_audit_needs_set(a, o, set) : SL_AUDIT_NO_SET;
		if (needed[o] && beside[o] == SL_AUDIT_NO_SET)
			beside[o] = a->outputs[o].first_set;
	}
	if (rc == SL_OK)
		rc = tell_each(c, set, stat, SL_RULE_HISTORY, *hit, beside, err);
	free(beside);
	free(needed);
	return rc;
}

static bool is_shown(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat)
{
	const struct sl_plan *plan = &st->plans[i];

	return st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + stat].shown != 0;
}

/* The first that is of what must not be seen, among those that go with it. */
static uint32_t first_of(const struct sl_compared *c, const struct sl_audit_hit *h, uint32_t i, uint32_t cell)
{
	const struct sl_audit_output *o = &c->audit.outputs[sl_audit_output_of(&c->audit, h->set)];
	uint32_t place = (h->set - o->first_set) % o->per_cell, first = SL_FINDING_WHOLE;

	if (place > 0 && is_shown(c->st, i, cell, o->numbers->stat_of[place]))
		return o->numbers->stat_of[place];
	for (uint32_t s = c->st->plans[i].nstats; s-- > 0;)
		if ((h->numbers >> s & 1) != 0 && is_shown(c->st, i, cell, s))
			first = s;
	return first;
}

/* Numbers of a row: one must not be seen, and the others could give it back. */
static enum sl_rc hide_numbers(struct sl_compared *c, const struct sl_audit_hit *h, uint32_t i, uint32_t cell,
                               uint32_t first, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < c->st->plans[i].nstats && rc == SL_OK; s++) {
		if ((h->numbers >> s & 1) == 0 || !is_shown(c->st, i, cell, s))
			continue;
		sl_check_hide_number(c->st, i, cell, s);
		if (s != first)
			rc = tell_row(c, h->set, s, SL_RULE_LINKED, &(struct sl_rule_hit){ 0 }, err);
	}
	return rc;
}

static enum sl_rc tell_hit(struct sl_compared *c, const struct sl_audit_hit *h, uint64_t *work, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	struct sl_rule_hit hit = { .units = a->sets[h->set].units, .measured = (int64_t)h->units,
		                   .limit = (int64_t)a->threshold };
	uint32_t output = sl_audit_output_of(a, h->set), i = sl_compared_plan(c, output);
	uint32_t cell = (h->set - a->outputs[output].first_set) / a->outputs[output].per_cell;

	uint32_t stat = h->numbers != 0 ? first_of(c, h, i, cell) : SL_FINDING_WHOLE;
	enum sl_rc rc = SL_OK;

	sl_check_name_other(&c->space->history, a, h->other, &hit);
	if (h->numbers == 0)
		sl_check_hide_row(c->st, i, cell);
	else
		rc = hide_numbers(c, h, i, cell, stat, err);
	if (rc != SL_OK)
		return rc;
	return h->other == SL_AUDIT_NO_SET ? tell_together(c, h->set, stat, &hit, work, err)
	                                   : tell_row(c, h->set, stat, SL_RULE_HISTORY, &hit, err);
}

/* An output of which nothing is left is no answer, and that there is none must not look like one. */
static enum sl_rc refuse_bare(struct sl_compared *c, struct sl_err *err)
{
	bool touched[SL_PLANS_MAX] = { false };
	enum sl_rc rc = SL_OK;

	for (uint32_t h = 0; h < c->audit.nhits; h++)
		touched[sl_compared_plan(c, sl_audit_output_of(&c->audit, c->audit.hits[h].set))] = true;
	for (uint32_t i = 0; i < c->st->pub->noutputs && rc == SL_OK; i++) {
		const struct sl_published_output *o = &c->st->pub->outputs[i];
		struct sl_rule_hit hit = { .measured = o->suppressed };
		if (touched[i] && o->suppressed == o->ncells && !sl_check_again_tells(c->st, i))
			rc = tell_output(c, i, SL_RULE_TRACKER, &hit, err);
	}
	return rc;
}

/* A plan of several spaces is told of once, as the worst of them is: of one too large nothing more is known. */
static bool is_told_before(struct sl_publication *pub, uint32_t i, int64_t unproved)
{
	for (uint32_t f = 0; f < pub->nfindings; f++) {
		struct sl_finding *told = &pub->findings[f];
		if (told->rule != SL_RULE_DEPTH || told->output != i || told->stat != SL_FINDING_WHOLE)
			continue;
		if (told->measured >= 0 && (unproved < 0 || unproved > told->measured))
			told->measured = unproved;
		return true;
	}
	return false;
}

/* Nothing more is found against it; but there is not for everything proof. */
static enum sl_rc tell_depth(struct sl_compared *c, bool asked, uint32_t unproved, struct sl_err *err)
{
	bool searched = c->audit.searched <= SL_AUDIT_SEARCH_MAX && !c->audit.zeros_given_up &&
	                !c->audit.primaries_given_up && !c->audit.versions_given_up;
	struct sl_rule_hit hit = { .measured = asked && (unproved > 0 || searched) ? (int64_t)unproved : -1 };

	if (asked && unproved == 0 && searched)
		return SL_OK;
	/* Of what a request hides in itself there must be proof. */
	for (uint32_t k = 0; (!asked || unproved > 0) && k < c->space->history.nplans; k++)
		if (c->st->proved[c->space->history.plans[k].plan])
			return tell_output(c, c->space->history.plans[k].plan, SL_RULE_MARGINS, &hit, err);
	uint32_t first = c->space->history.plans[0].plan;
	return is_told_before(c->st->pub, first, hit.measured) ? SL_OK : tell_output(c, first, SL_RULE_DEPTH, &hit, err);
}

/* What is known nearly, of which nothing says that it must not be. */
static enum sl_rc tell_narrow(struct sl_compared *c, uint64_t *work, struct sl_err *err)
{
	const struct sl_audit *a = &c->audit;
	uint32_t *beside = calloc((size_t)a->nearlier + 1, sizeof *beside);
	struct sl_narrow *found = NULL;
	uint32_t n = 0;
	enum sl_rc rc = beside != NULL ? sl_audit_narrow(a, &found, &n, err) : no_memory(err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		struct sl_rule_hit hit = { .units = found[i].units, .measured = (int64_t)(found[i].hi - found[i].lo),
			                   .limit = (int64_t)a->threshold };
		rc = sl_narrow_needs(a, &found[i], beside, work, err);
		if (rc == SL_OK)
			rc = tell_each(c, found[i].set, SL_FINDING_WHOLE, SL_RULE_NARROW, hit, beside, err);
	}
	free(found);
	free(beside);
	return rc;
}

/* Beside earlier releases, of other conditions, and where nothing else gave it. */
static bool needs_proof(const struct sl_compared *c)
{
	const struct sl_history *h = &c->space->history;
	bool needed = h->noutputs > 0;

	for (uint32_t k = 0; k < h->nplans; k++)
		needed = needed || c->st->proved[h->plans[k].plan] ||
		         !sl_check_same_population(&c->st->plans[h->plans[0].plan], &c->st->plans[h->plans[k].plan]);
	return needed;
}

static uint64_t count_suppressed(const struct sl_publication *pub)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < pub->noutputs; i++)
		n += pub->outputs[i].suppressed;
	return n;
}

static enum sl_rc ask(struct sl_compared *c, enum sl_audit_repeat repeat, struct sl_err *err)
{
	struct sl_audit *a = &c->audit;
	bool asked = false;
	uint32_t unproved = 0;
	uint64_t work = SL_NEEDS_WORK, before = count_suppressed(c->st->pub);
	enum sl_rc rc = sl_audit_run(a, err);

	if (rc == SL_OK && repeat == SL_AUDIT_NEW && needs_proof(c))
		rc = sl_audit_joint(a, &asked, &unproved, err);
	else
		asked = true;
	if (rc == SL_OK && repeat == SL_AUDIT_NEW && a->nhits == 0)
		rc = sl_check_sums(c->st, &c->space->history, a, err);
	for (uint32_t h = 0; h < a->nhits && rc == SL_OK; h++)
		rc = tell_hit(c, &a->hits[h], &work, err);
	if (rc != SL_OK)
		return rc;
	if (count_suppressed(c->st->pub) > before)
		return refuse_bare(c, err);
	unproved += a->nhits; /* of what was hidden before, and follows from another output */
	if (repeat != SL_AUDIT_NEW)
		return a->versions_given_up ? tell_depth(c, true, 0, err) : SL_OK;
	rc = sl_check_rests(c->st, &c->space->history, a, err);
	if (rc == SL_OK)
		rc = sl_check_readings(c, err);
	if (rc == SL_OK)
		rc = tell_narrow(c, &work, err);
	return rc == SL_OK ? tell_depth(c, asked, unproved, err) : rc;
}

/* The first of a space, about the same units in all its outputs, has nothing to be compared with. */
static bool is_to_compare(const struct sl_check_state *st, const struct sl_history *h)
{
	bool differ = false;

	for (uint32_t k = 1; k < h->nplans; k++)
		for (uint32_t l = 0; l < k; l++)
			differ = differ || !are_apart(st, h->plans[k].plan, h->plans[l].plan);
	return h->noutputs > 0 || differ;
}

/* What is hidden as a group of others is hidden for how many it counts, and looked after as that. */
static enum sl_rc open_without_groups(struct sl_compared *c, bool *hid, struct sl_err *err)
{
	enum sl_rc rc = sl_compared_open(c, err);

	if (rc == SL_OK)
		rc = sl_check_groups(c, hid, err);
	if (rc != SL_OK || !*hid)
		return rc;
	sl_compared_close(c);
	*c = (struct sl_compared){ .st = c->st, .space = c->space };
	return sl_compared_open(c, err);
}

enum sl_rc sl_check_history(struct sl_check_state *st, bool *hid, struct sl_err *err)
{
	uint64_t before = count_suppressed(st->pub);
	enum sl_rc rc = SL_OK;

	*hid = false;
	for (uint32_t s = 0; s < st->setup->nspaces && rc == SL_OK; s++) {
		struct sl_compared c = { .st = st, .space = &st->spaces[s] };
		bool groups = false;
		if (!is_to_compare(st, &c.space->history))
			continue;
		rc = open_without_groups(&c, &groups, err);
		if (rc == SL_OK)
			rc = sl_check_before(st, &c.space->history, &c.audit, c.own, err);
		if (rc == SL_OK)
			rc = sl_check_again_look(st, &c.space->history, &c.audit, c.own, err);
		enum sl_audit_repeat repeat = rc == SL_OK ? sl_audit_all_repeat(&c.audit) : SL_AUDIT_NEW;
		if (rc == SL_OK && repeat != SL_AUDIT_REPEATS)
			rc = ask(&c, repeat, err);
		*hid = *hid || groups;
		st->work += c.audit.proofs + c.audit.searched + c.audit.ways_out;
		sl_compared_close(&c);
	}
	*hid = *hid || count_suppressed(st->pub) > before;
	return rc;
}
