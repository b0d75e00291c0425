/* One expression, as a definition and as a statistic: what parses must satisfy the parent's checks and evaluate. */
#include <stdlib.h>
#include <string.h>

#include "enclave/script/relation.h"
#include "script_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_verb(const char *name, const char *text)
{
	const struct sl_pair pair = {.name = "it", .text = text};
	static const struct sl_argument items[] = { { .text = "4", .kind = SL_ARGUMENT_NUMBER },
		                                    { .text = "a", .kind = SL_ARGUMENT_TEXT } };
	static const struct sl_argument arguments[] = {
		{ .name = "n", .text = "3", .kind = SL_ARGUMENT_NUMBER },
		{ .name = "t", .text = "2020-01-31", .kind = SL_ARGUMENT_TEXT },
		{ .name = "l", .kind = SL_ARGUMENT_LIST, .items = items, .nitems = 1 },
		{ .name = "m", .kind = SL_ARGUMENT_LIST, .items = &items[1], .nitems = 1 },
	};
	struct sl_call call = {
		.view = &fuzz_view, .text = "s.p", .pairs = &pair, .npairs = 1, .arguments = arguments, .narguments = 4
	};
	struct sl_input_type types[SL_INPUTS_MAX], type;
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	struct sl_value inputs[SL_INPUTS_MAX] = {{0}};
	struct sl_relation rel;
	struct sl_err err = {0};
	size_t v = 0;

	while (strcmp(sl_relation_verbs[v].name, name) != 0)
		v++;
	SL_REQUIRE(sl_relation_from(&rel, &call, &err) == SL_OK);
	call.text = text;
	if (sl_relation_verbs[v].apply(&rel, &call, &err) == SL_OK) {
		const struct sl_expr *x = rel.ndefs > 0         ? &rel.defs[0].expr
		                          : rel.plan.nstats > 0 ? &rel.plan.stats[0].arg
		                                                : &rel.plan.where;
		SL_REQUIRE(sl_plan_inputs(&rel.plan, &fuzz_view, types, &err) == SL_OK);
		uint32_t nparts = rel.plan.nstats > 0 ? sl_expr_parts(&rel.plan.stats[0].arg2, parts) : 0;
		SL_REQUIRE(nparts > 0 || rel.plan.nstats == 0 || rel.plan.stats[0].arg2.nops == 0);
		for (uint32_t i = 0; i < nparts; i++)
			SL_REQUIRE(sl_expr_check(&parts[i], types, rel.plan.ninputs, &type, &err) == SL_OK);
		if (x->nops > 0) {
			SL_REQUIRE(sl_expr_check(x, types, rel.plan.ninputs, &type, &err) == SL_OK);
			(void)sl_expr_eval(x, inputs);
		}
	} else {
		SL_REQUIRE(err.text[0] != '\0');
	}
	sl_codec_free(&sl_relation_record, &rel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	try_verb("derive", text);
	try_verb("summarise", text);
	try_verb("per_unit", text);
	try_verb("where", text);
	try_verb("group_by", text);
	free(text);
	return 0;
}
