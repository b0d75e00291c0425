/*
 * review_first.c - see review_first.h. Called by all that shows a review.
 */
#include "ui-cli/review_first.h"

#include <inttypes.h>
#include <string.h>

#include "ui-cli/request_text.h"
#include "ui-cli/review_facts.h"

/* Things that, left out, make a request better: so many have a line. */
#define TRIED_SHOWN 4

/* What is counted on the way through the tables. */
struct counted {
	uint64_t numbers, hidden, shown;
	uint64_t near, near_by[SL_RULE_COUNT_];
	uint64_t rows_earlier;
	uint64_t rows, rows_with[SL_REVIEW_FLAGS], rows_before;
	bool compared;
};

struct lines {
	const struct sl_review *r;
	sl_review_line line;
	void *self;
	struct sl_buf text; /* of the line that is made */
};

static void say(struct lines *l, const char *name, uint64_t count)
{
	sl_buf_u8(&l->text, 0);
	if (!l->text.failed)
		l->line(l->self, name, count, (const char *)l->text.data);
	sl_buf_reset(&l->text);
}

static void count_row(const struct sl_review *r, uint32_t i, uint32_t row, struct counted *c)
{
	const struct sl_plan *plan = &r->material.plans[i];
	uint32_t cell = r->rows[i].cells[row], flags = sl_review_facts_flags(r, i, cell);

	c->rows++;
	c->rows_earlier += sl_publication_again(&r->publication, i, cell) != NULL;
	c->rows_before += sl_review_facts_before(r, i, cell) != NULL;
	for (uint32_t f = 0; f < SL_REVIEW_FLAGS; f++)
		c->rows_with[f] += flags >> f & 1;
	for (uint32_t column = 0; column < plan->nstats + plan->ncalcs; column++) {
		if (!sl_plan_prints(plan, column))
			continue;
		bool shown = sl_review_facts_value(r, i, row, column)->shown;
		const struct sl_behind_number *number =
			column < plan->nstats ? sl_review_facts_number(r, i, cell, column) : NULL;

		c->numbers++;
		c->hidden += !shown;
		if (number && number->band == SL_BAND_NEAR) {
			c->near++;
			c->near_by[number->rule]++;
		}
	}
}

static struct counted count(const struct sl_review *r)
{
	struct counted c = {0};

	for (uint32_t i = 0; i < r->nfiles; i++) {
		c.compared = c.compared || sl_review_facts_compared(r, i);
		for (uint32_t n = 0; n < r->rows[i].nrows; n++)
			count_row(r, i, n, &c);
	}
	c.shown = c.numbers - c.hidden;
	return c;
}

/* ": threshold 12, linked 3" */
static void put_rules(struct lines *l, const uint64_t by[static SL_RULE_COUNT_])
{
	const char *before = ": ";

	for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++) {
		if (!by[rule])
			continue;
		sl_buf_printf(&l->text, "%s%s %" PRIu64, before, sl_render_rule((uint8_t)rule), by[rule]);
		before = ", ";
	}
}

static uint64_t count_findings(const struct sl_review *r, uint8_t severity, uint64_t by[static SL_RULE_COUNT_])
{
	uint64_t n = 0;

	memset(by, 0, SL_RULE_COUNT_ * sizeof *by);
	for (uint32_t f = 0; f < r->nfindings; f++) {
		const struct sl_finding *finding = r->findings[f].finding;

		if (finding->severity != severity || finding->rule >= SL_RULE_COUNT_)
			continue;
		by[finding->rule]++;
		n++;
	}
	return n;
}

