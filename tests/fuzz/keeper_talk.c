/*
 * The keeper's ear: any bytes from a hostile peer, over a real pipe; frames, READY and END included. What it takes is
 * what an independent model takes, however the bytes are cut into reads.
 */
#include "tests/fuzz/keeper_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sl_keeper_expect expect[] = { { SL_FRAME_PLAN, 1, 3, 100 }, { SL_FRAME_PRINT, 0, 2, 5000 } };

static void on_progress(void *self, const uint8_t *body, size_t len)
{
	uint8_t copy[SL_LOAD_PROGRESS_BYTES];

	if (len > sizeof copy)
		abort();
	if (len > 0)
		memcpy(copy, body, len);
	++*(uint32_t *)self;
}

static void hear(const uint8_t *data, size_t size, size_t cut)
{
	struct sl_launch child = { .pidfd = -1, .to_child = -1, .from_child = -1 };
	uint32_t nprogress = 0;
	struct sl_talk t = { .expect = expect, .nexpect = 2, .child = &child, .deadline = sl_talk_now_ms() + 10000,
		.may_tell_progress = size % 2 == 0, .progress = on_progress, .progress_self = &nprogress };
	struct model m = { .expect = expect, .nexpect = 2, .may_tell_progress = size % 2 == 0 };
	enum sl_keeper_fate fate = SL_FATE_NONE;
	struct sl_err err = { 0 };
	enum sl_rc rc = model_talk(&t, data, size, cut, &fate, &err);

	model_run(&m, data, size);
	model_hold(&m, &t, rc, fate, &err, nprogress);
	sl_talk_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > MODEL_PIPE_BYTES)
		size = MODEL_PIPE_BYTES;
	hear(data, size, 0);
	/* A packet takes a page of the pipe, and it has sixteen. */
	hear(data, size, size / 15 + 1);
	return 0;
}
