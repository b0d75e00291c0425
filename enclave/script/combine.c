/* combine.c - the verbs about rows of one unit: per_unit, which folds them into one, and join. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/script/relation.h"

static enum sl_rc refuse(struct sl_err *err, const char *text, const char *remedy)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "%s", text);

	sl_err_remedy(err, "%s", remedy);
	return rc;
}

static enum sl_rc may_fold(const struct sl_relation *rel, struct sl_err *err)
{
	const struct sl_plan *p = &rel->plan;
	enum sl_rc rc = sl_relation_before_summarise(rel, "per_unit", err);

	if (rc != SL_OK)
		return rc;
	if (p->nkeys > 0)
		return refuse(err, "per_unit comes before group_by", "group by columns of a joined table");
	if (p->nsources > 1)
		return refuse(err, "per_unit comes before join: it folds the rows of one table",
		              "fold first, then join: from(T):per_unit{…}:join(…)");
	if (p->sources[0].nfolds > 0)
		return refuse(err, "the table is folded per unit already", "put all names into one per_unit");
	return SL_OK;
}

/* What a fold's argument may read: a condition needs filter; a value either use, and is judged again where it goes. */
static int uses_of(enum sl_fold_fn fn)
{
	bool value = fn == SL_FOLD_SUM || fn == SL_FOLD_MEAN || fn == SL_FOLD_MIN || fn == SL_FOLD_MAX;

	return value ? SL_USE_FILTER | SL_USE_MEASURE : SL_USE_FILTER;
}

static enum sl_rc fold_one(struct sl_relation *rel, struct sl_call *call, const struct sl_pair *pair,
                           struct sl_err *err)
{
	struct sl_source *s = &rel->plan.sources[0];
	struct sl_parsed parsed = {0};
	enum sl_rc rc = sl_relation_parse(rel, call, SL_PARSE_FOLD, pair->text, &parsed, err);

	if (rc == SL_OK)
		rc = sl_relation_uses(rel, call->view, &parsed.expr, (enum sl_use)uses_of(parsed.fold), err);
	if (rc == SL_OK)
		rc = sl_relation_grow((void **)&rel->made, rel->nmade, sizeof rel->made[0], SL_FOLDS_MAX, "names in per_unit", err);
	if (rc == SL_OK) {
		struct sl_input_type type = sl_fold_type(parsed.fold, parsed.type);
		struct sl_made *made = &rel->made[rel->nmade];
		call->culprit = pair->name;
		made->fold = (uint16_t)rel->nmade;
		made->type = type.type;
		made->scale = type.scale;
		rc = sl_relation_name(&made->name, pair->name, err);
		rel->nmade += rc == SL_OK;
	}
	if (rc == SL_OK) {
		s->folds[rel->nmade - 1] = (struct sl_fold){.fn = (uint8_t)parsed.fold, .arg = parsed.expr};
		parsed.expr = (struct sl_expr){0};
	}
	sl_parsed_free(&parsed);
	return rc;
}

/* The inputs that source's expressions were parsed over become its raw columns; the unused ones go. */
static enum sl_rc raws_from_inputs(struct sl_source *s, const struct sl_plan *from, struct sl_err *err)
{
	bool used[SL_INPUTS_MAX] = {false};
	uint16_t to[SL_INPUTS_MAX] = {0};

	sl_relation_mark(&s->where, used);
	for (uint32_t i = 0; i < s->nfolds; i++)
		sl_relation_mark(&s->folds[i].arg, used);
	for (uint32_t i = 0; i < from->ninputs; i++)
		if (used[i] && from->inputs[i].lookup != 0)
			return refuse(err, "what lookup gives is not known yet where a table's own rows are chosen or folded",
			              "use it behind the join, or put the condition on the table's own column");
	free(s->raws); /* a copied relation has an allocation behind each empty vector */
	s->nraws = 0;
	s->raws = calloc((size_t)from->ninputs + 1, sizeof s->raws[0]);
	if (s->raws == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < from->ninputs; i++) {
		to[i] = (uint16_t)s->nraws;
		if (used[i])
			s->raws[s->nraws++].column = from->inputs[i].column;
	}
	sl_relation_renumber(&s->where, to);
	for (uint32_t i = 0; i < s->nfolds; i++)
		sl_relation_renumber(&s->folds[i].arg, to);
	return SL_OK;
}