static void tell_findings(struct lines *l)
{
	uint64_t by[SL_RULE_COUNT_], n = count_findings(l->r, SL_SEVERITY_REFUSE, by);

	if (n) {
		sl_buf_printf(&l->text, "%" PRIu64 " finding%s refuse%s the request", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
		put_rules(l, by);
		say(l, "refuse", n);
	}
	n = count_findings(l->r, SL_SEVERITY_REVIEW, by);
	if (n) {
		sl_buf_printf(&l->text, "%" PRIu64 " finding%s hide%s nothing: yours to judge", n, n == 1 ? "" : "s",
		              n == 1 ? "s" : "");
		put_rules(l, by);
		if (sl_request_text_waits(l->r->request.state))
			sl_buf_text(&l->text, "; who approves names each rule: --acknowledge RULE");
		say(l, "judge", n);
	}
}

static void tell_numbers(struct lines *l, const struct counted *c)
{
	uint64_t by[SL_RULE_COUNT_];

	if (c->rows_earlier) {
		sl_buf_printf(&l->text, "%" PRIu64 " of %" PRIu64 " rows are told again as they left: column " SL_EARLIER_COLUMN
		                        " says where", c->rows_earlier, c->rows);
		say(l, "earlier", c->rows_earlier);
	}
	if (c->near) {
		sl_buf_printf(&l->text, "%" PRIu64 " of %" PRIu64 " shown numbers are near a limit", c->near, c->shown);
		put_rules(l, c->near_by);
		say(l, "near", c->near);
	}
	for (uint32_t f = 2; f < SL_REVIEW_FLAGS; f++) {
		if (!c->rows_with[f])
			continue;
		sl_buf_printf(&l->text, "%" PRIu64 " row%s: %s", c->rows_with[f], c->rows_with[f] == 1 ? "" : "s",
		              sl_review_facts_flag_text(f));
		say(l, sl_review_facts_flag_name(f), c->rows_with[f]);
	}
	for (uint32_t i = 0; i < l->r->behind.noutputs; i++) {
		const struct sl_behind_output *o = &l->r->behind.outputs[i];

		if (o->band != SL_BAND_NEAR)
			continue;
		sl_buf_printf(&l->text, "the conditions of %s leave out %" PRIu64 " units: near the limit",
		              l->r->material.plans[i].output, o->left_out);
		say(l, "left-out", o->left_out);
	}
	(void)count_findings(l->r, SL_SEVERITY_SUPPRESS, by);
	sl_buf_printf(&l->text, "%" PRIu64 " of %" PRIu64 " numbers are hidden, in %" PRIu64 " row%s", c->hidden,
	              c->numbers, c->rows, c->rows == 1 ? "" : "s");
	put_rules(l, by);
	say(l, "hidden", c->hidden);
}

static void put_levels(struct lines *l, uint32_t output)
{
	const struct sl_behind *b = &l->r->behind;

	for (uint32_t i = 0; b->nremedies && i < b->remedies->nlevels; i++) {
		const struct sl_behind_level *level = &b->remedies->levels[i];

		if (level->output != output)
			continue;
		sl_buf_text(&l->text, ", ");
		sl_render_by_level(l->r->material.plans, &l->r->material.view, level, &l->text);
		sl_buf_printf(&l->text, ": %s%u of %u", level->at_most && level->few > 0 ? "at most " : "", level->few,
		              level->groups);
	}
}

/*
 * "diagnoses: 61 of 90 groups have fewer than 10 units; without sex: 3 of 45, without band: 0 of 18, with ward by its
 * district: 0 of 12"
 */
static void tell_coarser(struct lines *l)
{
	const struct sl_behind *b = &l->r->behind;

	for (uint32_t i = 0; i < b->ncoarser;) {
		const struct sl_behind_coarser *asked = &b->coarser[i];
		const struct sl_plan *plan = &l->r->material.plans[asked->output];

		sl_buf_printf(&l->text, "%s: %u of %u group%s %s fewer than %u units; without", plan->output, asked->few,
		              asked->groups, asked->groups == 1 ? "" : "s", asked->few == 1 ? "has" : "have", asked->limit);
		for (uint32_t k = 0; k < plan->nkeys; k++) {
			const struct sl_behind_coarser *c = &asked[k + 1];
			sl_buf_printf(&l->text, "%s %s: %s%u of %u", k > 0 ? ", without" : "", plan->keys[k].name,
			              c->at_most && c->few > 0 ? "at most " : "", c->few, c->groups);
		}
		put_levels(l, asked->output);
		say(l, "coarser", asked->few);
		i += plan->nkeys + 1;
	}
}

/* Of a refused request: it passes. Of one that is not: a person has less to judge, or more numbers are shown. */
static bool is_better(const struct sl_review *r, const struct sl_behind_tried *t, const struct counted *c)
{
	uint64_t by[SL_RULE_COUNT_];

	if (!t->releasable || t->spent)
		return false;
	return !r->publication.releasable || t->judge < count_findings(r, SL_SEVERITY_REVIEW, by) ||
	       t->numbers - t->hidden > c->shown;
}

/* "without column median of wards nothing refuses: 3 of 12 numbers are hidden, 0 findings to judge" */
static void tell_tried(struct lines *l, const struct counted *c)
{
	const struct sl_behind_remedies *m = l->r->behind.nremedies ? l->r->behind.remedies : NULL;
	uint32_t told = 0;

	for (uint32_t i = 0; m && i < m->ntried; i++) {
		const struct sl_behind_tried *t = &m->tried[i];

		if (!is_better(l->r, t, c) || ++told > TRIED_SHOWN)
			continue;
		sl_render_without(l->r->material.plans, t, &l->text);
		sl_buf_printf(&l->text, "%s: %u of %u numbers hidden, %u finding%s to judge",
		              l->r->publication.releasable ? "" : " nothing refuses", t->hidden, t->numbers, t->judge,
		              t->judge == 1 ? "" : "s");
		say(l, "tried", t->hidden);
	}
	if (told > TRIED_SHOWN) {
		sl_buf_printf(&l->text, "%u more that could be left out make it better: each finding has its own",
		              told - TRIED_SHOWN);
		say(l, "tried-more", told - TRIED_SHOWN);
	}
	if (m && m->ntried && !told) {
		sl_buf_printf(&l->text, "%s when one output or one column is left out",
		              l->r->publication.releasable ? "it becomes no better"
		                                           : "it is refused still, by this or another rule,");
		say(l, "tried", m->ntried);
	}
	if (m && m->untried) {
		sl_buf_printf(&l->text, "%u of what could be left out %s not tried: judging so often is too much work", m->untried,
		              m->untried == 1 ? "was" : "were");
		say(l, "untried", m->untried);
	}
}

static void tell_released(struct lines *l)
{
	const struct sl_gate_verdict *v = &l->r->verdict;

	if (l->r->earlier || !sl_released_bounded(&v->released))
		return;
	sl_buf_printf(&l->text, "%" PRIu64 " numbers of ", v->released.left);
	sl_buf_text(&l->text, v->released.space);
	sl_buf_printf(&l->text, " left the project before, of %" PRIu64 " that may; this one has %" PRIu64,
	              v->released.max, v->released.asked);
	say(l, "released-numbers", v->released.left);
}

static void tell_past(struct lines *l, const struct counted *c)
{
	const struct sl_review *r = l->r;

	if (!r->behind.noutputs)
		sl_buf_text(&l->text, "what stands behind the numbers was not kept: it was asked for under an older version");
	else if (!c->compared && !r->publication.releasable)
		sl_buf_text(&l->text, "not compared with earlier releases: it is refused");
	else if (!c->compared)
		sl_buf_text(&l->text, "nothing of the same units had left when it was asked for");
	else
		sl_buf_printf(&l->text, "%" PRIu64 " of %" PRIu64 " rows have a number in an earlier release", c->rows_before,
		              c->rows);
	say(l, "earlier", c->rows_before);
	if (r->since && sl_request_text_waits(r->request.state)) {
		sl_buf_printf(&l->text, "%u release%s of the same units since then: %s", r->since, r->since == 1 ? "" : "s",
		              r->judged_again ? "it was judged again beside them"
		                              : "the gate judges again beside them; --judge-again does so now");
		say(l, "since", r->since);
	}
	if (r->forgotten.len) {
		sl_buf_text(&l->text, "a version that it read is forgotten: the numbers cannot be made again");
		say(l, "forgotten", 1);
	}
}

static void tell_gate(struct lines *l)
{
	uint64_t n = 0;

	if (l->r->earlier || !sl_request_text_waits(l->r->request.state))
		return;
	for (int c = 0; c < SL_CONDITION_COUNT_; c++) {
		if (strcmp(sl_request_text_standing(l->r, c), "NOT MET") != 0)
			continue;
		sl_buf_printf(&l->text, "%s%s", n++ ? ", " : "the gate would not open: ", sl_conditions_table[c].id);
	}
	if (n)
		say(l, "gate", n);
}

enum sl_rc sl_review_first_tell(const struct sl_review *r, sl_review_line line, void *self, struct sl_err *err)
{
	struct lines l = {.r = r, .line = line, .self = self};
	struct counted c = count(r);
	enum sl_rc rc;

	tell_findings(&l);
	tell_gate(&l);
	tell_numbers(&l, &c);
	tell_coarser(&l);
	tell_tried(&l, &c);
	tell_released(&l);
	tell_past(&l, &c);
	rc = sl_buf_ok(&l.text, "what to look at first", err);
	sl_buf_free(&l.text);
	return rc;
}
