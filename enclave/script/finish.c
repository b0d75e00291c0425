/* finish.c - the verbs behind summarise: calc describe order_by limit, and output, which makes the plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/output_name.h"
#include "enclave/script/relation.h"

static enum sl_rc after_summarise(const struct sl_relation *rel, const char *verb, struct sl_err *err)
{
	if (rel->plan.nstats > 0)
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s comes after summarise", verb);
	sl_err_remedy(err, "say what is counted first: :summarise{ persons = \"units()\" }");
	return rc;
}

/* Names in calc: statistics as inputs; calcs of earlier calls by their expression. */
struct calc_names {
	const struct sl_plan *plan;
	struct sl_input_type published[SL_STATS_MAX], calcs[SL_CALCS_MAX];
	uint32_t visible; /* calcs */
	const struct sl_call *call;
};

static enum sl_rc resolve(void *ctx, const char *qualifier, const char *name, struct sl_named *out, struct sl_err *err)
{
	const struct calc_names *self = ctx;
	const struct sl_plan *p = self->plan;
	uint32_t i = qualifier == NULL ? sl_output_name_find(p, name) : SL_OUTPUT_NONE;

	if (i != SL_OUTPUT_NONE && i < p->nkeys) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is a key: calc computes with statistics", name);
		sl_err_remedy(err, "use the names of summarise");
		return rc;
	}
	if (i != SL_OUTPUT_NONE && i < p->nkeys + p->nstats) {
		*out = (struct sl_named){.kind = SL_NAMED_INPUT, .input = (uint16_t)(i - p->nkeys)};
		out->type = self->published[i - p->nkeys];
		return SL_OK;
	}
	if (i != SL_OUTPUT_NONE && i - p->nkeys - p->nstats < self->visible) {
		uint32_t k = i - p->nkeys - p->nstats;
		*out = (struct sl_named){.kind = SL_NAMED_EXPR, .expr = &p->calcs[k].expr, .type = self->calcs[k]};
		return SL_OK;
	}
	enum sl_rc rc = sl_relation_sibling(self->call, "calc", name, err);
	return rc == SL_OK ? sl_output_name_none(p, name, err) : rc;
}

static const struct sl_column *no_column(void *ctx, uint16_t input)
{
	(void)ctx;
	(void)input;
	return NULL;
}

static enum sl_rc published_types(const struct sl_relation *rel, const struct sl_view *view, struct calc_names *names,
                                  struct sl_err *err)
{
	const struct sl_plan *p = &rel->plan;
	struct sl_input_type inputs[SL_INPUTS_MAX];
	enum sl_rc rc = sl_plan_inputs(p, view, inputs, err);

	for (uint32_t i = 0; i < p->nstats && rc == SL_OK; i++) {
		struct sl_input_type arg = {0};
		if (p->stats[i].arg.nops > 0)
			rc = sl_expr_check(&p->stats[i].arg, inputs, p->ninputs, &arg, err);
		names->published[i] = sl_stat_type(p->stats[i].fn, arg);
	}
	for (uint32_t i = 0; i < p->ncalcs && rc == SL_OK; i++)
		rc = sl_expr_check(&p->calcs[i].expr, names->published, p->nstats, &names->calcs[i], err);
	return rc;
}

static enum sl_rc calc_one(struct sl_relation *rel, struct sl_call *call, struct calc_names *names,
                           const struct sl_pair *pair, struct sl_err *err)
{
	struct sl_scope scope = {.self = names, .name = resolve, .column = no_column, .arguments = call->arguments,
	                         .narguments = call->narguments};
	struct sl_plan *p = &rel->plan;
	struct sl_parsed parsed = {0};
	char *name = NULL;
	enum sl_rc rc = sl_output_name_new(p, call, pair->name, &name, err);

	if (rc == SL_OK) {
		call->culprit = pair->text;
		rc = sl_parser_parse(SL_PARSE_CALC, pair->text, strlen(pair->text), &scope, &parsed, err);
	}
	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&p->calcs, p->ncalcs, sizeof p->calcs[0], SL_CALCS_MAX, "calcs in one output", err);
	if (rc == SL_OK) {
		p->calcs[p->ncalcs++] = (struct sl_calc){.name = name, .expr = parsed.expr};
		return SL_OK;
	}
	free(name);
	sl_parsed_free(&parsed);
	return rc;
}

enum sl_rc sl_finish_calc(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct calc_names names = {.plan = &rel->plan, .visible = rel->plan.ncalcs, .call = call};
	enum sl_rc rc = after_summarise(rel, "calc", err);

	if (rc == SL_OK)
		rc = published_types(rel, call->view, &names, err);
	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = calc_one(rel, call, &names, &call->pairs[i], err);
	return rc;
}

static char **description_of(struct sl_plan *p, const char *name)
{
	uint32_t i = sl_output_name_find(p, name);

	if (i == SL_OUTPUT_NONE)
		return strcmp(name, "purpose") == 0 ? &p->purpose : NULL;
	if (i < p->nkeys)
		return &p->keys[i].description;
	if (i < p->nkeys + p->nstats)
		return &p->stats[i - p->nkeys].description;
	return &p->calcs[i - p->nkeys - p->nstats].description;
}

