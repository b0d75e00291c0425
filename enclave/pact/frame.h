/*
 * frame.h - how two processes talk: a frame is a header of 12 bytes and a body.
 *
 *   u32 magic "SLF0"   u16 type   u16 sequence (0, 1, 2 …, per direction)   u32 body bytes
 *
 * The receiver says which types it takes now and how long a body may be; anything else ends the
 * conversation. Reading never trusts the length before it is compared with the limit.
 */
#ifndef SL_PACT_FRAME_H
#define SL_PACT_FRAME_H

#include "enclave/base/buf.h"

enum sl_frame_type {
	SL_FRAME_NONE = 0,
	/* to sluice-script */ SL_FRAME_SCRIPT_SETUP = 1,
	/* from it */ SL_FRAME_PLAN = 2, SL_FRAME_PRINT = 3, SL_FRAME_SCRIPT_END = 4,
	/* to sluice-engine (then SL_FRAME_PLAN once per plan) */ SL_FRAME_ENGINE_SETUP = 10,
	/* from it */ SL_FRAME_RESULT = 11,
	/* from it, and to it: who stands behind an output, sealed */ SL_FRAME_MEMBERS = 12,
	/* from it, and to sluice-check */ SL_FRAME_ATOMS = 13,
	/* to sluice-check (then PLAN and RESULT per output) */ SL_FRAME_CHECK_SETUP = 20,
	/* from it */ SL_FRAME_PUBLICATION = 21,
	/* to it */ SL_FRAME_HISTORY = 22,
	/* from it, after the publication */ SL_FRAME_BEHIND = 23,
	/* to sluice-load */ SL_FRAME_LOAD_SETUP = 30,
	/* from it */ SL_FRAME_LOAD_REPORT = 31, SL_FRAME_LOAD_PROGRESS = 32,
	/* every confined process, after lock-down and before its first input frame is processed */ SL_FRAME_READY = 40,
	/* every confined process, last: struct sl_end */ SL_FRAME_END = 41,
};

#define SL_FRAME_HEADER_BYTES 12

/* One direction of one conversation; zeroed is the start. */
struct sl_frame_side {
	uint16_t next_sequence;
};

/*
 * sl_frame_write - send one frame; writes everything or fails. Uses write(2) only.
 * Fails: SL_E_IO (peer gone: EPIPE is not a signal for the caller to survive; ignore SIGPIPE).
 */
SL_MUST_CHECK enum sl_rc sl_frame_write(int fd, struct sl_frame_side *side, enum sl_frame_type type, const void *body,
                                        size_t len, struct sl_err *err);

/*
 * sl_frame_read - receive one frame into body (reset first; bound body->max is set to len_max).
 *   allowed  in   accepted types, nallowed of them
 *   type     out  which it was
 * Blocks in read(2). Fails: SL_E_INTEGRITY (magic, sequence, type or length wrong), SL_E_IO (error, or end of
 * stream: text says "closed"), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_frame_read(int fd, struct sl_frame_side *side, const enum sl_frame_type *allowed,
                                       size_t nallowed, size_t len_max, enum sl_frame_type *type, struct sl_buf *body,
                                       struct sl_err *err);

/*
 * sl_frame_header_put, sl_frame_header_get - the header alone, for a reader that polls. get judges type and length
 * as above.
 */
void sl_frame_header_put(uint8_t out[static SL_FRAME_HEADER_BYTES], struct sl_frame_side *side, enum sl_frame_type type,
                         uint32_t len);
SL_MUST_CHECK enum sl_rc sl_frame_header_get(const uint8_t raw[static SL_FRAME_HEADER_BYTES],
                                             struct sl_frame_side *side, const enum sl_frame_type *allowed,
                                             size_t nallowed, size_t len_max, enum sl_frame_type *type, uint32_t *len,
                                             struct sl_err *err);

#endif
