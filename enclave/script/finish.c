/* finish.c - the verbs behind grouping: summarise calc describe order_by limit, and output, which makes the plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/relation.h"

static enum sl_rc after_summarise(const struct sl_relation *rel, const char *verb, struct sl_err *err)
{
	if (rel->plan.nstats > 0)
		return SL_OK;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s comes after summarise", verb);
	sl_err_remedy(err, "say what is counted first: :summarise{ persons = \"units()\" }");
	return rc;
}

static uint32_t noutputs(const struct sl_plan *p)
{
	return p->nkeys + p->nstats + p->ncalcs;
}

static const char *output_name(const struct sl_plan *p, uint32_t i)
{
	if (i < p->nkeys)
		return p->keys[i].name;
	if (i < p->nkeys + p->nstats)
		return p->stats[i - p->nkeys].name;
	return p->calcs[i - p->nkeys - p->nstats].name;
}

#define NONE UINT32_MAX
static uint32_t find_output(const struct sl_plan *p, const char *name)
{
	for (uint32_t i = 0; i < noutputs(p); i++)
		if (strcmp(output_name(p, i), name) == 0)
			return i;
	return NONE;
}

static enum sl_rc no_output(const struct sl_plan *p, const char *name, struct sl_err *err)
{
	const char *names[SL_KEYS_MAX + SL_STATS_MAX + SL_CALCS_MAX];

	for (uint32_t i = 0; i < noutputs(p); i++)
		names[i] = output_name(p, i);
	int near = sl_text_near(name, names, noutputs(p));
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "the output has no column \"%.100s\"", name);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%.100s\"?", names[near]);
	else
		sl_err_remedy(err, "its columns are the keys of group_by and the names of summarise and calc");
	return rc;
}

static enum sl_rc new_output(const struct sl_plan *p, struct sl_call *call, const char *name, char **out,
                             struct sl_err *err)
{
	call->culprit = name;
	if (find_output(p, name) != NONE)
		return sl_err_set(err, SL_E_INPUT, "the output has a column \"%.100s\" already", name);
	return sl_relation_name(out, name, err);
}

static enum sl_use use_of(enum sl_stat_fn fn)
{
	return fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE ? SL_USE_FILTER : SL_USE_MEASURE;
}

/* One statistic more; takes what parsed owns. */
static enum sl_rc add_stat(struct sl_plan *p, struct sl_call *call, const char *name, struct sl_parsed *parsed,
                           struct sl_err *err)
{
	char *own = NULL;
	enum sl_rc rc = new_output(p, call, name, &own, err);

	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&p->stats, p->nstats, sizeof p->stats[0], SL_STATS_NAMED_MAX,
		                      "statistics in one output", err);
	if (rc != SL_OK) {
		free(own);
		return rc;
	}
	p->stats[p->nstats++] = (struct sl_stat){
		.name = own, .fn = (uint8_t)parsed->fn, .p = parsed->p, .arg = parsed->expr, .arg2 = parsed->expr2};
	*parsed = (struct sl_parsed){0};
	return SL_OK;
}

/* lo <= column and column <= hi, or what of it the band has. */
static enum sl_rc in_band(const struct sl_op *column, const struct sl_band *band, struct sl_expr *out,
                          struct sl_err *err)
{
	const struct sl_op limit = {.op = SL_OP_CONST, .type = column->type, .scale = column->scale};
	struct sl_op ops[7];
	uint32_t n = 0;

	for (int high = 0; high < 2; high++) {
		int64_t value = high ? band->hi : band->lo;
		if (value == (high ? INT64_MAX : INT64_MIN))
			continue;
		ops[n++] = *column;
		ops[n] = limit;
		ops[n++].value = value;
		ops[n++] = (struct sl_op){.op = high ? SL_OP_LE : SL_OP_GE, .type = SL_TYPE_BOOLEAN};
		if (n == 6)
			ops[n++] = (struct sl_op){.op = SL_OP_AND, .type = SL_TYPE_BOOLEAN};
	}
	if (n == 0) { /* open on both sides: every value */
		ops[n++] = *column;
		ops[n++] = (struct sl_op){.op = SL_OP_IS_NULL, .type = SL_TYPE_BOOLEAN};
		ops[n++] = (struct sl_op){.op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN};
	}
	return sl_relation_append(out, &(struct sl_expr){.ops = ops, .nops = n}, 0, err);
}

static enum sl_rc no_hist(const char *name, struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "hist() counts by catalogue bands, and %.100s has none", name);

	sl_err_remedy(err, "count ranges with count_if(x between 0 and 9), or ask the data owner to declare bands");
	return rc;
}

