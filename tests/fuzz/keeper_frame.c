/* A confined program's ear: frames from its keeper over a real pipe, until the first refusal. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "enclave/pact/frame.h"

#define PIPE_BYTES 65536
#define BODY_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum sl_frame_type allowed[] = { SL_FRAME_SCRIPT_SETUP, SL_FRAME_PLAN };
	struct sl_frame_side side = { 0 };
	struct sl_buf body = { 0 };
	enum sl_frame_type type;
	size_t len = size < PIPE_BYTES ? size : PIPE_BYTES;
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], data, len) != (ssize_t)len)
		abort();
	(void)close(ends[1]);
	for (uint16_t n = 0; sl_frame_read(ends[0], &side, allowed, 2, BODY_MAX, &type, &body, NULL) == SL_OK; n++)
		if (body.len > BODY_MAX || (type != allowed[0] && type != allowed[1]) ||
		    side.next_sequence != (uint16_t)(n + 1))
			abort();
	sl_buf_free(&body);
	(void)close(ends[0]);
	return 0;
}
