/*
 * review_findings.c - see review_findings.h. Called by review show.
 */
#include "ui-cli/review_findings.h"

#include <stdio.h>
#include <string.h>

#include "ui-cli/finding_text.h"
#include "ui-cli/html.h"
#include "ui-cli/review_grid.h"

/* In this order a person reads them. */
static const uint8_t severities[] = {SL_SEVERITY_REFUSE, SL_SEVERITY_REVIEW, SL_SEVERITY_SUPPRESS};

static bool is_of(const struct sl_review *r, uint32_t f, uint8_t severity, uint32_t rule)
{
	return r->findings[f].finding->severity == severity && r->findings[f].finding->rule == rule;
}

static uint32_t count_of(const struct sl_review *r, uint8_t severity, uint32_t rule)
{
	uint32_t n = 0;

	for (uint32_t f = 0; f < r->nfindings; f++)
		n += is_of(r, f, severity, rule);
	return n;
}

/* Of one rule: those to judge as far as they can be read, of those that hide the first. */
static uint32_t print_rule(const struct sl_review *r, uint8_t severity, uint32_t rule, uint32_t *shown)
{
	uint32_t n = count_of(r, severity, rule), printed = 0;
	uint32_t most = severity == SL_SEVERITY_SUPPRESS ? 1 : SL_REVIEW_FINDINGS_SHOWN;

	for (uint32_t f = 0; f < r->nfindings && printed < n; f++) {
		if (!is_of(r, f, severity, rule))
			continue;
		if (printed == most || (*shown >= SL_REVIEW_FINDINGS_SHOWN && printed > 0))
			break;
		sl_finding_text_print(&r->findings[f], f + 1, "");
		printed++;
		++*shown;
	}
	if (printed < n)
		printf("   … and %u more of %s\n", n - printed, sl_render_rule((uint8_t)rule));
	return n - printed;
}

void sl_review_findings_print(const struct sl_review *r, bool all)
{
	uint32_t shown = 0, left = 0;

	printf("FINDINGS: %u\n", r->nfindings);
	if (all || r->nfindings <= SL_REVIEW_FINDINGS_SHOWN) {
		for (size_t s = 0; s < sizeof severities; s++)
			for (uint32_t f = 0; f < r->nfindings; f++)
				if (r->findings[f].finding->severity == severities[s])
					sl_finding_text_print(&r->findings[f], f + 1, "");
		return;
	}
	for (size_t s = 0; s < sizeof severities; s++)
		for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++)
			left += print_rule(r, severities[s], rule, &shown);
	if (left)
		printf("%u findings are not printed; all: --all, --json, --html FILE\n", left);
}

static void put_td(struct sl_buf *out, const char *text)
{
	sl_buf_text(out, "<td>");
	sl_html_cell(out, text);
	sl_buf_text(out, "</td>");
}

/* A context has several reasons; of every other rule the first one's are all's. */
static void put_row(const struct sl_finding_text *f, uint32_t number, bool reasons, struct sl_buf *out)
{
	sl_buf_printf(out, "<tr id=\"f%u\"><td class=\"r\">%u</td>", number, number);
	put_td(out, f->output);
	put_td(out, f->column);
	put_td(out, f->cell);
	put_td(out, f->measure);
	put_td(out, f->tried);
	if (reasons) {
		put_td(out, f->reason);
		put_td(out, f->remedy);
	}
	sl_buf_text(out, "</tr>\n");
}

static void put_rule(const struct sl_review *r, uint8_t severity, uint32_t rule, bool fold, struct sl_buf *out)
{
	uint32_t n = count_of(r, severity, rule);
	const struct sl_finding_text *first = NULL;
	bool reasons = rule == SL_RULE_CONTEXT;

	for (uint32_t f = 0; f < r->nfindings && !first; f++)
		first = is_of(r, f, severity, rule) ? &r->findings[f] : NULL;
	if (!first)
		return;
	sl_buf_printf(out, "<h3>%s%s%s%s, %s: %u</h3>\n", first->rule, *first->acro ? " (" : "", first->acro,
	              *first->acro ? ")" : "", first->severity, n);
	if (!reasons) {
		sl_buf_text(out, "<p>");
		sl_html_text(out, first->reason, strlen(first->reason));
		sl_buf_text(out, ". Remedy for the author: ");
		sl_html_text(out, first->remedy, strlen(first->remedy));
		sl_buf_text(out, ".</p>\n");
	}
	if (fold)
		sl_buf_printf(out, "<details><summary>all %u</summary>\n", n);
	sl_buf_text(out, "<table>\n<thead><tr><th scope=\"col\" class=\"r\">no.</th><th scope=\"col\">output</th>"
	                 "<th scope=\"col\">column</th><th scope=\"col\">cell</th><th scope=\"col\">measured</th>"
	                 "<th scope=\"col\">tried</th>");
	if (reasons)
		sl_buf_text(out, "<th scope=\"col\">reason</th><th scope=\"col\">remedy</th>");
	sl_buf_text(out, "</tr></thead>\n<tbody>\n");
	for (uint32_t f = 0; f < r->nfindings; f++)
		if (is_of(r, f, severity, rule))
			put_row(&r->findings[f], f + 1, reasons, out);
	sl_buf_printf(out, "</tbody></table>\n%s", fold ? "</details>\n" : "");
}

void sl_review_findings_put(const struct sl_review *r, struct sl_buf *out)
{
	sl_buf_printf(out, "<h2>Findings: %u</h2>\n", r->nfindings);
	for (size_t s = 0; s < sizeof severities; s++)
		for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++)
			put_rule(r, severities[s], rule,
			         severities[s] == SL_SEVERITY_SUPPRESS && r->nfindings > SL_REVIEW_FINDINGS_SHOWN, out);
}