static enum sl_rc hist_stat(struct sl_relation *rel, struct sl_call *call, const char *name, const struct sl_op *column,
                            const struct sl_column *c, uint32_t band, struct sl_err *err)
{
	struct sl_parsed one = {.fn = SL_STAT_COUNT_IF};
	char numbered[SL_IDENT_BYTES + 16], words[SL_TITLE_BYTES + 1];
	enum sl_rc rc = in_band(column, &c->bands[band], &one.expr, err);

	snprintf(numbered, sizeof numbered, "%.*s_%u", SL_IDENT_BYTES, name, band + 1);
	snprintf(words, sizeof words, "%s: %s", c->name, c->bands[band].label);
	if (rc == SL_OK)
		rc = add_stat(&rel->plan, call, numbered, &one, err);
	call->culprit = name;
	if (rc == SL_OK)
		rc = sl_relation_text(&rel->plan.stats[rel->plan.nstats - 1].description, words, err);
	sl_parsed_free(&one);
	return rc;
}

/* One count_if for each band of the catalogue, each a statistic with evidence of its own. */
static enum sl_rc add_hist(struct sl_relation *rel, struct sl_call *call, const char *name,
                           const struct sl_parsed *parsed, struct sl_err *err)
{
	const struct sl_op column = parsed->expr.ops[0];
	enum sl_rc rc = SL_OK;

	if (sl_relation_is_made(rel, column.arg))
		return no_hist("a column made by per_unit", err);
	const struct sl_column *c = sl_relation_column(rel, call->view, column.arg);
	if (c->nbands == 0)
		return no_hist(c->name, err);
	if (c->nbands > SL_STATS_NAMED_MAX - rel->plan.nstats) {
		rc = sl_err_set(err, SL_E_LIMIT, "hist(%.60s) makes %u statistics, and an output has at most %d", c->name, c->nbands,
		                SL_STATS_NAMED_MAX);
		sl_err_remedy(err, "group by the bands instead: derive{ band = \"bands(%.60s)\" }", c->name);
	}
	for (uint32_t i = 0; i < c->nbands && rc == SL_OK; i++)
		rc = hist_stat(rel, call, name, &column, c, i, err);
	return rc;
}

/* What a number of a model is, and the model as its author wrote it, where that can stand in a line. */
static void model_words(const struct sl_pair *pair, enum sl_stat_fn fn, uint32_t which,
                        char words[static SL_TITLE_BYTES])
{
	size_t len = strlen(pair->text);
	const char *of = len < SL_TITLE_BYTES / 2 && sl_text_is_clean(pair->text, len) ? pair->text : pair->name;
	const char *kind = fn == SL_STAT_COEF_SE ? "standard error of the " : "";

	if (fn == SL_STAT_R2)
		snprintf(words, SL_TITLE_BYTES, "part of the variance that is explained by %s", of);
	else if (which == 0)
		snprintf(words, SL_TITLE_BYTES, "%sconstant of %s", kind, of);
	else
		snprintf(words, SL_TITLE_BYTES, "%scoefficient of x %u in %s", kind, which, of);
}

/* A copy of the model as one more statistic, with the words that say which of its numbers it is. */
static enum sl_rc model_stat(struct sl_relation *rel, struct sl_call *call, const struct sl_pair *pair,
                             const struct sl_parsed *model, enum sl_stat_fn fn, uint32_t which, struct sl_err *err)
{
	struct sl_parsed one = {.fn = fn, .p = (uint16_t)which};
	char numbered[SL_IDENT_BYTES + 24], words[SL_TITLE_BYTES];
	enum sl_rc rc = sl_codec_copy(&sl_expr_record, &model->expr, &one.expr, err);

	if (rc == SL_OK)
		rc = sl_codec_copy(&sl_expr_record, &model->expr2, &one.expr2, err);
	if (fn == SL_STAT_R2)
		snprintf(numbered, sizeof numbered, "%.*s_r2", SL_IDENT_BYTES, pair->name);
	else
		snprintf(numbered, sizeof numbered, "%.*s_%u%s", SL_IDENT_BYTES, pair->name, which,
		         fn == SL_STAT_COEF_SE ? "_se" : "");
	if (rc == SL_OK)
		rc = add_stat(&rel->plan, call, numbered, &one, err);
	call->culprit = pair->name;
	model_words(pair, fn, which, words);
	if (rc == SL_OK)
		rc = sl_relation_text(&rel->plan.stats[rel->plan.nstats - 1].description, words, err);
	sl_parsed_free(&one);
	return rc;
}

