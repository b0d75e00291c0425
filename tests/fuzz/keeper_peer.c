/*
 * A peer that knows the language (keeper_deeds.h), so that little of the input is spent on being refused at the first
 * word. The keeper takes what the model takes, and sends no second message before READY was judged.
 */
#include "tests/fuzz/keeper_deeds.h"
#include "tests/fuzz/keeper_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What reached the peer: the setup always may, the second message only after READY was judged. */
static void hold_sent(const struct model *m, int fd, const char *setup, const char *plan)
{
	uint8_t got[256];
	size_t have = 0, first = 12 + strlen(setup), both = first + 12 + strlen(plan);
	ssize_t n;

	while (have < sizeof got && (n = read(fd, got + have, sizeof got - have)) > 0)
		have += (size_t)n;
	if (have > both || (have > first && !m->ready) || (have >= first && memcmp(got + 12, setup, strlen(setup)) != 0))
		abort();
}

static void on_progress(void *self, const uint8_t *body, size_t len)
{
	(void)body;
	if (len > SL_LOAD_PROGRESS_BYTES)
		abort();
	++*(uint32_t *)self;
}

static void play(const struct stream *stream, uint8_t way, size_t cut)
{
	const struct sl_keeper_expect expect[] = { { SL_FRAME_PLAN, way & 1, 3, 100 },
		                                       { SL_FRAME_PRINT, 0, way >> 1 & 3, 5000 } };
	const struct sl_keeper_message send[] = { { SL_FRAME_SCRIPT_SETUP, "setup", 5 }, { SL_FRAME_PLAN, "secret", 6 } };
	struct sl_launch child = { .pidfd = -1, .to_child = -1, .from_child = -1 };
	uint32_t nprogress = 0, required = way & 16 ? sl_layers_known() : 0, frames_max = way >> 5 & 3;
	struct sl_talk t = { .send = send, .nsend = way & 8 ? 2 : 0, .expect = expect, .nexpect = 2, .child = &child,
		.deadline = sl_talk_now_ms() + 10000, .layers_required = required, .frames_max = frames_max,
		.may_tell_progress = way >> 7, .progress = on_progress, .progress_self = &nprogress };
	struct model m = { .expect = expect, .nexpect = 2, .layers_required = required, .frames_max = frames_max,
		.may_tell_progress = way >> 7 };
	enum sl_keeper_fate fate = SL_FATE_NONE;
	struct sl_err err = { 0 };
	int to[2];
	enum sl_rc rc;

	if (pipe2(to, O_NONBLOCK) != 0)
		abort();
	child.to_child = to[1];
	rc = model_talk(&t, stream->bytes, stream->len, cut, &fate, &err);
	model_run(&m, stream->bytes, stream->len);
	model_hold(&m, &t, rc, fate, &err, nprogress);
	hold_sent(&m, to[0], "setup", "secret");
	sl_talk_free(&t);
	sl_launch_close(&child);
	(void)close(to[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stream stream;
	struct script s = { data, data + size };
	uint8_t way = next(&s);

	play_deeds(&stream, &s);
	play(&stream, way, 0);
	play(&stream, way, stream.len / 15 + 1);
	return 0;
}