/* Rows are gone: names of the table and of derive with them. */
static void forget_rows(struct sl_relation *rel)
{
	const struct sl_relation names = {.defs = rel->defs, .ndefs = rel->ndefs};
	struct sl_relation gone = names;

	sl_codec_free(&sl_relation_record, &gone);
	rel->defs = NULL;
	rel->ndefs = 0;
	free(rel->plan.inputs);
	rel->plan.inputs = NULL;
	rel->plan.ninputs = 0;
	free(rel->looked);
	rel->looked = NULL;
	rel->nlooked = 0;
}

enum sl_rc sl_combine_per_unit(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	struct sl_source *s = &rel->plan.sources[0];
	enum sl_rc rc = may_fold(rel, err);

	if (rc == SL_OK && call->npairs > SL_FOLDS_MAX)
		rc = sl_err_set(err, SL_E_LIMIT, "more than %d names in per_unit", SL_FOLDS_MAX);
	if (rc != SL_OK)
		return rc;
	struct sl_fold *folds = calloc(call->npairs, sizeof *folds);
	if (folds == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	free(s->folds);
	s->folds = folds;
	/* nfolds stays 0 meanwhile, so that names are those of the rows. */
	for (size_t i = 0; i < call->npairs && rc == SL_OK; i++)
		rc = fold_one(rel, call, &call->pairs[i], err);
	s->nfolds = rel->nmade;
	if (rc != SL_OK)
		return rc;
	sl_codec_free(&sl_expr_record, &s->where);
	s->where = rel->plan.where;
	rel->plan.where = (struct sl_expr){0};
	rc = raws_from_inputs(s, &rel->plan, err);
	forget_rows(rel);
	return rc;
}

static const char *const kinds[] = {[SL_JOIN_INNER] = "inner", [SL_JOIN_LEFT] = "left", [SL_JOIN_SEMI] = "semi",
                                    [SL_JOIN_ANTI] = "anti"};

static enum sl_rc kind_of(struct sl_call *call, uint8_t *kind, struct sl_err *err)
{
	*kind = SL_JOIN_INNER;
	if (call->text == NULL)
		return SL_OK;
	while (*kind < SL_JOIN_COUNT_ && strcmp(kinds[*kind], call->text) != 0)
		++*kind;
	if (*kind < SL_JOIN_COUNT_)
		return SL_OK;
	call->culprit = call->text;
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "join: no kind of join is \"%.60s\"", call->text);
	sl_err_remedy(err, "\"inner\" (both have the unit), \"left\" (all of the first), \"semi\" (rows of units that the "
	                   "other has), \"anti\" (that it lacks)");
	return rc;
}

static enum sl_rc refuse_pair(struct sl_err *err, const char *remedy, const char *words, const char *a, const char *b)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "join: %.120s %s %.120s", a, words, b);

	sl_err_remedy(err, "%s", remedy);
	return rc;
}

