/* render_findings.c - findings in words, for reviewers. */
#include <stdlib.h>
#include <string.h>

#include "policy/render_rows.h"
#include "policy/rules/gaps.h"
#include "policy/rules/rules.h"

static const char *const severities[] = { "refuse", "suppress", "review" };

static char *take_text(struct sl_buf *b)
{
	const char *text = sl_buf_cstr(b);
	char *copy = text != NULL ? strdup(text) : NULL;

	sl_buf_free(b);
	return copy;
}

void sl_render_cell(const struct sl_plan *plan, const struct sl_view *view, uint32_t cell, struct sl_buf *out)
{
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(plan, view, k);
		sl_buf_printf(out, "%s%s ", k > 0 ? ", " : "", plan->keys[k].name);
		sl_buf_text(out, sl_column_group_label(c, plan->keys[k].banded != 0, sl_plan_cell_group(plan, view, cell, k)));
	}
	if (plan->nkeys == 0)
		sl_buf_text(out, "the only row");
}

static char *cell_text(const struct sl_render *r, const struct sl_finding *f)
{
	struct sl_buf b = { .max = 64 * 1024 };

	if (f->cell != SL_FINDING_WHOLE)
		sl_render_cell(&r->plans[f->output], r->view, f->cell, &b);
	sl_buf_put(&b, "", 0);
	return take_text(&b);
}

static void put_percent(struct sl_buf *b, int64_t v)
{
	char text[SL_DECIMAL_TEXT];

	(void)sl_format_decimal(v, 3, text);
	sl_buf_printf(b, "%s %%", text);
}

/* With the digits that policy gave it. */
static void put_percent_limit(struct sl_buf *b, int64_t v)
{
	int scale = 3;
	char text[SL_DECIMAL_TEXT];

	for (; scale > 0 && v % 10 == 0; scale--)
		v /= 10;
	(void)sl_format_decimal(v, scale, text);
	sl_buf_printf(b, "%s %%", text);
}

/*
 * The number it must not be seen beside: of this request, or public, or of an earlier release, which somebody else can
 * open.
 */
static void put_other(const struct sl_render *r, const struct sl_finding *f, struct sl_buf *b)
{
	if (f->other_cell == SL_FINDING_WHOLE)
		return;
	sl_buf_text(b, b->len > 0 ? ", beside " : "beside ");
	if (f->release == 0 && f->other_output < r->nplans) {
		sl_buf_printf(b, "output \"%s\", ", r->plans[f->other_output].output);
		sl_render_cell(&r->plans[f->other_output], r->view, f->other_cell, b);
	} else if (f->release == 0 && f->other_output >= SL_PUBLIC_FIRST && r->known != NULL) {
		sl_public_tell(r->known, (uint32_t)f->other_output - SL_PUBLIC_FIRST, f->other_cell, b);
	} else if (r->tell_other != NULL) {
		r->tell_other(r->tell_self, f, b);
	}
}

static void put_few_value(const struct sl_column *c, const struct sl_published_cell *v, struct sl_buf *b)
{
	char text[SL_DECIMAL_TEXT];

	if (v->missing) {
		sl_buf_text(b, "none");
	} else if (c->type == SL_TYPE_TEXT || c->type == SL_TYPE_BOOLEAN) {
		sl_buf_text(b, sl_column_group_label(c, false, (uint32_t)v->value));
	} else if (c->type == SL_TYPE_DATE) {
		(void)sl_format_date(v->value, text);
		sl_buf_text(b, text);
	} else {
		(void)sl_format_decimal(v->value, c->scale, text);
		sl_buf_text(b, text);
	}
}

/* Which values of a column it is about. */
static void put_few(const struct sl_render *r, const struct sl_finding *f, struct sl_buf *b)
{
	const struct sl_published_few *few = sl_publication_few(r->publication, f);

	if (few == NULL)
		return;
	const struct sl_column *c = &r->view->tables[few->table].columns[few->column];
	sl_buf_printf(b, ", of those with %s ", c->name);
	for (uint32_t v = 0; v < few->nvalues; v++) {
		sl_buf_text(b, v == 0 ? "" : v + 1 == few->nvalues ? " or " : ", ");
		put_few_value(c, &few->values[v], b);
	}
}

