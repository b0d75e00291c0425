/* check.c - see check.h: the order of judging, and the decision. */
#include "policy/check.h"

#include <stdlib.h>
#include <string.h>

#include "policy/check_state.h"
#include "policy/digest.h"
#include "policy/rules/rules.h"
#include "policy/transform.h"

struct sl_input_type sl_check_column_type(const struct sl_plan *plan, const struct sl_view *view, uint32_t column)
{
	if (column < plan->nstats)
		return sl_rule_stat_type(plan, view, column);
	const struct sl_expr *expr = &plan->calcs[column - plan->nstats].expr;
	return (struct sl_input_type){ .type = expr->ops[expr->nops - 1].type,
		                       .scale = expr->ops[expr->nops - 1].scale };
}

static enum sl_rc grow_findings(struct sl_check_state *st, struct sl_err *err)
{
	uint32_t cap = st->findings_cap == 0 ? 64 : st->findings_cap * 2;
	struct sl_finding *f = realloc(st->pub->findings, cap * sizeof *f);

	if (f == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for findings");
	st->pub->findings = f;
	st->findings_cap = cap;
	return SL_OK;
}

enum sl_rc sl_check_find(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat, enum sl_rule rule,
                         const struct sl_rule_hit *hit, struct sl_err *err)
{
	const struct sl_rule_row *row = &sl_rules_table[rule];
	struct sl_publication *pub = st->pub;

	if (pub->nfindings >= SL_CHECK_KEPT_MAX && row->severity != SL_SEVERITY_REFUSE) {
		st->dropped++;
		return SL_OK;
	}
	SL_REQUIRE(pub->nfindings < SL_FINDINGS_MAX);
	if (pub->nfindings == st->findings_cap) {
		enum sl_rc rc = grow_findings(st, err);
		if (rc != SL_OK)
			return rc;
	}
	pub->findings[pub->nfindings++] = (struct sl_finding){
		.rule = (uint8_t)rule,
		.severity = (uint8_t)row->severity,
		.output = (uint16_t)output,
		.stat = stat,
		.cell = cell,
		.units = hit->units,
		.measured = hit->measured,
		.limit = hit->limit,
		.release = hit->release,
		.other_output = (uint16_t)hit->other_output,
		.other_cell = hit->has_other ? hit->other_cell : SL_FINDING_WHOLE,
	};
	return SL_OK;
}

void sl_check_hide_row(struct sl_check_state *st, uint32_t output, uint32_t cell)
{
	const struct sl_plan *plan = &st->plans[output];
	struct sl_published_output *out = &st->pub->outputs[output];
	uint32_t columns = plan->nstats + plan->ncalcs;

	for (uint32_t c = 0; c < columns; c++) {
		struct sl_published_cell *at = &out->cells[(size_t)cell * columns + c];
		out->suppressed += at->shown;
		*at = (struct sl_published_cell){ 0 };
	}
}

void sl_check_hide_number(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat)
{
	const struct sl_plan *plan = &st->plans[output];
	uint32_t columns = plan->nstats + plan->ncalcs, before = 0, after = 0;
	struct sl_published_cell *row = &st->pub->outputs[output].cells[(size_t)cell * columns];

	for (uint32_t c = 0; c < columns; c++)
		before += row[c].shown;
	row[stat] = (struct sl_published_cell){ 0 };
	sl_check_known(st, output, row);
	sl_check_calcs(plan, row);
	for (uint32_t c = 0; c < columns; c++)
		after += row[c].shown;
	st->pub->outputs[output].suppressed += before - after;
}

struct sl_draw sl_check_draw(const struct sl_result *result, uint32_t place)
{
	return place < result->ndraws ? result->draws[place] : (struct sl_draw){ 0 };
}

void sl_check_settle(struct sl_publication *pub)
{
	struct sl_finding *f = pub->findings;

	for (uint32_t n = pub->nfindings - 1; n > 0; n--) {
		if (f[n - 1].output < f[n].output || (f[n - 1].output == f[n].output && f[n - 1].cell <= f[n].cell))
			return;
		struct sl_finding t = f[n];
		f[n] = f[n - 1];
		f[n - 1] = t;
	}
}

/* A result speaks of the plan whose bytes the engine received, and of no other. */
static enum sl_rc check_binding(const struct sl_plan *plan, const struct sl_result *result, struct sl_err *err)
{
	struct sl_buf bytes = { .max = SL_PLAN_WIRE_MAX };
	uint8_t digest[SL_DIGEST_BYTES];
	enum sl_rc rc = sl_codec_encode(&sl_plan_record, plan, &bytes, err);