/* Two sources, one of each side; b's kind is what it will have. */
static enum sl_rc joinable_pair(const struct sl_view *view, const struct sl_source *a, const struct sl_source *b,
                                uint8_t kind, struct sl_err *err)
{
	const struct sl_table *x = &view->tables[a->table], *y = &view->tables[b->table];

	if (strcmp(x->space, y->space) != 0)
		return refuse_pair(err, "only tables about the same kind of unit join", "and another unit space:", x->name, y->name);
	if (!sl_relation_gives_rows(a) || kind == SL_JOIN_SEMI || kind == SL_JOIN_ANTI)
		return SL_OK;
	if (x == y)
		return refuse_pair(err, "a table stands once in an output; \"semi\" and \"anti\" may name it again",
		                   "would be joined with itself:", x->name, y->name);
	if (kind == SL_JOIN_INNER && !sl_source_one_row(a, view) && !sl_source_one_row(b, view))
		return refuse_pair(err, "join with a table that has one row per unit, or fold one with per_unit",
		                   "and, both several rows per unit:", x->name, y->name);
	return SL_OK;
}

static uint8_t joined_as(const struct sl_relation *other, uint32_t source, uint8_t kind)
{
	return source == 0 ? kind : other->plan.sources[source].join;
}

static enum sl_rc joinable(const struct sl_relation *rel, const struct sl_relation *other, const struct sl_view *view,
                           uint8_t kind, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (other->plan.nkeys > 0 || other->plan.nstats > 0)
		return refuse(err, "join takes tables with where and derive, not groups or results", "group after the join");
	if (kind != SL_JOIN_INNER && other->plan.nsources > 1)
		return refuse(err, "join: only \"inner\" takes tables that are joined already", "join them one after the other");
	for (uint32_t a = 0; a < rel->plan.nsources && rc == SL_OK; a++)
		for (uint32_t b = 0; b < other->plan.nsources && rc == SL_OK; b++)
			rc = joinable_pair(view, &rel->plan.sources[a], &other->plan.sources[b], joined_as(other, b, kind), err);
	if (rc == SL_OK && kind == SL_JOIN_LEFT && !sl_source_one_row(&other->plan.sources[0], view))
		rc = refuse_pair(err, "fold it first: from(T):per_unit{…}, or join \"inner\"",
		                 "\"left\", with several rows per unit:", sl_relation_table(rel, view, 0)->name,
		                 sl_relation_table(other, view, 0)->name);
	return rc;
}

static enum sl_rc join_names(const struct sl_relation *rel, const struct sl_relation *other, const struct sl_view *view,
                             struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < other->ndefs && rc == SL_OK; i++)
		rc = sl_relation_name_is_free(rel, view, other->defs[i].name, err);
	for (uint32_t i = 0; i < rel->ndefs && rc == SL_OK; i++)
		rc = sl_relation_name_is_free(other, view, rel->defs[i].name, err);
	return rc;
}

/* Conditions of a side that is not "inner" choose its units before they meet: they belong to the source. */
static enum sl_rc own_where(struct sl_source *s, const struct sl_plan *o, struct sl_err *err)
{
	if (o->where.nops == 0)
		return SL_OK;
	enum sl_rc rc = sl_relation_conjoin(&s->where, &o->where, 0, err);
	return rc == SL_OK ? raws_from_inputs(s, o, err) : rc;
}

/* Sources of other, copied, go behind rel's. */
static enum sl_rc join_sources(struct sl_plan *p, const struct sl_plan *o, uint8_t kind, struct sl_err *err)
{
	struct sl_plan copy = {0};
	uint32_t first = p->nsources;
	enum sl_rc rc = sl_codec_copy(&sl_plan_record, o, &copy, err);

	for (uint32_t i = 0; i < o->nsources && rc == SL_OK; i++) {
		rc = sl_relation_grow((void **)&p->sources, p->nsources, sizeof p->sources[0], SL_SOURCES_MAX,
		                      "tables in one output", err);
		if (rc != SL_OK)
			break;
		p->sources[p->nsources++] = copy.sources[i];
		copy.sources[i] = (struct sl_source){0};
	}
	sl_codec_free(&sl_plan_record, &copy);
	if (rc != SL_OK)
		return rc;
	p->sources[first].join = kind;
	return kind != SL_JOIN_INNER ? own_where(&p->sources[first], o, err) : SL_OK;
}

