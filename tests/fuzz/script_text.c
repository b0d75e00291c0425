/* A whole script: whatever it is, it ends, and each plan it leaves satisfies the parent's checks. */
#include <stdlib.h>

#include "enclave/script/script.h"
#include "script_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sl_rc take_print(void *self, const char *text, size_t len, struct sl_err *err)
{
	(void)self, (void)text, (void)len, (void)err;
	return SL_OK;
}

static enum sl_rc take_plan(void *self, const uint8_t *wire, size_t len, struct sl_err *err)
{
	struct sl_plan plan;

	(void)self;
	SL_REQUIRE(sl_codec_decode(&sl_plan_record, wire, len, &plan, err) == SL_OK);
	SL_REQUIRE(sl_plan_check(&plan, &fuzz_view, err) == SL_OK);
	sl_codec_free(&sl_plan_record, &plan);
	return SL_OK;
}

static enum sl_rc take_end(void *self, const struct sl_script_end *end, struct sl_err *err)
{
	struct sl_buf wire = {0};

	(void)self;
	SL_REQUIRE(sl_codec_encode(&sl_script_end_record, end, &wire, err) == SL_OK);
	sl_buf_free(&wire);
	return SL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sl_param params[] = {{"min", "18"}};
	const struct sl_script_sink sink = {.print = take_print, .plan = take_plan, .end = take_end};
	struct sl_script_setup setup = { .file = "job.lua",
		                         .script = (uint8_t *)(uintptr_t)data,
		                         .nscript = (uint32_t)size,
		                         .view = fuzz_view,
		                         .params = params,
		                         .nparams = 1,
		                         .memory_bytes = 4u << 20,
		                         .plans_max = 8,
		                         .nodes_max = 2000,
		                         .print_bytes_max = 1000 };
	struct sl_script *s = NULL;
	struct sl_err err = {0};

	if (size > SL_SCRIPT_BYTES_MAX || sl_script_new(&setup, 20000, &s, &err) != SL_OK)
		return 0;
	SL_REQUIRE(sl_script_run(s, &sink, &err) == SL_OK);
	sl_script_free(s);
	return 0;
}