	if (rc == SL_OK) {
		sl_digest_sha256(bytes.data, bytes.len, digest);
		if (memcmp(digest, result->plan_digest, sizeof digest) != 0)
			rc = sl_err_set(err, SL_E_INTEGRITY, "output \"%s\": the result is of another plan",
			                plan->output);
	}
	sl_buf_free(&bytes);
	return rc;
}

/* Without a draw everything would be rounded up, and every limit the same: that is known, and so neither. */
static enum sl_rc check_draws(const struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	enum sl_rc rc;

	if (st->results[i].drawn >= sl_transform_draws(&st->setup->rules))
		return SL_OK;
	rc = sl_err_set(err, SL_E_INPUT, "output \"%s\": the job ran before policy asked for draws (random, jitter)",
	                st->plans[i].output);
	sl_err_remedy(err, "run the job again");
	return rc;
}

/* Every plan of a space in one place, and counts that can be walked. */
static enum sl_rc check_space(const struct sl_check_state *st, const struct sl_check_space *space, struct sl_err *err)
{
	const struct sl_history *h = &space->history;
	bool fits = h->nplans > 0;

	for (uint32_t k = 0; k < h->nplans && fits; k++)
		fits = h->plans[k].plan < st->setup->nplans && (k == 0 || h->plans[k].plan > h->plans[k - 1].plan) &&
		       sl_check_space_of(st, h->plans[k].plan) == space;
	enum sl_rc rc = sl_history_check(h, err);
	if (rc != SL_OK)
		return rc;
	return fits ? sl_atoms_check(&space->atoms, err)
	            : sl_err_set(err, SL_E_INPUT, "the history is not of the request's outputs");
}

static enum sl_rc check_input(const struct sl_check_state *st, struct sl_err *err)
{
	const struct sl_view *view = &st->setup->view;
	enum sl_rc rc = sl_view_check(view, err);

	if (rc == SL_OK && !sl_transform_is_known(&st->setup->rules))
		rc = sl_err_set(err, SL_E_INPUT, "unknown transformation %u of base %u", st->setup->rules.transform,
		                st->setup->rules.transform_base);
	if (rc == SL_OK && (st->setup->nplans == 0 || st->setup->nplans > SL_PLANS_MAX))
		rc = sl_err_set(err, SL_E_INPUT, "%u plans to check", st->setup->nplans);
	for (uint32_t i = 0; i < st->setup->nplans && rc == SL_OK; i++) {
		rc = sl_plan_check(&st->plans[i], view, err);
		if (rc == SL_OK)
			rc = sl_result_check(&st->results[i], &st->plans[i], view, err);
		if (rc == SL_OK)
			rc = check_binding(&st->plans[i], &st->results[i], err);
		if (rc == SL_OK)
			rc = check_draws(st, i, err);
	}
	for (uint32_t s = 0; s < st->setup->nspaces && rc == SL_OK; s++)
		rc = check_space(st, &st->spaces[s], err);
	return rc;
}

static enum sl_rc allocate_outputs(struct sl_check_state *st, struct sl_err *err)
{
	struct sl_publication *pub = st->pub;

