/*
 * check_tried.c - remedies that were tried, for reviewers: of a request in which something was found, what would be
 * found if an output, or a statistic of one, had not been asked for. "Leave one out" says not which. The trial is
 * judged by what judged the request, beside the same releases.
 *
 * Whether to try is bounded by what judging took, in numbers looked at, since no clock is read here.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_state.h"
#include "policy/trial.h"

/* Some six nanoseconds each: a quarter of a second for all trials but the last. */
#ifndef SL_TRIED_WORK_MAX /* a test has less */
#define SL_TRIED_WORK_MAX UINT64_C(40000000)
#endif
/* Millions, of one trial's choice of what else to hide: what takes longer is said to be undecided. */
#define SECONDARY_WORK_MAX 2u
/* Rules and searches look at each number, and at each set and who is in it, about so often. */
#define LOOKS_PER_NUMBER 50u
#define LOOKS_PER_PLACE 40u

/* Which finding of the request one is: where they stand, by what they are of. */
struct place {
	uint64_t of, cell; /* output, statistic, rule */
	uint32_t finding;
};

struct trying {
	struct sl_check_state *st;
	struct sl_trial_of of;
	struct place *places;   /* of all findings of the request, sorted */
	uint64_t work;
	struct sl_behind_remedies *out;
};

static int order_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return (x->cell > y->cell) - (x->cell < y->cell);
}

static struct place place_of(uint32_t output, uint32_t stat, uint32_t cell, uint8_t rule)
{
	return (struct place){ .of = (uint64_t)output << 48 | (uint64_t)rule << 32 | stat, .cell = cell };
}

/* --- what to try ------------------------------------------------------------------------------------------ */

/* Groups that are too small are cured by fewer keys: see check_coarser.c. */
static bool is_of_keys(const struct sl_finding *f)
{
	return f->rule == SL_RULE_THRESHOLD || f->rule == SL_RULE_ZERO || f->rule == SL_RULE_WITHIN_GROUP;
}

static bool is_about(const struct sl_finding *f, uint32_t output)
{
	return f->output == output || (f->release == 0 && f->other_cell != SL_FINDING_WHOLE && f->other_output == output);
}

/* Findings that a trial may cure: of the output, or of any. */
static bool has_cause(const struct trying *t, uint32_t output)
{
	const struct sl_publication *pub = t->st->pub;

	for (uint32_t i = 0; i < pub->nfindings; i++)
		if (!is_of_keys(&pub->findings[i]) && (output == SL_PLANS_MAX || is_about(&pub->findings[i], output)))
			return true;
	return false;
}

/* Statistics that its author asked for, of an output; those behind them are implied. */
static uint32_t asked_for(const struct sl_plan *plan)
{
	uint32_t n = 0;

	while (n < plan->nstats && !sl_stat_is_implied(&plan->stats[n]))
		n++;
	return n;
}

/* How much judging has to look at, besides searches. */
static uint64_t size_of(const struct sl_check_state *st)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < st->pub->noutputs; i++)
		n += (uint64_t)st->pub->outputs[i].ncells * LOOKS_PER_NUMBER;
	for (uint32_t s = 0; s < st->setup->nspaces; s++) {
		const struct sl_check_space *space = &st->spaces[s];
		n += (uint64_t)space->atoms.nplaces * LOOKS_PER_PLACE;
		for (uint32_t i = 0; i < space->history.noutputs; i++)
			n += (uint64_t)space->history.outputs[i].nsets * LOOKS_PER_PLACE;
	}
	return n + (uint64_t)st->pub->nfindings * LOOKS_PER_NUMBER;
}

/* --- one trial -------------------------------------------------------------------------------------------- */

static void count_numbers(const struct sl_trial *trial, const struct sl_publication *pub, struct sl_behind_tried *to)
{
	for (uint32_t i = 0; i < pub->noutputs; i++) {
		const struct sl_plan *plan = &trial->plans[i];
		uint32_t columns = plan->nstats + plan->ncalcs;
		for (uint32_t n = 0; n < pub->outputs[i].ncells; n++) {
			if (!sl_plan_prints(plan, n % columns))
				continue;
			to->numbers++;
			to->hidden += !pub->outputs[i].cells[n].shown;
		}
	}
}

static void note_findings(const struct trying *t, const struct sl_trial *trial, const struct sl_publication *pub,
                          struct sl_behind_tried *to)
{
	for (uint32_t i = 0; i < pub->nfindings; i++) {
		const struct sl_finding *f = &pub->findings[i];
		uint32_t stat = f->stat == SL_FINDING_WHOLE ? f->stat : sl_trial_stat(trial, f->output, f->stat);
		struct place key = place_of(sl_trial_output(trial, f->output), stat, f->cell, f->rule);
		const struct place *p = bsearch(&key, t->places, t->st->pub->nfindings, sizeof *t->places, order_places);
		*(f->severity == SL_SEVERITY_REFUSE ? &to->refuse
		  : f->severity == SL_SEVERITY_SUPPRESS ? &to->suppress : &to->judge) += 1;
		to->spent |= (f->rule == SL_RULE_MARGINS || f->rule == SL_RULE_SECONDARY) && f->limit > 0;
		/* The same more than once: each of them is still found. */
		while (p != NULL && p > t->places && order_places(p - 1, &key) == 0)
			p--;
		for (; p != NULL && p < t->places + t->st->pub->nfindings && order_places(p, &key) == 0; p++)
			to->left[p->finding / 8] |= (uint8_t)(1u << p->finding % 8);
	}
}