enum sl_rc sl_finish_describe(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = after_summarise(rel, "describe", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++) {
		const struct sl_pair *pair = &call->pairs[i];
		char **at = description_of(&rel->plan, pair->name);
		call->culprit = pair->name;
		if (at == NULL)
			return sl_output_name_none(&rel->plan, pair->name, err);
		if (strlen(pair->text) > SL_TITLE_BYTES || !sl_text_is_clean(pair->text, strlen(pair->text)))
			return sl_err_set(err, SL_E_INPUT, "the description of \"%.100s\" must be one line of plain text, at most %d bytes",
			                  pair->name, SL_TITLE_BYTES);
		free(*at);
		rc = sl_relation_text(at, pair->text, err);
	}
	return rc;
}

/* "name", "-name", "name asc" or "name desc". */
static enum sl_rc parse_order(const struct sl_plan *p, const char *text, struct sl_order *out, struct sl_err *err)
{
	char name[SL_IDENT_BYTES + 1];
	bool minus = text[0] == '-';
	const char *from = text + minus;
	size_t n = strcspn(from, " ");
	const char *word = from + n + strspn(from + n, " ");
	bool desc = strcmp(word, "desc") == 0;

	if (word[0] != '\0' && (minus || (!desc && strcmp(word, "asc") != 0))) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is no order", text);
		sl_err_remedy(err, "write \"name\", or \"-name\" for largest first");
		return rc;
	}
	snprintf(name, sizeof name, "%.*s", (int)(n > SL_IDENT_BYTES ? SL_IDENT_BYTES : n), from);
	uint32_t i = sl_output_name_find(p, name);
	if (i == SL_OUTPUT_NONE)
		return sl_output_name_none(p, name, err);
	*out = (struct sl_order){.column = (uint16_t)i, .descending = minus || desc};
	return SL_OK;
}

enum sl_rc sl_finish_order_by(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct sl_plan *p = &rel->plan;
	enum sl_rc rc = after_summarise(rel, "order_by", err);

	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++) {
		struct sl_order order = {0};
		call->culprit = call->pairs[i].text;
		rc = parse_order(p, call->pairs[i].text, &order, err);
		if (rc == SL_OK)
			rc = sl_relation_grow((void **)&p->order, p->norder, sizeof p->order[0], SL_KEYS_MAX, "columns in order_by", err);
		if (rc == SL_OK)
			p->order[p->norder++] = order;
	}
	return rc;
}

enum sl_rc sl_finish_limit(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = after_summarise(rel, "limit", err);

	if (rc == SL_OK && (call->number < 1 || call->number > UINT32_MAX)) {
		rc = sl_err_set(err, SL_E_INPUT, "limit(%lld) is no number of rows", (long long)call->number);
		sl_err_remedy(err, "a whole number from 1");
	}
	if (rc == SL_OK)
		rel->plan.limit = (uint32_t)call->number;
	return rc;
}

/* A column that only an unused derive names is not read, and needs no key. */
static void drop_unused_inputs(struct sl_plan *p)
{
	bool used[SL_INPUTS_MAX] = {false};
	uint16_t to[SL_INPUTS_MAX] = {0};
	uint32_t n = 0;

	sl_relation_mark(&p->where, used);
	for (uint32_t i = 0; i < p->nkeys; i++)
		used[p->keys[i].input] = true;
	for (uint32_t i = 0; i < p->nstats; i++) {
		sl_relation_mark(&p->stats[i].arg, used);
		sl_relation_mark(&p->stats[i].arg2, used);
	}
	for (uint32_t i = 0; i < p->ninputs; i++) {
		to[i] = (uint16_t)n;
		if (used[i])
			p->inputs[n++] = p->inputs[i];
	}
	p->ninputs = n;
	sl_relation_renumber(&p->where, to);
	for (uint32_t i = 0; i < p->nkeys; i++)
		p->keys[i].input = to[p->keys[i].input];
	for (uint32_t i = 0; i < p->nstats; i++) {
		sl_relation_renumber(&p->stats[i].arg, to);
		sl_relation_renumber(&p->stats[i].arg2, to);
	}
}

enum sl_rc sl_relation_output(const struct sl_relation *rel, struct sl_call *call, struct sl_plan *out,
                              struct sl_err *err)
{
	enum sl_rc rc = after_summarise(rel, "output", err);

	call->culprit = call->text;
	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_codec_copy(&sl_plan_record, &rel->plan, out, err);
	if (rc != SL_OK)
		return rc;
	free(out->output);
	out->output = NULL;
	rc = sl_relation_name(&out->output, call->text, err);
	if (rc == SL_OK) {
		out->line = call->line;
		drop_unused_inputs(out);
		rc = sl_plan_check(out, call->view, err);
	}
	if (rc != SL_OK)
		sl_codec_free(&sl_plan_record, out);
	return rc;
}
