/*
 * summarise.c - the verb summarise: what is counted of each cell. hist() and lm() are several statistics, each with
 * evidence of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/script/output_name.h"
#include "enclave/script/relation.h"

static enum sl_use use_of(enum sl_stat_fn fn)
{
	return fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE ? SL_USE_FILTER : SL_USE_MEASURE;
}

/* One statistic more; takes what parsed owns. */
static enum sl_rc add_stat(struct sl_plan *p, struct sl_call *call, const char *name, struct sl_parsed *parsed,
                           struct sl_err *err)
{
	char *own = NULL;
	enum sl_rc rc = sl_output_name_new(p, call, name, &own, err);

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

enum sl_rc sl_summarise(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (rel->plan.ncalcs > 0)
		return sl_err_set(err, SL_E_INPUT, "summarise comes before calc");
	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = summarise_one(rel, call, &call->pairs[i], err);
	return rc;
}