/* The constant and each x, with its standard error, and how much they explain: m_0 m_0_se m_1 m_1_se … m_r2. */
static enum sl_rc add_model(struct sl_relation *rel, struct sl_call *call, const struct sl_pair *pair,
                            const struct sl_parsed *parsed, struct sl_err *err)
{
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&parsed->expr2, parts), wanted = 2 * (n + 1) + 1;
	enum sl_rc rc = SL_OK;

	if (wanted > SL_STATS_NAMED_MAX - rel->plan.nstats) {
		rc = sl_err_set(err, SL_E_LIMIT, "lm() of %u x makes %u statistics, and an output has at most %d", n, wanted,
		                SL_STATS_NAMED_MAX);
		sl_err_remedy(err, "ask for it in an output of its own");
	}
	for (uint32_t i = 0; i <= n && rc == SL_OK; i++) {
		rc = model_stat(rel, call, pair, parsed, SL_STAT_COEF, i, err);
		if (rc == SL_OK)
			rc = model_stat(rel, call, pair, parsed, SL_STAT_COEF_SE, i, err);
	}
	return rc == SL_OK ? model_stat(rel, call, pair, parsed, SL_STAT_R2, 0, err) : rc;
}

/* A condition among the x's is one, the rest are measures. */
static enum sl_rc second_uses(struct sl_relation *rel, struct sl_call *call, const struct sl_expr *list,
                              struct sl_err *err)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(list, parts);
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		bool condition = parts[i].ops[parts[i].nops - 1].type == SL_TYPE_BOOLEAN;
		rc = sl_relation_uses(rel, call->view, &parts[i], condition ? SL_USE_FILTER : SL_USE_MEASURE, err);
	}
	return rc;
}

static enum sl_rc summarise_one(struct sl_relation *rel, struct sl_call *call, const struct sl_pair *pair,
                                struct sl_err *err)
{
	struct sl_parsed parsed = {0};
	enum sl_rc rc = sl_relation_parse(rel, call, SL_PARSE_STATISTIC, pair->text, &parsed, err);
	bool hist = rc == SL_OK && parsed.fn == SL_STAT_NONE;

	if (rc == SL_OK)
		rc = sl_relation_uses(rel, call->view, &parsed.expr, hist ? SL_USE_FILTER : use_of(parsed.fn), err);
	if (rc == SL_OK)
		rc = second_uses(rel, call, &parsed.expr2, err);
	if (rc == SL_OK && parsed.fn == SL_STAT_COEF)
		rc = add_model(rel, call, pair, &parsed, err);
	else if (rc == SL_OK)
		rc = hist ? add_hist(rel, call, pair->name, &parsed, err) : add_stat(&rel->plan, call, pair->name, &parsed, err);
	sl_parsed_free(&parsed);
	return rc;
}

enum sl_rc sl_finish_summarise(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (rel->plan.ncalcs > 0)
		return sl_err_set(err, SL_E_INPUT, "summarise comes before calc");
	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = summarise_one(rel, call, &call->pairs[i], err);
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
	uint32_t i = qualifier == NULL ? find_output(p, name) : NONE;

	if (i != NONE && i < p->nkeys) {
		enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "\"%.100s\" is a key: calc computes with statistics", name);
		sl_err_remedy(err, "use the names of summarise");
		return rc;
	}
	if (i != NONE && i < p->nkeys + p->nstats) {
		*out = (struct sl_named){.kind = SL_NAMED_INPUT, .input = (uint16_t)(i - p->nkeys)};
		out->type = self->published[i - p->nkeys];
		return SL_OK;
	}
	if (i != NONE && i - p->nkeys - p->nstats < self->visible) {
		uint32_t k = i - p->nkeys - p->nstats;
		*out = (struct sl_named){.kind = SL_NAMED_EXPR, .expr = &p->calcs[k].expr, .type = self->calcs[k]};
		return SL_OK;
	}
	enum sl_rc rc = sl_relation_sibling(self->call, "calc", name, err);
	return rc == SL_OK ? no_output(p, name, err) : rc;
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
	enum sl_rc rc = new_output(p, call, pair->name, &name, err);

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
	uint32_t i = find_output(p, name);

	if (i == NONE)
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
			return no_output(&rel->plan, pair->name, err);
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
	uint32_t i = find_output(p, name);
	if (i == NONE)
		return no_output(p, name, err);
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
