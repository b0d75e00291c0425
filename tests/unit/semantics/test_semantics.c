/* docs/semantics.md, executed: every row through the parser and the evaluator that jobs use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/engine/lookup.h"
#include "enclave/script/relation.h"
#include "page.h"

#define PAGE SL_TEST_SOURCE_DIR "/docs/semantics.md"
#define ROWS_MIN 120 /* the page only grows; a reader that skips rows is noticed */

static const struct sl_verb *verb(const char *name)
{
	for (size_t i = 0; i < sl_relation_nverbs; i++)
		if (strcmp(sl_relation_verbs[i].name, name) == 0)
			return &sl_relation_verbs[i];
	fail_msg("no verb %s", name);
	return NULL;
}

static void look_up(struct page *p, struct sl_relation *rel)
{
	for (uint32_t r = 0; r < p->nreferences; r++) {
		const struct sl_pair pairs[2] = {{"", p->tables[1 + r].name}, {"", p->looked_up_by[r]}};
		struct sl_call call = {.view = &p->view, .pairs = pairs, .npairs = 2};
		assert_int_equal(verb("lookup")->apply(rel, &call, NULL), SL_OK);
	}
}

/* The value of an input: of the row, or what the engine looks up by it. */
static struct sl_value value_of(const struct page *p, const struct sl_plan *plan, uint32_t input)
{
	struct sl_value v = p->values[plan->inputs[input].column];
	int64_t code = v.v;
	uint8_t missing = v.missing;

	if (plan->inputs[input].lookup > 0) {
		struct sl_lookup lookup = sl_lookup_of(plan, &p->view, input);
		sl_lookup_apply(&lookup, 1, &code, &missing, &v.v, &missing);
		v.missing = missing;
	}
	return v;
}

static enum sl_rc relation_with(struct page *p, const char *verb_name, const char *text, struct sl_relation *rel,
                                struct sl_err *err)
{
	const struct sl_pair pair = {.name = "it", .text = text};
	struct sl_call call = {.view = &p->view, .text = "study.row", .pairs = &pair, .npairs = 1};

	assert_int_equal(sl_relation_from(rel, &call, err), SL_OK);
	look_up(p, rel);
	return verb(verb_name)->apply(rel, &call, err);
}

static void write_value(char out[static PAGE_CELL_BYTES], struct sl_value v, uint8_t type, int8_t scale)
{
	char text[SL_DECIMAL_TEXT];

	if (v.missing)
		strcpy(out, "missing");
	else if (type == SL_TYPE_BOOLEAN)
		strcpy(out, v.v ? "true" : "false");
	else if (type == SL_TYPE_DATE)
		strcpy(out, sl_format_date(v.v, text) > 0 ? text : "?");
	else
		strcpy(out, sl_format_decimal(v.v, scale, text) > 0 ? text : "?");
}

static void expression(struct page *p, const char *text, char out[static PAGE_CELL_BYTES])
{
	struct sl_relation rel;
	struct sl_err err = {0};
	struct sl_value inputs[SL_INPUTS_MAX];
	struct sl_input_type types[SL_INPUTS_MAX], type;

	if (relation_with(p, "derive", text, &rel, &err) != SL_OK) {
		snprintf(out, PAGE_CELL_BYTES, "error: %.240s", err.text);
	} else {
		for (uint32_t i = 0; i < rel.plan.ninputs; i++)
			inputs[i] = value_of(p, &rel.plan, i);
		assert_int_equal(sl_plan_inputs(&rel.plan, &p->view, types, &err), SL_OK);
		assert_int_equal(sl_expr_check(&rel.defs[0].expr, types, rel.plan.ninputs, &type, &err), SL_OK);
		assert_int_equal(type.type, rel.defs[0].type);
		assert_int_equal(type.scale, rel.defs[0].scale);
		write_value(out, sl_expr_eval(&rel.defs[0].expr, inputs), type.type, type.scale);
	}
	sl_codec_free(&sl_relation_record, &rel);
}

static void groups(struct page *p, const char *text, char out[static PAGE_CELL_BYTES])
{
	struct sl_relation rel;
	struct sl_err err = {0};
	size_t n = 0;
	const struct sl_pair pair = {.name = "", .text = text};
	struct sl_call call = {.view = &p->view, .text = "study.row", .pairs = &pair, .npairs = 1};

	assert_int_equal(sl_relation_from(&rel, &call, &err), SL_OK);
	if (verb("group_by")->apply(&rel, &call, &err) != SL_OK) {
		snprintf(out, PAGE_CELL_BYTES, "error: %.240s", err.text);
	} else {
		const struct sl_column *c = sl_relation_column(&rel, &p->view, rel.plan.keys[0].input);
		bool banded = rel.plan.keys[0].banded != 0;
		for (uint32_t g = 0; g < sl_column_ngroups(c, banded); g++)
			n += (size_t)snprintf(out + n, PAGE_CELL_BYTES - n, "%s%s", g > 0 ? ", " : "", sl_column_group_label(c, banded, g));
	}
	sl_codec_free(&sl_relation_record, &rel);
}