/* In the unit of the rule's row. */
static char *measure_text(const struct sl_render *r, const struct sl_finding *f, const struct sl_rule_row *row)
{
	struct sl_buf b = { .max = 64 * 1024 };

	if (strcmp(row->unit, "units") == 0) {
		sl_buf_printf(&b, "%lld unit%s", (long long)f->measured, f->measured == 1 ? "" : "s");
		/* Not few: it is the number itself that must not be told. */
		if ((f->rule == SL_RULE_HISTORY || f->rule == SL_RULE_NUMERATOR) && f->limit > 0 && f->measured >= f->limit)
			sl_buf_text(&b, ", in a number that a rule hid");
		else if (f->limit > 0 && row->allowed != NULL)
			sl_buf_printf(&b, ", must be %s %lld", row->allowed, (long long)f->limit);
	} else if (strcmp(row->unit, "percent") == 0) {
		put_percent(&b, f->measured);
		/* Of a group that nobody is of, and of one that everybody is of, no percentage is allowed. */
		bool whole = f->rule == SL_RULE_GROUP_DISCLOSURE && f->limit >= SL_PERCENT_WHOLE;
		sl_buf_printf(&b, ", must be %s%s ", f->rule == SL_RULE_GROUP_DISCLOSURE ? "more than none and " : "",
		              whole ? "less than" : row->allowed);
		put_percent_limit(&b, f->limit);
	}
	put_few(r, f, &b);
	put_other(r, f, &b);
	sl_buf_put(&b, "", 0);
	return take_text(&b);
}

static char *tried_text(const struct sl_render *r, uint32_t finding)
{
	struct sl_buf b = { .max = 64 * 1024 };

	sl_render_tried(r, finding, &b);
	sl_buf_put(&b, "", 0);
	return take_text(&b);
}

/* What a context lacks has words of its own; the first of several is told. */
static void put_gap(struct sl_finding_text *t)
{
	const struct sl_gap_row *gap = &sl_gaps_table[sl_gaps_first((uint32_t)t->finding->measured)];

	if (t->finding->rule != SL_RULE_CONTEXT || gap->gap == SL_GAP_NONE || t->finding->limit != 0)
		return;
	t->reason = gap->reason;
	t->remedy = gap->remedy;
}

/* Where choosing what to hide ran out of work, the rule's own words do not say what was done. */
static void put_spent(struct sl_finding_text *t)
{
	if (t->finding->limit == 0)
		return;
	if (t->finding->rule == SL_RULE_SECONDARY) {
		t->reason = "a suppressed number could be worked out; choosing the fewest rows took more work than policy "
			    "allows (limits.secondary_work), so whole lines or tables are suppressed";
		t->remedy = "request fewer outputs, or group less finely; the officer can raise secondary_work";
	} else if (t->finding->rule == SL_RULE_MARGINS) {
		t->reason = "within the work that policy allows (limits.secondary_work) nothing was found that keeps the "
			    "suppressed numbers of the outputs together from being worked out";
		t->remedy = "request fewer outputs, or group less finely; the officer can raise secondary_work";
	}
}

enum sl_rc sl_render_findings(const struct sl_render *r, struct sl_finding_text **out, uint32_t *nout,
                              struct sl_err *err)
{
	const struct sl_publication *p = r->publication;
	enum sl_rc rc = sl_render_check(r, err);

	*out = NULL;
	*nout = 0;
	if (rc != SL_OK)
		return rc;
	*out = calloc(p->nfindings + 1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (; *nout < p->nfindings; ++*nout) {
		const struct sl_finding *f = &p->findings[*nout];
		const struct sl_rule_row *row = sl_rule_find(f->rule);
		struct sl_finding_text *t = &(*out)[*nout];
		*t = (struct sl_finding_text){
			.finding = f,
			.rule = row->id,
			.acro = row->acro,
			.reason = row->reason,
			.remedy = row->remedy,
			.severity = severities[f->severity <= SL_SEVERITY_REVIEW ? f->severity : SL_SEVERITY_REFUSE],
			.output = r->plans[f->output].output,
			.column = f->stat == SL_FINDING_WHOLE ? "" : r->plans[f->output].stats[f->stat].name,
			.cell = cell_text(r, f),
			.measure = measure_text(r, f, row),
			.tried = tried_text(r, *nout),
		};
		put_gap(t);
		put_spent(t);
		if (t->cell == NULL || t->measure == NULL || t->tried == NULL) {
			sl_render_findings_free(*out, *nout + 1);
			*out = NULL;
			*nout = 0;
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
		}
	}
	return SL_OK;
}

const char *sl_render_secondary(const struct sl_publication *p)
{
	for (uint32_t i = 0; i < p->nfindings; i++)
		if (p->findings[i].rule == SL_RULE_SECONDARY && p->findings[i].limit > 0)
			return SL_SECONDARY_COARSE_TEXT;
	return SL_SECONDARY_TEXT;
}

const char *sl_render_rule(uint8_t rule)
{
	return sl_rule_find(rule)->id;
}

void sl_render_findings_free(struct sl_finding_text *texts, uint32_t ntexts)
{
	for (uint32_t i = 0; texts != NULL && i < ntexts; i++) {
		free(texts[i].cell);
		free(texts[i].measure);
		free(texts[i].tried);
	}
	free(texts);
}