/* *decided false: it cannot be had, as more counts than an output may have. */
static enum sl_rc judge(struct trying *t, uint32_t output, uint32_t stat, struct sl_publication *pub,
                        struct sl_trial *trial, bool *decided, struct sl_err *err)
{
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_trial_open(&t->of, output, stat, trial, &why);

	*decided = false;
	if (rc == SL_OK) {
		uint32_t *most = &trial->setup.secondary_work;
		*most = *most < SECONDARY_WORK_MAX ? *most : SECONDARY_WORK_MAX;
		struct sl_check_state st = { .setup = &trial->setup, .plans = trial->plans, .results = trial->results,
			                     .spaces = trial->spaces, .pub = pub };
		rc = sl_check_judge(&st, &why);
		t->work += st.work;
	}
	*decided = rc == SL_OK;
	if (rc == SL_E_DENIED || rc == SL_E_LIMIT)
		return SL_OK;
	if (rc != SL_OK && err != NULL)
		*err = why;
	return rc;
}

static enum sl_rc try_without(struct trying *t, uint32_t output, uint32_t stat, struct sl_err *err)
{
	struct sl_publication pub = { 0 };
	struct sl_trial trial = { 0 };
	bool decided = false;
	uint64_t size = size_of(t->st) + t->st->work;

	if (t->out->ntried == SL_BEHIND_TRIED_MAX || t->work + size > SL_TRIED_WORK_MAX) {
		t->out->untried++;
		return SL_OK;
	}
	t->work += size_of(t->st);
	enum sl_rc rc = judge(t, output, stat, &pub, &trial, &decided, err);
	t->out->untried += rc == SL_OK && !decided;
	if (decided) {
		struct sl_behind_tried *to = &t->out->tried[t->out->ntried];
		*to = (struct sl_behind_tried){ .output = (uint16_t)output, .stat = stat, .releasable = pub.releasable,
			                        .nleft = t->st->pub->nfindings / 8 + 1 };
		to->left = calloc(to->nleft, 1);
		if (to->left == NULL) {
			to->nleft = 0;
			rc = sl_err_set(err, SL_E_NOMEM, "no memory for what was tried");
		} else {
			note_findings(t, &trial, &pub, to);
			count_numbers(&trial, &pub, to);
		}
		t->out->ntried += rc == SL_OK;
	}
	sl_codec_free(&sl_publication_record, &pub);
	sl_trial_close(&trial);
	return rc;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

static enum sl_rc sort_findings(struct trying *t, struct sl_err *err)
{
	const struct sl_publication *pub = t->st->pub;

	t->places = calloc((size_t)pub->nfindings + 1, sizeof *t->places);
	if (t->places == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for what was tried");
	for (uint32_t i = 0; i < pub->nfindings; i++) {
		const struct sl_finding *f = &pub->findings[i];
		t->places[i] = place_of(f->output, f->stat, f->cell, f->rule);
		t->places[i].finding = i;
	}
	qsort(t->places, pub->nfindings, sizeof *t->places, order_places);
	return SL_OK;
}

/* Outputs before statistics: where there is not work for all, they say more. */
static enum sl_rc try_each(struct trying *t, struct sl_err *err)
{
	uint32_t nplans = t->of.setup->nplans;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; nplans > 1 && i < nplans && rc == SL_OK; i++)
		rc = try_without(t, i, SL_FINDING_WHOLE, err);
	for (uint32_t i = 0; i < nplans && rc == SL_OK; i++) {
		uint32_t n = asked_for(&t->of.plans[i]);
		for (uint32_t s = 0; s < n && n > 1 && has_cause(t, i) && rc == SL_OK; s++)
			rc = try_without(t, i, s, err);
	}
	return rc;
}

/* By output, itself and then its statistics: the whole is the largest number there is, and one more is none. */
static int order_tried(const void *a, const void *b)
{
	const struct sl_behind_tried *x = a, *y = b;
	uint32_t of_x = x->stat + 1, of_y = y->stat + 1;

	if (x->output != y->output)
		return x->output < y->output ? -1 : 1;
	return (of_x > of_y) - (of_x < of_y);
}

enum sl_rc sl_check_tried(struct sl_check_state *st, struct sl_err *err)
{
	struct trying t = { .st = st, .of = { st->setup, st->plans, st->results, st->spaces } };
	enum sl_rc rc;

	if (st->behind == NULL || st->dropped > 0)
		return SL_OK;
	st->behind->remedies = calloc(1, sizeof *st->behind->remedies);
	if (st->behind->remedies == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for what was tried");
	st->behind->nremedies = 1;
	t.out = st->behind->remedies;
	t.out->tried = calloc(SL_BEHIND_TRIED_MAX, sizeof *t.out->tried);
	rc = t.out->tried != NULL ? sort_findings(&t, err) : sl_err_set(err, SL_E_NOMEM, "no memory for what was tried");
	if (rc == SL_OK && has_cause(&t, SL_PLANS_MAX))
		rc = try_each(&t, err);
	if (rc == SL_OK)
		qsort(t.out->tried, t.out->ntried, sizeof *t.out->tried, order_tried);
	free(t.places);
	return rc == SL_OK ? sl_check_by_level(st, t.out, err) : rc;
}