	pub->outputs = calloc(st->setup->nplans, sizeof *pub->outputs);
	if (pub->outputs == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for the publication");
	pub->noutputs = st->setup->nplans;
	for (uint32_t i = 0; i < pub->noutputs; i++) {
		const struct sl_plan *plan = &st->plans[i];
		struct sl_published_output *o = &pub->outputs[i];
		uint64_t n = sl_plan_cells(plan, &st->setup->view) * (plan->nstats + plan->ncalcs);
		if (n > SL_CELLS_MAX * 4)
			return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has too many cells", plan->output);
		o->cells = calloc((size_t)n, sizeof *o->cells);
		if (o->cells == NULL)
			return sl_err_set(err, SL_E_NOMEM, "no memory for the publication");
		o->ncells = (uint32_t)n;
		o->population = st->results[i].population;
	}
	return SL_OK;
}

/* Rules about the whole output; of a statistic first, then of the output itself. */
static enum sl_rc ask_output(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	struct sl_rule_case c = {
		.setup = st->setup,
		.rules = &st->setup->rules,
		.plan = &st->plans[i],
		.result = &st->results[i],
		.cell = SL_FINDING_WHOLE,
	};

	for (uint32_t s = 0; s <= c.plan->nstats; s++) {
		c.stat = s < c.plan->nstats ? s : SL_FINDING_WHOLE;
		if (s < c.plan->nstats && sl_stat_is_of_known(&c.plan->stats[s]))
			continue;
		for (uint32_t r = SL_RULE_NONE + 1; r < SL_RULE_COUNT_; r++) {
			const struct sl_rule_row *row = &sl_rules_table[r];
			struct sl_rule_hit hit = { 0 };
			if ((row->scope & SL_RULE_SCOPE_OUTPUT) == 0 || r == st->without || !sl_rule_ask(row, &c, &hit))
				continue;
			if (r == SL_RULE_SMALL_COMPLEMENT && sl_check_again_defer(st, i, &hit))
				continue;
			enum sl_rc rc = sl_check_find(st, i, SL_FINDING_WHOLE, c.stat, row->rule, &hit, err);
			if (rc != SL_OK)
				return rc;
		}
	}
	return SL_OK;
}

/* A person cannot review what does not fit the list. */
static enum sl_rc refuse_dropped(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	struct sl_rule_hit hit = { .measured = (int64_t)st->dropped, .limit = SL_CHECK_KEPT_MAX };

	if (st->dropped == 0)
		return SL_OK;
	return sl_check_find(st, i, SL_FINDING_WHOLE, SL_FINDING_WHOLE, SL_RULE_CONTEXT, &hit, err);
}

static bool is_refused(const struct sl_publication *pub)
{
	for (uint32_t i = 0; i < pub->nfindings; i++)
		if (pub->findings[i].severity == SL_SEVERITY_REFUSE)
			return true;
	return false;
}

/* What left nothing to see is not left to judge: a finding that hides nothing is about a number that is shown. */
static void drop_unseen(const struct sl_check_state *st)
{
	struct sl_publication *pub = st->pub;
	uint32_t n = 0;

	for (uint32_t i = 0; i < pub->nfindings; i++) {
		const struct sl_finding *f = &pub->findings[i];
		const struct sl_plan *plan = &st->plans[f->output];
		size_t at = (size_t)f->cell * (plan->nstats + plan->ncalcs) + f->stat;
		bool is_number = f->cell != SL_FINDING_WHOLE && f->stat != SL_FINDING_WHOLE;
		if (f->severity != SL_SEVERITY_REVIEW || !is_number || pub->outputs[f->output].cells[at].shown == 1)
			pub->findings[n++] = *f;
	}
	pub->nfindings = n;
}

/* One finding that refuses, and nothing is shown. */
static void decide(struct sl_publication *pub)
{
	pub->releasable = !is_refused(pub);
	for (uint32_t i = 0; i < pub->noutputs && !pub->releasable; i++) {
		memset(pub->outputs[i].cells, 0, pub->outputs[i].ncells * sizeof *pub->outputs[i].cells);
		pub->outputs[i].suppressed = pub->outputs[i].ncells;
	}
}

/* Each may hide a row that the other has to look at again; both only ever hide more. */
static enum sl_rc ask_together(struct sl_check_state *st, struct sl_err *err)
{
	bool hid = true;
	enum sl_rc rc = SL_OK;