/* Inputs likewise: no table's columns stand on both sides, so no input is double. */
static enum sl_rc join_inputs(struct sl_plan *p, const struct sl_plan *o, uint32_t first, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < o->ninputs && rc == SL_OK; i++) {
		rc = sl_relation_grow((void **)&p->inputs, p->ninputs, sizeof p->inputs[0], SL_INPUTS_MAX,
		                      "columns in one output", err);
		if (rc != SL_OK)
			break;
		p->inputs[p->ninputs] = o->inputs[i];
		p->inputs[p->ninputs].source = (uint16_t)(o->inputs[i].source + first);
		p->ninputs++;
	}
	return rc;
}

static enum sl_rc join_defs(struct sl_relation *rel, const struct sl_relation *other, uint32_t base, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < other->ndefs && rc == SL_OK; i++) {
		const struct sl_def *from = &other->defs[i];
		rc = sl_relation_grow((void **)&rel->defs, rel->ndefs, sizeof rel->defs[0], SL_DEFS_MAX, "derived names", err);
		if (rc != SL_OK)
			return rc;
		struct sl_def *d = &rel->defs[rel->ndefs++];
		d->banded = from->banded;
		d->type = from->type;
		d->scale = from->scale;
		rc = sl_relation_text(&d->name, from->name, err);
		if (rc == SL_OK)
			rc = sl_relation_append(&d->expr, &from->expr, base, err);
	}
	return rc;
}

static enum sl_rc join_made(struct sl_relation *rel, const struct sl_relation *other, uint32_t first,
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < other->nmade && rc == SL_OK; i++) {
		rc = sl_relation_grow((void **)&rel->made, rel->nmade, sizeof rel->made[0], SL_SOURCES_MAX * SL_FOLDS_MAX,
		                      "names made by per_unit", err);
		if (rc != SL_OK)
			return rc;
		struct sl_made *made = &rel->made[rel->nmade++];
		*made = other->made[i];
		made->source = (uint16_t)(made->source + first);
		rc = sl_relation_text(&made->name, other->made[i].name, err);
	}
	return rc;
}

static enum sl_rc join_looked(struct sl_relation *rel, const struct sl_relation *other, const struct sl_view *view,
                              uint32_t first, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < other->nlooked && rc == SL_OK; i++) {
		struct sl_looked looked = other->looked[i];
		looked.source = (uint16_t)(looked.source + first);
		rc = sl_lookup_add(rel, view, looked, err);
	}
	return rc;
}

enum sl_rc sl_combine_join(struct sl_relation *rel, struct sl_call *call, struct sl_err *err)
{
	const struct sl_relation *other = call->other;
	uint32_t ninputs = rel->plan.ninputs, nsources = rel->plan.nsources;
	uint8_t kind = SL_JOIN_INNER;
	enum sl_rc rc = sl_relation_before_summarise(rel, "join", err);

	if (rc == SL_OK)
		rc = kind_of(call, &kind, err);
	if (rc == SL_OK)
		rc = joinable(rel, other, call->view, kind, err);
	bool rows = kind == SL_JOIN_INNER || kind == SL_JOIN_LEFT;
	if (rc == SL_OK && rows)
		rc = join_names(rel, other, call->view, err);
	if (rc == SL_OK)
		rc = join_sources(&rel->plan, &other->plan, kind, err);
	if (rc == SL_OK)
		rc = join_made(rel, other, nsources, err);
	if (rc != SL_OK || !rows)
		return rc;
	rc = join_looked(rel, other, call->view, nsources, err);
	if (rc == SL_OK)
		rc = join_inputs(&rel->plan, &other->plan, nsources, err);
	if (rc == SL_OK && kind == SL_JOIN_INNER && other->plan.where.nops > 0)
		rc = sl_relation_conjoin(&rel->plan.where, &other->plan.where, ninputs, err);
	return rc == SL_OK ? join_defs(rel, other, ninputs, err) : rc;
}
