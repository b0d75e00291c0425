/*
 * main.c - sluice-script: one SCRIPT_SETUP in; at most one PRINT, then PLAN frames and SCRIPT_END out.
 * The work is script.c; this file only wires frames and confinement.
 */
#include "enclave/confine/confine.h"
#include "enclave/script/script.h"

struct state {
	struct sl_script_setup setup;
	struct sl_script *script;
};

/* The Lua state is made here: its hash seed reads the clock, which the filter forbids. */
static enum sl_rc prepare(struct sl_confine *c, const uint8_t *setup, size_t len, void *self, struct sl_err *err)
{
	struct state *st = self;
	enum sl_rc rc = sl_codec_decode(&sl_script_setup_record, setup, len, &st->setup, err);

	(void)c;
	if (rc == SL_OK)
		rc = sl_view_check(&st->setup.view, err);
	if (rc == SL_OK)
		rc = sl_script_new(&st->setup, SL_SCRIPT_STEPS_MAX, &st->script, err);
	return rc;
}

static enum sl_rc send_print(void *self, const char *text, size_t len, struct sl_err *err)
{
	return sl_confine_send(self, SL_FRAME_PRINT, text, len, err);
}

static enum sl_rc send_plan(void *self, const uint8_t *wire, size_t len, struct sl_err *err)
{
	return sl_confine_send(self, SL_FRAME_PLAN, wire, len, err);
}

static enum sl_rc send_end(void *self, const struct sl_script_end *end, struct sl_err *err)
{
	struct sl_buf wire = {0};
	enum sl_rc rc = sl_codec_encode(&sl_script_end_record, end, &wire, err);

	if (rc == SL_OK)
		rc = sl_confine_send(self, SL_FRAME_SCRIPT_END, wire.data, wire.len, err);
	sl_buf_free(&wire);
	return rc;
}

static enum sl_rc run(struct sl_confine *c, void *self, struct sl_err *err)
{
	struct state *st = self;
	const struct sl_script_sink sink = {.self = c, .print = send_print, .plan = send_plan, .end = send_end};

	return sl_script_run(st->script, &sink, err);
}

int main(int argc, char **argv)
{
	static const struct sl_confine_program program = {
		.program = SL_PROGRAM_SCRIPT,
		.setup_type = SL_FRAME_SCRIPT_SETUP,
		.setup_bytes_max = SL_SETUP_WIRE_MAX,
		.prepare = prepare,
		.run = run,
	};
	static struct state st;

	sl_confine_main(&program, &st, argc, argv);
}