	while (hid && rc == SL_OK && !is_refused(st->pub)) {
		rc = sl_check_beside(st, err);
		if (rc == SL_OK)
			rc = sl_check_few(st, err);
		if (rc == SL_OK)
			rc = sl_check_totals(st, err);
		if (rc == SL_OK)
			rc = sl_check_margins(st, err);
		hid = false;
		if (rc == SL_OK && !is_refused(st->pub))
			rc = sl_check_history(st, &hid, err);
	}
	return rc;
}

/* What is shown is changed as policy says, and looked at once more: rounding can be unpicked. */
static enum sl_rc transform(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (!sl_transform_is_on(&st->setup->rules))
		return SL_OK;
	rc = sl_check_transform(st, err);
	if (rc == SL_OK && st->without != SL_RULE_ROUNDING)
		rc = sl_check_rounding(st, err);
	return rc == SL_OK && st->without != SL_RULE_ROUNDING && !is_refused(st->pub) ? sl_check_rounded(st, err) : rc;
}

static enum sl_rc run(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc = check_input(st, err);

	if (rc == SL_OK)
		rc = allocate_outputs(st, err);
	if (rc == SL_OK)
		rc = sl_check_known_open(st, err);
	if (rc == SL_OK)
		rc = sl_check_behind_open(st, err);
	if (rc == SL_OK)
		rc = sl_check_again_open(st, err);
	for (uint32_t i = 0; i < st->pub->noutputs && rc == SL_OK; i++) {
		rc = sl_check_cells(st, i, err);
		if (rc == SL_OK)
			rc = ask_output(st, i, err);
		if (rc == SL_OK)
			rc = sl_check_differences(st, i, err);
	}
	if (rc == SL_OK)
		rc = ask_together(st, err);
	if (rc == SL_OK && !is_refused(st->pub))
		rc = transform(st, err);
	if (rc == SL_OK)
		rc = sl_check_again_settle(st, err);
	if (rc == SL_OK)
		rc = refuse_dropped(st, st->pub->noutputs - 1, err);
	if (rc == SL_OK) {
		if (!is_refused(st->pub))
			drop_unseen(st);
		sl_check_few_sort(st->pub);
		decide(st->pub);
		sl_check_behind_numbers(st);
		rc = sl_check_coarser(st, err);
	}
	if (rc == SL_OK)
		rc = sl_check_again_list(st, err);
	return rc == SL_OK ? sl_check_tried(st, err) : rc;
}

enum sl_rc sl_check_judge(struct sl_check_state *st, struct sl_err *err)
{
	enum sl_rc rc;

	memset(st->pub, 0, sizeof *st->pub);
	rc = run(st, err);
	sl_check_again_close(st);
	sl_check_known_close(st);
	if (rc != SL_OK) {
		sl_codec_free(&sl_publication_record, st->pub);
		sl_codec_free(&sl_behind_record, st->behind);
	}
	return rc;
}

enum sl_rc sl_check_behind(const struct sl_check_setup *setup, const struct sl_plan *plans,
                           const struct sl_result *results, const struct sl_check_space *spaces,
                           struct sl_publication *out, struct sl_behind *behind, struct sl_err *err)
{
	struct sl_check_state st = { .setup = setup, .plans = plans, .results = results, .spaces = spaces, .pub = out,
		                     .behind = behind };

	*behind = (struct sl_behind){ 0 };
	return sl_check_judge(&st, err);
}

enum sl_rc sl_check_after(const struct sl_check_setup *setup, const struct sl_plan *plans,
                          const struct sl_result *results, const struct sl_check_space *spaces,
                          struct sl_publication *out, struct sl_err *err)
{
	struct sl_check_state st = { .setup = setup, .plans = plans, .results = results, .spaces = spaces, .pub = out };

	return sl_check_judge(&st, err);
}

enum sl_rc sl_check_without(enum sl_rule rule, const struct sl_check_setup *setup, const struct sl_plan *plans,
                            const struct sl_result *results, struct sl_publication *out, struct sl_err *err)
{
	struct sl_check_state st = { .setup = setup, .plans = plans, .results = results, .pub = out, .without = rule };

	return sl_check_judge(&st, err);
}

enum sl_rc sl_check_run(const struct sl_check_setup *setup, const struct sl_plan *plans,
                        const struct sl_result *results, struct sl_publication *out, struct sl_err *err)
{
	return sl_check_without(SL_RULE_NONE, setup, plans, results, out, err);
}
