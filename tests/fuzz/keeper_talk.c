/* The keeper's ear: any bytes from a hostile peer, over a real pipe; frames, READY and END included. */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/keeper/talk.h"
#include "enclave/pact/load.h"

#define PIPE_BYTES 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_progress(void *self, const uint8_t *body, size_t len)
{
	uint8_t copy[SL_LOAD_PROGRESS_BYTES];

	(void)self;
	if (len > sizeof copy)
		abort();
	if (len > 0)
		memcpy(copy, body, len);
}

static void hear(const uint8_t *data, size_t size)
{
	static const struct sl_keeper_expect expect[] = { { SL_FRAME_PLAN, 1, 3, 100 }, { SL_FRAME_PRINT, 0, 2, 5000 } };
	struct sl_launch child = { .pidfd = -1, .to_child = -1, .from_child = -1 };
	struct sl_talk t = { .expect = expect, .nexpect = 2, .child = &child, .deadline = sl_talk_now_ms() + 10000,
		.may_tell_progress = size % 2 == 0, .progress = on_progress };
	enum sl_keeper_fate fate = SL_FATE_NONE;
	struct sl_err err = { 0 };
	int ends[2];
	enum sl_rc rc;

	if (pipe(ends) != 0 || write(ends[1], data, size) != (ssize_t)size)
		abort();
	(void)close(ends[1]);
	child.from_child = ends[0];
	rc = sl_talk_until_closed(&t, &fate, &err);
	/* What an honest ending must mean, whatever came. */
	if (rc == SL_OK && t.phase == SL_TALK_ENDED && t.end.ok && (t.nframes < 1 || t.nframes > 5))
		abort();
	if ((rc == SL_OK) != (err.rc == SL_OK) || (rc == SL_E_INTEGRITY) != (fate == SL_FATE_PROTOCOL))
		abort();
	sl_talk_free(&t);
	sl_launch_close(&child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hear(data, size < PIPE_BYTES ? size : PIPE_BYTES);
	return 0;
}