static void statistic(struct page *p, const char *text, char out[static PAGE_CELL_BYTES])
{
	struct sl_relation rel;
	struct sl_err err = {0};
	struct sl_input_type types[SL_INPUTS_MAX], arg = {0};

	if (relation_with(p, "summarise", text, &rel, &err) != SL_OK) {
		snprintf(out, PAGE_CELL_BYTES, "error: %.240s", err.text);
	} else {
		assert_int_equal(sl_plan_inputs(&rel.plan, &p->view, types, &err), SL_OK);
		if (rel.plan.stats[0].arg.nops > 0)
			assert_int_equal(sl_expr_check(&rel.plan.stats[0].arg, types, rel.plan.ninputs, &arg, &err), SL_OK);
		struct sl_input_type t = sl_stat_type(rel.plan.stats[0].fn, arg);
		if (t.scale > 0)
			snprintf(out, PAGE_CELL_BYTES, "%s, scale %d", sl_type_name(t.type), t.scale);
		else
			snprintf(out, PAGE_CELL_BYTES, "%s", sl_type_name(t.type));
	}
	sl_codec_free(&sl_relation_record, &rel);
}

static void fold(struct page *p, const char *text, char out[static PAGE_CELL_BYTES])
{
	struct sl_relation rel;
	struct sl_err err = {0};

	if (relation_with(p, "per_unit", text, &rel, &err) != SL_OK) {
		snprintf(out, PAGE_CELL_BYTES, "error: %.240s", err.text);
	} else {
		const struct sl_made *made = &rel.made[0];
		if (made->scale > 0)
			snprintf(out, PAGE_CELL_BYTES, "%s, scale %d", sl_type_name(made->type), made->scale);
		else
			snprintf(out, PAGE_CELL_BYTES, "%s", sl_type_name(made->type));
	}
	sl_codec_free(&sl_relation_record, &rel);
}

static void test_semantics_every_line_of_the_page_gives_what_it_says(void **state)
{
	struct page p;
	size_t wrong = 0;

	(void)state;
	page_read(&p, PAGE);
	assert_true(p.table.ncolumns > 0);
	for (size_t i = 0; i < p.nlines; i++) {
		const struct page_line *l = &p.lines[i];
		char got[PAGE_CELL_BYTES] = "";
		if (strcmp(l->section, "Groups") == 0)
			groups(&p, l->example, got);
		else if (strcmp(l->section, "Statistics") == 0)
			statistic(&p, l->example, got);
		else if (strcmp(l->section, "One row per unit") == 0)
			fold(&p, l->example, got);
		else
			expression(&p, l->example, got);
		if (strcmp(got, l->gives) != 0) {
			wrong++;
			print_message("semantics.md:%u: %s\n  says  %s\n  gives %s\n", l->line, l->example, l->gives, got);
		}
	}
	assert_true(p.nlines >= ROWS_MIN);
	print_message("%zu lines of semantics.md executed\n", p.nlines);
	page_free(&p);
	assert_int_equal(wrong, 0);
}

/* Each operation and each statistic has a line: what the page does not say, it does not mean. */
static void test_semantics_every_operation_has_a_line(void **state)
{
	struct page p;
	bool ops[SL_OP_COUNT_] = {false}, fns[SL_STAT_COUNT_] = {false};

	(void)state;
	page_read(&p, PAGE);
	for (size_t i = 0; i < p.nlines; i++) {
		struct sl_relation rel;
		struct sl_err err = {0};
		bool stat = strcmp(p.lines[i].section, "Statistics") == 0;
		if (strcmp(p.lines[i].section, "Groups") == 0 || strcmp(p.lines[i].section, "One row per unit") == 0)
			continue;
		if (relation_with(&p, stat ? "summarise" : "derive", p.lines[i].example, &rel, &err) == SL_OK) {
			const struct sl_expr *x = stat ? &rel.plan.stats[0].arg : &rel.defs[0].expr;
			for (uint32_t k = 0; k < x->nops; k++)
				ops[x->ops[k].op] = true;
			for (uint32_t s = 0; stat && s < rel.plan.nstats; s++)
				fns[rel.plan.stats[s].fn] = true;
		}
		sl_codec_free(&sl_relation_record, &rel);
	}
	for (int op = SL_OP_NONE + 1; op < SL_OP_COUNT_; op++)
		if (!ops[op])
			fail_msg("no line of semantics.md uses %s", sl_opcode_name((enum sl_opcode)op));
	for (int fn = SL_STAT_UNITS; fn < SL_STAT_COUNT_; fn++)
		if (!fns[fn])
			fail_msg("no line of semantics.md uses %s()", sl_stat_fn_name((enum sl_stat_fn)fn));
	page_free(&p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_semantics_every_line_of_the_page_gives_what_it_says),
		cmocka_unit_test(test_semantics_every_operation_has_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
